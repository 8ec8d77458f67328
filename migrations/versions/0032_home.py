"""The phone's first screen, and what a citizen keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "home_cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title_vi", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=True),
        sa.Column("text_vi", sa.String(length=2000), nullable=True),
        sa.Column("text_en", sa.String(length=2000), nullable=True),
        sa.Column("folded", sa.String(length=2500), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("media_id", sa.Uuid(), nullable=True),
        sa.Column("alt_vi", sa.String(length=300), nullable=True),
        sa.Column("alt_en", sa.String(length=300), nullable=True),
        sa.Column("link", sa.String(length=1000), nullable=True),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("platforms", sa.JSON(), nullable=False),
        sa.Column("app_from", sa.String(length=20), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("showing", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_cards")),
    )
    op.create_index(op.f("ix_home_cards_made_at_id"), "home_cards", ["made_at", "id"])
    op.create_index(op.f("ix_home_cards_showing_rank_id"), "home_cards", ["showing", "rank", "id"])
    op.create_table(
        "home_contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("text_vi", sa.String(length=500), nullable=True),
        sa.Column("text_en", sa.String(length=500), nullable=True),
        sa.Column("folded", sa.String(length=500), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=True),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency"], ["agencies.code"], name=op.f("fk_home_contacts_agency_agencies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_contacts")),
    )
    op.create_index(op.f("ix_home_contacts_made_at_id"), "home_contacts", ["made_at", "id"])
    op.create_table(
        "app_configs",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_app_configs")),
    )
    op.create_table(
        "bookmarks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizens.id"],
            name=op.f("fk_bookmarks_citizen_id_citizens"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookmarks")),
    )
    op.create_index(
        op.f("ix_bookmarks_citizen_id_kind_ref"),
        "bookmarks",
        ["citizen_id", "kind", "ref"],
        unique=True,
    )
    op.create_index(
        op.f("ix_bookmarks_citizen_id_made_at_id"), "bookmarks", ["citizen_id", "made_at", "id"]
    )
    op.add_column("citizens", sa.Column("reading_size", sa.String(length=8), nullable=True))


def downgrade() -> None:
    op.drop_table("bookmarks")
    op.drop_table("app_configs")
    op.drop_table("home_contacts")
    op.drop_table("home_cards")
    op.drop_column("citizens", "reading_size")
