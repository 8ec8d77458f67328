"""The matrix as agreed: every route has a row, every row says what each caller gets.

**A new route**: add it to ROUTES, with the row that tells who may call it and, if it takes a body,
a good one. An object of a new kind is made in world.py, under the name of the path's variable.

    +  let in: done, or refused for what was asked (409; more only where `also` says so)
    -  403, decided before the body is read
    ?  401 likewise: nobody knows who asks
    0  404, word for word as if the object were not there
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.permissions import registers

# The owner filed the report; officer and leader are of the agency that has it, which is no
# commune's; ward leads the committee of the commune where it lies; other is of another agency.
# A newcomer has to secure his account yet. Keys come with the grant and without; the ioc signs.
CALLERS = {
    "people": ("anonymous", "owner", "stranger"),
    "units": ("officer", "leader", "ward", "other"),
    "staff": ("operator", "lead", "editor", "admin", "auditor", "newcomer"),
    "programs": ("granted", "partner", "ioc"),
}

#                people units staff  programs
ROWS = {
    "everybody": "+++   ++++  ++++++ +++",
    "citizen":   "?++   ----  ------ --?",
    "owner":     "?+0   ----  ------ --?",
    "signed in": "?++   ++++  ++++++ --?",
    "uploader":  "?++   ++++  +++--- --?",
    "photo":     "?+0   0000  000--- --?",
    "report":    "?+0   +++0  ++--+- --?",
    "reports":   "?--   ++++  ++--+- --?",
    "work":      "?--   +++0  ++--+- --?",
    "by ioc":    "?--   ----  ++---- --?",
    "by lead":   "?--   ----  -+---- --?",
    "by unit":   "?--   ++00  ------ --?",
    "by either": "?--   ++00  ++---- --?",
    "by leader": "?--   -+0-  ------ --?",
    "sent back": "?--   -+0-  ++---- --?",
    "officers":  "?--   ++++  ++++++ --?",
    "officer's": "?--   +000  000000 --?",
    "at work":   "?--   ++++  +++++- --?",
    "one's own": "?--   +000  00000- --?",
    "managers":  "?--   ----  -+-+-- --?",
    "admin":     "?--   ----  ---+-- --?",
    "auditor":   "?--   ----  ----+- --?",
    "watchers":  "?--   ----  ---++- --?",
    "overseers": "?--   ----  ++-++- --?",
    "readers":   "?--   ----  +++++- --?",
    "drafters":  "?--   ----  +++--- --?",
    "screen":    "?--   ----  -+++-- --?",
    "articles":  "?--   ++00  +++++- --?",
    "writers":   "?--   ++++  +++--- --?",
    "author":    "?--   ++00  +++--- --?",
    "approver":  "?--   -+0-  -++--- --?",
    "keepers":   "?--   ----  --++-- --?",
    "centre":    "?--   ----  ------ +-+",
    "relay":     "---   ----  ------ +--",
    "no one":    "+--   ----  ------ --+",
    "console":   "???   ++++  ++++++ ???",
    "at desk":   "???   ----  ++-++- ???",
    "at helm":   "???   ----  -+-+-- ???",
    "at board":  "???   ----  +++++- ???",
    "browser's": "???   +000  000000 ???",
}  # fmt: skip


DEVICE_KEY = "k" * 32  # of the phone on which nobody is signed in


@dataclass(frozen=True)
class Route:
    """How a route is asked so that only permission can stand in the way.

    `body` and `query` may name the world's ids as `{report}`. `status` is the state that the report
    has to be in; `sees` names the object whose version If-Match shows. `ids` are other objects
    than those named like the path's variables. `also` are statuses of those let in, where no
    request of a test can succeed. `reads`: the body itself proves who sent it. `headers` are those
    that the route asks for.
    """

    row: str
    body: Mapping[str, Any] | None = None
    form: Mapping[str, Any] | None = None
    query: str = ""
    status: str = ""
    sees: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    also: frozenset[int] = frozenset()
    reads: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


def _move(row: str, status: str, **body: Any) -> Route:
    return Route(row, body=body, status=status, sees="report_id")


_UNPUBLISHED = frozenset({404})  # the world's report and its photo
_REGION = {"left": 0.1, "top": 0.1, "width": 0.2, "height": 0.2}
_WORDS = {"public_text": "Đã vá mặt đường."}
_PARTS = [{"agency": "so-xay-dung"}, {"agency": "so-y-te"}]
_REFUSAL = {**_WORDS, "reason": "outside_authority"}
_REASON = {"reason": "Nghỉ hưu."}
_WRONG = frozenset({401, 422})
_DEVICE = {"kind": "token", "value": "abc", "platform": "android", "app_version": "1.0"}
_PRICED = {"good": "priced", "day": "priced_day"}
_PROCEDURE, _UNKEPT = {"code": "procedure"}, frozenset({404})
_CHOSEN = {"categories": {"news": False}}
_KEYED = "/api/v1/devices/<uuid:installation_id>"
_BY_KEY: dict[str, Any] = {
    "headers": {"Device-Key": DEVICE_KEY},
    "ids": {"installation_id": "unowned_installation"},
}
_OF_ALL = {**_BY_KEY, "ids": {**_BY_KEY["ids"], "message_id": "broadcast"}}
_SEEN = {"until": "2026-11-22T08:00:00+07:00"}
_REPORT = {
    "category": "traffic_infra",
    "description": "Ổ gà lớn",
    "latitude": 20.94,
    "longitude": 106.33,
}
_OFFICER = {
    "username": "moi",
    "password": "mật khẩu tạm thời số 2026",
    "role": "auditor",
    "display_name": "Người mới",
}
_PARTNER = {"name": "Cổng 1022", "grants": ["call_back"]}
_CALLBACK = {
    "id": "callback-1",
    "report": "{report_id}",
    "sequence": 1,
    "move": "start",
    "at": "2026-11-22T08:00:00+07:00",
}
_RECEIPT = {"mid": "{nothing}", "event": "opened", "at": "2026-11-22T08:00:00+07:00"}
_SURVEY, _DRAFT = {"survey_id": "survey"}, {"draft_id": "draft"}
_SURVEYED = "/api/v1/officer/surveys/<uuid:survey_id>"
_VOICE = "/api/v1/officer/draft-comments/<uuid:draft_comment_id>"
_REPLY = {"title_vi": "Cảm ơn", "title_en": "Thanks", "text_vi": "{{code}}", "text_en": "Thanks."}
_CODE = {"challenge_id": "{nothing}", "code": "123456"}
_BREACH = {
    "description": "Gửi nhầm địa chỉ.",
    "data_kinds": ["số điện thoại"],
    "discovered_at": "2026-11-22T08:00:00+07:00",
}
_CAMPAIGN = "/api/v1/officer/campaigns/<uuid:campaign_id>"
_TEMPLATES = "/api/v1/officer/push-templates"
_FIRST = {"If-Match": '"1"'}
_CONTENT = {lang: {"title": "Mưa lớn", "body": "Hạn chế ra đường."} for lang in ("vi", "en")}
_TEXT = {"category": "warnings", "content": _CONTENT}
_MESSAGE = {**_TEXT, "name": "Mưa lớn"}
_UPLOADS = "/api/v1/media/uploads/<uuid:media_id>"
_TUS = {"Tus-Resumable": "1.0.0"}
_PART = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
_ACCOUNT = "/api/v1/officer/me"
_DOCUMENTS = "/api/v1/officer/documents"
_DOCUMENT_ID = f"{_DOCUMENTS}/<uuid:document_id>"
_DOCUMENT = {
    "number": "12/2026/QĐ-UBND",
    "kind": "decision",
    "abstract": "Quy chế cổng dữ liệu mở",
    "agency": "so-xay-dung",
    "issued_on": "2026-03-26",
}
_AT = {"lat": "20.94", "long": "106.33"}
_OPEN311, _ANY = "/open311/v2", ".<any(xml, json):fmt>"
_UNPLACED = "/api/v1/officer/open311/unplaced"
_MOVES = "/api/v1/officer/reports/<uuid:report_id>"
_ADMIN = "/api/v1/admin"
_DESTINATIONS = f"{_ADMIN}/destinations"
_RUNS = "/api/v1/officer/reconciliations"
_STANDING = "/api/v1/officer/destinations/<destination>"
_DELIVERY = f"{_STANDING}/deliveries/<uuid:event_id>"
_OFFICERS = f"{_ADMIN}/officers/<uuid:officer_id>"
_KEYS = f"{_ADMIN}/partner-keys/<uuid:partner_id>"

_CARD = "/api/v1/officer/home-cards/<uuid:card_id>"
_CONTACT = "/api/v1/officer/contacts/<uuid:contact_id>"
_CONFIG = "/api/v1/officer/app-config"
_SHOWN = {"kind": "announcement", "title_vi": "Ngày hội", "text_vi": "Mời ông bà dự."}
_HOTLINE = {"kind": "hotline", "number": "1022", "name_vi": "Tổng đài 1022"}
_TOLD = {
    "android": {
        "minimum": "1.0",
        "latest": "1.0",
        "store": "https://play.google.com/store/apps/details?id=x",
    },
    "ios": {"minimum": "1.0", "latest": "1.0", "store": "https://apps.apple.com/vn/app/id1"},
    "maintenance": None,
    "features": {},
}
_UNTOLD = {"If-Match": '"0"'}

_REGISTER = "/api/v1/officer/services"
_REGISTERED = f"{_REGISTER}/<code>"
_UNLINKED = frozenset({404})  # the world's procedure leads nowhere

_ACTIVITY = "/api/v1/activities/<uuid:activity_id>"
_ROLL = "/api/v1/officer/activities/<uuid:activity_id>"
_BY_HAND = f"{_ROLL}/registrations/<uuid:registration_id>/check-in"
_VOLUNTEERS = {"activity_id": "activity"}
_CONTEST = "/api/v1/contests/<uuid:contest_id>"
_ASKED = "/api/v1/me/questions/<uuid:question_id>"
_QUEUE = "/api/v1/officer/questions"
_QUESTION = f"{_QUEUE}/<uuid:question_id>"
_CODES = "/api/v1/officer/referral-codes"
_CLOSURE, _CODE_OF_TEAM = f"{_CODES}/<code>/closure", {"code": "referral"}
_JUDGED = "/api/v1/officer/contests/<uuid:contest_id>"
_PAPER = "/api/v1/contest-attempts/<uuid:attempt_id>"
_ENTERED = {"contest_id": "contest"}

_SOURCES = "/api/v1/officer/sources"
_SOURCE_ID = f"{_SOURCES}/<uuid:source_id>"
_SOURCE = {"name": "Tin", "url": "http://127.0.0.1:9/rss", "category": "society"}
_ARTICLES = "/api/v1/officer/articles"
_ARTICLE = f"{_ARTICLES}/<uuid:article_id>"


def _article(row: str, body: Mapping[str, Any] | None = None, **other: Any) -> Route:
    """A step on the world's article; of most, its state lets nobody take them."""
    return Route(row, body, sees="article_id", **other)


ROUTES: dict[str, Route] = {
    # of the program itself, and reference data
    "GET /static/<path:filename>": Route("everybody"),
    "GET /docs": Route("everybody"),
    "GET /api/openapi.json": Route("everybody"),
    "GET /healthz": Route("everybody"),
    "GET /readyz": Route("everybody"),
    "GET /metrics": Route("everybody"),  # by its own key, which no person has
    "GET /api/v1/areas": Route("everybody"),
    "GET /api/v1/areas/locate": Route("everybody", query="latitude=20.94&longitude=106.33"),
    "GET /api/v1/agencies": Route("everybody"),
    "GET /api/v1/categories": Route("everybody"),
    "GET /api/v1/reasons": Route("everybody"),
    "GET /api/v1/privacy/policy": Route("everybody"),
    "GET /data.json": Route("everybody"),
    "GET /api/v1/public/reports": Route("everybody"),
    "GET /api/v1/public/reports/<uuid:report_id>": Route("everybody", also=_UNPUBLISHED),
    "GET /api/v1/public/reports.geojson": Route("everybody", query="bbox=106,20,107,21&zoom=9"),
    "GET /api/v1/public/reports/counts": Route("everybody"),
    "GET /media/public/<uuid:media_id>/<int:number>/"
    "<any('large.jpg', 'large.webp', 'small.jpg', 'small.webp'):name>": Route(
        "everybody", also=_UNPUBLISHED
    ),
    f"GET {_MOVES}/publication": Route("by ioc"),
    f"PUT {_MOVES}/publication": Route("by ioc", {}, status="assigned", sees="publication"),
    f"DELETE {_MOVES}/publication": Route(
        "by ioc", query="reason=personal_data", sees="publication", also=frozenset({409})
    ),
    f"PUT {_MOVES}/photos/<uuid:media_id>/redaction": Route(
        "by ioc", {"regions": [_REGION]}, sees="publication"
    ),
    f"DELETE {_MOVES}/photos/<uuid:media_id>/redaction": Route("by ioc", sees="publication"),
    "GET /api/v1/search": Route("everybody", query="q=lua"),
    "GET /api/v1/search/suggestions": Route("everybody", query="q=lua"),
    "GET /api/v1/public/statistics": Route("everybody"),
    "GET /api/v1/public/statistics.csv": Route("everybody"),
    "GET /api/v1/public/scoreboard": Route("everybody", query="period=2026"),
    "GET /api/v1/public/open-data/reports.csv": Route("everybody"),
    "GET /api/v1/public/open-data/reports.json": Route("everybody"),
    "GET /api/v1/public/open-data/reports.xlsx": Route("everybody"),
    "GET /api/v1/public/open-data/dictionary.json": Route("everybody"),
    "GET /api/v1/public/open-data/dictionary.csv": Route("everybody"),
    # signing in and out
    "POST /api/v1/auth/otp": Route("everybody", body={"phone": "0987000111"}),
    "POST /api/v1/auth/tokens": Route("everybody", _CODE, also=_WRONG),
    "POST /api/v1/auth/refresh": Route("everybody", body={"refresh_token": "{refresh}"}),
    "POST /api/v1/officer/auth/tokens": Route(
        "everybody", body={"username": "nobody", "password": "x" * 12}, also=_WRONG
    ),
    "DELETE /api/v1/auth/session": Route("signed in"),
    # a citizen's own
    "GET /api/v1/me": Route("citizen"),
    "GET /api/v1/me/sessions": Route("citizen"),
    "DELETE /api/v1/me/sessions": Route("citizen"),
    "DELETE /api/v1/me/sessions/<uuid:revoked>": Route("owner", ids={"revoked": "session"}),
    "POST /api/v1/me/identity": Route("citizen", also=frozenset({404})),  # no provider is set
    "PUT /api/v1/me/identity": Route(
        "citizen", body={"state": "x", "code": "y"}, also=frozenset({404, 422})
    ),
    "PUT /api/v1/me/devices/<uuid:installation_id>": Route("citizen", body=_DEVICE),
    "DELETE /api/v1/me/devices/<uuid:installation_id>": Route("owner"),
    "PUT /api/v1/me/devices/<uuid:installation_id>/preferences": Route("owner", _CHOSEN),
    "POST /api/v1/me/push-receipts": Route(
        "owner", {"installation_id": "{installation_id}", "receipts": [_RECEIPT]}
    ),
    f"POST {_KEYED}/push-receipts": Route("no one", {"receipts": [_RECEIPT]}, **_BY_KEY),
    "GET /api/v1/push/categories": Route("everybody"),
    f"PUT {_KEYED}": Route("no one", _DEVICE, **_BY_KEY),
    f"GET {_KEYED}": Route("no one", **_BY_KEY),
    f"DELETE {_KEYED}": Route("no one", **_BY_KEY),
    f"PUT {_KEYED}/preferences": Route("no one", _CHOSEN, **_BY_KEY),
    "GET /api/v1/me/inbox": Route("citizen"),
    "PUT /api/v1/me/inbox/<uuid:message_id>/reading": Route("owner"),
    "PUT /api/v1/me/inbox/<uuid:message_id>/archive": Route("owner"),
    "DELETE /api/v1/me/inbox/<uuid:message_id>/archive": Route("owner"),
    "GET /api/v1/me/inbox/unread-count": Route("citizen"),
    "PUT /api/v1/me/inbox/reading": Route("citizen", body=_SEEN),
    f"GET {_KEYED}/inbox": Route("no one", **_BY_KEY),
    f"GET {_KEYED}/inbox/unread-count": Route("no one", **_BY_KEY),
    f"PUT {_KEYED}/inbox/reading": Route("no one", body=_SEEN, **_BY_KEY),
    f"PUT {_KEYED}/inbox/<uuid:message_id>/reading": Route("no one", **_OF_ALL),
    f"PUT {_KEYED}/inbox/<uuid:message_id>/archive": Route("no one", **_OF_ALL),
    f"DELETE {_KEYED}/inbox/<uuid:message_id>/archive": Route("no one", **_OF_ALL),
    "GET /api/v1/officer/push/brakes": Route("readers"),
    "DELETE /api/v1/officer/push/brakes/<scope>": Route(
        "managers", query="reason=x", also=frozenset({404})
    ),
    "PATCH /api/v1/me": Route("citizen", {"display_name": "An"}),
    "DELETE /api/v1/me": Route("citizen"),
    "DELETE /api/v1/me/erasure": Route("citizen"),
    "GET /api/v1/me/consents": Route("citizen"),
    "PUT /api/v1/me/consents/<purpose>": Route(
        "citizen", {"granted": True, "policy_version": 1}, ids={"purpose": "consent"}
    ),
    "POST /api/v1/me/export": Route("citizen"),
    "GET /api/v1/me/export": Route("citizen", also=frozenset({404})),  # the stranger asked for none
    "PUT /api/v1/me/phone": Route("citizen", _CODE, also=_WRONG),
    "PUT /api/v1/me/restriction": Route("citizen"),
    "DELETE /api/v1/me/restriction": Route("citizen"),
    "GET /exports/<uuid:export_id>": Route("everybody", query="{archive}"),  # who has the link
    # photos
    "POST /api/v1/media": Route("uploader", form={"file": "photo.jpg"}),
    "GET /api/v1/media/<uuid:media_id>": Route("photo"),
    "GET /media/<uuid:media_id>/<any('large.jpg', 'large.webp', 'small.jpg', 'small.webp'):name>": (
        Route("everybody", query="{picture}")  # who has the link: it is signed, and expires
    ),
    "POST /api/v1/media/uploads": Route("uploader", headers={**_TUS, "Upload-Length": "9"}),
    f"GET {_UPLOADS}": Route("photo", headers=_TUS),  # by HEAD only
    f"PATCH {_UPLOADS}": Route("photo", headers={**_TUS, **_PART}, ids={"media_id": "upload_id"}),
    f"DELETE {_UPLOADS}": Route("photo", headers=_TUS, ids={"media_id": "upload_id"}),
    # reports
    "POST /api/v1/reports": Route("citizen", body=_REPORT),
    "GET /api/v1/me/reports": Route("citizen"),
    "GET /api/v1/reports/similar": Route(
        "citizen", query="category=traffic_infra&latitude=20.94&longitude=106.33"
    ),
    "PUT /api/v1/reports/<uuid:report_id>/support": Route("citizen"),
    "DELETE /api/v1/reports/<uuid:report_id>/support": Route("citizen"),
    "PUT /api/v1/reports/<uuid:report_id>/following": Route("citizen"),
    "DELETE /api/v1/reports/<uuid:report_id>/following": Route("citizen"),
    "GET /api/v1/me/following": Route("citizen"),
    "GET /api/v1/officer/reports/<uuid:report_id>/similar": Route("work"),
    "GET /api/v1/reports/<uuid:report_id>": Route("report"),
    "GET /api/v1/reports/<uuid:report_id>/timeline": Route("report"),
    "PUT /api/v1/reports/<uuid:report_id>/photos": Route(
        "owner", {"media_ids": ["{unused_photo}"]}, status="submitted"
    ),
    "PUT /api/v1/reports/<uuid:report_id>/withdrawal": Route("owner", status="submitted"),
    "PUT /api/v1/reports/<uuid:report_id>/answer": Route("owner", _WORDS, status="need_info"),
    "PUT /api/v1/reports/<uuid:report_id>/appeal": Route("owner", _WORDS, status="rejected"),
    "PUT /api/v1/reports/<uuid:report_id>/rating": Route(
        "owner", {"verdict": "satisfied"}, status="resolved"
    ),
    "GET /api/v1/officer/reports": Route("reports"),
    "GET /api/v1/officer/statistics": Route("reports"),
    "GET /api/v1/officer/statistics.csv": Route("reports"),
    "POST /api/v1/officer/reports/search": Route("reports", {"q": "o ga"}),
    "GET /api/v1/officer/reports.csv": Route("reports"),
    f"GET {_ACCOUNT}/filters": Route("reports"),
    f"PUT {_ACCOUNT}/filters/<name>": Route("reports", {"filters": {}}, ids={"name": "filter"}),
    f"DELETE {_ACCOUNT}/filters/<name>": Route(
        "reports", ids={"name": "filter"}, also=frozenset({404})
    ),
    "POST /api/v1/reports/<uuid:report_id>/comments": Route("owner", {"text": "Vẫn còn."}),
    "GET /api/v1/reports/<uuid:report_id>/comments": Route("owner"),
    "GET /api/v1/public/reports/<uuid:report_id>/comments": Route(
        "everybody",
        also=frozenset({404}),  # the report is not published
    ),
    "GET /api/v1/officer/comments": Route("by ioc"),
    "PUT /api/v1/officer/comments/<uuid:comment_id>/approval": Route("by ioc"),
    "PUT /api/v1/officer/comments/<uuid:comment_id>/rejection": Route("by ioc", _REASON),
    f"GET {_MOVES}/comments": Route("work"),
    f"POST {_MOVES}/comments": Route("by either", {"text": "Đang xử lý."}),
    f"GET {_MOVES}/notes": Route("by either"),
    f"POST {_MOVES}/notes": Route("by either", {"text": "Đã gọi."}),
    f"GET {_MOVES}/replies": Route("by either"),
    f"GET {_ADMIN}/replies": Route("managers"),
    f"POST {_ADMIN}/replies": Route("managers", {**_REPLY, "code": "moi"}),
    f"PUT {_ADMIN}/replies/<code>": Route("managers", _REPLY, sees="reply", ids={"code": "reply"}),
    f"DELETE {_ADMIN}/replies/<code>": Route("managers", sees="reply", ids={"code": "reply"}),
    f"GET {_MOVES}": Route("work"),
    "PUT /api/v1/reports/<uuid:report_id>/area": Route(
        "owner", {"area": "{area}"}, status="submitted"
    ),
    "POST /api/v1/officer/reports": Route(
        "by ioc", {**_REPORT, "phone": "0903456789", "consent": True}
    ),
    f"GET {_ADMIN}/routing-rules": Route("managers"),
    f"POST {_ADMIN}/routing-rules/trial": Route("managers", _REPORT),
    f"PUT {_ADMIN}/routing-rules/<code>/disabling": Route(
        "managers", _REASON, ids={"code": "rule"}
    ),
    f"DELETE {_ADMIN}/routing-rules/<code>/disabling": Route("managers", ids={"code": "rule"}),
    f"GET {_ADMIN}/blocked-devices": Route("managers"),
    f"POST {_ADMIN}/blocked-devices": Route(
        "managers", {"report": "{report_id}", "reason": "Tin rác.", "until": "{next_week}"}
    ),
    f"DELETE {_ADMIN}/blocked-devices/<uuid:block_id>": Route("managers"),
    f"PUT {_MOVES}/acceptance": _move("by ioc", "submitted"),
    f"PUT {_MOVES}/assignment": _move("by ioc", "accepted", agency="so-y-te"),
    f"PUT {_MOVES}/rejection": _move("by ioc", "submitted", **_REFUSAL),
    f"PUT {_MOVES}/duplicate": _move("by ioc", "submitted", **_WORDS, parent="{parent}"),
    f"PUT {_MOVES}/question": _move("by ioc", "assigned", **_WORDS),
    f"PUT {_MOVES}/question-proposal": _move("by unit", "assigned", **_WORDS),
    f"PUT {_MOVES}/parts": _move("by ioc", "accepted", parts=_PARTS),
    f"PUT {_MOVES}/progress": _move("by unit", "assigned"),
    f"PUT {_MOVES}/return": _move("by unit", "assigned", **_REFUSAL),
    f"PUT {_MOVES}/extension-request": _move("by unit", "assigned", until="{next_week}", **_WORDS),
    f"PUT {_MOVES}/extension": _move("by lead", "assigned", **_WORDS),
    f"PUT {_MOVES}/extension-refusal": _move("by lead", "assigned", **_WORDS),
    f"PUT {_MOVES}/result": Route(
        "by unit", _WORDS, status="in_progress", sees="report_id", also=frozenset({422})
    ),  # whose category wants a photo as proof
    f"PUT {_MOVES}/approval": _move("by leader", "pending_approval"),
    f"PUT {_MOVES}/correction": _move("sent back", "pending_approval", **_WORDS),
    f"PUT {_MOVES}/resolution": _move("by ioc", "pending_publication", **_WORDS),
    f"PUT {_MOVES}/appeal": _move("by lead", "rejected", **_WORDS),
    f"PUT {_MOVES}/appeal-denial": _move("by lead", "rejected", **_WORDS),
    "POST /api/v1/ioc/callbacks": Route("centre", _CALLBACK, status="assigned", reads=True),
    "POST /api/v1/ioc/callbacks/batch": Route("centre", {"callbacks": [_CALLBACK]}, reads=True),
    "POST /api/v1/ioc/acknowledgements": Route("centre", {"events": ["{nothing}"]}, reads=True),
    "GET /api/v1/ioc/feed": Route("centre", reads=True),
    "PUT /api/v1/ioc/feed/offset": Route("centre", {"position": 0}, reads=True),
    "GET /api/v1/ioc/snapshot": Route("centre", reads=True),
    "POST /api/v1/ioc/reconciliation": Route("centre", {"reports": []}, reads=True),
    f"GET {_RUNS}": Route("overseers"),
    f"POST {_RUNS}": Route("managers", {"destination": "ioc"}),
    f"GET {_RUNS}/<uuid:reconciliation_id>": Route("overseers"),
    f"GET {_RUNS}/<uuid:reconciliation_id>/differences": Route("overseers"),
    f"GET {_RUNS}/<uuid:reconciliation_id>/differences.csv": Route("overseers"),
    "GET /api/v1/officer/callbacks": Route("overseers"),
    "GET /api/v1/officer/callbacks.csv": Route("overseers"),
    # destinations, and what goes to them
    f"GET {_DESTINATIONS}": Route("admin"),
    f"POST {_DESTINATIONS}": Route("admin", {"name": "city", "url": "https://city.test/events"}),
    f"GET {_DESTINATIONS}/<destination>": Route("admin"),
    f"PATCH {_DESTINATIONS}/<destination>": Route("admin", {"timeout": 5}, sees="destination"),
    f"POST {_DESTINATIONS}/<destination>/secret": Route("admin", {}, sees="destination"),
    f"PUT {_DESTINATIONS}/<destination>/retirement": Route("admin", _REASON, sees="destination"),
    "GET /api/v1/officer/destinations": Route("overseers"),
    "GET /api/v1/officer/deliveries": Route("overseers"),
    "GET /api/v1/officer/deliveries.csv": Route("overseers"),
    f"GET {_DELIVERY}": Route("overseers"),
    f"PUT {_DELIVERY}/replay": Route("managers"),
    f"PUT {_DELIVERY}/skip": Route("managers", _REASON),
    f"PUT {_STANDING}/pause": Route("managers", _REASON),
    f"PUT {_STANDING}/resumption": Route("managers", _REASON),
    "POST /api/v1/officer/replays": Route(
        "managers", {**_REASON, "destination": "ioc", "states": ["dead"]}
    ),
    "GET /api/v1/officer/replays/<uuid:replay_id>": Route("overseers"),
    "GET /console/campaigns": Route("at board"),
    "GET /console/campaigns/<uuid:campaign_id>": Route("at board"),
    "GET /console/campaigns/<uuid:campaign_id>/truth.csv": Route("at board"),
    "GET /console/campaigns/<uuid:campaign_id>/<deed>": Route("at helm"),
    "POST /console/campaigns/<uuid:campaign_id>/<deed>": Route("at helm", form=_REASON),
    "GET /console/deliveries": Route("at desk"),
    "POST /console/deliveries/<destination>/pause": Route("at helm", form=_REASON),
    "POST /console/deliveries/<destination>/resumption": Route("at helm", form=_REASON),
    "POST /console/deliveries/<destination>/<uuid:event_id>/replay": Route("at helm", form={}),
    "POST /console/deliveries/<destination>/<uuid:event_id>/skip": Route("at helm", form=_REASON),
    # campaigns and their texts
    f"GET {_TEMPLATES}": Route("readers"),
    f"POST {_TEMPLATES}": Route("drafters", {**_TEXT, "name": "another"}),
    f"GET {_TEMPLATES}/<template>": Route("readers"),
    f"GET {_TEMPLATES}/<template>/versions/<int(max=1000000):number>": Route(
        "readers", ids={"number": "first"}
    ),
    f"PUT {_TEMPLATES}/<template>": Route("drafters", _TEXT, headers=_FIRST),
    f"DELETE {_TEMPLATES}/<template>": Route("drafters", headers=_FIRST),
    f"PUT {_TEMPLATES}/<template>/restoration": Route("drafters", headers=_FIRST),
    "GET /api/v1/officer/campaigns": Route("readers"),
    "GET /api/v1/officer/campaigns.csv": Route("readers"),
    f"GET {_CAMPAIGN}/truth": Route("readers"),
    f"GET {_CAMPAIGN}/truth.csv": Route("readers"),
    "POST /api/v1/officer/campaigns": Route("drafters", _MESSAGE),
    f"GET {_CAMPAIGN}": Route("readers"),
    f"PUT {_CAMPAIGN}": Route("drafters", _MESSAGE, sees="campaign_id"),
    f"DELETE {_CAMPAIGN}": Route("drafters", sees="campaign_id"),
    f"GET {_CAMPAIGN}/steps": Route("readers"),
    f"POST {_CAMPAIGN}/lint": Route("readers"),
    f"POST {_CAMPAIGN}/dry-run": Route("readers"),
    f"POST {_CAMPAIGN}/test-send": Route(  # no phone can be reached from the world
        "drafters", {"devices": ["{installation_id}"]}, also=frozenset({503})
    ),
    f"POST {_CAMPAIGN}/copy": Route("drafters"),
    f"POST {_CAMPAIGN}/recall": Route("drafters"),
    f"PUT {_CAMPAIGN}/submission": Route("drafters", sees="campaign_id"),
    f"DELETE {_CAMPAIGN}/submission": Route("drafters", sees="campaign_id"),
    f"PUT {_CAMPAIGN}/approval": Route("managers", {"hash": "0" * 64}, sees="campaign_id"),
    f"PUT {_CAMPAIGN}/correction": Route("managers", _REASON, sees="campaign_id"),
    f"PUT {_CAMPAIGN}/emergency": Route("by lead", _REASON, sees="campaign_id"),
    f"PUT {_CAMPAIGN}/review": Route("managers", _REASON),
    f"PUT {_CAMPAIGN}/pause": Route("managers", _REASON),
    f"PUT {_CAMPAIGN}/resumption": Route("managers", _REASON),
    f"PUT {_CAMPAIGN}/cancellation": Route("managers", _REASON),
    # articles
    f"GET {_ARTICLES}": Route("at work"),
    f"GET {_ARTICLES}.csv": Route("at work"),
    f"POST {_ARTICLES}": Route("writers", {"title": "Thông xe cầu"}),
    f"GET {_ARTICLE}": Route("articles"),
    f"PATCH {_ARTICLE}": _article("author", {"lead": "Khác."}),
    f"GET {_ARTICLE}/media": Route("articles"),
    f"GET {_ARTICLE}/versions": Route("articles"),
    f"GET {_ARTICLE}/versions/<int(max=1000000):number>": Route(
        "articles", ids={"number": "first"}
    ),
    f"PUT {_ARTICLE}/versions/<int(max=1000000):number>/restoration": _article(
        "author", _REASON, ids={"number": "first"}
    ),
    f"GET {_ARTICLE}/comparison": Route("articles", query="before=1&after=1"),
    f"PUT {_ARTICLE}/submission": _article("author"),
    f"DELETE {_ARTICLE}/submission": _article("author"),
    f"PUT {_ARTICLE}/discard": _article("author", _REASON),
    f"PUT {_ARTICLE}/return": _article("approver", _REASON),
    f"PUT {_ARTICLE}/approval": _article("approver"),
    f"DELETE {_ARTICLE}/schedule": _article("approver"),
    f"PUT {_ARTICLE}/correction": _article("approver"),
    f"PUT {_ARTICLE}/withdrawal": _article("approver", _REASON),
    f"PUT {_ARTICLE}/republication": _article("approver"),
    f"PUT {_ARTICLE}/pin": _article("approver", {"until": "{next_week}"}),
    f"DELETE {_ARTICLE}/pin": _article("approver"),
    f"GET {_ARTICLE}/reads": Route("articles"),
    # sources; nobody is asked by this test
    f"GET {_SOURCES}": Route("at work"),
    f"GET {_SOURCES}.csv": Route("at work"),
    f"POST {_SOURCES}": Route("keepers", _SOURCE, also=frozenset({422})),
    f"GET {_SOURCE_ID}": Route("articles"),
    f"PATCH {_SOURCE_ID}": Route("keepers", {"name": "Khác"}, sees="source_id"),
    f"PUT {_SOURCE_ID}/pause": Route("keepers", _REASON, sees="source_id"),
    f"DELETE {_SOURCE_ID}/pause": Route("keepers", sees="source_id"),
    f"POST {_SOURCE_ID}/poll": Route("keepers"),
    f"PUT {_SOURCE_ID}/retirement": Route("keepers", _REASON, sees="source_id"),
    f"DELETE {_SOURCE_ID}/retirement": Route("keepers", sees="source_id"),
    # documents and files
    f"GET {_DOCUMENTS}": Route("at work"),
    f"GET {_DOCUMENTS}.csv": Route("at work"),
    f"POST {_DOCUMENTS}": Route("writers", _DOCUMENT, also=frozenset({422})),  # of one's own agency
    f"GET {_DOCUMENT_ID}": Route("articles"),
    f"PATCH {_DOCUMENT_ID}": Route("author", {"signer": "Lê Bình"}, sees="document_id"),
    f"PUT {_DOCUMENT_ID}/publication": Route("approver", sees="document_id"),
    f"PUT {_DOCUMENT_ID}/withdrawal": Route("approver", _REASON, sees="document_id"),
    f"DELETE {_DOCUMENT_ID}/withdrawal": Route("author", sees="document_id"),
    "GET /api/v1/documents": Route("everybody"),
    "GET /api/v1/documents/<uuid:document_id>": Route("everybody", also=_UNPUBLISHED),
    "POST /api/v1/officer/files": Route(
        "writers", form={"file": "photo.jpg"}, also=frozenset({422})
    ),
    "GET /files/<uuid:file_id>/<name>": Route(  # who has the link: it is signed, and expires
        "everybody", query="{file}", ids={"name": "file_name"}
    ),
    # what is read
    "GET /api/v1/news": Route("everybody"),
    "GET /api/v1/news/<uuid:article_id>": Route("everybody", also=_UNPUBLISHED),
    "GET /api/v1/news/categories": Route("everybody"),
    "GET /feeds/news.rss": Route("everybody"),
    "GET /feeds/news.atom": Route("everybody"),
    "GET /feeds/news.json": Route("everybody"),
    "GET /news": Route("everybody"),
    "GET /news/<uuid:article_id>": Route("everybody", also=_UNPUBLISHED),
    "POST /api/v1/news/reads": Route("everybody", {"items": [{"id": "{article_id}", "times": 1}]}),
    "GET /api/v1/news/popular": Route("everybody"),
    "GET /api/v1/news/<uuid:article_id>/speech": Route("everybody", also=_UNPUBLISHED),
    "GET /api/v1/me/bookmarks": Route("citizen"),
    "PUT /api/v1/me/bookmarks/<kind>/<ref>": Route(
        "citizen", ids={"kind": "bookmarked", "ref": "article_id"}, also=_UNPUBLISHED
    ),
    "DELETE /api/v1/me/bookmarks/<kind>/<ref>": Route(
        "citizen", ids={"kind": "bookmarked", "ref": "article_id"}
    ),
    # Open311: its keys come in the body, so it is read, and a bad one is 403 as it says
    f"GET {_OPEN311}/discovery{_ANY}": Route("everybody"),
    f"GET {_OPEN311}/services{_ANY}": Route("everybody"),
    f"GET {_OPEN311}/services/<code>{_ANY}": Route("everybody", ids={"code": "service"}),
    f"GET {_OPEN311}/requests{_ANY}": Route("everybody"),
    f"GET {_OPEN311}/requests/<named>{_ANY}": Route(  # what is public, and one's own
        "everybody", ids={"named": "report_id"}, also=frozenset({404})
    ),
    f"GET {_OPEN311}/tokens/<token>{_ANY}": Route("everybody", ids={"token": "unplaced_id"}),
    f"GET {_OPEN311}/servicerequestupdates{_ANY}": Route("everybody"),
    f"POST {_OPEN311}/requests{_ANY}": Route(
        "relay", form={"service_code": "bus", "attribute[ROUTE]": "2", **_AT}, reads=True
    ),
    f"POST {_OPEN311}/servicerequestupdates{_ANY}": Route(
        "relay",
        form={"service_request_id": "HP-2026-999999", "description": "x"},
        reads=True,
        also=frozenset({404}),
    ),
    f"GET {_UNPLACED}": Route("by ioc"),
    f"PUT {_UNPLACED}/<uuid:unplaced_id>/place": Route(
        "by ioc", {"latitude": 20.94, "longitude": 106.33}
    ),
    f"PUT {_UNPLACED}/<uuid:unplaced_id>/refusal": Route("by ioc", {"reason": "Không rõ."}),
    # an officer's own account
    f"GET {_ACCOUNT}": Route("officers"),
    f"PUT {_ACCOUNT}/password": Route(
        "officers", {"current": "x" * 12, "new": "cầu Phú Lương bắc qua"}, also=frozenset({422})
    ),
    f"PUT {_ACCOUNT}/second-factor": Route("officers"),
    f"PUT {_ACCOUNT}/second-factor/confirmation": Route("officers", {"code": "000000"}),
    f"PUT {_ACCOUNT}/second-factor/recovery-codes": Route(
        "officers", {"code": "000000"}, also=frozenset({422})
    ),
    f"GET {_ACCOUNT}/notices": Route("at work"),
    f"PUT {_ACCOUNT}/notices/<uuid:notice_id>/reading": Route("one's own"),
    f"GET {_ACCOUNT}/notice-preferences": Route("at work"),
    f"PUT {_ACCOUNT}/notice-preferences": Route("at work", {"mail": "none"}),
    f"GET {_ACCOUNT}/sessions": Route("officers"),
    f"DELETE {_ACCOUNT}/sessions/<uuid:revoked>": Route(
        "officer's", ids={"revoked": "officer_session"}
    ),
    # administration
    f"GET {_ADMIN}/officers": Route("admin"),
    f"POST {_ADMIN}/officers": Route("admin", _OFFICER),
    f"PATCH {_OFFICERS}": Route("admin", {"display_name": "Khác"}, sees="officer_id"),
    f"PUT {_OFFICERS}/deactivation": Route("admin", _REASON),
    f"DELETE {_OFFICERS}/deactivation": Route("admin"),
    f"PUT {_OFFICERS}/second-factor-reset": Route("admin", _REASON),
    f"GET {_ADMIN}/partner-keys": Route("admin"),
    f"POST {_ADMIN}/partner-keys": Route("admin", _PARTNER),
    f"PATCH {_KEYS}": Route("admin", {"name": "Khác"}, sees="partner_id"),
    f"POST {_KEYS}/rotation": Route("admin", {}, sees="partner_id"),
    f"PUT {_KEYS}/revocation": Route("admin"),
    # the registers and the record
    f"GET {_ADMIN}/breaches": Route("watchers"),
    f"POST {_ADMIN}/breaches": Route("admin", _BREACH),
    f"GET {_ADMIN}/breaches.csv": Route("watchers"),
    f"GET {_ADMIN}/breaches/<uuid:breach_id>": Route("watchers"),
    f"PATCH {_ADMIN}/breaches/<uuid:breach_id>": Route("admin", {"people": 2}, sees="breach_id"),
    f"GET {_ADMIN}/data-requests": Route("watchers"),
    "GET /api/v1/audit": Route("auditor"),
    "GET /api/v1/audit/export": Route("auditor"),
    # the officers' pages: a browser has a cookie, and nobody else comes in
    "GET /console/": Route("console"),
    "GET /console/account": Route("console"),
    "POST /console/account/password": Route(
        "console", form={"current": "x" * 12, "new": "cầu Phú Lương bắc qua"}, also=_WRONG
    ),
    "POST /console/account/recovery-codes": Route("console", form={"code": "000000"}, also=_WRONG),
    "POST /console/account/second-factor": Route("console", form={}),
    "POST /console/account/second-factor/confirmation": Route("console", form={"code": "000000"}),
    "POST /console/account/sessions/<uuid:revoked>/revocation": Route(
        "browser's", form={}, ids={"revoked": "officer_session"}
    ),
    "POST /console/sign-out": Route("console", form={}),
    "GET /console/sign-in": Route("everybody"),
    "POST /console/sign-in": Route(
        "everybody", form={"username": "nobody", "password": "x" * 12}, also=_WRONG
    ),
    "GET /console/sign-in/code": Route("everybody", also=_WRONG),
    "POST /console/sign-in/code": Route("everybody", form={"code": "000000"}, also=_WRONG),
    "GET /console/sso": Route("everybody", also=frozenset({404})),  # no provider is set
    "GET /console/sso/callback": Route("everybody", also=frozenset({401, 404})),
    # procedures, as people find them
    "GET /api/v1/services": Route("everybody"),
    "GET /api/v1/services/paths": Route("everybody"),
    "GET /api/v1/services/paths/<path_id>": Route("everybody", also=frozenset({404})),
    "GET /api/v1/services/facets": Route("everybody"),
    "GET /api/v1/services/<code>": Route("everybody", ids=_PROCEDURE),
    "GET /api/v1/services/<code>/changes": Route("everybody", ids=_PROCEDURE),
    "GET /services/<code>/checklist": Route("everybody", ids=_PROCEDURE),
    "GET /api/v1/checklists": Route("citizen"),
    "GET /api/v1/services/<code>/checklist": Route("citizen", ids=_PROCEDURE, also=_UNKEPT),
    "PUT /api/v1/services/<code>/checklist": Route("citizen", {"ticked": []}, ids=_PROCEDURE),
    "DELETE /api/v1/services/<code>/checklist": Route("citizen", ids=_PROCEDURE),
    "GET /api/v1/services/<code>/open": Route("everybody", ids=_PROCEDURE, also=_UNLINKED),
    # procedures, as officers keep them
    f"GET {_REGISTER}": Route("readers"),
    f"GET {_REGISTER}.csv": Route("readers"),
    f"GET {_REGISTER}/links": Route("readers"),
    f"GET {_REGISTER}/links.csv": Route("readers"),
    f"GET {_REGISTERED}": Route("readers", ids=_PROCEDURE),
    f"GET {_REGISTERED}/versions": Route("readers", ids=_PROCEDURE),
    f"PUT {_REGISTERED}/withdrawal": Route("keepers", _REASON, sees="procedure", ids=_PROCEDURE),
    f"DELETE {_REGISTERED}/withdrawal": Route(
        "keepers", query="reason=x", sees="procedure", ids=_PROCEDURE
    ),
    f"POST {_REGISTERED}/link-check": Route("keepers", ids=_PROCEDURE),
    # surveys and comments on drafts
    "GET /api/v1/surveys/<uuid:survey_id>/form": Route("citizen", ids=_SURVEY),
    "POST /api/v1/surveys/<uuid:survey_id>/response": Route(
        "citizen", {"answers": {"gop-y": "Tốt"}}, ids=_SURVEY
    ),
    "GET /api/v1/surveys/<uuid:survey_id>/results": Route("everybody", ids=_SURVEY),
    f"GET {_SURVEYED}/results": Route("readers", ids=_SURVEY),
    f"GET {_SURVEYED}/responses.csv": Route("readers", ids=_SURVEY),
    f"POST {_SURVEYED}/responses/count-hurried": Route("screen", _REASON, ids=_SURVEY),
    f"POST {_SURVEYED}/responses/set-hurried-aside": Route("screen", _REASON, ids=_SURVEY),
    "GET /api/v1/drafts/<uuid:draft_id>/comments": Route("everybody", ids=_DRAFT),
    "POST /api/v1/drafts/<uuid:draft_id>/comments": Route(
        "citizen", {"text": "Nên làm sớm hơn."}, ids=_DRAFT
    ),
    "GET /api/v1/drafts/<uuid:draft_id>/summary": Route("everybody", ids=_DRAFT),
    "GET /api/v1/drafts/<uuid:draft_id>/summary.csv": Route("everybody", ids=_DRAFT),
    "GET /api/v1/me/draft-comments": Route("citizen"),
    "DELETE /api/v1/me/draft-comments/<uuid:draft_comment_id>": Route("owner"),
    "GET /api/v1/officer/drafts/<uuid:draft_id>/comments": Route("by either", ids=_DRAFT),
    "GET /api/v1/officer/draft-comments": Route("drafters"),
    "GET /api/v1/officer/draft-comments.csv": Route("drafters"),
    f"POST {_VOICE}/publication": Route("drafters", sees="draft_comment_id"),
    f"POST {_VOICE}/refusal": Route("drafters", _REASON, sees="draft_comment_id"),
    f"POST {_VOICE}/reconsideration": Route("drafters", _REASON, sees="draft_comment_id"),
    f"PUT {_VOICE}/reply": Route(
        "by either", {"accepted": True, "explanation": "Tiếp thu."}, sees="draft_comment_id"
    ),
    f"DELETE {_VOICE}/reply": Route("by either", query="reason=x", sees="draft_comment_id"),
    # prices, weather and air
    "GET /api/v1/prices": Route("everybody"),
    "GET /api/v1/prices/<good>": Route("everybody", ids=_PRICED),
    "GET /api/v1/prices/<good>.csv": Route("everybody", ids=_PRICED),
    "GET /api/v1/officer/prices": Route("readers"),
    "GET /api/v1/officer/prices.csv": Route("readers"),
    "PUT /api/v1/officer/prices/<day>": Route(
        "keepers", {"market": "all", "items": [{"good": "ca-chep", "price": 85_000}]}, ids=_PRICED
    ),
    "POST /api/v1/officer/prices/import": Route(
        "keepers", form={"file": "photo.jpg"}, also=frozenset({422})
    ),
    "GET /api/v1/weather": Route("everybody", query="ward=11359", also=_UNKEPT),
    "GET /api/v1/air": Route("everybody", query="ward=11359", also=_UNKEPT),
    # the registers of the guide and of taking part: see registers.py
    **{name: Route(**told) for name, told in registers.rows().items()},
    "GET /api/v1/places/nearest": Route("everybody", query="latitude=20.85&longitude=106.68"),
    "GET /api/v1/places/box": Route("everybody", query="west=106.6&south=20.8&east=106.7&north=21"),
    "GET /api/v1/places/categories": Route("everybody"),
    "GET /api/v1/places/<uuid:entry_id>/stops": Route("everybody", ids={"entry_id": "place"}),
    "POST /api/v1/places/<uuid:entry_id>/error-reports": Route(
        "citizen", body={"what": "hours", "text": "Nay đóng cửa."}, ids={"entry_id": "place"}
    ),
    "GET /api/v1/officer/places/<uuid:entry_id>/error-reports": Route(
        "readers", ids={"entry_id": "place"}
    ),
    "GET /api/v1/partners/<uuid:partner_id>/open": Route(
        "everybody", ids={"partner_id": "city_partner"}
    ),
    "GET /api/v1/officer/partners/openings": Route("readers", query="month=2026-11"),
    "GET /api/v1/officer/partners/openings.csv": Route("readers", query="month=2026-11"),
    "GET /events/<uuid:event_id>.ics": Route("everybody", ids={"event_id": "event"}),
    "GET /feeds/events.ics": Route("everybody"),
    # volunteering: the world's activity is the unit's, and the owner is registered for it
    f"GET {_ACTIVITY}/places": Route("everybody", ids=_VOLUNTEERS),
    f"POST {_ACTIVITY}/registration": Route("citizen", {}, ids=_VOLUNTEERS),
    f"DELETE {_ACTIVITY}/registration": Route("citizen", ids=_VOLUNTEERS),
    "GET /api/v1/me/registrations": Route("citizen"),
    "GET /api/v1/me/registrations/<uuid:registration_id>/code": Route("owner"),
    f"GET {_ROLL}/registrations": Route("author", ids=_VOLUNTEERS),
    f"GET {_ROLL}/registrations.csv": Route("author", ids=_VOLUNTEERS),
    f"GET {_ROLL}/figures": Route("author", ids=_VOLUNTEERS),
    f"POST {_ROLL}/check-ins": Route("author", {"code": "{check_in}"}, ids=_VOLUNTEERS),
    f"POST {_BY_HAND}": Route("author", _REASON, ids=_VOLUNTEERS),
    f"DELETE {_BY_HAND}": Route("author", query="reason=x", ids=_VOLUNTEERS),
    # questions to the authorities: the owner's is forwarded to the unit
    "POST /api/v1/questions": Route(
        "citizen", {"field": "other", "text": "Bao giờ thì có đường mới?"}
    ),
    "GET /api/v1/questions": Route("everybody"),
    "GET /api/v1/questions/fields": Route("everybody"),
    "GET /api/v1/questions/similar": Route("everybody", query="q=duong moi"),
    "GET /api/v1/questions/figures": Route("everybody"),
    "GET /api/v1/questions/<number>": Route("everybody", also=frozenset({404})),
    "GET /api/v1/me/questions": Route("citizen"),
    f"GET {_ASKED}": Route("owner"),
    f"PUT {_ASKED}/withdrawal": Route("owner", sees="question_id"),
    f"GET {_QUEUE}": Route("at work"),
    f"GET {_QUEUE}.csv": Route("at work"),
    f"GET {_QUESTION}": Route("articles"),
    f"PUT {_QUESTION}/forwarding": Route(
        "drafters", {"agency": "so-y-te", "shown": "Bao giờ có đường?"}, sees="question_id"
    ),
    f"DELETE {_QUESTION}/forwarding": Route("drafters", query="reason=x", sees="question_id"),
    f"PUT {_QUESTION}/refusal": Route("drafters", _REASON, sees="question_id"),
    f"DELETE {_QUESTION}/refusal": Route("drafters", query="reason=x", sees="question_id"),
    f"PUT {_QUESTION}/publication": Route("drafters", {}, sees="question_id"),
    f"DELETE {_QUESTION}/publication": Route("drafters", query="reason=x", sees="question_id"),
    f"PUT {_QUESTION}/answer": Route("by either", {"answer": "Sang năm."}, sees="question_id"),
    f"DELETE {_QUESTION}/answer": Route("by either", query="reason=x", sees="question_id"),
    f"PUT {_QUESTION}/correction": Route(
        "by either", {"answer": "Năm nay.", "note": "Nhầm."}, sees="question_id"
    ),
    f"PUT {_QUESTION}/return": Route("by either", _REASON, sees="question_id"),
    # digital teams: a code of the world's team
    "GET /r/<code>": Route("everybody", ids=_CODE_OF_TEAM),
    "GET /api/v1/teams/figures": Route("everybody"),
    "GET /api/v1/me/referral": Route("citizen", also=frozenset({404})),
    "PUT /api/v1/me/referral": Route("citizen", {"code": "{referral}"}),
    "DELETE /api/v1/me/referral": Route("citizen", also=frozenset({404})),
    "POST /api/v1/officer/teams/<uuid:team_id>/referral-codes": Route(
        "screen", {"holders": ["Anh Nam"]}
    ),
    f"GET {_CODES}": Route("readers"),
    f"GET {_CODES}.csv": Route("readers"),
    f"PUT {_CLOSURE}": Route("screen", _REASON, ids=_CODE_OF_TEAM),
    f"DELETE {_CLOSURE}": Route("screen", query="reason=x", ids=_CODE_OF_TEAM),
    "GET /api/v1/officer/teams/figures": Route("readers"),
    "GET /api/v1/officer/teams/figures.csv": Route("readers"),
    # contests: the owner has a paper of the world's contest
    f"POST {_CONTEST}/attempts": Route("citizen", {}, ids=_ENTERED),
    f"GET {_CONTEST}/leaderboard": Route("everybody", ids=_ENTERED),
    f"GET {_CONTEST}/answers": Route("everybody", ids=_ENTERED),
    f"GET {_CONTEST}/results": Route("everybody", ids=_ENTERED),
    "GET /api/v1/me/contests/<uuid:contest_id>": Route(
        "citizen", ids=_ENTERED, also=frozenset({404})
    ),
    f"GET {_PAPER}": Route("owner"),
    f"PUT {_PAPER}/answers": Route("owner", {"answers": {"q1": "a"}}),
    f"POST {_PAPER}/submission": Route("owner"),
    f"POST {_JUDGED}/regrade": Route(
        "managers", {"question": "q1", "right": 1, **_REASON}, ids=_ENTERED, sees="contest"
    ),
    f"GET {_JUDGED}/regrade": Route("readers", ids=_ENTERED, also=frozenset({404})),
    f"GET {_JUDGED}/results": Route("readers", ids=_ENTERED),
    f"PUT {_JUDGED}/results": Route("managers", ids=_ENTERED, sees="settlement"),
    f"DELETE {_JUDGED}/results": Route(
        "managers", query="reason=x", ids=_ENTERED, sees="settlement"
    ),
    f"GET {_JUDGED}/ranking.csv": Route("readers", ids=_ENTERED),
    f"GET {_JUDGED}/winners.csv": Route("managers", ids=_ENTERED),
    # the first screen, and how the app is told to behave
    "GET /api/v1/home": Route("everybody"),
    "GET /api/v1/app-config": Route("everybody"),
    "GET /api/v1/sync": Route("everybody"),
    "GET /api/v1/officer/home-cards": Route("at work"),
    "POST /api/v1/officer/home-cards": Route("screen", _SHOWN),
    "GET /api/v1/officer/home-cards.csv": Route("at work"),
    f"GET {_CARD}": Route("at work"),
    f"PATCH {_CARD}": Route("screen", {"rank": 3}, sees="card_id"),
    f"PUT {_CARD}/withdrawal": Route("screen", _REASON, sees="card_id"),
    f"PUT {_CARD}/restoration": Route("screen", sees="card_id"),
    "GET /api/v1/officer/contacts": Route("at work"),
    "POST /api/v1/officer/contacts": Route("screen", _HOTLINE),
    "GET /api/v1/officer/contacts.csv": Route("at work"),
    f"GET {_CONTACT}": Route("at work"),
    f"PATCH {_CONTACT}": Route("screen", {"rank": 3}, sees="contact_id"),
    f"PUT {_CONTACT}/withdrawal": Route("screen", _REASON, sees="contact_id"),
    f"PUT {_CONTACT}/restoration": Route("screen", sees="contact_id"),
    f"GET {_CONFIG}": Route("at work"),
    f"PUT {_CONFIG}": Route("admin", {**_REASON, **_TOLD}, headers=_UNTOLD),
    f"GET {_CONFIG}/versions": Route("at work"),
    f"PUT {_CONFIG}/restoration": Route(
        "admin", {**_REASON, "version": 1}, headers=_UNTOLD, also=frozenset({404})
    ),
}


def outcomes(row: str, group: str) -> list[tuple[str, str]]:
    """What the callers of a group get by a row."""
    found = dict(zip(CALLERS, ROWS[row].split(), strict=True))[group]
    return list(zip(CALLERS[group], found, strict=True))
