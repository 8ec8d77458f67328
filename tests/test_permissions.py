"""Who may call what: every route of the URL map × every caller, as tests/permissions/table.py says.

On SQLite all of it: what was let in is undone by putting the database's file back. On PostgreSQL
what leaves nothing to undo: all refusals, and what is only read.
"""

import io
import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from smartcity.core.db import engine
from tests.conftest import MakeApp
from tests.helpers import Headers
from tests.media.pictures import jpeg
from tests.permissions.table import CALLERS, ROUTES, Route, outcomes
from tests.permissions.world import OWNER, SETTINGS, World, build

HERE = "tests/permissions/table.py"
REFUSED = {"?": 401, "-": 403, "0": 404}
READ = {"GET", "HEAD"}
# Answers in which the centre's staff read who reported; each such look is audited.
SEES_REPORTER = "/api/v1/officer/reports/<uuid:report_id>"


class Unread(io.BytesIO):
    """A body that nobody may touch."""

    def read(self, *_size: object) -> bytes:
        raise AssertionError("the body was read")

    readline = readinto = read1 = read  # type: ignore[assignment]


@dataclass(frozen=True)
class Cell:
    """A caller of a route with one of its methods, and what he is to get."""

    name: str
    method: str
    rule: Rule
    route: Route
    caller: str
    outcome: str

    @property
    def changes(self) -> bool:
        """Whether it may leave something behind."""
        return self.outcome == "+" and (self.method not in READ or "/sso" in self.name)


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app(**SETTINGS)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app)


@pytest.fixture
def put_back(app: Flask, world: World, database_url: str) -> Callable[[], None]:
    """Bring a SQLite database, and all that the application remembers, back to the world."""
    file = Path(make_url(database_url).database or "")
    kept = file.with_suffix(".kept")
    remembered = app.extensions["smartcity"]

    def clear() -> None:
        with app.app_context():
            engine().dispose()  # the last connection to leave folds the log into the file
        for name in [name for name in remembered if name.endswith("_recent")]:
            del remembered[name]

    def put() -> None:
        clear()
        shutil.copy(kept, file)

    clear()
    shutil.copy(file, kept)
    return put


def operations(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    """Every route with each of its methods: its name in the table, the method, the rule."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            yield f"{'GET' if method == 'HEAD' else method} {rule}", method, rule


def filled(value: Any, ids: dict[str, str]) -> Any:
    """The value with `{name}` replaced by the world's ids."""
    if isinstance(value, dict):
        return {key: filled(part, ids) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, ids) for part in value]
    return value.format(**ids) if isinstance(value, str) and value.startswith("{") else value


def ask(world: World, cell: Cell, *, absent: bool = False) -> TestResponse:
    """One request; `absent` asks for ids that nothing has. A refusal must not read the body."""
    route, ids = cell.route, {**world.ids}
    ids |= {name: world.ids[other] for name, other in route.ids.items()}
    if absent:
        ids |= {
            name: str(uuid.uuid4())
            for name in cell.rule.arguments - {"name", "filename", "fmt", "number"}
        }
    built = cell.rule.build({name: ids[name] for name in cell.rule.arguments})
    assert built
    path = built[1]
    body = json.dumps(filled(dict(route.body), ids)).encode() if route.body is not None else b""
    headers = {**world.headers(cell.caller, path, body), **route.headers}
    if route.sees:
        headers["If-Match"] = f'"{world.version(route.sees)}"'
    sent: dict[str, Any] = {"data": body, "content_type": "application/json" if body else None}
    if cell.outcome in "?-" and not route.reads:
        sent["input_stream"] = Unread(b"x" * 100)
        headers["Content-Length"] = "100"
        del sent["data"]
    elif route.form is not None:
        sent = {"data": form(world, cell.caller, path, route)}
    query, client = filled(route.query, ids), world.app.test_client(use_cookies=False)
    answer = client.open(path, method=cell.method, query_string=query, headers=headers, **sent)
    answer.get_data()
    answer.close()
    return answer


def form(world: World, caller: str, path: str, route: Route) -> dict[str, Any]:
    fields = dict(route.form or {})
    if "file" in fields:
        fields["file"] = (io.BytesIO(jpeg(40, 30)), fields["file"])
    if path.startswith("/console"):
        fields["csrf"] = world.browser(caller).csrf
    return fields


def cells(app: Flask, group: str) -> Iterator[Cell]:
    """Every cell of a group of callers."""
    for name, method, rule in operations(app):
        if name in ROUTES:
            for caller, outcome in outcomes(ROUTES[name].row, group):
                yield Cell(name, method, rule, ROUTES[name], caller, outcome)


groups = pytest.mark.parametrize("group", CALLERS)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@on_sqlite
def test_every_route_is_in_the_table(app: Flask) -> None:
    there = {name for name, _, _ in operations(app)}
    missing, gone = sorted(there - ROUTES.keys()), sorted(ROUTES.keys() - there)
    assert not missing, f"who may call these? Add each to ROUTES in {HERE}: {missing}"
    assert not gone, f"these are no routes any more; take them from ROUTES in {HERE}: {gone}"


@groups
@on_sqlite
def test_every_caller_of_every_route(
    world: World, group: str, put_back: Callable[[], None]
) -> None:
    wrong = []
    for cell in cells(world.app, group):
        if cell.route.status:
            world.put_report(cell.route.status)
        wrong += faults(world, cell, ask(world, cell))
        if cell.changes:
            put_back()
    assert not wrong, listing(wrong)


@groups
@on_postgresql
def test_every_caller_who_changes_nothing(world: World, group: str) -> None:
    wrong = []
    for cell in cells(world.app, group):
        if not cell.changes:
            wrong += faults(world, cell, ask(world, cell))
    assert not wrong, listing(wrong)


@groups
def test_hidden_and_absent_are_one(world: World, group: str) -> None:
    """Whoever is refused a thing is told the same of a thing that is not there."""
    wrong = []
    for cell in cells(world.app, group):
        if cell.outcome != "+" and cell.rule.arguments:
            told = {shape(ask(world, cell, absent=absent)) for absent in (False, True)}
            wrong += [(cell, told)] if len(told) > 1 else []
    assert not wrong, listing(wrong)


def listing(wrong: list[tuple[Any, ...]]) -> str:
    return "".join(f"\n{c.method} {c.rule}: {c.caller} {c.outcome} {why}" for c, *why in wrong)


def shape(answer: TestResponse) -> str:
    """What an answer tells, but for the address that was asked."""
    told = answer.get_json(silent=True)
    shown = {**told, "instance": ""} if isinstance(told, dict) else answer.data
    return f"{answer.status_code} {shown!r}"


def faults(world: World, cell: Cell, answer: TestResponse) -> Iterator[tuple[object, ...]]:
    """What is wrong with an answer."""
    status, route = answer.status_code, cell.route
    if cell.outcome == "+":
        fits = status < 400 or status in {409, *route.also}
    else:
        fits = status == REFUSED[cell.outcome]
    if not fits:
        yield cell, status, answer.data[:300]
    challenge = answer.headers.get("WWW-Authenticate", "").startswith("Bearer")
    if cell.outcome == "?" and not (challenge or route.reads or "/console" in cell.name):
        yield cell, "says not how to sign in"
    if route.row != "everybody" and answer.headers.get("Cache-Control") != "no-store":
        yield cell, "may be stored", answer.headers.get("Cache-Control")
    if tells_reporter(world, answer) and not may_tell(cell):
        yield cell, "tells who reported"


def tells_reporter(world: World, answer: TestResponse) -> bool:
    return any(told.encode() in answer.data for told in (OWNER[3:], world.owner_id))


def may_tell(cell: Cell) -> bool:
    """The owner and who has his archive's link; the centre's staff, one report at a time; the
    auditor, whose record names by id."""
    staff = cell.caller in ("operator", "lead") and SEES_REPORTER in cell.name
    by_id = cell.caller == "auditor" and "/audit" in cell.name
    return cell.caller == "owner" or "/exports/" in cell.name or staff or by_id


@on_sqlite
def test_a_stranger_is_asked_to_sign_in_before_he_is_counted(make_app: MakeApp) -> None:
    client = make_app(report_limit="1 per hour", media_limit="1 per hour").test_client()
    for path in ("/api/v1/reports", "/api/v1/media"):
        answers = [client.post(path, json={}).status_code for _ in range(3)]
        assert answers == [401, 401, 401]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_refusal_is_logged_without_the_person(
    client: FlaskClient, me: Headers, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/api/v1/audit", headers=me).status_code == 403
    [line] = [record.msg for record in caplog.records if "permission.refused" in str(record.msg)]
    assert (line["action"], line["role"]) == ("read_audit", "citizen")
    assert not any("citizen:" in str(value) for value in line.values())
