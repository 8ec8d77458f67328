"""Routing rules, the devices that reports came from, blocked devices, marks of photos."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    _rules()
    _devices()
    _photos()


def _rules() -> None:
    op.create_table(
        "routing_rules",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_by", sa.String(length=80), nullable=True),
        sa.Column("disabled_why", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_routing_rules")),
    )


def _devices() -> None:
    op.create_table(
        "report_devices",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("device_index", sa.String(length=43), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"]),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_devices")),
    )
    op.create_index(op.f("ix_report_devices_at"), "report_devices", ["at"])
    op.create_index("ix_report_devices_device_index_at", "report_devices", ["device_index", "at"])
    op.create_table(
        "blocked_devices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_index", sa.String(length=43), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("blocked_by", sa.String(length=80), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocked_devices")),
    )
    op.create_index(op.f("ix_blocked_devices_device_index"), "blocked_devices", ["device_index"])
    op.create_index(
        op.f("ix_blocked_devices_created_at_id"), "blocked_devices", ["created_at", "id"]
    )


def _photos() -> None:
    op.create_table(
        "photo_marks",
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), nullable=True),
        sa.Column("of_screen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("media_id", name=op.f("pk_photo_marks")),
    )
    op.create_table(
        "photo_bands",
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("band", "media_id", name=op.f("pk_photo_bands")),
    )
    op.create_index(op.f("ix_photo_bands_media_id"), "photo_bands", ["media_id"])


def downgrade() -> None:
    op.drop_table("photo_bands")
    op.drop_table("photo_marks")
    op.drop_table("blocked_devices")
    op.drop_table("report_devices")
    op.drop_table("routing_rules")
