"""Procedures, their versions, how often they were opened, their links, and citizens' checklists."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "procedures",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("folded", sa.String(length=1100), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("agency", sa.String(length=300), nullable=False),
        sa.Column("degree", sa.String(length=12), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("whole", sa.Text(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_procedures"),
    )
    op.create_index("ix_procedures_changed_at_code", "procedures", ["changed_at", "code"])
    op.create_table(
        "procedure_versions",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=12), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["procedures.code"], name="fk_procedure_versions_code_procedures"
        ),
        sa.PrimaryKeyConstraint("code", "number", name="pk_procedure_versions"),
    )
    op.create_table(
        "procedure_openings",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", "day", name="pk_procedure_openings"),
    )
    op.create_table(
        "procedure_links",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=700), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("fault", sa.String(length=200), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("broken_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["code"], ["procedures.code"], name="fk_procedure_links_code_procedures"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_procedure_links"),
    )
    op.create_index(
        "ix_procedure_links_outcome_broken_since_code",
        "procedure_links",
        ["outcome", "broken_since", "code"],
    )
    op.create_table(
        "checklists",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("ticked", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizens.id"],
            name="fk_checklists_citizen_id_citizens",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["code"], ["procedures.code"], name="fk_checklists_code_procedures"
        ),
        sa.PrimaryKeyConstraint("citizen_id", "code", name="pk_checklists"),
    )
    op.create_index(
        "ix_checklists_citizen_id_changed_at_code",
        "checklists",
        ["citizen_id", "changed_at", "code"],
    )


def downgrade() -> None:
    op.drop_table("checklists")
    op.drop_table("procedure_links")
    op.drop_table("procedure_openings")
    op.drop_table("procedure_versions")
    op.drop_table("procedures")
