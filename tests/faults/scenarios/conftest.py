"""The scenarios run on PostgreSQL; the one that needs SQLite says so."""

import pytest


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    return postgresql_url


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: the others fit in beside it."""
    items.sort(key=_longest, reverse=True)


def _longest(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker else 0.0
