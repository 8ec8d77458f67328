"""The city guide: prices, forecasts, links out, errors that people reported."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.create_table(
        "guide_prices",
        sa.Column("good", sa.String(length=80), nullable=False),
        sa.Column("market", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=True),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("good", "market", "day", name="pk_guide_prices"),
    )
    op.create_index("ix_guide_prices_day_good", "guide_prices", ["day", "good"])
    op.create_table(
        "guide_forecasts",
        sa.Column("cell", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cell", "kind", name="pk_guide_forecasts"),
    )
    op.create_table(
        "guide_openings",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["register_entries.id"],
            name="fk_guide_openings_entry_id_register_entries",
        ),
        sa.PrimaryKeyConstraint("entry_id", "day", name="pk_guide_openings"),
    )
    op.create_table(
        "guide_place_hours",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["register_entries.id"],
            name="fk_guide_place_hours_entry_id_register_entries",
        ),
        sa.PrimaryKeyConstraint("entry_id", "day", "opens", name="pk_guide_place_hours"),
    )
    op.create_table(
        "guide_place_errors",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["register_entries.id"],
            name="fk_guide_place_errors_entry_id_register_entries",
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name="fk_guide_place_errors_report_id_reports"
        ),
        sa.PrimaryKeyConstraint("report_id", name="pk_guide_place_errors"),
    )
    op.create_index("ix_guide_place_errors_entry_id_at", "guide_place_errors", ["entry_id", "at"])


def downgrade() -> None:
    op.drop_table("guide_place_errors")
    op.drop_table("guide_place_hours")
    op.drop_table("guide_openings")
    op.drop_table("guide_forecasts")
    op.drop_table("guide_prices")
