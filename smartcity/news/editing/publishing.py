"""What the public reads of an article: written when it is brought out, gone when it is taken back.

Both are part of the transaction that moves the article.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from smartcity.changes import service as changes
from smartcity.core.db import insert_all
from smartcity.news.editing import pictures
from smartcity.news.editing.contents import public_face
from smartcity.news.editing.sanitising import plain
from smartcity.news.models import Article, Label, LabelKind, Published
from smartcity.news.reading import rendering
from smartcity.search import service as search

KIND = "news"
_AHEAD = timedelta(days=36_525)  # pinned articles stand before all others


def bring_out(session: Session, article: Article) -> None:
    """Let the public read an article as it stands here, in place of what was public of it.

    Invalid names `cover` or `gallery` for a picture that is not ready to be shown.
    """
    shown = pictures.show(session, article)
    row = Published(
        article_id=article.id,
        sorted_at=_sorted_at(article),
        published_at=article.published_at,
        card=rendering.card(article, shown["cover"]),
        whole=rendering.whole(article, **shown),
    )
    session.merge(row)
    session.flush()  # its labels point to it
    _label(session, article, row.sorted_at)
    search.put(session, _indexed(article))
    changes.appeared(session, KIND, str(article.id))


def take_back(session: Session, article: Article) -> None:
    """Take an article, its pictures and files from the public."""
    pictures.hide(session, public_face(session, article))
    session.execute(delete(Published).where(Published.article_id == article.id))
    search.remove(session, KIND, str(article.id))
    changes.vanished(session, KIND, str(article.id))


def _sorted_at(article: Article) -> datetime:
    assert article.published_at is not None
    return article.published_at + _AHEAD if article.pinned_until else article.published_at


def _label(session: Session, article: Article, sorted_at: datetime) -> None:
    session.execute(delete(Label).where(Label.article_id == article.id))
    common = {"article_id": article.id, "sorted_at": sorted_at}
    labels = [{"kind": kind, "code": code, **common} for kind, code in set(_labels(article))]
    insert_all(session, Label, labels)


def _labels(article: Article) -> Iterator[tuple[LabelKind, str]]:
    yield LabelKind.LANGUAGE, article.language
    if article.agency:
        yield LabelKind.AGENCY, article.agency
    for kind, codes in (
        (LabelKind.CATEGORY, article.categories),
        (LabelKind.TOPIC, article.topics),
        (LabelKind.AREA, article.areas),
    ):
        yield from ((kind, code) for code in codes)


def _indexed(article: Article) -> search.Indexed:
    assert article.published_at is not None
    return search.Indexed(
        kind=KIND,
        ref=str(article.id),
        title=article.title,
        summary=article.lead,
        body=plain(article.body),
        link=f"/news/{article.id}",
        published_at=article.published_at,
        language=article.language,
        agency=article.agency,
        area=article.areas[0] if len(article.areas) == 1 else None,
    )
