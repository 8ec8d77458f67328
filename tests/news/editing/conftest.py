"""Two content editors, since none approves what he wrote himself."""

import pytest
from flask import Flask

from smartcity.identity.permissions import Role
from tests.helpers import Headers, bearer, officer


@pytest.fixture
def editor(app: Flask) -> Headers:
    return bearer(officer(app, Role.CONTENT_EDITOR))


@pytest.fixture
def chief(app: Flask) -> Headers:
    """A second content editor."""
    return bearer(officer(app, Role.CONTENT_EDITOR))
