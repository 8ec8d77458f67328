"""The driver that docs/guides/ioc.md shows, as it stands there, against a folder over WebDAV."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient

from smartcity.adapters.centres import DRIVERS, Endpoint
from smartcity.ioc import polling
from smartcity.ioc.models import Callback, Delivery
from smartcity.jobs.models import QueueRow
from smartcity.reports.models import Report
from tests.conftest import MakeApp
from tests.docs.pages import GUIDES, block
from tests.helpers import UNIT, Headers, file_report, rows, served, work
from tests.ioc.conftest import add_destination, forward
from tests.ioc.test_forward import make_due

LONGEST = 100  # lines
HEADER = "code,move,agency,reason,public_text,at\r\n"
AT = "2026-11-22T09:00:00+07:00"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Share:
    """A shared folder: PUT and GET of files, for one name and password."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.writes = 0
        self.loses_answers = False
        self.ends = threading.Event()
        self.app = Flask("share")
        self.app.add_url_rule("/ward/<name>", "file", self._file, methods=["GET", "PUT"])

    def _file(self, name: str) -> Response:
        if not request.authorization or request.authorization.password != "lúa":
            return Response(status=401)
        if request.method == "PUT":
            self.files[name] = request.get_data()
            self.writes += 1
            if self.loses_answers:
                self.ends.wait(20)
            return Response(status=201)
        return Response(self.files[name]) if name in self.files else Response(status=404)


@pytest.fixture
def share() -> Share:
    return Share()


@pytest.fixture
def url(share: Share) -> Iterator[str]:
    with served(share.app) as port:
        yield f"http://127.0.0.1:{port}/ward"
        share.ends.set()


@pytest.fixture
def shown() -> Iterator[None]:
    """The class of the page, where the recipe puts it."""
    code = block(GUIDES / "ioc.md", "## A new driver", "python")
    assert code.text.count("\n") < LONGEST
    module: dict[str, object] = {"__name__": "folder"}
    exec(compile(code.text, f"ioc.md:{code.line}", "exec"), module)
    DRIVERS["folder"] = module["Folder"]  # type: ignore[assignment]
    yield
    del DRIVERS["folder"]


@pytest.fixture
def app(make_app: MakeApp, shown: None) -> Flask:
    return make_app()


def add(app: Flask, url: str, password: str = "lúa", timeout: float = 10.0) -> None:
    told = {"driver": "folder", "timeout": timeout}
    add_destination(app, url, "ward", f"ward:{password}", **told)


def poll(app: Flask) -> None:
    with app.app_context():
        polling.begin()
    make_due(app)
    assert work(app, "polls:ward") == 1


def test_a_file_for_each_step_and_its_answers_in_a_table(
    app: Flask, client: FlaskClient, me: Headers, share: Share, url: str
) -> None:
    add(app, url)
    code = file_report(client, me, address="12 Trần Phú")["code"]
    assert forward(app, "ward") == 1
    name = f"{code}-001.txt"
    assert share.files[name].decode("utf-8-sig").split("\r\n") == [
        f"code: {code}",
        "status_label: Chờ tiếp nhận",
        "category: traffic_infra",
        "address: 12 Trần Phú",
        "description: Ổ gà lớn trước số 12 Trần Phú",
    ]
    assert [(d.state, d.reference) for d in rows(app, Delivery)] == [("delivered", name)]
    poll(app)  # there is no table yet
    for row in (f"{code},accept,,,Đã nhận,{AT}", f"{code},assign,{UNIT},,,{AT}", "?,accept,,,,"):
        told = share.files.setdefault("answers.csv", HEADER.encode("utf-8-sig"))
        share.files["answers.csv"] = told + f"{row}\r\n".encode()
        poll(app)
    assert [report.status for report in rows(app, Report)] == ["assigned"]
    assert [callback.outcome for callback in rows(app, Callback)] == ["applied", "applied"]


def test_an_answer_that_is_lost_changes_nothing(
    app: Flask, client: FlaskClient, me: Headers, share: Share, url: str
) -> None:
    add(app, url, timeout=0.5)
    share.loses_answers = True
    file_report(client, me)
    forward(app, "ward")
    assert [d.state for d in rows(app, Delivery)] == ["unknown"]
    share.loses_answers = False
    make_due(app)
    forward(app, "ward")
    assert [d.state for d in rows(app, Delivery)] == ["delivered"]
    assert (len(share.files), share.writes) == (1, 2)


def test_a_wrong_password_stops_the_queue(
    app: Flask, client: FlaskClient, me: Headers, share: Share, url: str
) -> None:
    add(app, url, password="ngô")
    file_report(client, me)
    forward(app, "ward")
    assert [(d.state, d.last_error) for d in rows(app, Delivery)] == [("pending", "HTTP 401")]
    assert any(queue.opened_at for queue in rows(app, QueueRow))


@pytest.mark.parametrize(("secrets", "options"), [((), {}), (("x",), {}), (("a:b",), {"c": "d"})])
def test_what_can_never_work_is_refused(
    shown: None, database_url: str, secrets: tuple[str, ...], options: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match=r"name:password|no options"):
        DRIVERS["folder"](Endpoint("ward", "https://example.vn", secrets, 5.0, options))
