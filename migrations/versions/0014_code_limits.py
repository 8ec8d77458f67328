"""Codes keep no number in clear, and may travel by Zalo. Those under way are dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute("DELETE FROM otp_challenges")
    with op.batch_alter_table("otp_challenges") as challenges:
        challenges.drop_index(op.f("ix_otp_challenges_phone_created_at"))
        challenges.drop_column("phone")
        challenges.add_column(sa.Column("phone_index", sa.String(length=43), nullable=False))
        challenges.add_column(sa.Column("phone_sealed", sa.String(length=100), nullable=False))
        challenges.create_index(
            op.f("ix_otp_challenges_phone_index_created_at"), ["phone_index", "created_at"]
        )
    op.create_table(
        "zns_tokens",
        sa.Column("app_id", sa.String(length=40), nullable=False),
        sa.Column("access_sealed", sa.Text(), nullable=True),
        sa.Column("refresh_sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("app_id", name=op.f("pk_zns_tokens")),
    )


def downgrade() -> None:
    op.drop_table("zns_tokens")
    op.execute("DELETE FROM otp_challenges")
    with op.batch_alter_table("otp_challenges") as challenges:
        challenges.drop_index(op.f("ix_otp_challenges_phone_index_created_at"))
        challenges.drop_column("phone_sealed")
        challenges.drop_column("phone_index")
        challenges.add_column(sa.Column("phone", sa.String(length=16), nullable=False))
        challenges.create_index(op.f("ix_otp_challenges_phone_created_at"), ["phone", "created_at"])
