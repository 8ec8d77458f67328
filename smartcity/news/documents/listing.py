"""Documents as they are looked for: the newest first."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from smartcity.core.export import list_lines
from smartcity.core.paging import Page, newest_first
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.identity.permissions import Action, Principal
from smartcity.news.documents.models import Document
from smartcity.news.documents.numbers import words
from smartcity.news.documents.states import reach
from smartcity.news.rules import rules

KEYS = (Document.published_at, Document.id)
COLUMNS = (
    *("state", "number", "kind", "abstract", "agency", "signer"),
    *("issued_on", "effective_on", "expires_on", "source_link"),
)


def listed(session: Session, who: Principal, asked: Mapping[str, Any]) -> Page[Document]:
    """The documents that an officer may see and the filters name, those entered last first."""
    query = select(Document).where(reach(who, Action.READ_CONTENT), *wanted(asked))
    return newest_first(session, query, (Document.made_at, Document.id), asked)


def lines(who: Principal, asked: Mapping[str, Any]) -> Iterator[str]:
    """The list as CSV, piece by piece, 100,000 documents at most."""
    headings = [text(f"document.column.{name}") for name in COLUMNS]
    return list_lines(headings, lambda session, page: listed(session, who, page), asked, _cells)


def wanted(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    """What the filters ask of a document; each word of `q` is looked for without accents."""
    if asked.get("state"):
        yield Document.state.in_(asked["state"])
    if asked.get("kind"):
        yield Document.kind == asked["kind"]
    if asked.get("agency"):
        yield Document.agency == asked["agency"]
    if asked.get("year"):
        year = asked["year"]
        yield Document.issued_on.between(date(year, 1, 1), date(year, 12, 31))
    for word in words(asked.get("q", "")):
        yield Document.folded.contains(fold(word), autoescape=True)


def _cells(document: Document) -> list[object]:
    shown = {name: getattr(document, name) for name in COLUMNS}
    kind = rules().documents.get(document.kind)
    shown |= {"state": text(f"document.state.{document.state}"), "kind": kind.vi if kind else ""}
    return list(shown.values())
