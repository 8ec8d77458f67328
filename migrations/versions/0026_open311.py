"""What partners relay: reports that wait for a place, and indexes to read by."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

WAITS = sa.text("closed_at IS NULL")
PUBLIC = sa.text("visibility = 'public'")
FILED = sa.text("filed_by IS NOT NULL")
INDEXES = (
    ("public_submitted", ["submitted_at", "id"], PUBLIC),
    ("public_updated", ["updated_at", "id"], PUBLIC),
    ("filed_by", ["filed_by", "submitted_at", "id"], FILED),
)


def upgrade() -> None:
    op.create_table(
        "unplaced_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filed_by", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_unplaced_reports"),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name="fk_unplaced_reports_report_id_reports"
        ),
    )
    op.create_index(
        "ix_unplaced_reports_waiting",
        "unplaced_reports",
        ["created_at", "id"],
        postgresql_where=WAITS,
        sqlite_where=WAITS,
    )
    op.create_index("ix_unplaced_reports_closed_at", "unplaced_reports", ["closed_at"])
    for name, columns, where in INDEXES:
        op.create_index(
            f"ix_reports_{name}", "reports", columns, postgresql_where=where, sqlite_where=where
        )


def downgrade() -> None:
    for name, _, _ in INDEXES:
        op.drop_index(f"ix_reports_{name}", table_name="reports")
    op.drop_table("unplaced_reports")
