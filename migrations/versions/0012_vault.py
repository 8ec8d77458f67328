"""Personal values are sealed under one key a person; numbers are found by a keyed index."""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
