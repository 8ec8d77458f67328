"""An index of a few entries, and what is found in it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from smartcity.core.db import reading, transaction
from smartcity.search.service import Asked, Found, Indexed, find, put, suggest

DAY = datetime(2026, 3, 26, tzinfo=UTC)


def entry(ref: str, title: str, body: str = "", *, age: int = 0, **other: Any) -> Indexed:
    """An entry that was published so many days before DAY."""
    values = {"kind": "news", "summary": "", "link": f"/api/v1/news/{ref}", **other}
    at = DAY - timedelta(days=age)
    return Indexed(ref=ref, title=title, body=body, published_at=at, **values)


def fill(app: Flask, *entries: Indexed) -> None:
    with app.app_context(), transaction() as session:
        for each in entries:
            put(session, each)


def ask(app: Flask, words: str, **page: Any) -> Found:
    within = page.pop("within", {})
    with app.app_context(), reading() as session:
        return find(session, Asked(words, within, **page))


def refs(app: Flask, words: str, **page: Any) -> list[str]:
    """What is found, the best first."""
    return [hit.ref for hit in ask(app, words, **page).items]


def suggested(app: Flask, typed: str) -> list[str]:
    with app.app_context(), reading() as session:
        return suggest(session, typed)
