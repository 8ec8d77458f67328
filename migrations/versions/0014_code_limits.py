"""Codes are limited by device, network and adjacent numbers; Zalo's tokens."""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
