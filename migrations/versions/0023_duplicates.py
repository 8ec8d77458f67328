"""Support, followers, and the indexes that find open reports nearby."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

OPEN = sa.text("status NOT IN ('closed', 'duplicate', 'rejected', 'resolved', 'withdrawn')")
# A range has an operator class for GiST of its own; a plain time would need an extension.
PLACE_AND_TIME = [
    sa.literal_column("point(longitude, latitude)"),
    sa.literal_column("tstzrange(submitted_at, submitted_at, '[]'::text)"),
]


def upgrade() -> None:
    op.create_table(
        "report_supports",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("supported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_supports_report_id_reports")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_report_supports_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("report_id", "citizen_id", name=op.f("pk_report_supports")),
    )
    op.create_index("ix_report_supports_citizen_id", "report_supports", ["citizen_id"])
    op.create_table(
        "report_followers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("via", sa.Uuid(), nullable=True),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_followers_report_id_reports")
        ),
        sa.ForeignKeyConstraint(
            ["via"], ["reports.id"], name=op.f("fk_report_followers_via_reports")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_report_followers_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_followers")),
        sa.UniqueConstraint(
            "report_id", "citizen_id", name=op.f("uq_report_followers_report_id_citizen_id")
        ),
    )
    op.create_index("ix_report_followers_report", "report_followers", ["report_id", "id"])
    op.create_index(
        "ix_report_followers_citizen", "report_followers", ["citizen_id", "followed_at", "id"]
    )
    if op.get_context().dialect.name == "postgresql":
        op.create_index(
            "ix_reports_open_place",
            "reports",
            PLACE_AND_TIME,
            postgresql_using="gist",
            postgresql_where=OPEN,
        )
    else:
        place = ["latitude", "longitude"]
        op.create_index("ix_reports_open_latitude", "reports", place, sqlite_where=OPEN)


def downgrade() -> None:
    postgresql = op.get_context().dialect.name == "postgresql"
    name = "ix_reports_open_place" if postgresql else "ix_reports_open_latitude"
    op.drop_index(name, table_name="reports")
    op.drop_table("report_followers")
    op.drop_table("report_supports")
