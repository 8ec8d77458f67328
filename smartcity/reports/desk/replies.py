"""Canned replies: kept by those who manage reporting, filled in for one report."""

import uuid
from collections.abc import Mapping
from string import Formatter
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.audit import service as audit
from smartcity.core.clock import LOCAL
from smartcity.core.db import insert_if_absent, lock_row
from smartcity.core.errors import Conflict, NotFound, PreconditionFailed
from smartcity.core.texts import text
from smartcity.identity.permissions import Action, Principal
from smartcity.reports.categories import category, choices
from smartcity.reports.desk.models import Reply
from smartcity.reports.models import Report
from smartcity.reports.visible import visible

VARIABLES = ("code", "agency", "ward", "due_at", "category")
_KEPT = ("title_vi", "title_en", "text_vi", "text_en", "move", "category", "active")


def unknown_variables(template: str) -> list[str]:
    """The variables of a template that nothing fills in; ValueError for a brace that stands alone.

    A variable is a bare name: no attribute, index, conversion or format is reached through it.
    """
    found = []
    for _, name, form, conversion in Formatter().parse(template):
        if name is not None and (name not in VARIABLES or form or conversion):
            found.append(name)
    return found


def listed(session: Session, asked: Mapping[str, Any]) -> list[Reply]:
    """Every reply by code, those of a move or category, those in use or not."""
    given = {name: value for name, value in asked.items() if value is not None}
    return list(session.scalars(select(Reply).filter_by(**given).order_by(Reply.code)))


def create(session: Session, officer: Principal, asked: Mapping[str, Any]) -> Reply:
    """A new reply; Conflict for a code that is or was in use, Invalid for an unknown category."""
    _check_category(asked)
    values = {"move": None, "category": None, **asked, "active": True, "version": 1}
    if not insert_if_absent(session, Reply, **values):
        raise Conflict("reply.taken")
    reply = session.get_one(Reply, asked["code"])
    _record(session, officer, "create", reply, None)
    return reply


def change(
    session: Session, officer: Principal, name: str, version: int, asked: Mapping[str, Any]
) -> Reply:
    """Give a reply other words, and bring it back when it was taken away."""
    _check_category(asked)
    values = {"move": None, "category": None, **asked, "active": True}
    return _changed(session, officer, name, version, "change", values)


def take_away(session: Session, officer: Principal, name: str, version: int) -> Reply:
    """Offer a reply no more; `change` brings it back."""
    return _changed(session, officer, name, version, "take_away", {"active": False})


def offered(
    session: Session, officer: Principal, report_id: uuid.UUID, move: str | None
) -> list[dict[str, str]]:
    """The replies that suit a report and a move, filled in; the most particular first."""
    query = visible(officer, Action.WORK_ON_REPORTS).where(Report.id == report_id)
    report = session.scalar(query)
    if report is None:
        raise NotFound("report.not_found")
    kind = choices().categories.get(report.category)
    fitting = Reply.category.in_({report.category, kind and kind.parent} - {None})
    suited = select(Reply).where(Reply.active, or_(Reply.category.is_(None), fitting))
    if move is not None:
        suited = suited.where(or_(Reply.move.is_(None), Reply.move == move))
    order = Reply.category.is_(None), Reply.move.is_(None), Reply.code
    vi, en = (_values(report, language) for language in ("vi", "en"))
    return [_filled(reply, vi, en) for reply in session.scalars(suited.order_by(*order))]


def _filled(reply: Reply, vi: dict[str, str], en: dict[str, str]) -> dict[str, str]:
    return {
        "code": reply.code,
        "title_vi": reply.title_vi,
        "title_en": reply.title_en,
        "text_vi": reply.text_vi.format_map(vi),
        "text_en": reply.text_en.format_map(en),
    }


def _values(report: Report, language: str) -> dict[str, str]:
    """What stands for each variable, in a language."""
    known = areas.reference()
    named = {
        "agency": known.agencies.get(report.agency or ""),
        "ward": known.areas.get(report.area),
        "category": choices().categories.get(report.category),
    }
    names = {
        variable: getattr(thing, f"name_{language}")
        if thing
        else text(f"reply.without.{variable}", language)
        for variable, thing in named.items()
    }
    due = report.due_at and report.due_at.astimezone(LOCAL)
    when = text("reply.due_at", language, at=due) if due else text("reply.without.due_at", language)
    return {**names, "code": report.code, "due_at": when}


def _check_category(asked: Mapping[str, Any]) -> None:
    if asked.get("category"):
        category(asked["category"])


def _changed(
    session: Session,
    officer: Principal,
    name: str,
    version: int,
    deed: str,
    values: Mapping[str, Any],
) -> Reply:
    reply = lock_row(session, select(Reply), Reply.code == name)
    if reply is None:
        raise NotFound("reply.not_found")
    if reply.version != version:
        raise PreconditionFailed("precondition.failed")
    before = _state(reply)
    for column, value in values.items():
        setattr(reply, column, value)
    reply.version += 1
    session.flush()
    _record(session, officer, deed, reply, before)
    return reply


def _record(
    session: Session, officer: Principal, deed: str, reply: Reply, before: dict[str, Any] | None
) -> None:
    subject, after = ("reply", None), _state(reply)
    deed = f"reply.{deed}"
    audit.record(session, officer.key, deed, subject, before=before, after=after, reply=reply.code)


def _state(reply: Reply) -> dict[str, Any]:
    return {name: getattr(reply, name) for name in _KEPT}
