"""What came of a draft: figures by clause, and the table of comments and replies.

The table has the columns in which Vietnamese authorities publish comments (bảng tổng hợp, tiếp thu,
giải trình): clause, whose comment, what it says, accepted or explained.
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.errors import Conflict
from smartcity.core.export import list_lines
from smartcity.core.paging import Page, oldest_first
from smartcity.core.texts import text
from smartcity.participation.drafts.commenting import KEYS, published_of
from smartcity.participation.drafts.draft import DRAFT
from smartcity.participation.drafts.states import State
from smartcity.participation.models import Comment
from smartcity.registers import service as registers
from smartcity.registers.service import Entry

_COLUMNS = ("clause", "by", "comment", "outcome", "reply")
_OUTCOMES = {True: "accepted", False: "explained", None: "waiting"}


def summary(session: Session, draft_id: uuid.UUID) -> dict[str, Any]:
    """How many comments were published, accepted, explained or wait, in all and by clause.

    NotFound; Conflict before the draft closes.
    """
    draft = _closed(session, draft_id)
    counts = _counts(session, draft)
    clauses = [(clause["id"], clause["heading"]) for clause in draft.record["clauses"]]
    return {
        **_figures(sum(counts.values(), Counter[str]())),
        "general": _figures(counts.get(None, Counter())),
        "clauses": [
            {"id": ident, "heading": heading, **_figures(counts.get(ident, Counter()))}
            for ident, heading in clauses
        ],
    }


def lines(session: Session, draft_id: uuid.UUID) -> Iterator[str]:
    """The published comments and what was replied as CSV; NotFound, Conflict as `summary`."""
    draft = _closed(session, draft_id)
    names = {clause["id"]: clause["heading"] for clause in draft.record["clauses"]}

    def page(session: Session, asked: Mapping[str, Any]) -> Page[Comment]:
        return oldest_first(session, published_of(draft), KEYS, asked)

    told = [text(f"draft.column.{name}") for name in _COLUMNS]
    return list_lines(told, page, {"draft": draft_id}, lambda row: _row(names, row))


def headings() -> list[str]:
    """The columns of the officers' list."""
    return [text(f"draft.column.{name}") for name in ("made_at", "state", *_COLUMNS, "reason")]


def cells(comment: Comment) -> list[object]:
    """A comment in the officers' list."""
    state = text(f"draft_comment.state.{comment.state}")
    return [clock.written(comment.made_at), state, *_row({}, comment), comment.reason]


def _row(names: Mapping[str, str], comment: Comment) -> list[object]:
    clause = comment.clause or ""
    outcome = text(f"draft.outcome.{_OUTCOMES[comment.accepted]}")
    where = names.get(clause, clause) or text("draft.whole")
    return [where, text("draft.by_citizen"), comment.text, outcome, comment.reply]


def _closed(session: Session, draft_id: uuid.UUID) -> Entry:
    draft = registers.public_entry(session, DRAFT, draft_id)
    closes = datetime.fromisoformat(draft.record["closes"])
    if clock.now() < closes:
        raise Conflict("draft.summary_later", closes=clock.written(closes))
    return draft


def _counts(session: Session, draft: Entry) -> dict[str | None, Counter[str]]:
    groups = Comment.clause, Comment.accepted
    shown = Comment.draft_id == draft.id, Comment.state == State.PUBLISHED
    counts: dict[str | None, Counter[str]] = {}
    for clause, accepted, number in session.execute(
        select(*groups, func.count()).where(*shown).group_by(*groups)
    ):
        counts.setdefault(clause, Counter())[_OUTCOMES[accepted]] = number
    return counts


def _figures(outcomes: Counter[str]) -> dict[str, int]:
    return {"comments": outcomes.total(), **{name: outcomes[name] for name in _OUTCOMES.values()}}
