"""Who may call what: every route × every role, decided before the body is read."""

import io
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from smartcity.identity.permissions import PERMISSIONS, Action, Role
from smartcity.reports.officer_routes import SUB_RESOURCES
from smartcity.reports.workflow import MOVES
from tests.conftest import MakeApp
from tests.helpers import UNIT, Headers, bearer, citizen, officer

# Nobody is asked who he is there; each tells nothing about anybody.
PUBLIC = {"static", "healthz", "readyz", "metrics", "docs", "api-docs.openapi_json"}
PUBLIC |= {"console.front"}

IOC = {Role.IOC_OPERATOR, Role.IOC_LEAD}
UNITS = {Role.UNIT_OFFICER, Role.UNIT_LEADER}
OFFICERS = {*IOC, *UNITS, Role.CONTENT_EDITOR, Role.ADMIN, Role.AUDITOR}
PEOPLE = [Role.ANYONE, Role.CITIZEN, *sorted(OFFICERS)]
WHO: dict[Action, set[Role]] = {
    Action.READ_PUBLIC: set(PEOPLE),
    Action.SIGN_IN: set(PEOPLE),
    Action.SIGN_OUT: {Role.CITIZEN, *OFFICERS},
    Action.USE_ACCOUNT: {Role.CITIZEN},
    Action.SUBMIT_REPORT: {Role.CITIZEN},
    Action.USE_INBOX: {Role.CITIZEN},
    Action.UPLOAD_MEDIA: {Role.CITIZEN, *IOC, *UNITS},
    Action.READ_REPORT: {Role.CITIZEN, *IOC, *UNITS, Role.AUDITOR},
    Action.LIST_REPORTS: {*IOC, *UNITS, Role.AUDITOR},
    Action.WORK_ON_REPORTS: {*IOC, *UNITS},
    Action.CALL_BACK: set(),  # the signature of the body decides, so a stranger gets 401 as well
}


class Unread(io.BytesIO):
    """A body that nobody may touch."""

    def read(self, *_size: object) -> bytes:
        raise AssertionError("the body was read")

    readline = readinto = read1 = read  # type: ignore[assignment]


@pytest.fixture
def people(app: Flask) -> dict[Role, Headers]:
    """Somebody signed in of each role, and somebody unknown."""
    signed_in = {role: bearer(officer(app, role, UNIT)) for role in OFFICERS}
    return {Role.ANYONE: {}, Role.CITIZEN: bearer(citizen(app)), **signed_in}


def routes(app: Flask) -> Iterator[tuple[Rule, Action]]:
    """The classified routes; the one that ends the caller's session comes last."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in PUBLIC]
    for rule in sorted(rules, key=lambda rule: rule.endpoint == "identity.sign_out"):
        yield rule, app.view_functions[rule.endpoint].permission


def ask(client: FlaskClient, rule: Rule, headers: Headers, *, unread: bool) -> TestResponse:
    values = dict.fromkeys(rule.arguments, uuid.uuid4()) | {"name": "small.jpg"}
    _, path = rule.build({k: values[k] for k in rule.arguments})
    (method,) = rule.methods - {"HEAD", "OPTIONS"}
    body = {"input_stream": Unread(b"x" * 100)} if unread else {"data": b'\xff{"garbage"'}
    return client.open(
        path, method=method, headers=headers, content_type="application/json", **body
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_route_is_classified(app: Flask) -> None:
    bare = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in PUBLIC
        and not hasattr(app.view_functions[rule.endpoint], "permission")
    ]
    assert bare == []
    assert {action for _, action in routes(app)} == WHO.keys()


def test_the_table_is_what_was_agreed() -> None:
    for action, who in WHO.items():
        granted = {role for role in PEOPLE if role in PERMISSIONS[action]}
        assert granted - {Role.ANYONE} == who - {Role.ANYONE}, action


def expected(rule: Rule, action: Action) -> set[Role]:
    who = WHO[action]
    if action is Action.WORK_ON_REPORTS:
        move, _, _ = SUB_RESOURCES[str(rule).rpartition("/")[2]]
        return who & MOVES[move].roles
    return who


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_route_for_every_role(
    app: Flask, client: FlaskClient, people: dict[Role, Headers]
) -> None:
    wrong = []
    for rule, action in routes(app):
        for role in PEOPLE:
            allowed = role in expected(rule, action)
            by_signature = action is Action.CALL_BACK and role is Role.ANYONE
            answer = ask(client, rule, people[role], unread=not allowed and not by_signature)
            refusal = 401 if role is Role.ANYONE else 403
            good = {401} if by_signature else {refusal}
            if allowed:
                good = set(range(200, 500)) - {401, 403}
            if answer.status_code not in good:
                wrong.append((str(rule), role.value, answer.status_code))
            if action not in (Action.READ_PUBLIC, Action.SIGN_IN):
                assert answer.headers["Cache-Control"] == "no-store", rule
            if answer.status_code == 401 and not by_signature:
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert wrong == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_stranger_is_asked_to_sign_in_before_he_is_counted(make_app: MakeApp) -> None:
    app = make_app(report_limit="1 per hour", media_limit="1 per hour")
    client = app.test_client()
    for path in ("/api/v1/reports", "/api/v1/media"):
        answers = [client.post(path, json={}).status_code for _ in range(3)]
        assert answers == [401, 401, 401]
