"""A citizen who has left a trace in every corner of the system."""

import io
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import transaction
from smartcity.identity.permissions import Role
from smartcity.jobs.service import enqueue
from smartcity.push.service import broadcast, message
from tests.catalogue.records_made import bring, record
from tests.helpers import Headers, bearer, citizen, file_report, key, move, officer, work
from tests.media.pictures import telling
from tests.news.reading.articles import article, published
from tests.participation.activities.volunteers import activity, register
from tests.participation.contests.entrants import RIGHT, contest, took_part
from tests.participation.drafts.commenting import comment, open_draft
from tests.participation.questions.people import ask
from tests.participation.surveys.taking import answer, running
from tests.participation.teams.codes_made import team_code

PHONE = "+84912345678"
NAME = "Nguyễn Thị Bí Mật"
TOKEN = "fcm-token-of-nobody-else"
NEWS = {"title": "Lịch cắt điện", "body": "Từ 8:00 ngày mai."}
ADDRESS = "203.0.113.77"
QUEUES = ("reports", "inbox", "media", "exports", "push")


@dataclass
class Life:
    """What there is to find of somebody."""

    id: uuid.UUID
    headers: Headers
    report: dict[str, Any]
    unused_photo: str
    installation: str

    def traces(self) -> list[str]:
        """What must be found nowhere once he is erased; an id in both its spellings."""
        ids = [self.id, uuid.UUID(self.installation)]
        spelt = [form for ident in ids for form in (str(ident), ident.hex)]
        return [PHONE, PHONE[3:], NAME, TOKEN, ADDRESS, *spelt]


def photo(client: FlaskClient, headers: Headers) -> str:
    form = {"file": (io.BytesIO(telling("JPEG")), "IMG_0001.jpg")}
    answer = client.post("/api/v1/media", data=form, headers={**headers, **key()})
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def live(app: Flask, phone: str = PHONE, token: str = TOKEN, *, among_others: bool = False) -> Life:
    """Use everything that a citizen can use; `among_others` what needs another's report, too."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    client.post("/api/v1/auth/otp", json={"phone": phone})
    headers = bearer(citizen(app, phone))
    ident = uuid.UUID(client.get("/api/v1/me", headers=headers).json["id"])
    assert client.patch("/api/v1/me", json={"display_name": NAME}, headers=headers).json
    installation = str(uuid.uuid4())
    device = {"kind": "token", "value": token, "platform": "android", "app_version": "1"}
    path = f"/api/v1/me/devices/{installation}"
    assert client.put(path, json={**device, "locale": "vi"}, headers=headers).status_code == 200
    consent = {"granted": True, "policy_version": 1}
    for purpose in ("campaigns", "nearby"):
        path = f"/api/v1/me/consents/{purpose}"
        assert client.put(path, json=consent, headers=headers).status_code == 200
    sent = {**headers, **key(), "X-Installation-Id": installation}
    report = file_report(client, sent, media_ids=[photo(client, headers)], address="12 Trần Phú")
    report = asked_and_answered(app, client, headers, report)
    read_what_everybody_was_told(app, client, headers)
    (news,) = published(app, article())
    assert client.put(f"/api/v1/me/bookmarks/news/{news}", headers=headers).status_code == 204
    bring(app, record())
    path = f"/api/v1/services/{record()['code']}/checklist"
    assert client.put(path, json={"ticked": []}, headers=headers).status_code == 200
    register(client, headers, activity(app), called=NAME)
    ask(client, headers, text=f"Tôi là {NAME}, bao giờ thì có đường mới?")
    comment(client, open_draft(app), headers, f"Tôi là {NAME}, xin góp ý.")
    answer(client, running(app), headers, {"di-lai": "xe-may", "gop-y": f"Tôi là {NAME}."})
    took_part(app, headers, contest(app), RIGHT, 30, called=NAME)
    named = {"code": team_code(app)}
    assert client.put("/api/v1/me/referral", json=named, headers=headers).status_code == 200
    if among_others:
        join_in(app, client, headers, report)
    unused = photo(client, headers)
    assert client.post("/api/v1/me/export", headers={**headers, **key()}).status_code == 202
    work(app, *QUEUES)
    with app.app_context(), transaction() as session:  # on their way when he goes
        enqueue(session, "push.send", {"device": installation, "message": str(uuid.uuid4())})
        on_its_way = message(
            at=datetime.now(UTC),
            citizen=ident,
            source=uuid.uuid4(),
            text="push.report.accept",
            values={"code": "1", "public_text": ""},
            link="/reports/x",
        )
        enqueue(session, on_its_way.name, on_its_way.payload)
    return Life(ident, headers, report, unused, installation)


def read_what_everybody_was_told(app: Flask, client: FlaskClient, headers: Headers) -> None:
    ident = uuid.uuid4()
    told = {"category": "news", "content": {"vi": NEWS}, "link": "/news/1", "audience": {}}
    with app.app_context(), transaction() as session:
        broadcast(session, id=ident, at=datetime.now(UTC), **told)
    answer = client.put(f"/api/v1/me/inbox/{ident}/reading", headers=headers)
    assert answer.status_code == 200, answer.json


def join_in(app: Flask, client: FlaskClient, headers: Headers, report: dict[str, Any]) -> None:
    """Comment on one's own report; support, and so follow, another's."""
    told = client.post(
        f"/api/v1/reports/{report['id']}/comments", json={"text": "Vẫn còn"}, headers=headers
    )
    assert told.status_code == 201, told.json
    another = file_report(client, bearer(citizen(app, "+84987650000")))
    path = f"/api/v1/reports/{another['id']}/support"
    assert client.put(path, headers=headers).status_code == 200


def asked_and_answered(
    app: Flask, client: FlaskClient, headers: Headers, report: dict[str, Any]
) -> dict[str, Any]:
    """The centre asks, the citizen answers."""
    operator = bearer(officer(app, Role.IOC_OPERATOR, "ioc"))
    asked = move(app.test_client(), operator, report, "question", public_text="Ở đâu?")
    assert asked.status_code == 200, asked.json
    path = f"/api/v1/reports/{report['id']}/answer"
    told = {"public_text": "Trước cổng chợ"}
    answer = client.put(path, json=told, headers=headers)
    assert answer.status_code == 200, answer.json
    return answer.json
