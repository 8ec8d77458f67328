"""The index of what is published, and the log of its changes."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

# What an entry is found by (decision 0021). The marks come ready made: FTS5 is to split them at
# spaces alone, and PostgreSQL gets them as a tsvector.
WORDS = {
    "sqlite": (
        """CREATE VIRTUAL TABLE search_words USING fts5(
            marks, detail=none, columnsize=0, tokenize="ascii tokenchars '.=_-'")""",
        "CREATE VIRTUAL TABLE search_words_known USING fts5vocab(search_words, row)",
    ),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",  # trusted: the database's owner may
        """CREATE TABLE search_words (
            number bigint CONSTRAINT pk_search_words PRIMARY KEY
                CONSTRAINT fk_search_words_number_search_entries
                REFERENCES search_entries ON DELETE CASCADE,
            title text NOT NULL,
            marks tsvector NOT NULL)""",
        "CREATE INDEX ix_search_words_marks ON search_words USING gin (marks)",
        "CREATE INDEX ix_search_words_title ON search_words USING gin (title gin_trgm_ops)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_folded", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=True),
        sa.Column("area", sa.String(length=10), nullable=True),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("kind", "ref", name=op.f("uq_search_entries_kind_ref")),
    )
    for statement in WORDS[op.get_bind().dialect.name]:
        op.execute(statement)
    op.create_table(
        "public_changes",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "ref", name=op.f("pk_public_changes")),
        sa.UniqueConstraint("position", name=op.f("uq_public_changes_position")),
    )


def downgrade() -> None:
    op.drop_table("public_changes")
    op.execute("DROP TABLE IF EXISTS search_words_known")  # the extension stays: others may use it
    op.execute("DROP TABLE search_words")
    op.drop_table("search_entries")
