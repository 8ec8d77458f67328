"""News, their sources, official documents and the files of both."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "media_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_files")),
    )
    op.create_index(op.f("ix_media_files_created_at"), "media_files", ["created_at"])
    op.create_index(op.f("ix_media_files_subject"), "media_files", ["subject"])
    op.create_table(
        "news_sources",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_folded", sa.String(length=400), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("licence", sa.String(length=8), nullable=False),
        sa.Column("auto_publish", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("interval_least", sa.Integer(), nullable=False),
        sa.Column("interval_most", sa.Integer(), nullable=False),
        sa.Column("etag", sa.String(length=300), nullable=True),
        sa.Column("last_modified", sa.String(length=100), nullable=True),
        sa.Column("moved_to", sa.String(length=1000), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("newest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency"], ["agencies.code"], name=op.f("fk_news_sources_agency_agencies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_sources")),
        sa.UniqueConstraint("url", name=op.f("uq_news_sources_url")),
    )
    op.create_index(op.f("ix_news_sources_due_at"), "news_sources", ["due_at"])
    op.create_index(op.f("ix_news_sources_made_at_id"), "news_sources", ["made_at", "id"])
    op.create_table(
        "news_articles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_folded", sa.String(length=600), nullable=False),
        sa.Column("lead", sa.String(length=1000), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("cover_id", sa.Uuid(), nullable=True),
        sa.Column("cover_alt", sa.String(length=300), nullable=True),
        sa.Column("gallery", sa.JSON(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=True),
        sa.Column("agency", sa.String(length=40), nullable=True),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("source_name", sa.String(length=200), nullable=True),
        sa.Column("source_link", sa.String(length=1000), nullable=True),
        sa.Column("source_picture", sa.String(length=1000), nullable=True),
        sa.Column("licence", sa.String(length=8), nullable=True),
        sa.Column("public_version", sa.Integer(), nullable=True),
        sa.Column("pending", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("pinned_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correction", sa.String(length=500), nullable=True),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency"], ["agencies.code"], name=op.f("fk_news_articles_agency_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["news_sources.id"], name=op.f("fk_news_articles_source_id_news_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_articles")),
    )
    op.create_index(op.f("ix_news_articles_source_id"), "news_articles", ["source_id"])
    op.create_index(
        op.f("ix_news_articles_state_changed_at_id"), "news_articles", ["state", "changed_at", "id"]
    )
    op.create_table(
        "news_items",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("link_key", sa.String(length=64), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("likeness", sa.BigInteger(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["news_articles.id"],
            name=op.f("fk_news_items_article_id_news_articles"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["news_sources.id"], name=op.f("fk_news_items_source_id_news_sources")
        ),
        sa.PrimaryKeyConstraint("source_id", "key", name=op.f("pk_news_items")),
    )
    op.create_index(op.f("ix_news_items_digest"), "news_items", ["digest"])
    op.create_index(op.f("ix_news_items_first_seen"), "news_items", ["first_seen"])
    op.create_index(op.f("ix_news_items_link_key"), "news_items", ["link_key"])
    op.create_table(
        "news_versions",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["news_articles.id"],
            name=op.f("fk_news_versions_article_id_news_articles"),
        ),
        sa.PrimaryKeyConstraint("article_id", "version", name=op.f("pk_news_versions")),
    )
    op.create_table(
        "news_published",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("sorted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("whole", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["news_articles.id"],
            name=op.f("fk_news_published_article_id_news_articles"),
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_news_published")),
    )
    op.create_index(
        op.f("ix_news_published_sorted_at_article_id"),
        "news_published",
        ["sorted_at", "article_id"],
    )
    op.create_table(
        "news_labels",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("sorted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["news_published.article_id"],
            name=op.f("fk_news_labels_article_id_news_published"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kind", "code", "article_id", name=op.f("pk_news_labels")),
    )
    op.create_index(op.f("ix_news_labels_article_id"), "news_labels", ["article_id"])
    op.create_index(
        op.f("ix_news_labels_kind_code_sorted_at_article_id"),
        "news_labels",
        ["kind", "code", "sorted_at", "article_id"],
    )
    op.create_table(
        "news_reads",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "day", name=op.f("pk_news_reads")),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("abstract", sa.String(length=1000), nullable=False),
        sa.Column("folded", sa.String(length=2200), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("signer", sa.String(length=120), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("source_link", sa.String(length=1000), nullable=True),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency"], ["agencies.code"], name=op.f("fk_documents_agency_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["media_files.id"], name=op.f("fk_documents_file_id_media_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("agency", "number", name=op.f("uq_documents_agency_number")),
    )
    op.create_index(op.f("ix_documents_made_at_id"), "documents", ["made_at", "id"])
    op.create_index(
        op.f("ix_documents_state_published_at_id"), "documents", ["state", "published_at", "id"]
    )


def downgrade() -> None:
    op.drop_table("documents")
    op.drop_table("news_reads")
    op.drop_table("news_labels")
    op.drop_table("news_published")
    op.drop_table("news_versions")
    op.drop_table("news_items")
    op.drop_table("news_articles")
    op.drop_table("news_sources")
    op.drop_table("media_files")
