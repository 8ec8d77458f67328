"""A department's system that speaks Open311, both ways: our own server plays it, over HTTP.

Here (`app`, `client`) is the province; there (`town`) is the department, a second application on a
database of its own.
"""

import shlex
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from smartcity.adapters.outbound import Guard
from smartcity.app import create_app
from smartcity.cli import main
from smartcity.core.db import engine, transaction
from smartcity.identity import partners
from smartcity.identity.permissions import Role
from smartcity.ioc import polling
from smartcity.ioc.models import Callback, Delivery, Destination
from smartcity.jobs.models import JobRow, QueueRow
from smartcity.reports.models import Report, ReportEvent
from smartcity.settings import Settings
from tests.adapters.open311_server import OtherServer
from tests.conftest import MakeApp
from tests.docs.pages import GUIDES, block
from tests.helpers import (
    UNIT,
    Headers,
    bearer,
    file_report,
    moved,
    officer,
    rows,
    served,
    until,
    upload,
    work,
)
from tests.ioc.conftest import add_destination, forward
from tests.ioc.test_forward import make_due

HOST = "province.example.vn"
RESULT = "accept assign:so-xay-dung start propose_result approve_result resolve"
OPTIONS = {
    "default_service": "traffic_infra",
    "service.lighting": "lighting",
    "move.accepted": "accept",
    "move.assigned": f"assign:{UNIT}",
    "move.in_progress": "start",
    "move.need_info": "request_info",
    "move.rejected": "reject:outside_authority",
    "move.resolved": RESULT,
}
TELLS = {"moves": ["submit", "accept", "answer_info", "withdraw"], "driver": "open311"}
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Road:
    """The way to the department: loses answers, and drops a header that most servers ignore."""

    def __init__(self, there: Flask | None = None) -> None:
        self.there = there
        self.loses_answers = self.is_broken = False
        self.knows_keys = True
        self.asked: list[tuple[str, str]] = []
        self.ends = threading.Event()

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        self.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        if self.is_broken:
            start("502 Bad Gateway", [("Content-Length", "0")])
            return [b""]
        if not self.knows_keys:
            environ.pop("HTTP_IDEMPOTENCY_KEY", None)
        answer = self.there(environ, start)
        if self.loses_answers and environ["REQUEST_METHOD"] == "POST":
            self.ends.wait(20)
        return answer


def new_key(there: Flask) -> str:
    asked = {"name": "Tỉnh", "grants": ["relay_reports"], "expires_at": None, "per_minute": None}
    with there.app_context(), transaction() as session:
        return partners.create(session, "test", asked)[1]


class Town:
    """The department: its officers, and our key there."""

    def __init__(self, app: Flask) -> None:
        self.app, self.client, self.key = app, app.test_client(), new_key(app)
        self.operator = bearer(officer(app, Role.IOC_OPERATOR, "ioc"))
        self.unit = bearer(officer(app, Role.UNIT_OFFICER, UNIT))
        self.leader = bearer(officer(app, Role.UNIT_LEADER, UNIT))

    def requests(self) -> list[Report]:
        return rows(self.app, Report)

    def move(self, who: Headers, noun: str, **body: Any) -> None:
        (report,) = self.requests()
        held = {"id": str(report.id), "version": report.sequence}
        moved(self.client, who, held, noun, **body)


@pytest.fixture
def town(sqlite_template: Path, tmp_path: Path) -> Iterator[Town]:
    (folder := tmp_path / "town").mkdir()
    shutil.copy(sqlite_template, folder / "town.sqlite3")
    url = f"sqlite:///{folder}/town.sqlite3"
    there = create_app(Settings(database_url=url, var_dir=folder, log_level="DEBUG"))
    yield Town(there)
    with there.app_context():
        engine().dispose()


@pytest.fixture
def road(town: Town) -> Iterator[Road]:
    built = Road(town.app)
    yield built
    built.ends.set()


@pytest.fixture
def address(road: Road) -> Iterator[str]:
    with served(road) as port:
        yield f"http://127.0.0.1:{port}/open311/v2"
        road.ends.set()


@pytest.fixture
def app(make_app: MakeApp, address: str, town: Town) -> Iterator[Flask]:
    """The province, open to the department for its photos; nothing is sent by CloudEvents."""
    here = Road()
    with served(here) as port:
        here.there = make_app(public_url=f"http://{HOST}:{port}")
        town.app.extensions["smartcity"]["smartcity.adapters.outbound.guard"] = Guard(
            schemes=frozenset({"http"}),
            ports=frozenset({port}),
            resolve=lambda _host, _port: ["127.0.0.1"],
            public=lambda _address: True,
        )
        yield here.there


@pytest.fixture
def in_batches() -> OtherServer:
    """A server that files in batches: it gives tokens, and names in its own time."""
    return OtherServer(in_batches=True)


@pytest.fixture
def dept(app: Flask, address: str, town: Town) -> Callable[..., None]:
    """Let the department hear of reports; keyword arguments replace what it is set up with."""

    def add(name: str = "dept", **other: Any) -> None:
        told = {"secret": town.key, "options": OPTIONS, "timeout": 10.0, **TELLS, **other}
        add_destination(app, address, name, **told)

    return add


def come_back(app: Flask) -> list[str]:
    """Ask the department what it did, and do likewise; what came of each step until now."""
    with app.app_context():
        polling.begin()
    make_due(app)
    assert work(app, "polls:dept") == 1
    assert [job.last_error for job in rows(app, JobRow, JobRow.queue == "polls:dept")] == [None]
    taken = sorted(rows(app, Callback), key=lambda callback: callback.sequence)
    return [callback.outcome for callback in taken]


def timeline(client: FlaskClient, me: Headers, report: dict[str, Any]) -> list[tuple[str, str]]:
    items = client.get(f"/api/v1/reports/{report['id']}/timeline", headers=me).json["items"]
    return [(item["move"], item["public_text"]) for item in items]


@on_sqlite
def test_it_is_set_up_as_the_guide_says(make_app: MakeApp, database_url: str) -> None:
    shown = block(GUIDES / "ioc.md", "## Open311", "sh").text
    words = shlex.split(shown.replace("<their key>", "key").replace("\\\n", ""))
    assert words.pop(0) == "smartcity"
    ran = CliRunner().invoke(main, words, env={"SMARTCITY_DATABASE_URL": database_url})
    assert (ran.exit_code, ran.output) == (0, "")
    (made,) = rows(make_app(), Destination)
    assert (made.driver, made.options["move.resolved"]) == ("open311", RESULT)


def test_there_and_back(
    app: Flask, client: FlaskClient, me: Headers, town: Town, dept: Callable[..., None]
) -> None:
    dept()
    photo = upload(client, me)
    work(app, "media")
    report = file_report(client, me, media_ids=[photo], address="12 Trần Phú")
    assert forward(app, "dept") == 1
    (request,) = town.requests()
    assert request.description == f"[{report['code']}] Ổ gà lớn trước số 12 Trần Phú"
    assert (request.category, request.address) == ("traffic_infra", "12 Trần Phú")
    assert (request.latitude, request.longitude) == (20.94, 106.33)
    (delivery,) = rows(app, Delivery)
    assert (delivery.state, delivery.reference) == ("delivered", request.code)
    assert work(town.app, "open311") == 1
    seen = town.client.get(f"/api/v1/officer/reports/{request.id}", headers=town.operator).json
    assert len(seen["media"]) == 1

    assert come_back(app) == []
    town.move(town.operator, "acceptance", public_text="Sở đã nhận.")
    town.move(town.operator, "assignment", agency=UNIT)
    town.move(town.unit, "progress")
    assert come_back(app) == ["applied"] * 3
    proof = upload(town.client, town.unit)
    town.move(town.unit, "result", public_text="Đã vá xong.", media_ids=[proof])
    town.move(town.leader, "approval")
    town.move(town.operator, "resolution", public_text="Đã vá mặt đường.")
    result = ["refused"] * 3 + ["applied"] * 3
    assert come_back(app) == ["applied"] * 3 + result
    assert come_back(app) == ["applied"] * 3 + result
    assert timeline(client, me, report) == [
        ("submit", None),
        ("accept", "Sở đã nhận."),
        ("assign", "Đã chuyển xử lý"),
        ("start", "Đang xử lý"),
        ("propose_result", "Đã vá mặt đường."),
        ("approve_result", None),
        ("resolve", "Đã vá mặt đường."),
    ]
    assert forward(app, "dept") == 0  # it hears nothing of what it caused


@on_sqlite
def test_a_question_goes_to_the_citizen_and_the_answer_to_the_department(
    app: Flask, client: FlaskClient, me: Headers, town: Town, dept: Callable[..., None]
) -> None:
    dept(options=OPTIONS | {"move.submitted": "accept"})
    report = file_report(client, me)
    forward(app, "dept")
    town.move(town.operator, "question", public_text="Ở làn đường nào?")
    assert come_back(app) == ["applied"] * 2
    assert timeline(client, me, report)[-1] == ("request_info", "Ở làn đường nào?")
    path = f"/api/v1/reports/{report['id']}/answer"
    body = {"public_text": "Làn xe máy.", "media_ids": [upload(client, me)]}
    assert client.put(path, json=body, headers=me).status_code == 200
    assert forward(app, "dept") == 1
    last = rows(town.app, ReportEvent)[-1]
    assert (last.move, last.public_text) == ("answer_info", "Làn xe máy.")
    assert rows(app, Delivery)[-1].reference == f"update:{last.id.hex}"
    assert come_back(app) == ["applied"] * 2  # nothing comes of our own, which says: submitted


@on_sqlite
def test_what_the_department_refuses_is_refused_with_its_words(
    app: Flask, client: FlaskClient, me: Headers, town: Town, dept: Callable[..., None]
) -> None:
    dept()
    report = file_report(client, me)
    forward(app, "dept")
    town.move(town.operator, "rejection", reason="spam", public_text="Đường này của quốc lộ.")
    assert come_back(app) == ["applied"]
    assert timeline(client, me, report)[-1] == ("reject", "Đường này của quốc lộ.")


@on_sqlite
def test_requests_of_others_there_are_not_ours(
    app: Flask, client: FlaskClient, me: Headers, town: Town, dept: Callable[..., None]
) -> None:
    dept()
    report = file_report(client, me)
    forward(app, "dept")
    wish = {"api_key": town.key, "service_code": "lighting", "lat": "20.94", "long": "106.33"}
    other = {**wish, "description": f"[{report['code']}] Đèn tắt"}
    assert town.client.post("/open311/v2/requests.json", data=other).status_code == 200
    (stranger,) = (r for r in town.requests() if r.category == "lighting")
    held = {"id": str(stranger.id), "version": stranger.sequence}
    moved(town.client, town.operator, held, "acceptance")
    assert come_back(app) == []


def test_an_answer_that_is_lost_makes_no_second_request(
    app: Flask, client: FlaskClient, me: Headers, town: Town, road: Road, dept: Callable[..., None]
) -> None:
    dept(timeout=1.0)
    road.knows_keys, road.loses_answers = False, True
    file_report(client, me)
    assert forward(app, "dept") == 1
    until(town.requests)
    (delivery,) = rows(app, Delivery)
    assert (delivery.state, delivery.reference) == ("unknown", None)
    assert (delivery.next_at - delivery.sent_at).total_seconds() > 25  # until it has settled
    road.loses_answers = False
    make_due(app)
    assert forward(app, "dept") == 1
    (request,) = town.requests()
    (delivery,) = rows(app, Delivery)
    assert (delivery.state, delivery.reference) == ("delivered", request.code)
    assert [method for method, _ in road.asked] == ["POST", "GET"]


@on_sqlite
def test_what_never_arrived_is_filed_at_last(
    app: Flask, client: FlaskClient, me: Headers, town: Town, road: Road, dept: Callable[..., None]
) -> None:
    dept()
    road.is_broken = True
    file_report(client, me)
    forward(app, "dept")
    assert [d.state for d in rows(app, Delivery)] == ["unknown"]
    road.is_broken = False
    make_due(app)
    forward(app, "dept")
    assert [d.state for d in rows(app, Delivery)] == ["delivered"]
    assert len(town.requests()) == 1


@on_sqlite
def test_a_wrong_key_stops_the_queue_and_loses_nothing(
    app: Flask, client: FlaskClient, me: Headers, dept: Callable[..., None]
) -> None:
    dept(secret="skp_of_nobody")
    file_report(client, me)
    forward(app, "dept")
    (delivery,) = rows(app, Delivery)
    assert (delivery.state, delivery.last_error) == ("pending", "HTTP 403")
    assert [bool(q.opened_at) for q in rows(app, QueueRow)] == [True]


REFUSED = [
    ({"default_service": "potholes"}, "HTTP 404: service_code: "),
    ({"default_service": "bus"}, "HTTP 400: attribute[ROUTE]: "),
    ({"default_service": "lighting", "jurisdiction_id": "sfgov.org"}, "HTTP 404: "),
    ({"service.lighting": "lighting"}, "no service code for traffic_infra"),
]


@on_sqlite
def test_what_the_server_refuses_is_dead_in_its_own_words(
    app: Flask, client: FlaskClient, me: Headers, town: Town, dept: Callable[..., None]
) -> None:
    names = [f"dept{number}" for number in range(len(REFUSED))]
    for name, (options, _) in zip(names, REFUSED, strict=True):
        dept(name, options=options, secret=new_key(town.app))
    file_report(client, me)
    forward(app, *names)
    for delivery, (_, told) in zip(rows(app, Delivery), REFUSED, strict=True):
        assert delivery.state == "dead"
        assert delivery.last_error.startswith(told), delivery.last_error


@on_sqlite
def test_a_request_that_gets_its_id_later(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, in_batches: OtherServer
) -> None:
    """Steps of the report wait for its name; waiting is no fault of the server's."""
    with served(in_batches.app) as port:
        told = {"secret": "key", "driver": "open311", "options": {"default_service": "1"}}
        told |= {"timeout": 10.0}
        add_destination(app, f"http://127.0.0.1:{port}", "dept", **told)
        report = file_report(client, me)
        moved(client, operator, report, "acceptance", public_text="Đã nhận.")
        for _ in range(6):
            assert forward(app, "dept") == 1
            make_due(app)
        first, second = rows(app, Delivery)
        assert (first.state, first.reference) == ("unknown", "token:t1")
        assert (second.state, second.attempts) == ("pending", 0)
        assert not any(queue.opened_at for queue in rows(app, QueueRow))
        in_batches.name("t1")
        assert forward(app, "dept") == 2
    first, second = rows(app, Delivery)
    assert [(d.state, d.reference) for d in (first, second)] == [
        ("delivered", "7"),
        ("delivered", "update:1"),
    ]
    assert len(in_batches.requests) == 1
    (update,) = in_batches.updates
    assert (update["service_request_id"], update["description"]) == ("7", "Đã nhận.")
