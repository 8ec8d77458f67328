from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import MakeApp
from tests.identity.officers import PASSWORD, made

SESSION = "__Host-session"
FIELD = re.compile(r'name="csrf" value="([^"]+)"')


class Browser:
    """A browser at the console: keeps cookies, and sends a form with the field of its page."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.csrf = ""

    def get(self, path: str, **more: object) -> TestResponse:
        return self._read(self.client.get(f"/console{path}", **more))

    def post(self, path: str, headers: dict[str, str] | None = None, **form: str) -> TestResponse:
        data = {"csrf": self.csrf, **form}
        return self._read(self.client.post(f"/console{path}", data=data, headers=headers))

    def sign_in(self, username: str = "thuy.linh", password: str = PASSWORD) -> TestResponse:
        self.get("/sign-in")
        answer = self.post("/sign-in", username=username, password=password)
        if answer.status_code == 303:
            self.get(answer.location.removeprefix("/console"))
        return answer

    @property
    def cookie(self) -> str | None:
        """The session's cookie."""
        found = self.client.get_cookie(SESSION)
        return found.value if found else None

    def take(self, cookie: str | None) -> None:
        """Show this cookie as the session's."""
        self.client.set_cookie(SESSION, cookie or "")

    def _read(self, answer: TestResponse) -> TestResponse:
        found = FIELD.search(answer.text)
        self.csrf = found[1] if found else self.csrf
        return answer


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app(password_limit_address="10000 per hour")


@pytest.fixture
def account(app: Flask) -> uuid.UUID:
    return made(app)


@pytest.fixture
def new_browser(app: Flask) -> Callable[[], Browser]:
    return lambda: Browser(app)


@pytest.fixture
def browser(account: uuid.UUID, new_browser: Callable[[], Browser]) -> Browser:
    return new_browser()
