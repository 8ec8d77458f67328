"""What a feed holds becomes articles: each story once, whoever tells it, renewed as it changes.

A story is known by its guid, or by its link over all sources. What says the same as another story
of the last 14 days is recorded, and not published again.
"""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import one_at_a_time
from smartcity.news.editing.gathering import Gathered, gather, renew
from smartcity.news.sources.entries import SUMMARY, Entry, shortened
from smartcity.news.sources.likeness import digest, likeness, near, tells
from smartcity.news.sources.models import Item, Licence, Source

REMEMBERED = timedelta(days=14)
_COMPARED = 5_000  # items, the newest


def unseen(session: Session, source: Source, entries: Sequence[Entry]) -> list[Entry]:
    """Those entries that are new, or not as they were last seen, the oldest of the feed first."""
    items = _items(session, source, entries)
    return [entry for entry in reversed(entries) if _differs(_known(items, entry), entry)]


def ingest(session: Session, source: Source, entries: Sequence[Entry]) -> int:
    """Take entries over, one writer at a time; how many articles are new or changed by it."""
    one_at_a_time(session, "news.items")
    recent = list(session.scalars(_recent()))
    return sum(_take(session, source, entry, recent) for entry in entries)


def _take(session: Session, source: Source, entry: Entry, recent: list[int]) -> bool:
    known = _known(_items(session, source, [entry]), entry)
    if not _differs(known, entry):
        return False
    now, kind = clock.now(), likeness(entry.title, entry.text)
    if known is None:
        article = _published(session, source, entry, kind, recent)
        seen = {"source_id": source.id, "key": entry.key, "link_key": entry.link_key}
        known = Item(**seen, article_id=article, first_seen=now)
        session.add(known)
    elif known.article_id:
        content = _gathered(source, entry)
        renew(session, known.article_id, content, auto_publish=source.auto_publish)
    known.digest, known.likeness, known.changed_at = _digest(entry), kind, now
    session.flush()
    recent.append(kind)
    source.newest_at = now
    return known.article_id is not None


def _published(
    session: Session, source: Source, entry: Entry, kind: int, recent: Sequence[int]
) -> uuid.UUID | None:
    """The new article of an entry; None for a repetition, and where only a link may be shown."""
    if not entry.link and source.licence != Licence.FULL:
        return None
    if _is_told(session, entry) or (tells(entry.text) and any(near(kind, o) for o in recent)):
        return None
    return gather(session, _gathered(source, entry), auto_publish=source.auto_publish).id


def _items(session: Session, source: Source, entries: Sequence[Entry]) -> Sequence[Item]:
    """What the source showed before under the guids and links of some entries."""
    keys, links = {e.key for e in entries}, {e.link_key for e in entries} - {None}
    same = or_(Item.key.in_(keys), Item.link_key.in_(links))
    return session.scalars(select(Item).where(Item.source_id == source.id, same)).all()


def _known(items: Sequence[Item], entry: Entry) -> Item | None:
    """The item of an entry's guid, or else of its link."""
    of_link = (i for i in items if entry.link_key and i.link_key == entry.link_key)
    return next((i for i in items if i.key == entry.key), next(of_link, None))


def _differs(known: Item | None, entry: Entry) -> bool:
    return known is None or known.digest != _digest(entry)


def _is_told(session: Session, entry: Entry) -> bool:
    """Whether any source had this link, or lately these very words."""
    same = [Item.link_key == entry.link_key] if entry.link_key else []
    if tells(entry.text):
        lately = Item.first_seen > clock.now() - REMEMBERED
        same.append(and_(Item.digest == _digest(entry), lately))
    return bool(same) and bool(session.scalar(select(exists().where(or_(*same)))))


def _recent() -> Select[int]:
    lately = select(Item.likeness).where(Item.first_seen > clock.now() - REMEMBERED)
    return lately.order_by(Item.first_seen.desc()).limit(_COMPARED)


def _digest(entry: Entry) -> str:
    return digest(entry.title, f"{entry.lead}\n{entry.text}")


def _gathered(source: Source, entry: Entry) -> Gathered:
    """An entry as its source's licence lets it be shown: whole, in 300 characters, or its title."""
    whole = source.licence == Licence.FULL
    summary = shortened(entry.lead or entry.text, SUMMARY)
    return Gathered(
        language=source.language,
        title=entry.title,
        lead=entry.lead if whole else summary if source.licence == Licence.SUMMARY else "",
        body=entry.body if whole else "",
        author=entry.author,
        agency=source.agency,
        categories=[source.category],
        source_id=source.id,
        source_name=source.name,
        source_link=entry.link,
        licence=source.licence,
        published_at=entry.published_at,
        picture=entry.picture if whole else None,
    )
