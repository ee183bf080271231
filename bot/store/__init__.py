"""What Newsthread remembers, and the only place with SQL: feeds, articles, stories, the outbox, the ledger.

One public method of ``Store`` is one fact in one transaction. docs/store.md describes the tables and the states
of a job. The module functions are those of ``newsthread db``.
"""

from bot.store.facade import Store, backup, check, upgrade

__all__ = ["Store", "backup", "check", "upgrade"]
