"""A citizen and those who keep the registers."""

import pytest
from flask import Flask

from smartcity.identity.permissions import Role
from tests.helpers import Headers, bearer, citizen, officer


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
def admin(app: Flask) -> Headers:
    return bearer(officer(app, Role.ADMIN, "ioc"))


@pytest.fixture
def auditor(app: Flask) -> Headers:
    return bearer(officer(app, Role.AUDITOR, "ioc"))
