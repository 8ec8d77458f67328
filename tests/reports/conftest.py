"""A citizen and the officers around a report."""

import pytest
from flask import Flask

from smartcity.identity.permissions import Role
from tests.helpers import UNIT, Headers, bearer, citizen, officer


@pytest.fixture
def me(app: Flask) -> Headers:
    return bearer(citizen(app))


@pytest.fixture
def stranger(app: Flask) -> Headers:
    return bearer(citizen(app, "+84987654321"))


@pytest.fixture
def operator(app: Flask) -> Headers:
    return bearer(officer(app, Role.IOC_OPERATOR, "ioc"))


@pytest.fixture
def lead(app: Flask) -> Headers:
    return bearer(officer(app, Role.IOC_LEAD, "ioc"))


@pytest.fixture
def unit(app: Flask) -> Headers:
    return bearer(officer(app, Role.UNIT_OFFICER, UNIT))


@pytest.fixture
def leader(app: Flask) -> Headers:
    return bearer(officer(app, Role.UNIT_LEADER, UNIT))
