"""Keys of partners; officers' accounts have a version and may hold a temporary password."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "partners",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("grants", sa.JSON(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("old_digest", sa.String(length=64), nullable=True),
        sa.Column("old_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
    )
    op.create_index(op.f("ix_partners_created_at_id"), "partners", ["created_at", "id"])
    with op.batch_alter_table("officers") as officers:
        officers.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        officers.add_column(
            sa.Column("password_temporary", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        officers.create_index(op.f("ix_officers_created_at_id"), ["created_at", "id"])


def downgrade() -> None:
    with op.batch_alter_table("officers") as officers:
        officers.drop_index(op.f("ix_officers_created_at_id"))
        officers.drop_column("password_temporary")
        officers.drop_column("version")
    op.drop_index(op.f("ix_partners_created_at_id"), table_name="partners")
    op.drop_table("partners")
