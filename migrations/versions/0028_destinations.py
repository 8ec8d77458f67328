"""Several destinations, one log of messages, deliveries as data, reconciliation."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

OPEN = sa.text("state NOT IN ('delivered', 'acknowledged', 'superseded')")
DELIVERED = sa.text("state = 'delivered'")
WRITTEN = sa.text("body IS NOT NULL")
NAMED = sa.text("reference IS NOT NULL")
LIMITS = ("cap", "per_second", "tokens", "filled_at", "paused_reason")


def upgrade() -> None:
    # No release has run yet with deliveries of the old shape: nothing of worth is lost.
    op.drop_table("ioc_deliveries")
    _create_destinations()
    _create_messages()
    _create_deliveries()
    _create_replays()
    _create_reconciliations()
    op.create_index("ix_ioc_callbacks_received", "ioc_callbacks", ["received_at", "source", "id"])
    kinds = (
        sa.Integer(),
        sa.Double(),
        sa.Double(),
        sa.DateTime(timezone=True),
        sa.String(length=500),
    )
    for name, kind in zip(LIMITS, kinds, strict=True):
        op.add_column("job_queues", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("job_queues") as table:
        for name in reversed(LIMITS):
            table.drop_column(name)
    op.drop_index("ix_ioc_callbacks_received", "ioc_callbacks")
    for name in ("differences", "reconciliations", "replays", "deliveries", "messages"):
        op.drop_table(f"ioc_{name}")
    op.drop_table("ioc_destinations")
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


def _create_destinations() -> None:
    op.create_table(
        "ioc_destinations",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("driver", sa.String(length=20), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("secret_sealed", sa.Text(), nullable=False),
        sa.Column("old_secret_sealed", sa.Text(), nullable=True),
        sa.Column("old_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("categories", sa.JSON(), nullable=True),
        sa.Column("areas", sa.JSON(), nullable=True),
        sa.Column("moves", sa.JSON(), nullable=True),
        sa.Column("start", sa.String(length=10), nullable=False),
        sa.Column("timeout", sa.Double(), nullable=False),
        sa.Column("concurrency", sa.Integer(), nullable=False),
        sa.Column("per_second", sa.Double(), nullable=True),
        sa.Column("ack_hours", sa.Integer(), nullable=True),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("polled_to", sa.String(length=200), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name="fk_ioc_destinations_partner_id_partners"
        ),
        sa.PrimaryKeyConstraint("name", name="pk_ioc_destinations"),
        sa.UniqueConstraint("partner_id", name="uq_ioc_destinations_partner_id"),
    )


def _create_messages() -> None:
    op.create_table(
        "ioc_messages",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=30), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["report_events.id"], name="fk_ioc_messages_event_id_report_events"
        ),
        sa.PrimaryKeyConstraint("event_id", name="pk_ioc_messages"),
        sa.UniqueConstraint("position", name="uq_ioc_messages_position"),
    )
    op.create_index("ix_ioc_messages_report", "ioc_messages", ["report_id", "sequence"])
    op.create_index(
        "ix_ioc_messages_body",
        "ioc_messages",
        ["made_at"],
        postgresql_where=WRITTEN,
        sqlite_where=WRITTEN,
    )


def _create_deliveries() -> None:
    op.create_table(
        "ioc_deliveries",
        sa.Column("destination", sa.String(length=40), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["destination"],
            ["ioc_destinations.name"],
            name="fk_ioc_deliveries_destination_ioc_destinations",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["ioc_messages.event_id"],
            name="fk_ioc_deliveries_event_id_ioc_messages",
        ),
        sa.PrimaryKeyConstraint("destination", "event_id", name="pk_ioc_deliveries"),
    )
    for name, columns, which in (
        ("position", ["destination", "position"], None),
        ("report", ["report_id", "destination"], None),
        ("open", ["destination", "state", "position"], OPEN),
        ("unacknowledged", ["destination", "answered_at"], DELIVERED),
        ("reference", ["destination", "reference"], NAMED),
    ):
        op.create_index(
            f"ix_ioc_deliveries_{name}",
            "ioc_deliveries",
            columns,
            postgresql_where=which,
            sqlite_where=which,
        )


def _create_replays() -> None:
    op.create_table(
        "ioc_replays",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("destination", sa.String(length=40), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("started_by", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("until_position", sa.BigInteger(), nullable=False),
        sa.Column("replayed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["destination"],
            ["ioc_destinations.name"],
            name="fk_ioc_replays_destination_ioc_destinations",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ioc_replays"),
    )


def _create_reconciliations() -> None:
    op.create_table(
        "ioc_reconciliations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("destination", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cursor", sa.String(length=100), nullable=True),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in (
                "pages",
                "reports",
                "events",
                "missing",
                "different",
                "extra",
                "repaired",
            )
        ),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["destination"],
            ["ioc_destinations.name"],
            name="fk_ioc_reconciliations_destination_ioc_destinations",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ioc_reconciliations"),
    )
    op.create_index(
        "ix_ioc_reconciliations_started", "ioc_reconciliations", ["destination", "started_at"]
    )
    op.create_table(
        "ioc_differences",
        sa.Column("reconciliation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("repaired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["reconciliation_id"],
            ["ioc_reconciliations.id"],
            name="fk_ioc_differences_reconciliation_id_ioc_reconciliations",
        ),
        sa.PrimaryKeyConstraint("reconciliation_id", "code", "sequence", name="pk_ioc_differences"),
    )
