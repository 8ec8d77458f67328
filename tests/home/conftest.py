"""Who keeps the first screen."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from smartcity.core import clock
from smartcity.identity.permissions import Role
from tests.helpers import Headers, bearer, officer


@pytest.fixture
def editor(app: Flask) -> Headers:
    return bearer(officer(app, Role.CONTENT_EDITOR))


@pytest.fixture
def noon() -> Iterator[datetime]:
    with clock.frozen(datetime(2026, 3, 20, 12, 0, tzinfo=clock.LOCAL)):
        yield clock.now()
