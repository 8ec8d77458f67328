"""The audit record tells before and after, is append-only, and is sealed into a chain.

The triggers refuse UPDATE and DELETE to everybody. TRUNCATE stays with the owner of the tables, so
the application's role needs SELECT and INSERT only. On SQLite a later migration that rebuilds
one of these tables must create its triggers again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
TABLES = ("audit_entries", "audit_seals")
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for column in (
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("private", sa.Text(), nullable=True),
    ):
        op.add_column("audit_entries", column)
    op.create_index("ix_audit_entries_actor_number", "audit_entries", ["actor", "number"])
    op.create_index("ix_audit_entries_subject_id_number", "audit_entries", ["subject_id", "number"])
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"], postgresql_using="brin")
    op.create_table(
        "audit_seals",
        sa.Column("position", ROW_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", ROW_NUMBER, nullable=False),
        sa.Column("mac", sa.String(length=43), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("number", name=op.f("uq_audit_seals_number")),
    )
    _refuse_changes()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, event in _refused():
            op.execute(f"DROP TRIGGER {table}_no_{event}")
    else:
        op.execute("DROP FUNCTION audit_is_append_only CASCADE")
    op.drop_table("audit_seals")
    for index in ("at", "subject_id_number", "actor_number"):
        op.drop_index(f"ix_audit_entries_{index}", "audit_entries")
    with op.batch_alter_table("audit_entries") as entries:
        for column in ("private", "person_id", "after", "before"):
            entries.drop_column(column)


def _refused() -> list[tuple[str, str]]:
    return [(table, event) for table in TABLES for event in ("update", "delete")]


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, event in _refused():
            op.execute(
                f"CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit record is append-only'; END $$"
    )
    for table, event in _refused():
        op.execute(
            f"CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
        )
