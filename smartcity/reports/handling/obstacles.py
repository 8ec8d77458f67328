"""Why a row of the workflow table does not hold for one report, beside its state."""

from collections.abc import Callable

from smartcity.core import clock
from smartcity.identity.permissions import Role
from smartcity.reports.models import Report
from smartcity.reports.workflow import Status

REOPENINGS = 1  # in a report's life


def is_split(report: Report) -> bool:
    """Whether the report is handled in parts: no unit has it, and yet it is being worked on."""
    working = Status(report.status) in (Status.IN_PROGRESS, Status.PENDING_PUBLICATION)
    return working and report.agency is None


def _nobody_answers(report: Report) -> bool:
    """A part or a stranger's report; a partner answers for its own users."""
    partners = (report.filed_by or "").startswith(f"{Role.PARTNER}:")
    return report.reporter_id is None and not partners


def _too_late(report: Report) -> bool:
    return report.answer_due_at is not None and report.answer_due_at < clock.now()


_QUESTIONS = ("request_info", "propose_question")
_UNITS_WORK = ("send_back", "return_to_ioc", "propose_result")
# Moves, what stands in their way, and the text that says so.
_OBSTACLES: tuple[tuple[tuple[str, ...], Callable[[Report], bool], str], ...] = (
    ((*_UNITS_WORK, *_QUESTIONS), is_split, "report.waits_for_parts"),
    (("conclude_parts",), lambda report: not is_split(report), "report.not_split"),
    (("split",), lambda report: report.part_of is not None, "report.part_stays_whole"),
    (_QUESTIONS, _nobody_answers, "report.nobody_to_ask"),
    (("answer_info",), _too_late, "report.answer_late"),
    (("reopen",), lambda report: report.reopenings >= REOPENINGS, "report.reopened_already"),
    (("lodge_appeal",), lambda report: report.appealed_at is not None, "report.appealed_already"),
    (
        ("grant_appeal", "deny_appeal"),
        lambda report: report.appealed_at is None,
        "report.no_open_appeal",
    ),
    (
        ("request_extension",),
        lambda report: report.extension_until is not None,
        "extension.already_asked",
    ),
    (
        ("request_extension", "grant_extension"),
        lambda report: report.due_at is None,
        "extension.no_limit",
    ),
    (
        ("grant_extension", "deny_extension"),
        lambda report: report.extension_until is None,
        "extension.not_asked",
    ),
)


def obstacle(report: Report, name: str) -> str | None:
    """The text that says why this report cannot make a move of its state; None when it can.

    Who the actor is plays no part, nor do other rows than the report's own.
    """
    found = (text for names, stands, text in _OBSTACLES if name in names and stands(report))
    return next(found, None)


def ways_on(report: Report, moves: list[str]) -> list[str]:
    """Those of some moves of the report's state that this report can make."""
    return [name for name in moves if obstacle(report, name) is None]
