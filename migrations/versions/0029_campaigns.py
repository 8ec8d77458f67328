"""Phones without an account, choices, broadcasts, campaigns and their shards."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = (
    "installation_id, citizen_id, kind, value, platform, app_version, locale, "
    "quarantined_at, last_seen_at"
)


def upgrade() -> None:
    _number_devices()
    _create_choices()
    _create_broadcasts()
    _create_campaigns()
    _create_shards()
    # What was told before were the steps of reports.
    op.add_column(
        "inbox_messages",
        sa.Column("category", sa.String(length=30), nullable=False, server_default="reports"),
    )
    with op.batch_alter_table("inbox_messages") as table:
        table.alter_column("category", existing_type=sa.String(length=30), server_default=None)
        table.add_column(sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))


def _number_devices() -> None:
    """A new table, since its key changes; of an address told twice the newest stays."""
    op.drop_index(op.f("ix_devices_citizen_id"), "devices")
    op.rename_table("devices", "devices_old")
    if op.get_bind().dialect.name == "postgresql":
        _free_names("devices_old")
    op.create_table(
        "devices",
        sa.Column("number", NUMBER, nullable=False),
        *_columns(nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=True),
        sa.Column("app_number", sa.Integer(), nullable=False),
        sa.Column("ward", sa.String(length=10), nullable=True),
        sa.Column("quiet_from", sa.SmallInteger(), nullable=True),
        sa.Column("quiet_to", sa.SmallInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_devices")),
        sa.UniqueConstraint("installation_id", name=op.f("uq_devices_installation_id")),
        sa.UniqueConstraint("kind", "value", name=op.f("uq_devices_kind_value")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_devices_citizen_id"), "devices", ["citizen_id"])
    op.create_index("ix_devices_seen", "devices", ["last_seen_at"])
    op.execute(f"""
INSERT INTO devices ({KEPT}, app_number, created_at)
SELECT {KEPT}, 0, last_seen_at FROM devices_old AS one
WHERE NOT EXISTS (SELECT 1 FROM devices_old AS other
                  WHERE other.kind = one.kind AND other.value = one.value
                    AND (other.last_seen_at, other.installation_id)
                        > (one.last_seen_at, one.installation_id))
ORDER BY last_seen_at""")  # noqa: S608 - constants
    op.drop_table("devices_old")


def _free_names(table: str) -> None:
    """PostgreSQL keeps a renamed table's constraints under their names."""
    for name in ("pk_devices", "fk_devices_citizen_id_citizens"):
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {name} TO {name}_old")


def _columns(*, nullable: bool) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("installation_id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=nullable),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.Column("platform", sa.String(length=10), nullable=False),
        sa.Column("app_version", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("quarantined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_devices_citizen_id_citizens")
        ),
    ]


def _create_choices() -> None:
    op.create_table(
        "device_choices",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("device", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device"],
            ["devices.number"],
            name=op.f("fk_device_choices_device_devices"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("name", "device", name=op.f("pk_device_choices")),
    )
    op.create_index(op.f("ix_device_choices_device"), "device_choices", ["device"], unique=False)
    op.create_table(
        "push_brakes",
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_push_brakes")),
    )


def _create_broadcasts() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
    )
    op.create_index(op.f("ix_broadcasts_sent_at"), "broadcasts", ["sent_at"], unique=False)
    op.create_table(
        "broadcast_marks",
        sa.Column("reader", sa.Uuid(), nullable=False),
        sa.Column("broadcast_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_broadcast_marks_broadcast_id_broadcasts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("reader", "broadcast_id", name=op.f("pk_broadcast_marks")),
    )
    op.create_index(
        op.f("ix_broadcast_marks_broadcast_id"), "broadcast_marks", ["broadcast_id"], unique=False
    )


def _create_campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.String(length=150), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("template", sa.JSON(), nullable=True),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("spread", sa.Integer(), nullable=False),
        sa.Column("recurs", sa.String(length=10), nullable=True),
        sa.Column("canary", sa.Integer(), nullable=False),
        sa.Column("ramp", sa.Integer(), nullable=False),
        sa.Column("resend", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("resumes_to", sa.String(length=12), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_hash", sa.String(length=64), nullable=True),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=80), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recall_of", sa.Uuid(), nullable=True),
        sa.Column("recurrence_of", sa.Uuid(), nullable=True),
        sa.Column("recipients", sa.Integer(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("launched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("halted_reason", sa.String(length=200), nullable=True),
        sa.Column("sum_error", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["recall_of"], ["campaigns.id"], name=op.f("fk_campaigns_recall_of_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["recurrence_of"], ["campaigns.id"], name=op.f("fk_campaigns_recurrence_of_campaigns")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    op.create_index("ix_campaigns_made", "campaigns", ["made_at", "id"], unique=False)
    op.create_index("ix_campaigns_state", "campaigns", ["state", "starts_at"], unique=False)
    op.create_table(
        "campaign_steps",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_steps_campaign_id_campaigns")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "number", name=op.f("pk_campaign_steps")),
    )
    op.create_table(
        "push_templates",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_push_templates")),
    )


def _create_shards() -> None:
    op.create_table(
        "campaign_shards",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("size", sa.SmallInteger(), nullable=False),
        sa.Column("devices", sa.LargeBinary(), nullable=False),
        sa.Column("outcomes", sa.LargeBinary(), nullable=False),
        sa.Column("sending_from", sa.SmallInteger(), nullable=True),
        sa.Column("sending_to", sa.SmallInteger(), nullable=True),
        sa.Column("passes", sa.SmallInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_shards_campaign_id_campaigns")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "number", name=op.f("pk_campaign_shards")),
    )
    op.create_table(
        "campaign_receipts",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("received", sa.LargeBinary(), nullable=False),
        sa.Column("opened", sa.LargeBinary(), nullable=False),
        sa.Column("told", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "shard", name=op.f("pk_campaign_receipts")),
    )
    op.create_table(
        "campaign_counts",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("platform", sa.String(length=10), nullable=False),
        sa.Column("ward", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "campaign_id", "minute", "platform", "ward", "outcome", name=op.f("pk_campaign_counts")
        ),
    )


def downgrade() -> None:
    with op.batch_alter_table("inbox_messages") as table:
        table.drop_column("archived_at")
        table.drop_column("category")
    for name in (
        "campaign_counts",
        "campaign_receipts",
        "campaign_shards",
        "campaign_steps",
        "campaigns",
        "push_templates",
        "broadcast_marks",
        "broadcasts",
        "push_brakes",
        "device_choices",
    ):
        op.drop_table(name)
    _name_devices()


def _name_devices() -> None:
    """By installation again; apps in which nobody signed in had no place."""
    op.drop_index("ix_devices_seen", "devices")
    op.drop_index(op.f("ix_devices_citizen_id"), "devices")
    op.rename_table("devices", "devices_new")
    if op.get_bind().dialect.name == "postgresql":
        _free_names("devices_new")
        op.drop_constraint("uq_devices_installation_id", "devices_new")
        op.drop_constraint("uq_devices_kind_value", "devices_new")
    op.create_table(
        "devices",
        *_columns(nullable=False),
        sa.PrimaryKeyConstraint("installation_id", name=op.f("pk_devices")),
    )
    op.create_index(op.f("ix_devices_citizen_id"), "devices", ["citizen_id"])
    op.execute(
        f"INSERT INTO devices ({KEPT}) SELECT {KEPT} FROM devices_new WHERE citizen_id IS NOT NULL"  # noqa: S608
    )
    op.drop_table("devices_new")
