"""Officers' second factors, recovery codes and cookie sessions.

A TOTP secret of before was encrypted by another recipe; nothing was released with it, so it goes,
and its officer sets his second factor up anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
OFFICERS = sa.table("officers", sa.column("totp_secret"))


def upgrade() -> None:
    op.execute(OFFICERS.update().values(totp_secret=None))
    with op.batch_alter_table("officers") as officers:
        officers.add_column(sa.Column("totp_confirmed_at", sa.DateTime(timezone=True)))
        officers.add_column(sa.Column("totp_step", sa.BigInteger()))
    op.create_table(
        "recovery_codes",
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=43), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_recovery_codes_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("officer_id", "digest", name=op.f("pk_recovery_codes")),
    )
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("cookie_hash", sa.String(length=64)))
        sessions.add_column(sa.Column("seen_at", sa.DateTime(timezone=True)))
        sessions.add_column(sa.Column("second_factor", sa.String(length=10)))
        sessions.create_unique_constraint(op.f("uq_sessions_cookie_hash"), ["cookie_hash"])


def downgrade() -> None:
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_constraint(op.f("uq_sessions_cookie_hash"), type_="unique")
        sessions.drop_column("second_factor")
        sessions.drop_column("seen_at")
        sessions.drop_column("cookie_hash")
    op.drop_table("recovery_codes")
    with op.batch_alter_table("officers") as officers:
        officers.drop_column("totp_step")
        officers.drop_column("totp_confirmed_at")
    op.execute(OFFICERS.update().values(totp_secret=None))
