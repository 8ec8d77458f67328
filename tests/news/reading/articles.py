"""Public articles as the tests of reading need them, written without the editors' steps."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from smartcity.changes import service as changes
from smartcity.core.db import transaction
from smartcity.news.models import Article, Label, LabelKind, Published, State
from smartcity.news.reading import rendering
from smartcity.news.reading.rendering import Picture

BEGAN = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
_FAR = timedelta(days=36_525)  # how far ahead a pinned article is sorted
COVER: Picture = {
    "links": {
        name: f"https://app.example.vn/media/public/1/{name}"
        for name in ("large", "small", "large_webp", "small_webp")
    },
    "alt": 'Cầu "Hoàng Văn Thụ" & sông Cấm',
}


def article(number: int = 0, **other: Any) -> Article:
    """An article of the `number`th minute, as its editors left it."""
    at = BEGAN + timedelta(minutes=number)
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "state": State.PUBLISHED,
        "version": 1,
        "language": "vi",
        "title": f"Tin số {number}",
        "title_folded": f"tin so {number}",
        "lead": "Tóm tắt của tin.",
        "body": "<p>Nội dung của tin.</p>",
        "gallery": [],
        "attachments": [],
        "categories": ["society"],
        "topics": [],
        "areas": [],
        "published_at": at,
        "made_by": "officer:1",
        "made_at": at,
        "changed_by": "officer:1",
        "changed_at": at,
    }
    return Article(**{**values, **other})


def bring_out(session: Session, *articles: Article, cover: Picture | None = None) -> None:
    """Make articles public, those pinned ahead of all others."""
    for each in articles:
        at = each.published_at + (_FAR if each.pinned_until else timedelta(0))
        session.add(each)
        session.flush()
        texts = rendering.card(each, cover), rendering.whole(each, cover, [], [])
        card, whole = texts
        session.add(
            Published(
                article_id=each.id,
                sorted_at=at,
                published_at=each.published_at,
                card=card,
                whole=whole,
            )
        )
        session.flush()
        session.add_all(
            Label(kind=kind, code=code, article_id=each.id, sorted_at=at)
            for kind, code in _labels(each)
        )
        changes.appeared(session, "news", str(each.id))


def published(app: Flask, *articles: Article, cover: Picture | None = None) -> list[str]:
    """Make articles public in a transaction of their own; their ids."""
    with app.app_context(), transaction() as session:
        bring_out(session, *articles, cover=cover)
        return [str(each.id) for each in articles]


def take_back(app: Flask, article_id: str) -> None:
    with app.app_context(), transaction() as session:
        session.execute(delete(Published).where(Published.article_id == uuid.UUID(article_id)))
        changes.vanished(session, "news", article_id)


def _labels(each: Article) -> list[tuple[LabelKind, str]]:
    many = {
        LabelKind.CATEGORY: each.categories,
        LabelKind.TOPIC: each.topics,
        LabelKind.AREA: each.areas,
        LabelKind.AGENCY: [each.agency] if each.agency else [],
        LabelKind.LANGUAGE: [each.language],
    }
    return [(kind, code) for kind, codes in many.items() for code in codes]
