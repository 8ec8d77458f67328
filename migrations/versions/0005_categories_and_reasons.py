"""Categories and reasons."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "reasons",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("moves", sa.JSON(), nullable=False),
        sa.Column("public_text_vi", sa.Text(), nullable=False),
        sa.Column("public_text_en", sa.Text(), nullable=False),
        sa.Column("return_text_vi", sa.Text(), nullable=True),
        sa.Column("return_text_en", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_reasons")),
    )
    op.create_table(
        "categories",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("parent", sa.String(length=40), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("accept", sa.String(length=10), nullable=False),
        sa.Column("resolve", sa.String(length=10), nullable=False),
        sa.Column("urgent_resolve", sa.String(length=10), nullable=True),
        sa.Column("default_agency", sa.String(length=40), nullable=True),
        sa.Column("anonymous_allowed", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("proof_photos", sa.Boolean(), nullable=False),
        sa.Column("hotline", sa.String(length=20), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["default_agency"],
            ["agencies.code"],
            name=op.f("fk_categories_default_agency_agencies"),
        ),
        sa.ForeignKeyConstraint(
            ["parent"], ["categories.code"], name=op.f("fk_categories_parent_categories")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_categories")),
    )


def downgrade() -> None:
    op.drop_table("categories")
    op.drop_table("reasons")
