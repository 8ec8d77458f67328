"""What a report carries beyond its filing: channel, deadlines, course, ties and public face."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def columns() -> list[sa.Column]:
    return [
        sa.Column("channel", sa.String(length=20), server_default="app", nullable=False),
        sa.Column("filed_by", sa.String(length=80), nullable=True),
        sa.Column("suggested_agency", sa.String(length=40), nullable=True),
        sa.Column("area_uncertain", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=True),
        sa.Column("hints", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("accept_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolve_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("watch_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("watch_step", sa.Integer(), server_default="0", nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returns", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reopenings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.Column("duplicate_of", sa.Uuid(), nullable=True),
        sa.Column("part_of", sa.Uuid(), nullable=True),
        sa.Column("supporters", sa.Integer(), server_default="0", nullable=False),
        sa.Column("followers", sa.Integer(), server_default="0", nullable=False),
        sa.Column("visibility", sa.String(length=10), server_default="hidden", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_description", sa.Text(), nullable=True),
        sa.Column("public_address", sa.String(length=300), nullable=True),
        sa.Column("public_latitude", sa.Double(), nullable=True),
        sa.Column("public_longitude", sa.Double(), nullable=True),
    ]


PARTIAL = ("watch_at", "duplicate_of", "part_of")
TIES = ("duplicate_of", "part_of")


def upgrade() -> None:
    with op.batch_alter_table("reports") as reports:
        for column in columns():
            reports.add_column(column)
        for column in TIES:
            reports.create_foreign_key(f"fk_reports_{column}_reports", "reports", [column], ["id"])
    for name in PARTIAL:
        there = sa.text(f"{name} IS NOT NULL")
        short = name.removesuffix("_at")
        op.create_index(
            f"ix_reports_{short}", "reports", [name], postgresql_where=there, sqlite_where=there
        )
    with op.batch_alter_table("report_events") as events:
        events.add_column(sa.Column("details", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("report_events") as events:
        events.drop_column("details")
    for name in PARTIAL:
        op.drop_index(f"ix_reports_{name.removesuffix('_at')}", table_name="reports")
    with op.batch_alter_table("reports") as reports:
        for column in TIES:
            reports.drop_constraint(f"fk_reports_{column}_reports", type_="foreignkey")
        for column in columns():
            reports.drop_column(column.name)
