"""What tests of several packages do alike: file a report, move it, act at once, do the jobs."""

import io
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from smartcity.core.db import Base, engine, reading, transaction
from smartcity.jobs.claim import claim
from smartcity.jobs.perform import perform
from tests.identity.people import bearer, citizen, officer
from tests.media.pictures import jpeg

__all__ = ["bearer", "citizen", "officer"]

T = TypeVar("T")
Headers = dict[str, str]
UNIT = "so-xay-dung"
OTHER_UNIT = "so-y-te"


def report_body(**other: Any) -> dict[str, Any]:
    """A good report of a pothole in the old Hải Dương."""
    return {
        "category": "traffic_infra",
        "description": "Ổ gà lớn trước số 12 Trần Phú",
        "latitude": 20.94,
        "longitude": 106.33,
        **other,
    }


def file_report(client: FlaskClient, headers: Headers, **other: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/reports", json=report_body(**other), headers=headers)
    assert answer.status_code == 201, answer.json
    return answer.json


def move(
    client: FlaskClient, headers: Headers, report: dict[str, Any], noun: str, **body: Any
) -> TestResponse:
    """One move of an officer on the version that he holds."""
    tag = {"If-Match": f'"{report["version"]}"'}
    path = f"/api/v1/officer/reports/{report['id']}/{noun}"
    return client.put(path, json=body, headers={**headers, **tag})


def moved(
    client: FlaskClient, headers: Headers, report: dict[str, Any], noun: str, **body: Any
) -> dict[str, Any]:
    answer = move(client, headers, report, noun, **body)
    assert answer.status_code == 200, answer.json
    return answer.json


def upload(client: FlaskClient, headers: Headers) -> str:
    """A photo of whoever sends it: its id."""
    form = {"file": (io.BytesIO(jpeg(80, 60)), "photo.jpg")}
    answer = client.post("/api/v1/media", data=form, headers=headers)
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def key() -> Headers:
    return {"Idempotency-Key": str(uuid.uuid4())}


def at_once(*calls: Callable[[], T]) -> list[T]:
    """Call all in threads that start together; their answers in order, or what one raised."""
    answers: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(number: int) -> None:
        start.wait(30)
        try:
            answers[number] = calls[number]()
        except BaseException as error:  # noqa: BLE001 - raised again by the caller
            answers[number] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers


def work(app: Flask, *queues: str) -> int:
    """Do the due jobs of some queues, those that they enqueue too; how many there were."""
    done = 0
    with app.app_context():
        while leases := [lease for queue in queues for lease in take(queue)]:
            for lease in leases:
                perform(lease)
            done += len(leases)
    return done


def take(queue: str) -> list[Any]:
    with transaction() as session:
        return list(claim(session, queue, 20, "test"))


def rows(app: Flask, table: type[Base], *where: Any) -> list[Any]:
    """What a table holds, by key."""
    with app.app_context(), reading() as session:
        order = table.__table__.primary_key
        return list(session.scalars(select(table).where(*where).order_by(*order)))


def count(app: Flask, table: type[Base]) -> int:
    with app.app_context(), reading() as session:
        return session.scalars(select(func.count()).select_from(table)).one()


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements of a block, BEGIN and COMMIT not counted."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    with app.app_context():
        bound = engine()
    event.listen(bound, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(bound, "before_cursor_execute", note)


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until something holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.01)


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """An application on a port of this machine, until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
