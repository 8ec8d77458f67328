"""Consents, exports, erasure, restriction, breaches."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("citizens") as citizens:
        citizens.add_column(sa.Column("name_sealed", sa.String(length=500)))
        citizens.add_column(sa.Column("restricted_at", TIME))
        citizens.add_column(sa.Column("erase_at", TIME))
        citizens.create_index(op.f("ix_citizens_erase_at"), ["erase_at"])
    _consents()
    _exports()
    _data_requests()
    _breaches()


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_consents_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_citizen", "consents", ["citizen_id", "purpose", "at", "id"])
    op.create_index(op.f("ix_consents_at"), "consents", ["at"])


def _exports() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("progress", sa.SmallInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_exports_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index("ix_exports_citizen", "exports", ["citizen_id", "asked_at", "id"])
    op.create_index(op.f("ix_exports_expires_at"), "exports", ["expires_at"])
    op.create_index(op.f("ix_exports_asked_at"), "exports", ["asked_at"])


def _data_requests() -> None:
    op.create_table(
        "data_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("done_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_data_requests_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
    )
    op.create_index(op.f("ix_data_requests_citizen_id"), "data_requests", ["citizen_id"])
    op.create_index("ix_data_requests_asked", "data_requests", ["asked_at", "id"])


def _breaches() -> None:
    op.create_table(
        "breaches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("data_kinds", sa.JSON(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("discovered_at", TIME, nullable=False),
        sa.Column("authority_notified_at", TIME, nullable=True),
        sa.Column("people_notified_at", TIME, nullable=True),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaches")),
    )
    op.create_index("ix_breaches_discovered", "breaches", ["discovered_at", "id"])


def downgrade() -> None:
    for table in ("breaches", "data_requests", "exports", "consents"):
        op.drop_table(table)
    with op.batch_alter_table("citizens") as citizens:
        citizens.drop_index(op.f("ix_citizens_erase_at"))
        for column in ("erase_at", "restricted_at", "name_sealed"):
            citizens.drop_column(column)
