"""What the matrix is asked about: a report and all around it, and everybody who may ask."""

import io
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from smartcity.adapters.storage import storage
from smartcity.areas import service as areas
from smartcity.campaigns.models import Campaign
from smartcity.catalogue.models import Procedure
from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.core.ids import new_id
from smartcity.core.signing import mac
from smartcity.guide.places.place import PLACE
from smartcity.home.models import Card, Contact
from smartcity.identity import console_sessions, partners
from smartcity.identity.models import Officer, SignedIn
from smartcity.identity.partner_models import Partner
from smartcity.identity.permissions import PARTNERS_MAY, Principal, Role
from smartcity.ioc import administration, replays
from smartcity.ioc.models import Delivery, Destination
from smartcity.ioc.reconciliation import runs
from smartcity.media.models import storage_key
from smartcity.news.documents.models import Document
from smartcity.news.models import Article
from smartcity.news.sources import keeping
from smartcity.news.sources.models import Source
from smartcity.notices import service as notices
from smartcity.notices.models import Notice
from smartcity.participation.contests.models import Draw
from smartcity.participation.models import Comment as DraftComment
from smartcity.participation.models import Question
from smartcity.privacy.models import Breach
from smartcity.push import service as push
from smartcity.push.models import InboxMessage
from smartcity.registers.models import Entry
from smartcity.reports.desk.models import Reply
from smartcity.reports.intake.models import ReportDevice
from smartcity.reports.models import Report
from smartcity.sandbox import signing
from tests.catalogue.records_made import bring, record
from tests.helpers import OTHER_UNIT, UNIT, Headers, bearer, citizen, file_report, officer, work
from tests.home.desk import announce, contact
from tests.media.pictures import jpeg
from tests.news.documents.papers import a_file, entered
from tests.news.editing.desk import draft
from tests.participation.questions import people as questions
from tests.permissions import registers
from tests.permissions.table import DEVICE_KEY
from tests.registers.records_made import published

OWNER, STRANGER = "+84903456781", "+84987654321"  # in no example of the API document
SECRET = "whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLXRlc3Rz"
MANY = "100000 per hour"
SETTINGS: dict[str, Any] = {
    "report_limit": MANY,
    "contest_limit": MANY,
    "question_limit": MANY,
    "media_limit": MANY,
    "password_limit_address": MANY,
    "otp_limit_address": MANY,
    "otp_hourly": 100_000,
    "otp_gap": 0,
    "partner_per_minute": 100_000,
}
VERSIONED = {
    "settlement": Draw,
    "report_id": Report,
    "officer_id": Officer,
    "partner_id": Partner,
    "breach_id": Breach,
    "reply": Reply,
    "destination": Destination,
    "campaign_id": Campaign,
    "article_id": Article,
    "document_id": Document,
    "source_id": Source,
    "card_id": Card,
    "contact_id": Contact,
    "draft_comment_id": DraftComment,
    "question_id": Question,
    "procedure": Procedure,
    **{kept.kind.name: Entry for kept in registers.KEPT},
}
NAMED = ("reply", "destination", "procedure")  # by no UUID


@dataclass(frozen=True)
class Browser:
    """An officer's cookie, and the field that his forms carry."""

    headers: Headers
    csrf: str


@dataclass(frozen=True)
class World:
    """The objects by the name of their variable, and each caller's headers.

    `browsers` are officers' at the console; `owner_id` and OWNER are what nobody but the owner and
    the centre's staff may read in an answer.
    """

    app: Flask
    ids: dict[str, str]
    callers: dict[str, Headers]
    browsers: dict[str, Browser]
    owner_id: str

    def headers(self, caller: str, path: str, body: bytes) -> Headers:
        """What a caller shows with a request."""
        if path.startswith("/console"):
            return self.browser(caller).headers
        if caller == "ioc":
            return signing.sign(signing.keys([SECRET]), "message-1", body.decode(errors="replace"))
        return self.callers[caller]

    def browser(self, caller: str) -> Browser:
        """The browser of a caller, at the console."""
        return self.browsers.get(caller) or self.browsers["anybody"]

    def put_report(self, status: str) -> None:
        """Bring the report to a state, by the back door."""
        asked_in = "submitted" if status == "need_info" else None
        with self.app.app_context(), transaction() as session:
            session.execute(update(Report).values(status=status, asked_in=asked_in))

    def version(self, name: str) -> int:
        """The version of an object, for If-Match."""
        if name == "publication":  # of the report's public side
            with self.app.app_context(), reading() as session:
                report = session.get_one(Report, uuid.UUID(self.ids["report_id"]))
                return report.public_version
        table = VERSIONED[name]
        key = self.ids[name] if name in NAMED else uuid.UUID(self.ids[name])
        with self.app.app_context(), reading() as session:
            row = session.get_one(table, key)
            found: int = row.sequence if table is Report else row.version
        return found


def build(app: Flask) -> World:
    """The world, on an empty database."""
    client = app.test_client(use_cookies=False)
    owner_tokens = citizen(app, OWNER)
    owner, stranger = bearer(owner_tokens), bearer(citizen(app, STRANGER))
    photo = _photo(client, owner)
    _render(app, photo["id"])
    report = file_report(client, owner, media_ids=[photo["id"]])
    with app.app_context(), transaction() as session:
        session.execute(update(Report).values(agency=UNIT, status="assigned", sequence=2))
    accounts = _accounts(app, report["area"])
    browsers = {caller: _browser(app, account) for caller, account in accounts.items()}
    with app.app_context():
        visit = Browser(
            {"Cookie": "__Host-visit=of-the-matrix"}, mac("csrf", "visit:of-the-matrix")
        )
    keys, partner = _keys(app)
    owner_id = str(_subject(owner))
    entries = registers.entries(app)
    ids = {
        "report_id": report["id"],
        "media_id": photo["id"],
        "upload_id": _upload(client, owner),
        "unused_photo": _photo(client, owner)["id"],
        "installation_id": _device(client, owner),
        "unowned_installation": _unowned_device(client),
        "message_id": _message(app, owner_id),
        "broadcast": _broadcast(app),
        "scope": "web",
        "session": _session_of(app, _subject(bearer(citizen(app, OWNER)))),
        "officer_session": _session_of(app, _subject(accounts["officer"])),
        "officer_id": str(_subject(bearer(officer(app, Role.UNIT_OFFICER, OTHER_UNIT)))),
        "destination": "ioc",
        **_delivery(app),
        "reconciliation_id": _reconciliation(app),
        "notice_id": _notice(app, accounts["officer"]),
        "partner_id": partner,
        "breach_id": _breach(client, accounts["admin"]),
        **_export(app, client, owner),
        "consent": "campaigns",
        "deed": "cancellation",
        "unplaced_id": _unplaced(client, keys["granted"]),
        "service": "noise",
        "fmt": "json",
        "filter": "Quá hạn",
        "reply": _reply(client, accounts["lead"]),
        "campaign_id": _campaign(client, accounts["operator"]),
        "template": _template(client, accounts["operator"]),
        "source_id": _source(app),
        "article_id": draft(client, accounts["editor"], agency=UNIT)["id"],
        "card_id": announce(client, accounts["editor"])["id"],
        "contact_id": contact(client, accounts["editor"])["id"],
        **_document(client, accounts["operator"]),
        "bookmarked": "news",
        "procedure": _procedure(app),
        "priced": "ca-chep",
        "priced_day": "2026-11-20",
        **entries,
        "draft_comment_id": _draft_comment(client, owner, entries["draft"]),
        "path_id": "new_child",
        "first": "1",
        "comment_id": _comment(client, owner, report["id"]),
        "area": report["area"],
        "parent": file_report(client, bearer(citizen(app, "+84912000444")))["code"],
        "rule": "noise-at-night",
        "next_week": (clock.now() + timedelta(days=7)).isoformat(),
        "block_id": _block(app, client, accounts["lead"], report["id"]),
        "refresh": owner_tokens.refresh_token,
        "picture": urlsplit(photo["links"]["small"]).query,
        "filename": "docs/index.html",
        "name": "small.jpg",
        "number": "0",
        "nothing": str(uuid.uuid4()),
    }
    ids |= _registration(client, owner, ids["activity"])
    ids |= _attempt(client, owner, ids["contest"])
    ids["question_id"] = _question(client, owner, accounts["operator"])
    ids |= _team(app, client, accounts["lead"])
    callers = {"anonymous": {}, "owner": owner, "stranger": stranger, **accounts, **keys}
    return World(app, ids, callers, {"anybody": visit, **browsers}, owner_id)


def _accounts(app: Flask, area: str) -> dict[str, Headers]:
    """The officers, by what they are to the report that lies in an area."""
    with app.app_context():
        committee = areas.reference().committees[area].code
    kinds = {
        "officer": (Role.UNIT_OFFICER, UNIT),
        "leader": (Role.UNIT_LEADER, UNIT),
        "ward": (Role.UNIT_LEADER, committee),
        "other": (Role.UNIT_OFFICER, OTHER_UNIT),
        "operator": (Role.IOC_OPERATOR, "ioc"),
        "lead": (Role.IOC_LEAD, "ioc"),
        "editor": (Role.CONTENT_EDITOR, None),
        "admin": (Role.ADMIN, None),
        "auditor": (Role.AUDITOR, None),
        "newcomer": (Role.IOC_LEAD, "ioc"),
    }
    made = {caller: bearer(officer(app, *kind)) for caller, kind in kinds.items()}
    newcomer = Officer.id == _subject(made["newcomer"])
    with app.app_context(), transaction() as session:
        session.execute(update(Officer).where(newcomer).values(password_temporary=True))
    return made


def _browser(app: Flask, account: Headers) -> Browser:
    """An officer's browser, signed in at the console."""
    with app.app_context(), transaction() as session:
        row = session.get_one(Officer, _subject(account))
        who = Principal(Role(row.role), str(row.id), row.agency)
        cookie = console_sessions.begin(session, who, "test", "totp")
        kept = SignedIn.principal_id == row.id, SignedIn.cookie_hash.is_not(None)
        csrf = mac("csrf", f"session:{session.scalars(select(SignedIn.id).where(*kept)).one()}")
    return Browser({"Cookie": f"__Host-session={cookie}"}, csrf)


def _keys(app: Flask) -> tuple[dict[str, Headers], str]:
    """Headers of a key with the grant and of one without, and a third partner's id."""
    made = {}
    with app.app_context(), transaction() as session:
        for name, grants in {"granted": list(PARTNERS_MAY), "partner": [], "third": []}.items():
            asked = {"name": name, "grants": grants, "per_minute": None, "expires_at": None}
            made[name] = partners.create(session, "test", asked)
        stands_for = made["granted"][0].id
        administration.create(
            session, "test", "ioc", SECRET, url="https://ioc.test/events", partner_id=stands_for
        )
    headers = {n: {"Authorization": f"Bearer {key}"} for n, (_, key) in made.items()}
    return headers, str(made["third"][0].id)


def _reconciliation(app: Flask) -> str:
    """A run of the night."""
    with app.app_context(), transaction() as session:
        run = runs.new_run("ioc", runs.SYSTEM, since=clock.now(), until=clock.now())
        session.add(run)
    return str(run.id)


def _delivery(app: Flask) -> dict[str, str]:
    """A step that waits for the destination, and a replay of all that do."""
    work(app, "events")
    with app.app_context(), transaction() as session:
        event = session.scalars(select(Delivery.event_id).limit(1)).one()
        replay, _ = replays.begin(session, "test", "ioc", {"states": ["pending"]}, "test")
    return {"event_id": str(event), "replay_id": str(replay.id)}


def _photo(client: FlaskClient, owner: Headers) -> dict[str, Any]:
    form = {"file": (io.BytesIO(jpeg(80, 60)), "photo.jpg")}
    answer = client.post("/api/v1/media", data=form, headers=owner)
    assert answer.status_code == 201, answer.json
    return answer.json


def _upload(client: FlaskClient, owner: Headers) -> str:
    headers = {**owner, "Tus-Resumable": "1.0.0", "Upload-Length": "9"}
    answer = client.post("/api/v1/media/uploads", headers=headers)
    assert answer.status_code == 201, answer.json
    return answer.headers["Location"].rpartition("/")[2]


def _breach(client: FlaskClient, admin: Headers) -> str:
    body = {
        "description": "Gửi nhầm địa chỉ.",
        "data_kinds": ["số điện thoại"],
        "discovered_at": clock.now().isoformat(),
    }
    answer = client.post("/api/v1/admin/breaches", json=body, headers=admin)
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def _source(app: Flask) -> str:
    """A feed that brings the agency's news."""
    told = {"name": "Tin", "url": "https://tin.example.vn/rss", "category": "society"}
    with app.app_context(), transaction() as session:
        return str(keeping.create(session, "test", {**told, "agency": UNIT}).id)


def _reply(client: FlaskClient, lead: Headers) -> str:
    words = {"title_vi": "Mẫu", "title_en": "Sample", "text_vi": "{code}", "text_en": "{code}"}
    body = {"code": "of_the_matrix", **words}
    answer = client.post("/api/v1/admin/replies", json=body, headers=lead)
    assert answer.status_code == 201, answer.json
    return str(answer.json["code"])


def _block(app: Flask, client: FlaskClient, lead: Headers, report: str) -> str:
    """A block of the device that the report is said to have come from."""
    with app.app_context(), transaction() as session:
        sent_by = {"device_index": "x" * 43, "at": clock.now()}
        session.add(ReportDevice(report_id=uuid.UUID(report), **sent_by))
    until = (clock.now() + timedelta(days=7)).isoformat()
    body = {"report": report, "reason": "Tin rác.", "until": until}
    answer = client.post("/api/v1/admin/blocked-devices", json=body, headers=lead)
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def _comment(client: FlaskClient, owner: Headers, report: str) -> str:
    path = f"/api/v1/reports/{report}/comments"
    answer = client.post(path, json={"text": "Vẫn còn."}, headers=owner)
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def _draft_comment(client: FlaskClient, owner: Headers, draft: str) -> str:
    body = {"text": "Nên thu gom buổi sáng."}
    answer = client.post(f"/api/v1/drafts/{draft}/comments", json=body, headers=owner)
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def _campaign(client: FlaskClient, drafter: Headers) -> str:
    """A draft that is an urgent warning."""
    path = "/api/v1/officer/campaigns"
    words = {"vi": {"title": "Mưa lớn", "body": "Hạn chế ra đường."}}
    body = {"name": "Mưa lớn", "category": "warnings", "content": words}
    answer = client.post(path, json=body, headers=drafter)
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def _document(client: FlaskClient, writer: Headers) -> dict[str, str]:
    """A draft of a unit's document, and its file with a link that opens it."""
    document = entered(client, writer, file_id=a_file(client, writer), number="1/TB-SXD")
    file = document["file"]
    link = urlsplit(file["link"]).query
    names = {"file_id": document["file_id"], "file_name": file["name"], "file": link}
    return {"document_id": document["id"], **names}


def _template(client: FlaskClient, drafter: Headers) -> str:
    words = {lang: {"title": "Mưa lớn", "body": "{where}"} for lang in ("vi", "en")}
    body = {"name": "mua-lon", "category": "warnings", "content": words}
    answer = client.post("/api/v1/officer/push-templates", json=body, headers=drafter)
    assert answer.status_code == 201, answer.json
    return str(answer.json["name"])


def _export(app: Flask, client: FlaskClient, owner: Headers) -> dict[str, str]:
    """The owner's archive, made, and what makes its link good."""
    path = "/api/v1/me/export"
    assert client.post(path, headers=owner).status_code == 202
    work(app, "exports")
    made = client.get(path, headers=owner).json
    assert made["link"], made
    return {"export_id": made["id"], "archive": urlsplit(made["link"]).query}


def _render(app: Flask, media_id: str) -> None:
    """Put a picture where the worker would."""
    with app.app_context():
        key = storage_key(uuid.UUID(media_id), "small.jpg")
        storage().put(key, io.BytesIO(jpeg(40, 30)), "image/jpeg")


def _registration(client: FlaskClient, owner: Headers, activity: str) -> dict[str, str]:
    """The owner's for the activity, and a code that is not good (any more)."""
    path = f"/api/v1/activities/{activity}/registration"
    answer = client.post(path, json={}, headers=owner)
    assert answer.status_code == 201, answer.json
    ident = answer.json["id"]
    return {"registration_id": ident, "check_in": f"SCIN1.{ident}.000000"}


def _attempt(client: FlaskClient, owner: Headers, contest: str) -> dict[str, str]:
    """The owner's paper in the contest, whose results have a version of their own."""
    answer = client.post(f"/api/v1/contests/{contest}/attempts", json={}, headers=owner)
    assert answer.status_code == 201, answer.json
    return {"attempt_id": answer.json["id"], "settlement": contest}


def _question(client: FlaskClient, owner: Headers, moderator: Headers) -> str:
    """The owner's question, which the unit is to answer."""
    asked = questions.ask(client, owner)
    return str(questions.forwarded(client, moderator, asked)["id"])


def _team(app: Flask, client: FlaskClient, lead: Headers) -> dict[str, str]:
    """A digital team and a code of it."""
    ident = str(published(app, PLACE, category="community_team", ward="11311").id)
    path = f"/api/v1/officer/teams/{ident}/referral-codes"
    answer = client.post(path, json={"holders": ["Chị Hoa"]}, headers=lead)
    assert answer.status_code == 201, answer.json
    return {"team_id": ident, "referral": answer.json["items"][0]["code"]}


def _unplaced(client: FlaskClient, partner: Headers) -> str:
    """A partner's request that waits for a place."""
    form = {"service_code": "lighting", "address_string": "Chợ Phú Yên"}
    answer = client.post("/open311/v2/requests.json", data=form, headers=partner)
    assert answer.status_code == 200, answer.data
    return str(uuid.UUID(answer.json[0]["token"]))


def _device(client: FlaskClient, owner: Headers) -> str:
    installation = str(uuid.uuid4())
    body = {"kind": "token", "value": "owners", "platform": "ios", "app_version": "1.0"}
    path = f"/api/v1/me/devices/{installation}"
    assert client.put(path, json=body, headers=owner).status_code == 200
    return installation


def _unowned_device(client: FlaskClient) -> str:
    installation = str(uuid.uuid4())
    body = {"kind": "token", "value": "nobodys", "platform": "ios", "app_version": "1.0"}
    headers = {"Device-Key": DEVICE_KEY}
    path = f"/api/v1/devices/{installation}"
    assert client.put(path, json=body, headers=headers).status_code == 200
    return installation


def _procedure(app: Flask) -> str:
    bring(app, record())
    return str(record()["code"])


def _message(app: Flask, citizen_id: str) -> str:
    message = InboxMessage(
        id=new_id(),
        citizen_id=uuid.UUID(citizen_id),
        category="reports",
        text="push.report.accept",
        values={"code": "HP-2026-000001", "public_text": ""},
        link="/reports/x",
        created_at=clock.now(),
    )
    with app.app_context(), transaction() as session:
        session.add(message)
    return str(message.id)


def _broadcast(app: Flask) -> str:
    """What everybody was told, and a brake."""
    content = {"vi": {"title": "Tin", "body": "Tin mới."}}
    told = {"category": "news", "content": content, "link": "/news/1", "audience": {}}
    with app.app_context(), transaction() as session:
        ident = new_id()
        push.broadcast(session, id=ident, at=clock.now(), **told)
        push.brakes.brake(session, "web", None, "THIRD_PARTY_AUTH_ERROR")
    return str(ident)


def _notice(app: Flask, account: Headers) -> str:
    """What an officer was told."""
    values = {"code": "HP-2026-000001", "due": "17:00 19/11/2026"}
    who, text = [_subject(account)], "notice.resolve.overdue"
    told = notices.Told(who, text, values, "/reports/x", "report:x")
    with app.app_context(), transaction() as session:
        notices.tell(session, [told])
        return str(session.scalars(select(Notice.id)).one())


def _session_of(app: Flask, person: uuid.UUID) -> str:
    """The newest session of somebody, which nobody in the matrix speaks with."""
    with app.app_context(), reading() as session:
        query = select(SignedIn.id).where(SignedIn.principal_id == person)
        return str(session.scalars(query.order_by(SignedIn.created_at.desc()).limit(1)).one())


def _subject(headers: Headers) -> uuid.UUID:
    token = headers["Authorization"].removeprefix("Bearer ")
    return uuid.UUID(jwt.decode(token, options={"verify_signature": False})["sub"])
