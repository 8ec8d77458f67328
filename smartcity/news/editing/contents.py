"""What an article says, apart from how it stands: what editors write, and each version keeps."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from smartcity.core.text import fold
from smartcity.news.models import Article, Version

Content = dict[str, Any]
_PLAIN = (
    *("language", "title", "lead", "body", "gallery", "attachments", "author", "agency"),
    *("categories", "topics", "areas", "source_name", "source_link", "correction"),
)
FIELDS = (*_PLAIN, "cover", "publish_at")
EMPTY: Content = {
    **dict.fromkeys(FIELDS),
    **{"language": "vi", "lead": "", "body": ""},
    **{name: [] for name in ("gallery", "attachments", "categories", "topics", "areas")},
}
_FOLDED = 600  # characters


def content_of(article: Article) -> Content:
    """All that an article says, as JSON holds it."""
    return {
        **{name: getattr(article, name) for name in _PLAIN},
        "cover": article.cover,
        "publish_at": article.publish_at and article.publish_at.isoformat(),
    }


def fill(article: Article, content: Mapping[str, Any]) -> None:
    """Let an article say this."""
    for name in _PLAIN:
        setattr(article, name, content[name])
    cover, at = content["cover"] or {}, content["publish_at"]
    article.cover_id = uuid.UUID(cover["media_id"]) if cover else None
    article.cover_alt = cover.get("alt")
    article.publish_at = datetime.fromisoformat(at) if at else None
    article.title_folded = fold(article.title)[:_FOLDED]


def picture_ids(content: Mapping[str, Any]) -> dict[uuid.UUID, str]:
    """The pictures of an article, and the field that names each."""
    gallery = {uuid.UUID(picture["media_id"]): "gallery" for picture in content["gallery"]}
    cover = content["cover"]
    return gallery | ({uuid.UUID(cover["media_id"]): "cover"} if cover else {})


def file_ids(content: Mapping[str, Any]) -> list[uuid.UUID]:
    """The files of an article, in their order."""
    return [uuid.UUID(file["file_id"]) for file in content["attachments"]]


def public_content(session: Session, article: Article) -> Content | None:
    """What the public reads or last read of an article; None before it was public."""
    if article.public_version is None:
        return None
    return session.get_one(Version, (article.id, article.public_version)).content


def public_face(session: Session, article: Article) -> Article:
    """An article with the text that is public, whatever was written in it since."""
    content = public_content(session, article)
    if content is None or not article.pending:
        return article
    columns = inspect(Article).column_attrs.keys()
    face = Article(**{name: getattr(article, name) for name in columns})
    fill(face, content)
    return face


def subject(article_id: uuid.UUID) -> str:
    """How pictures and files name the article they belong to."""
    return f"article:{article_id}"
