"""From an address to articles: fetch, decode, parse, normalise, decide, and when to look again.

Knows nothing of Discord or the store; the records it takes and gives are those of ``bot.model``.
"""
