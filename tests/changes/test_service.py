"""Positions in the log of public changes, one by one and many at once."""

from flask import Flask

from smartcity.changes import service as changes
from smartcity.changes.models import Change
from smartcity.core.db import reading, transaction
from tests.helpers import at_once, rows


def note(app: Flask, *refs: str) -> None:
    with app.app_context(), transaction() as session:
        changes.appeared_all(session, "service", refs)


def positions(app: Flask) -> dict[str, int]:
    return {change.ref: change.position for change in rows(app, Change) if not change.gone}


def test_many_follow_each_other(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        changes.appeared(session, "news", "1")
    note(app, "b", "a", "c")
    assert positions(app) == {"1": 1, "b": 2, "a": 3, "c": 4}


def test_what_was_noted_before_moves_to_the_end(app: Flask) -> None:
    note(app, "a", "b")
    with app.app_context(), transaction() as session:
        changes.appeared(session, "news", "a")
        changes.vanished(session, "service", "b")
        changes.appeared_all(session, "service", ["b", "a"])
        assert changes.is_public(session, "service", "b")
    assert [(c.kind, c.ref, c.position) for c in rows(app, Change)] == [
        *(("news", "a", 3), ("service", "a", 6), ("service", "b", 5)),
    ]


def test_more_than_one_statement_holds(app: Flask) -> None:
    note(app, *(str(n) for n in range(1_100)))
    assert sorted(positions(app).values()) == list(range(1, 1_101))
    with app.app_context(), reading() as session:
        assert changes.head(session) == 1_100


def test_at_once_there_are_no_gaps(app: Flask) -> None:
    at_once(*(lambda name=name: note(app, *(f"{name}{n}" for n in range(5))) for name in "abcd"))
    assert sorted(positions(app).values()) == list(range(1, 21))
