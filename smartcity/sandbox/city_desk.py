"""Judging what a centre calls back with, by the contract of docs/guides/ioc.md."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from smartcity.sandbox.city_reports import MOVES, OF_APPEALS, Report

APPLIED, LATE, REFUSED = "applied", "late", "refused"
INVALID, NOT_FOUND = "invalid", "not_found"
_LONGEST = {"id": 64, "report": 40, "move": 40, "reason": 40, "agency": 40, "public_text": 2_000}
_REQUIRED = ("id", "report", "sequence", "move", "at")


@dataclass(frozen=True)
class Verdict:
    """What a callback was told, and all that the centre did wrong in it; nothing if it is right."""

    outcome: str
    faults: dict[str, str] = field(default_factory=dict)  # by field of the body
    told: dict[str, Any] = field(default_factory=dict)
    status: str | None = None
    repeated: bool = False


class Desk:
    """Takes callbacks on a few reports; what it applied, dropped or refused it remembers by id."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self._reports = reports
        self._known: dict[str, Verdict] = {}
        self._lock = threading.Lock()

    def take(self, told: object) -> Verdict:
        """Apply a callback once; a repeat is answered alike."""
        if not isinstance(told, dict):
            return Verdict(INVALID, {"_body": "a callback is an object"})
        if faults := _faults(told):
            return Verdict(INVALID, faults, told)
        with self._lock:
            report = self._find(told["report"])
            if report is None:
                return Verdict(NOT_FOUND, {"report": "no such report"}, told)
            if told["id"] in self._known:
                return self._again(report, told)
            verdict = self._known[told["id"]] = _apply(report, told)
            return verdict

    def _find(self, name: str) -> Report | None:
        return next((one for one in self._reports if name in (one.code, one.id)), None)

    def _again(self, report: Report, told: dict[str, Any]) -> Verdict:
        first = self._known[told["id"]]
        if self._find(first.told["report"]) is not report:
            return Verdict(INVALID, {"id": "it was that of another report's callback"}, told)
        other = {name for name in {*told, *first.told} if told.get(name) != first.told.get(name)}
        faults = dict.fromkeys(sorted(other), "not as it was under this id the first time")
        return Verdict(first.outcome, faults, told, report.status, repeated=True)


def _apply(report: Report, told: dict[str, Any]) -> Verdict:
    if told["sequence"] <= report.last:
        faults = {"sequence": f"not above {report.last}, the last that moved this report"}
        return Verdict(LATE, faults, told, report.status)
    move = MOVES[told["move"]]
    if report.status not in move.sources or told["move"] in OF_APPEALS:
        return Verdict(REFUSED, {"move": f"not from {report.status}"}, told, report.status)
    report.status, report.last = move.target or report.status, told["sequence"]
    return Verdict(APPLIED, {}, told, report.status)


def _faults(told: dict[str, Any]) -> dict[str, str]:
    """What is wrong with the body by itself."""
    known = {*_REQUIRED, *_LONGEST}
    faults = dict.fromkeys(told.keys() - known, "no field of a callback")
    faults |= {name: "missing" for name in _REQUIRED if name not in told}
    texts = [name for name in _LONGEST if name in told and name not in faults]
    faults |= {name: fault for name in texts if (fault := _text_fault(told[name], _LONGEST[name]))}
    if "sequence" in told and not _is_number(told["sequence"]):
        faults["sequence"] = "a whole number from 1"
    if "at" in told and not _is_moment(told["at"]):
        faults["at"] = "RFC 3339 with an offset"
    return faults or _needs(told)


def _needs(told: dict[str, Any]) -> dict[str, str]:
    move = MOVES.get(told["move"])
    if move is None:
        return {"move": "none that a centre may make"}
    return {name: f"{told['move']} must bring it" for name in move.needs if not told.get(name)}


def _text_fault(value: object, longest: int) -> str | None:
    if not isinstance(value, str):
        return "a string"
    return None if 0 < len(value) <= longest else f"1 to {longest} characters"


def _is_number(value: object) -> bool:
    return type(value) is int and 1 <= value < 2**31


def _is_moment(value: object) -> bool:
    try:
        return datetime.fromisoformat(str(value)).tzinfo is not None
    except ValueError:
        return False
