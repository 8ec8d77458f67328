"""Ratings, the result with its proof, proposed questions, appeals."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

INDEXES = {
    "ix_reports_answer_due": (["answer_due_at"], "answer_due_at IS NOT NULL"),
    "ix_reports_resolved": (["resolved_at"], "status = 'resolved'"),
    "ix_reports_appealed": (["submitted_at", "id"], "appealed_at IS NOT NULL"),
    "ix_reports_proposed": (["submitted_at", "id"], "proposed_question IS NOT NULL"),
}


def columns() -> list[sa.Column]:
    return [
        sa.Column("proposed_question", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("proof", sa.JSON(), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
    ]


def upgrade() -> None:
    for column in columns():
        op.add_column("reports", column)
    # Without it, what was resolved before would never be closed.
    op.execute("UPDATE reports SET resolved_at = updated_at WHERE status = 'resolved'")
    for name, (on, condition) in INDEXES.items():
        there = sa.text(condition)
        op.create_index(name, "reports", on, postgresql_where=there, sqlite_where=there)
    op.create_table(
        "ratings",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name="fk_ratings_report_id_reports"),
        sa.PrimaryKeyConstraint("report_id", "round", name="pk_ratings"),
    )


def downgrade() -> None:
    op.drop_table("ratings")
    for name in INDEXES:
        op.drop_index(name, table_name="reports")
    with op.batch_alter_table("reports") as reports:
        for column in columns():
            reports.drop_column(column.name)
