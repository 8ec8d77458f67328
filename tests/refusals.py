"""What a refusal must be: a problem that names its field, tells nothing of us, and comes fast."""

import json
import time
from collections.abc import Callable

from werkzeug.test import TestResponse

INSTANT = 0.1  # seconds in which what holds no picture is refused
OFTEN = 5  # tries, of which the best counts: the machine may be busy with others
TELLTALE = ("Traceback", "sqlite", "psycopg", "sqlalchemy", "SELECT", "INSERT", 'File "')


def refused(answer: TestResponse, status: int, field: str = "") -> str | None:
    """What is wrong with a refusal; None when it is as it should be."""
    if (answer.status_code, answer.content_type) != (status, "application/problem+json"):
        return f"{answer.status_code} {answer.content_type} instead of {status}"
    told = json.loads(answer.data)
    if field and field not in told.get("errors", {}):
        return f"{field} is not named: {told.get('errors')}"
    if any(word in answer.text for word in TELLTALE):
        return f"it tells of our insides: {answer.text}"
    return None


def quickly(ask: Callable[[], TestResponse]) -> tuple[TestResponse, float]:
    """The answer, and the best time of a few tries."""
    best, answer = float("inf"), None
    for _ in range(OFTEN):
        began = time.perf_counter()
        answer = ask()
        best = min(best, time.perf_counter() - began)
        if best < INSTANT:
            break
    assert answer is not None
    return answer, best


def faults_of(asks: dict[str, tuple[Callable[[], TestResponse], int, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, (ask, status, field) in asks.items():
        answer, seconds = quickly(ask)
        fault = refused(answer, status, field)
        if fault is None and seconds > INSTANT:
            fault = f"took {seconds:.3f} s"
        if fault:
            found[name] = fault
    return found
