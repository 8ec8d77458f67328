"""A page of a reconciliation: what is asked, what is told, and whether that is what was sent."""

import json
from collections.abc import Sequence
from typing import Any

from smartcity.ioc.conformance.findings import Failed
from smartcity.ioc.conformance.probes import Probe

Held = dict[str, list[tuple[str, str]]]  # of each report sequence and hash of its events


def read_page(status: int | None, body: bytes) -> Held | None:
    """What an answer tells of each report; None when it is no answer to the question."""
    if status != 200:
        return None
    try:
        return {
            str(row["report"]): [(str(e["sequence"]), str(e["sha256"])) for e in row["events"]]
            for row in json.loads(body)["reports"]
        }
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def row(report: str, probes: Sequence[Probe]) -> dict[str, Any]:
    """The question about one report: what was sent of it."""
    sent = [probe for probe in probes if probe.report == report]
    events = [{"sequence": probe.sequence, "sha256": probe.sha256} for probe in sent]
    return {"report": report, "events": events}


def compare(
    probes: Sequence[Probe], told: Sequence[tuple[str, str]], bytewise: bool = False
) -> None:
    """Failed unless what it told is just these events; `bytewise`, also their bytes."""
    expected = sorted((probe.sequence, probe.sha256) for probe in probes)
    held = sorted(told)
    if [place for place, _ in held] != [place for place, _ in expected]:
        raise Failed(f"stored: {_places(expected)}", f"stored: {_places(held)}")
    if bytewise and held != expected:
        raise Failed(_hashes(expected), _hashes(held))


def _places(held: Sequence[tuple[str, str]]) -> str:
    return ", ".join(place for place, _ in held) or "nothing"


def _hashes(held: Sequence[tuple[str, str]]) -> str:
    return "SHA-256 of the stored bytes: " + ", ".join(hash for _, hash in held)
