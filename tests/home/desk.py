"""What officers do with cards, numbers and the app's configuration, and what phones then read."""

import io
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from smartcity.adapters.storage import storage
from smartcity.changes.models import Change
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.home.models import Contact
from smartcity.jobs.models import JobRow
from smartcity.media.models import Media, Status, storage_key
from smartcity.search import service as search
from tests.helpers import Headers, upload, work
from tests.media.pictures import jpeg

CARDS = "/api/v1/officer/home-cards"
CONTACTS = "/api/v1/officer/contacts"
CONFIG = "/api/v1/officer/app-config"
HOME, SYNC, APP = "/api/v1/home", "/api/v1/sync", "/api/v1/app-config"
ANNOUNCEMENT = {
    "kind": "announcement",
    "title_vi": "Ngày Chuyển đổi số 26/3",
    "title_en": "Digital Transformation Day",
    "text_vi": "Mời ông bà dự ngày hội tại phường.",
}
HOTLINE = {"kind": "hotline", "number": "1022", "name_vi": "Tổng đài 1022", "name_en": "Hotline"}
AMBULANCE = {"kind": "emergency", "number": "115", "name_vi": "Cấp cứu y tế"}
_LONG_AGO = datetime(2000, 1, 1, tzinfo=clock.LOCAL)


def empty_screen(session: Session) -> None:
    """Take away the numbers that the seed brought: tests begin with nothing public."""
    for contact in session.scalars(select(Contact)):
        search.remove(session, "contact", str(contact.id))
    session.execute(delete(Contact))
    session.execute(delete(Change))


def announce(client: FlaskClient, who: Headers, **other: Any) -> dict[str, Any]:
    """An announcement that shows at once, to everybody."""
    answer = client.post(CARDS, json={**ANNOUNCEMENT, **other}, headers=who)
    assert answer.status_code == 201, answer.json
    return answer.json


def picture(app: Flask, client: FlaskClient, who: Headers) -> str:
    """A photo of whose pictures the worker has made the large one: its id."""
    media_id = upload(client, who)
    with app.app_context(), transaction() as session:
        made = update(Media).where(Media.id == uuid.UUID(media_id))
        session.execute(made.values(status=Status.READY))
        large = storage_key(uuid.UUID(media_id), "large.jpg")
        storage().put(large, io.BytesIO(jpeg(80, 60)), "image/jpeg")
    return media_id


def banner(app: Flask, client: FlaskClient, who: Headers, **other: Any) -> dict[str, Any]:
    """A banner that shows at once, to everybody."""
    shown = {"media_id": picture(app, client, who), "alt_vi": "Gian hàng số"}
    return announce(client, who, **{"kind": "banner", **shown, **other})


def contact(client: FlaskClient, who: Headers, **other: Any) -> dict[str, Any]:
    """A number that is public at once."""
    answer = client.post(CONTACTS, json={**HOTLINE, **other}, headers=who)
    assert answer.status_code == 201, answer.json
    return answer.json


def step(
    client: FlaskClient,
    who: Headers,
    path: str,
    thing: dict[str, Any],
    noun: str = "",
    **body: Any,
) -> TestResponse:
    """A change of a card or contact (without a noun), or another step, on the version seen."""
    headers = {**who, "If-Match": f'"{thing["version"]}"'}
    method, tail = ("PUT", f"/{noun}") if noun else ("PATCH", "")
    return client.open(f"{path}/{thing['id']}{tail}", method=method, json=body, headers=headers)


def taken(client: FlaskClient, who: Headers, *told: Any, **body: Any) -> dict[str, Any]:
    """The same, when it has to go well: the thing afterwards."""
    answer = step(client, who, *told, **body)
    assert answer.status_code == 200, answer.json
    return answer.json


def turn(app: Flask) -> int:
    """Do the jobs of all windows now, due or not: as a worker would whose clock goes wrong."""
    with app.app_context(), transaction() as session:
        waiting = update(JobRow).where(JobRow.queue == "home")
        session.execute(waiting.values(run_at=_LONG_AGO))
    return work(app, "home")


def home(client: FlaskClient, query: str = "") -> dict[str, Any]:
    answer = client.get(f"{HOME}?{query}")
    assert answer.status_code == 200, answer.json
    return answer.json


def titles(client: FlaskClient, query: str = "") -> list[str]:
    """The announcements of the first screen."""
    return [card["title"]["vi"] for card in home(client, query)["announcements"]]


def walk(
    client: FlaskClient, since: int | None = None, query: str = "limit=200"
) -> Iterator[dict[str, Any]]:
    """The answers to a phone that asks until there is no more."""
    more = True
    while more:
        position = "" if since is None else f"&since={since}"
        answer = client.get(f"{SYNC}?{query}{position}")
        assert answer.status_code == 200, answer.json
        yield answer.json
        since, more = answer.json["next"], answer.json["more"]


def delta(client: FlaskClient, since: int | None = None) -> tuple[list[tuple[str, str, bool]], int]:
    """Kind, id and whether it is gone, of all that changed; and where the phone stands then."""
    answers = list(walk(client, since))
    items = [item for answer in answers for item in answer["items"]]
    return [(i["kind"], i["id"], i["gone"]) for i in items], answers[-1]["next"]
