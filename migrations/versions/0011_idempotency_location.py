"""A repeated request is told the first one's Location too."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("idempotency_keys", sa.Column("location", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column("idempotency_keys", "location")
