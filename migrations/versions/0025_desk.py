"""Comments, notes, canned replies, saved filters, words."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

DAY = "EXTRACT(epoch FROM (submitted_at AT TIME ZONE 'UTC'::text))::bigint / 86400"
WORDS = (
    "to_tsvector('simple'::regconfig, "
    "(((((translate(folded, './-_@&<+~:'::text, '          '::text)"
    f" || ' d1x'::text) || (({DAY}))::text)"
    f" || ' d8x'::text) || (({DAY} / 8))::text)"
    f" || ' d64x'::text) || (({DAY} / 64))::text)"
)
RUNNING = sa.text("due_at IS NOT NULL")
SHARED = sa.text("shared_in IS NOT NULL")
TABLES = ("saved_filters", "replies", "report_notes", "report_comments")


def upgrade() -> None:
    comments()
    notes()
    replies()
    saved_filters()
    op.create_index("ix_reports_area", "reports", ["area", "submitted_at", "id"])
    op.create_index(
        "ix_reports_due",
        "reports",
        ["due_at", "id"],
        postgresql_where=RUNNING,
        sqlite_where=RUNNING,
    )
    if op.get_context().dialect.name == "postgresql":
        index = sa.literal_column(WORDS)
        op.create_index("ix_reports_words", "reports", [index], postgresql_using="gin")


def comments() -> None:
    op.create_table(
        "report_comments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("agency", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_comments_report_id_reports")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_report_comments_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_comments")),
    )
    op.create_index(
        op.f("ix_report_comments_citizen_id"), "report_comments", ["citizen_id"], unique=False
    )
    for column in ("report_id", "status"):
        name = f"ix_report_comments_{column.removesuffix('_id')}"
        op.create_index(name, "report_comments", [column, "created_at", "id"])


def notes() -> None:
    op.create_table(
        "report_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=True),
        sa.Column("for_agency", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_notes_report_id_reports")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_report_notes_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_notes")),
    )
    op.create_index("ix_report_notes_report", "report_notes", ["report_id", "created_at", "id"])


def replies() -> None:
    op.create_table(
        "replies",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title_vi", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("text_vi", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("move", sa.String(length=30), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_replies")),
    )


def saved_filters() -> None:
    op.create_table(
        "saved_filters",
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("shared_in", sa.String(length=40), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_saved_filters_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("officer_id", "name", name=op.f("pk_saved_filters")),
    )
    op.create_index(
        "ix_saved_filters_shared",
        "saved_filters",
        ["shared_in"],
        postgresql_where=SHARED,
        sqlite_where=SHARED,
    )


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.drop_index("ix_reports_words", table_name="reports")
    op.drop_index("ix_reports_due", table_name="reports")
    op.drop_index("ix_reports_area", table_name="reports")
    for table in TABLES:
        op.drop_table(table)
