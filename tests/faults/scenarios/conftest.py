"""The scenarios run on PostgreSQL; the one that needs SQLite says so."""

import pytest


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    return postgresql_url
