"""Which jobs are leased: those whose worker is gone are claimed first."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    leased = sa.text("state = 'ready' AND leased_by IS NOT NULL")
    op.create_index(
        "ix_jobs_leased",
        "jobs",
        ["queue", "run_at"],
        postgresql_where=leased,
        sqlite_where=leased,
    )


def downgrade() -> None:
    op.drop_index("ix_jobs_leased", "jobs")
