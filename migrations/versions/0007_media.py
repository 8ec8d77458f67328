"""Media."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "media",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("format", sa.String(length=4), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
    )
    op.create_index(
        op.f("ix_media_original_expires_at"), "media", ["original_expires_at"], unique=False
    )
    op.create_index(op.f("ix_media_subject"), "media", ["subject"], unique=False)
    op.create_index(
        "ix_media_unattached",
        "media",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("subject IS NULL"),
        sqlite_where=sa.text("subject IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_media_unattached",
        table_name="media",
        postgresql_where=sa.text("subject IS NULL"),
        sqlite_where=sa.text("subject IS NULL"),
    )
    op.drop_index(op.f("ix_media_subject"), table_name="media")
    op.drop_index(op.f("ix_media_original_expires_at"), table_name="media")
    op.drop_table("media")
