"""Registers of what officers keep and the public reads: entries, versions, areas, points."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.create_table(
        "register_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("sorting", sa.String(length=100), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("whole", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_register_entries"),
        sa.UniqueConstraint("kind", "key", name="uq_register_entries_kind_key"),
    )
    op.create_index(
        "ix_register_entries_kind_category_sorting_id",
        "register_entries",
        ["kind", "category", "sorting", "id"],
    )
    op.create_index(
        "ix_register_entries_kind_sorting_id", "register_entries", ["kind", "sorting", "id"]
    )
    op.create_index(
        "ix_register_entries_kind_changed_at_id", "register_entries", ["kind", "changed_at", "id"]
    )
    op.create_index(
        "ix_register_entries_kind_over_opens_at_id",
        "register_entries",
        ["kind", "over", "opens_at", "id"],
    )
    op.create_index(
        "ix_register_entries_kind_over_published_at_id",
        "register_entries",
        ["kind", "over", "published_at", "id"],
    )
    op.create_index(
        "ix_register_entries_state_over_closes_at",
        "register_entries",
        ["state", "over", "closes_at"],
    )
    op.create_table(
        "register_versions",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=12), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["register_entries.id"],
            name="fk_register_versions_entry_id_register_entries",
        ),
        sa.PrimaryKeyConstraint("entry_id", "number", name="pk_register_versions"),
    )
    op.create_table(
        "register_areas",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["register_entries.id"],
            name="fk_register_areas_entry_id_register_entries",
        ),
        sa.PrimaryKeyConstraint("entry_id", "area", name="pk_register_areas"),
    )
    op.create_index("ix_register_areas_area", "register_areas", ["area"])
    op.create_table(
        "register_points",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("feature", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["register_entries.id"],
            name="fk_register_points_entry_id_register_entries",
        ),
        sa.PrimaryKeyConstraint("entry_id", name="pk_register_points"),
    )
    op.create_index("ix_register_points_kind_lat_lon", "register_points", ["kind", "lat", "lon"])
    op.create_index(
        "ix_register_points_kind_category_lat_lon",
        "register_points",
        ["kind", "category", "lat", "lon"],
    )


def downgrade() -> None:
    op.drop_table("register_points")
    op.drop_table("register_areas")
    op.drop_table("register_versions")
    op.drop_table("register_entries")
