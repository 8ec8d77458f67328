"""Officers of every kind that campaigns need, and the sandbox FCM for those who send."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from smartcity.core import clock
from smartcity.identity.permissions import Role
from smartcity.sandbox.fcm import Fcm
from tests.conftest import MakeApp
from tests.helpers import Headers, bearer, officer


@pytest.fixture
def editor(app: Flask) -> Headers:
    return bearer(officer(app, Role.CONTENT_EDITOR))


@pytest.fixture
def other_lead(app: Flask) -> Headers:
    """A second lead of the centre."""
    return bearer(officer(app, Role.IOC_LEAD, "ioc"))


@pytest.fixture
def sending_app(make_app: MakeApp, fcm: Fcm) -> Flask:
    """The application with a way to phones."""
    return make_app(fcm_credentials=fcm.credentials_file, fcm_url=fcm.url, fcm_ca=fcm.ca_file)


@pytest.fixture
def noon() -> Iterator[datetime]:
    """It is 12:05 of a working day, far from the quiet hours."""
    with clock.frozen(datetime(2026, 3, 10, 12, 5, tzinfo=clock.LOCAL)):
        yield clock.now()
