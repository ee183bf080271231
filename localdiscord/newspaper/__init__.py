"""The Harbour Courier: the sample newspaper of ``newsthread demo``, with invented news and pictures of its own.

An aiohttp application that publishes while one watches, to be mounted at ``/newspaper`` by the local Discord or
served alone. It knows nothing of Discord, and nobody's real news.

::

    articles/*.toml --archive--> Report --editions--> Text
    steps since the start (runs) + programme --press--> Issue of Items
    Items --feeds--> RSS, Atom, JSON Feed      --pages--> HTML      pictures: PNG painted on demand
"""

from localdiscord.newspaper.server import make_newspaper

__all__ = ["make_newspaper"]
