"""How far each channel was compared with the store, and for how long Discord went on without it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "audited",
        sa.Column("channel_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("thorough_at", moment),
        sa.PrimaryKeyConstraint("channel_id", name="pk_audited"),
    )
    # What was opened so far is known, so that no channel is looked through for a month before anything goes on.
    op.execute(
        "INSERT INTO audited (channel_id, until) SELECT DISTINCT channel_id, (SELECT max(polled_at) FROM poll)"
        " FROM story WHERE thread_id IS NOT NULL AND EXISTS (SELECT 1 FROM poll WHERE polled_at IS NOT NULL)"
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
    )
