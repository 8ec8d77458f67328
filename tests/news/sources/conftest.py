"""A stranger's server of feeds, and an application that may ask it."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from smartcity.core.db import transaction
from smartcity.news.sources import keeping
from smartcity.news.sources.models import Source
from smartcity.sandbox.feeds import Feeds
from tests.helpers import rows
from tests.news.sources.feeds_made import rss

Adds = Callable[..., str]


@pytest.fixture(scope="session")
def feed_server() -> Iterator[Feeds]:
    with Feeds() as server:
        yield server


@pytest.fixture
def feeds(feed_server: Feeds) -> Feeds:
    feed_server.suffer("none")
    return feed_server


@pytest.fixture
def add(app: Flask, feeds: Feeds) -> Adds:
    """Add a source of some items, at an address of its own; its id."""

    def add(name: str, *items: str, **asked: object) -> str:
        url = feeds.put(name, rss(*items))
        told = {"name": name, "url": url, "category": "society", **asked}
        with app.app_context(), transaction() as session:
            return str(keeping.create(session, "test", told).id)

    return add


@pytest.fixture
def source_of(app: Flask) -> Callable[[str], Source]:
    """A source's row as it is now."""

    def found(ident: str) -> Source:
        return next(row for row in rows(app, Source) if str(row.id) == ident)

    return found
