"""What each move does to a report beside its state, in one table to read."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.identity.permissions import Principal
from smartcity.reports.deadlines import extensions
from smartcity.reports.duplicates import links
from smartcity.reports.handling import appeals, parts, questions, results
from smartcity.reports.handling.told import Told
from smartcity.reports.intake.assignment import tell_leads
from smartcity.reports.models import Report

Details = dict[str, Any]
Effect = Callable[[Session, Principal, Report, Told], Details | None]


def carry_out(
    session: Session, actor: Principal, report: Report, name: str, told: Told
) -> Details | None:
    """Do what a move does; what its event tells further. The state has not changed yet."""
    effect = _EFFECTS.get(name)
    return effect(session, actor, report, told) if effect else None


def _accept(_session: Session, _actor: Principal, report: Report, _told: Told) -> None:
    report.accepted_at = report.accepted_at or clock.now()


def _assign(_session: Session, _actor: Principal, report: Report, told: Told) -> None:
    report.agency = areas.agency(told.agency or "").code


def _return(session: Session, _actor: Principal, report: Report, _told: Told) -> None:
    report.returns += 1
    tell_leads(session, report)


def _judge(_session: Session, _actor: Principal, report: Report, told: Told) -> Details | None:
    if told.verdict is None:  # the program closes it
        return None
    report.verdict = told.verdict
    return {"verdict": told.verdict}


def _reopen(session: Session, actor: Principal, report: Report, told: Told) -> Details | None:
    """The rounds begin anew."""
    report.reopenings += 1
    report.returns = 0
    return _judge(session, actor, report, told)


def _grant_appeal(session: Session, actor: Principal, report: Report, told: Told) -> None:
    """What was joined to another report stands alone again."""
    appeals.decide(session, actor, report, told)
    links.unlink(session, report)


_EFFECTS: dict[str, Effect] = {
    "accept": _accept,
    "assign": _assign,
    "propose_question": questions.propose,
    "request_info": questions.ask,
    "answer_info": questions.answer,
    "add_photos": questions.add_photos,
    "return_to_ioc": _return,
    "split": parts.split,
    "conclude_parts": parts.conclude,
    "request_extension": extensions.request,
    "grant_extension": extensions.grant,
    "deny_extension": extensions.deny,
    "propose_result": results.propose,
    "resolve": results.publish,
    "reopen": _reopen,
    "close": _judge,
    "lodge_appeal": appeals.lodge,
    "mark_duplicate": links.link,
    "grant_appeal": _grant_appeal,
    "deny_appeal": appeals.decide,
}
