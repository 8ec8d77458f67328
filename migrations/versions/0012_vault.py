"""Personal values are sealed under one key a person; numbers are found by a keyed index.

The keys are those of the settings, so where there are citizens already this one needs the
application's context, as `smartcity migrate` gives it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from smartcity.core import vault
from smartcity.core.envelope import blind

revision = "0012"
down_revision = "0011"
CITIZENS = sa.table(
    "citizens",
    sa.column("id", sa.Uuid()),
    *map(sa.column, ("phone", "phone_index", "phone_sealed")),
)


def upgrade() -> None:
    op.create_table(
        "person_keys",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_keys")),
    )
    op.create_index(op.f("ix_person_keys_sealed"), "person_keys", ["sealed"])
    op.create_table(
        "quotas",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("window", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_quotas")),
    )
    op.create_index(op.f("ix_quotas_expires_at"), "quotas", ["expires_at"])
    with op.batch_alter_table("citizens") as citizens:
        citizens.add_column(sa.Column("phone_index", sa.String(length=43)))
        citizens.add_column(sa.Column("phone_sealed", sa.String(length=100)))
        citizens.add_column(
            sa.Column("assurance", sa.String(length=10), server_default="otp", nullable=False)
        )
    _seal_numbers()
    with op.batch_alter_table("citizens") as citizens:
        citizens.drop_constraint(op.f("uq_citizens_phone"), type_="unique")
        citizens.drop_column("phone")
        citizens.alter_column("phone_index", existing_type=sa.String(length=43), nullable=False)
        citizens.alter_column("phone_sealed", existing_type=sa.String(length=100), nullable=False)
        citizens.create_unique_constraint(op.f("uq_citizens_phone_index"), ["phone_index"])


def downgrade() -> None:
    with op.batch_alter_table("citizens") as citizens:
        citizens.add_column(sa.Column("phone", sa.String(length=16)))
    _open_numbers()
    with op.batch_alter_table("citizens") as citizens:
        citizens.drop_constraint(op.f("uq_citizens_phone_index"), type_="unique")
        citizens.drop_column("assurance")
        citizens.drop_column("phone_sealed")
        citizens.drop_column("phone_index")
        citizens.alter_column("phone", existing_type=sa.String(length=16), nullable=False)
        citizens.create_unique_constraint(op.f("uq_citizens_phone"), ["phone"])
    op.drop_table("quotas")
    op.drop_table("person_keys")


def _seal_numbers() -> None:
    session = Session(op.get_bind())
    for row in session.execute(sa.select(CITIZENS.c.id, CITIZENS.c.phone)).all():
        vault.give_key(session, row.id)
        sealed = vault.protect(session, row.id, "phone", row.phone)
        values = {"phone_index": blind("phone", row.phone), "phone_sealed": sealed}
        session.execute(CITIZENS.update().where(CITIZENS.c.id == row.id).values(**values))
    session.flush()


def _open_numbers() -> None:
    session = Session(op.get_bind())
    for row in session.execute(sa.select(CITIZENS.c.id, CITIZENS.c.phone_sealed)).all():
        phone = vault.reveal(session, row.id, "phone", row.phone_sealed)
        session.execute(CITIZENS.update().where(CITIZENS.c.id == row.id).values(phone=phone))
    session.flush()
