"""From any older store to this program's tables, by Alembic, in one transaction; newer stores are refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from bot.errors import StoreTooNew

if TYPE_CHECKING:
    from sqlalchemy import Connection

FOLDER = Path(__file__).parent / "migrations"


class Migrations:
    """The revisions in ``folder``, each named by its number: "0001", "0002" …"""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._config = Config()
        self._config.set_main_option("script_location", str(folder).replace("%", "%%"))
        self._config.set_main_option("path_separator", "os")
        scripts = ScriptDirectory.from_config(self._config)
        self._known = {revision.revision for revision in scripts.walk_revisions()}
        head = scripts.get_current_head()
        assert head is not None
        self.head = head

    def refuse_newer(self, revision: str, name: object) -> None:
        """``name`` is what the sentence calls the store.

        Raises:
            StoreTooNew: this program does not know the store's ``revision``.
        """
        if revision not in self._known:
            raise StoreTooNew(
                f"{name} was written by a newer Newsthread (its tables are at revision {revision}, this program knows"
                f" them up to {self.head}): update Newsthread, or restore a backup made by this version"
            )

    def upgrade(self, connection: Connection) -> None:
        """Bring the tables to ``head`` within the transaction that ``connection`` is in."""
        self._config.attributes["connection"] = connection
        try:
            command.upgrade(self._config, "head")
        finally:
            del self._config.attributes["connection"]
