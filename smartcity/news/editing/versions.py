"""What an article said before: every version is kept, and any two can be compared."""

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from smartcity.core.errors import NotFound
from smartcity.identity.permissions import Principal
from smartcity.news.editing.contents import FIELDS
from smartcity.news.editing.sanitising import plain
from smartcity.news.editing.states import visible
from smartcity.news.models import Article, Version

Run = tuple[str, Sequence[str], Sequence[str]]
_WORD = re.compile(r"\s+|[^\s]+")
_MOST = 4_000  # lines or words on both sides that are compared; time grows with their square


def listed(session: Session, who: Principal, article_id: uuid.UUID) -> Sequence[Version]:
    """Every step of an article, the newest first."""
    _look_at(session, who, article_id)
    query = select(Version).where(Version.article_id == article_id).options(defer(Version.content))
    return session.scalars(query.order_by(Version.version.desc())).all()


def find(session: Session, who: Principal, article_id: uuid.UUID, number: int) -> Version:
    """An article as it was after a step; NotFound."""
    _look_at(session, who, article_id)
    found = session.get(Version, (article_id, number))
    if found is None:
        raise NotFound("article.no_version")
    return found


def comparison(
    session: Session, who: Principal, article_id: uuid.UUID, before: int, after: int
) -> dict[str, Any]:
    """The fields in which two versions differ, and the words by which their texts do."""
    old = find(session, who, article_id, before).content
    new = find(session, who, article_id, after).content
    changes = [
        {"field": name, "before": old[name], "after": new[name]}
        for name in FIELDS
        if old[name] != new[name]
    ]
    return {"changes": changes, "body": list(differences(plain(old["body"]), plain(new["body"])))}


def differences(before: str, after: str) -> Iterator[dict[str, str]]:
    """Runs of text that are `same`, `removed` or `added`; joined they give either text again.

    Paragraph by paragraph, and word by word in those that changed, unless these are very many.
    """
    for op, old, new in _runs(before.splitlines(True), after.splitlines(True)):
        if op == "replace":
            words = (_WORD.findall("".join(part)) for part in (old, new))
            yield from _told(_runs(*words))
        else:
            yield from _told([(op, old, new)])


def _runs(before: Sequence[str], after: Sequence[str]) -> Iterator[Run]:
    if len(before) + len(after) > _MOST:
        yield ("equal" if before == after else "replace"), before, after
        return
    for op, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        yield op, before[i:j], after[k:m]


def _told(runs: Iterable[Run]) -> Iterator[dict[str, str]]:
    for op, old, new in runs:
        if op == "equal":
            yield {"kind": "same", "text": "".join(old)}
            continue
        for kind, words in (("removed", old), ("added", new)):
            if words:
                yield {"kind": kind, "text": "".join(words)}


def _look_at(session: Session, who: Principal, article_id: uuid.UUID) -> None:
    """NotFound for an article that is absent, or that somebody may not see."""
    query = visible(who).where(Article.id == article_id).with_only_columns(Article.id)
    if session.scalar(query) is None:
        raise NotFound("article.not_found")
