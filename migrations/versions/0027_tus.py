"""Photos that arrive in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "media_uploads",
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("named", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name=op.f("fk_media_uploads_media_id_media")
        ),
        sa.PrimaryKeyConstraint("media_id", name=op.f("pk_media_uploads")),
    )
    op.create_index(op.f("ix_media_uploads_expires_at"), "media_uploads", ["expires_at"])


def downgrade() -> None:
    op.drop_table("media_uploads")
