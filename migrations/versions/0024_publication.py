"""Public pictures, the version and words of a report's public side, and the map's index."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

PUBLIC = sa.text("visibility = 'public'")
PLACE = "point(public_longitude, public_latitude)"
WORDS = "to_tsvector('simple', public_words)"
WHERE = {"postgresql_where": PUBLIC, "sqlite_where": PUBLIC}


def photo_columns() -> list[sa.Column]:
    return [
        sa.Column("shown", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=True),
        sa.Column("redaction", sa.Integer(), server_default="0", nullable=False),
        sa.Column("redacted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("faces", sa.JSON(), nullable=True),
    ]


def report_columns() -> list[sa.Column]:
    return [
        sa.Column("public_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("public_words", sa.Text(), nullable=True),
    ]


def upgrade() -> None:
    with op.batch_alter_table("media") as media:
        for column in photo_columns():
            media.add_column(column)
    with op.batch_alter_table("reports") as reports:
        for column in report_columns():
            reports.add_column(column)
    op.create_index("ix_reports_published", "reports", ["published_at", "id"], **WHERE)
    place = ["public_latitude", "public_longitude"]
    op.create_index("ix_reports_public_latitude", "reports", place, **WHERE)
    if op.get_context().dialect.name == "postgresql":
        place, words = sa.literal_column(PLACE), sa.literal_column(WORDS)
        op.create_index(
            "ix_reports_public_place", "reports", [place], postgresql_using="gist", **WHERE
        )
        op.create_index(
            "ix_reports_public_words", "reports", [words], postgresql_using="gin", **WHERE
        )


def downgrade() -> None:
    postgresql = op.get_context().dialect.name == "postgresql"
    own = ("public_place", "public_words") if postgresql else ()
    for name in ("published", "public_latitude", *own):
        op.drop_index(f"ix_reports_{name}", table_name="reports")
    with op.batch_alter_table("reports") as reports:
        for column in report_columns():
            reports.drop_column(column.name)
    with op.batch_alter_table("media") as media:
        for column in photo_columns():
            media.drop_column(column.name)
