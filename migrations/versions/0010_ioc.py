"""Ioc."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "ioc_callbacks",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=30), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_ioc_callbacks_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("source", "id", name=op.f("pk_ioc_callbacks")),
    )
    op.create_index(
        "ix_ioc_callbacks_report",
        "ioc_callbacks",
        ["report_id", "source", "sequence"],
        unique=False,
    )
    op.create_table(
        "ioc_deliveries",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("destination", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("reference", sa.String(length=100), nullable=True),
        sa.Column("first_sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["report_events.id"],
            name=op.f("fk_ioc_deliveries_event_id_report_events"),
        ),
        sa.PrimaryKeyConstraint("event_id", "destination", name=op.f("pk_ioc_deliveries")),
    )


def downgrade() -> None:
    op.drop_table("ioc_deliveries")
    op.drop_index("ix_ioc_callbacks_report", table_name="ioc_callbacks")
    op.drop_table("ioc_callbacks")
