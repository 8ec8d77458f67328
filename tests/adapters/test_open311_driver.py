"""The Open311 client against a server of another make: what it says, asks, and makes of answers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Response, jsonify

from smartcity.adapters.centres import Endpoint, Outgoing
from smartcity.adapters.centres.driver import Unnamed
from smartcity.adapters.centres.open311 import ENDED, SHARED, TURNS, Open311
from smartcity.adapters.centres.open311_options import MOVES as CENTRES
from smartcity.core import clock
from smartcity.core.errors import Permanent, Temporary
from smartcity.identity.permissions import Role
from smartcity.reports.publication.views import FOR_ALL
from smartcity.reports.workflow import ENDED as ENDED_HERE
from smartcity.reports.workflow import MOVES
from tests.adapters.open311_server import OtherServer
from tests.adapters.wire import says, wire
from tests.helpers import served

NOW = datetime(2026, 11, 22, 3, 0, 30, tzinfo=UTC)
WALK = "accept assign:so-xay-dung start propose_result approve_result resolve"
OPTIONS = {"default_service": "other", "service.traffic_infra": "roads"}
MEANS = {"move.closed": WALK, "move.open": "accept", "move.rejected": "reject:outside_authority"}
PHOTOS = [f"https://example.vn/media/photo-{n}/large.jpg?signature=x" for n in (1, 2)]


@pytest.fixture(autouse=True)
def at() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def server() -> OtherServer:
    return OtherServer()


@pytest.fixture
def url(server: OtherServer) -> Iterator[str]:
    with served(server.app) as port:
        yield f"http://127.0.0.1:{port}"


def driver(url: str, **more: str) -> Open311:
    return Open311(Endpoint("dept", url, ("key-of-ours",), 5.0, OPTIONS | more))


def step(move: str = "submit", status: str = "submitted", **told: Any) -> Outgoing:
    """One event on its way; what is no field of Outgoing goes into its data."""
    mine = {name: told.pop(name) for name in ("again", "reference") if name in told}
    data = {
        "status": status,
        "status_label": "Chờ tiếp nhận",
        "category": "traffic_infra.pothole",
        "description": "Ổ gà lớn & sâu",
        "latitude": 20.94,
        "longitude": 106.33,
        "address": "12 Trần Phú",
        "details": None,
        "public_text": None,
        "photos": PHOTOS,
        **told,
    }
    event = {"id": "e-1", "time": "2026-11-22T02:19:57.782+00:00", "data": data}
    return Outgoing("e-1", "HP-2026-000003", 1, move, json.dumps(event), **mine)


def update(id: Any, at: str, status: str = "CLOSED", **told: Any) -> dict[str, Any]:
    return {
        "update_id": id,
        "service_request_id": 7,
        "status": status,
        "updated_datetime": at,
        "description": "Đã vá.",
        **told,
    }


def test_what_it_knows_of_the_workflow_is_the_workflow() -> None:
    centres = {m.name: m.needs for m in MOVES.values() if Role.OPERATIONS_CENTRE in m.roles}
    citizens = {m.name for m in MOVES.values() if Role.CITIZEN in m.roles}
    assert centres == CENTRES
    assert ENDED == ENDED_HERE
    assert FOR_ALL <= SHARED
    assert citizens >= SHARED - FOR_ALL
    assert not any(MOVES[name].internal for name in SHARED | TURNS)


def test_a_report_as_a_request(url: str, server: OtherServer) -> None:
    assert driver(url, jurisdiction_id="haiphong.gov.vn").deliver(step()) == "7"
    (request,) = server.requests
    assert server.keys == ["e-1"]
    assert request.pop("media_urls") == PHOTOS
    assert request == {
        "service_request_id": 7,
        "api_key": "key-of-ours",
        "jurisdiction_id": "haiphong.gov.vn",
        "service_code": "roads",
        "lat": "20.94",
        "long": "106.33",
        "address_string": "12 Trần Phú",
        "description": "[HP-2026-000003] Ổ gà lớn & sâu",
        "media_url": PHOTOS[0],
    }


def test_a_description_is_as_long_as_the_specification_lets_it_be(
    url: str, server: OtherServer
) -> None:
    driver(url).deliver(step(description="ộ" * 5_000, address=None))
    (request,) = server.requests
    assert len(request["description"]) == 4_000
    assert "address_string" not in request


def test_what_has_ended_before_it_was_filed_is_not_filed(url: str, server: OtherServer) -> None:
    assert driver(url).deliver(step("withdraw", "withdrawn")) is None
    assert server.asked == []


@pytest.mark.parametrize("others", [0, 250])
def test_a_second_attempt_looks_first(url: str, server: OtherServer, others: int) -> None:
    server.requests = [
        {"service_request_id": n, "description": f"[HP-1] like [HP-2026-000003] {n}"}
        for n in range(1000, 1000 + others)
    ]
    assert driver(url).deliver(step()) == str(7 + others)
    server.asked.clear()
    assert driver(url).deliver(step(again=True)) == str(7 + others)
    assert len(server.requests) == 1 + others
    (asked,) = (told for path, told in server.asked if path == "GET /requests.json")
    assert (asked["start_date"], asked["end_date"]) == (
        "2026-11-21T02:19:57Z",
        "2026-11-23T03:00:30Z",
    )


def test_a_second_attempt_files_what_is_not_there(url: str, server: OtherServer) -> None:
    assert driver(url).deliver(step(again=True)) == "7"
    assert [path for path, _ in server.asked] == ["GET /requests.json", "POST /requests.json"]


@pytest.mark.parametrize(
    ("told", "status", "words", "photos"),
    [
        (step("accept", "accepted", public_text="Đã nhận."), "OPEN", "Đã nhận.", []),
        (step("withdraw", "withdrawn"), "CLOSED", "Chờ tiếp nhận", []),
        (step("reject", "rejected", public_text="Riêng."), "CLOSED", "Chờ tiếp nhận", []),
        (step("reopen", "reopened", public_text="Chưa xong."), "OPEN", "Chưa xong.", []),
        (
            step("add_photos", "accepted", details={"media_ids": ["photo-2"]}),
            "OPEN",
            "Chờ tiếp nhận",
            PHOTOS[1:],
        ),
    ],
    ids=["words", "an end", "words for the reporter alone", "a new beginning", "photos"],
)
def test_a_later_step_as_an_update(
    url: str, server: OtherServer, told: Outgoing, status: str, words: str, photos: list[str]
) -> None:
    later = Outgoing(**{**vars(told), "reference": "7"})
    assert driver(url).deliver(later) == "update:1"
    (sent,) = server.updates
    assert sent["media_urls"] == photos
    assert {name: sent[name] for name in ("update_id", "service_request_id", "status")} == {
        "update_id": "e-1",
        "service_request_id": "7",
        "status": status,
    }
    assert (sent["description"], sent["updated_datetime"]) == (words, "2026-11-22T02:19:57Z")


@pytest.mark.parametrize(
    "told",
    [
        step("request_extension", "assigned", public_text="Chờ vật tư.", reference="7"),
        step("propose_result", "pending_approval", public_text="Đã vá.", reference="7"),
        step("start", "in_progress", reference="7"),
        step(reference="7"),
    ],
    ids=["internal", "a result that nobody approved", "no words", "filed already"],
)
def test_a_step_that_tells_them_nothing_is_not_sent(
    url: str, server: OtherServer, told: Outgoing
) -> None:
    assert driver(url).deliver(told) is None
    assert server.asked == []


def test_a_server_without_updates_hears_of_none(url: str, server: OtherServer) -> None:
    later = step("accept", "accepted", public_text="Đã nhận.", reference="7")
    assert driver(url, updates="requests").deliver(later) is None
    assert server.asked == []


def test_a_token_is_asked_for_its_request(url: str, server: OtherServer) -> None:
    server.in_batches = True
    with pytest.raises(Unnamed) as taken:
        driver(url).deliver(step())
    assert taken.value.reference == "token:t1"
    again = step(again=True, reference="token:t1")
    with pytest.raises(Unnamed):
        driver(url).deliver(again)
    server.name("t1")
    assert driver(url).deliver(again) == "7"
    assert len(server.requests) == 1


def refusing(status: int, told: Any) -> Any:
    def answer() -> Response:
        response = jsonify(told)
        response.status_code = status
        return response

    return answer


def test_a_refusal_keeps_the_servers_words_and_nobodys_data(url: str, server: OtherServer) -> None:
    words = "lat: no. Ổ gà lớn & sâu, 12 Trần Phú, an@example.vn, 0912 345 678, key-of-ours, 24-11"
    server.answers = refusing(400, [{"code": 400, "description": words}])
    with pytest.raises(Permanent) as refused:
        driver(url).deliver(step(description="Ổ gà lớn & sâu"))
    assert str(refused.value) == "HTTP 400: lat: no. Ổ gà lớn & sâu, …, …, …, …, 24-11"


@pytest.mark.parametrize("told", ["x", {"error": 1}, [], [1], [{"description": None}]])
def test_a_refusal_without_words(url: str, server: OtherServer, told: Any) -> None:
    server.answers = refusing(404, told)
    with pytest.raises(Permanent, match=r"^HTTP 404$"):
        driver(url).deliver(step())


@pytest.mark.parametrize("told", ["x", {}, [], [{}], [{"service_request_id": None}], [1]])
def test_an_answer_without_an_id_may_have_filed_it(
    url: str, server: OtherServer, told: Any
) -> None:
    server.answers = refusing(200, told)
    with pytest.raises(Temporary) as failed:
        driver(url).deliver(step())
    assert failed.value.arrived is None


def test_xml_is_not_read() -> None:
    with wire(says(b"<service_requests/>")) as there, pytest.raises(Temporary, match="no list"):
        driver(there.url("")).deliver(step())


def test_updates_are_walks(url: str, server: OtherServer) -> None:
    server.updates = [
        update(2, "2026-11-22T09:10:05+07:00"),
        update(1, "2026-11-22T02:10:04Z", "open", description=""),
        update(3, "2026-11-22T02:11:00", "CLOSED", external_status_code="Rejected"),
        update(4, "2026-11-22T02:11:01Z", "paused"),
        update(5, "yesterday"),
        {"status": "CLOSED"},
    ]
    polled = driver(url, **MEANS).poll(None)
    assert polled is not None
    told = [(c["id"], c["move"], c.get("public_text")) for c in polled.callbacks]
    assert told == [
        ("1.1", "accept", None),
        ("2.1", "accept", None),
        ("2.2", "assign", None),
        ("2.3", "start", None),
        ("2.4", "propose_result", "Đã vá."),
        ("2.5", "approve_result", None),
        ("2.6", "resolve", None),
        ("3.1", "reject", "Đã vá."),
    ]
    assert [c["agency"] for c in polled.callbacks if c["move"] == "assign"] == ["so-xay-dung"]
    assert polled.callbacks[-1]["reason"] == "outside_authority"
    assert {(c["reference"], c["update"]) for c in polled.callbacks} == {
        ("7", "update:1"),
        ("7", "update:2"),
        ("7", "update:3"),
    }
    sequences = [c["sequence"] for c in polled.callbacks]
    assert sequences == sorted(set(sequences))
    assert all(0 < sequence < 2**31 for sequence in sequences)


def test_words_are_never_missing_where_a_move_needs_them(url: str, server: OtherServer) -> None:
    server.updates = [update(1, "2026-11-22T02:10:05Z", description=None)]
    polled = driver(url, **MEANS).poll(None)
    (words,) = (c["public_text"] for c in polled.callbacks if "public_text" in c)
    assert words == "Cơ quan xử lý đã cập nhật, không kèm nội dung."


def test_ids_and_sequences_are_the_same_at_every_asking(url: str, server: OtherServer) -> None:
    newest = [update(n, f"2026-11-22T02:{10 + n // 3}:0{n % 3}Z") for n in range(9)]
    server.updates = newest[:5]
    first = driver(url, **MEANS).poll(None).callbacks
    server.updates = newest[3:]  # as from a later minute on
    then = driver(url, **MEANS).poll(None).callbacks
    known = {c["id"]: c for c in first}
    assert len([c for c in then if c["id"] in known]) == 12
    assert all(known.get(c["id"], c) == c for c in then)


def test_a_list_that_begins_with_the_newest_is_turned(url: str, server: OtherServer) -> None:
    at = "2026-11-22T02:10:05Z"
    server.updates = [update(3, "2026-11-22T02:10:06Z"), update(2, at, "open"), update(1, at)]
    told = driver(url, **MEANS).poll(None).callbacks
    assert [c["id"].partition(".")[0] for c in told] == ["1"] * 6 + ["2"] + ["3"] * 6


def test_where_to_go_on(url: str, server: OtherServer) -> None:
    def poll(cursor: str | None) -> tuple[str, str, str, bool]:
        polled = driver(url, **MEANS).poll(cursor)
        asked = server.asked[-1][1]
        return asked["start_date"], asked["end_date"], polled.cursor, polled.more

    recently = "2026-11-22T02:45:00+00:00"
    assert poll(None) == ("2026-11-21T03:00:00Z", "2026-11-22T03:00:30Z", recently, False)
    assert poll(recently) == ("2026-11-22T02:45:00Z", "2026-11-22T03:00:30Z", recently, False)
    long_ago = (NOW - timedelta(days=50)).isoformat()
    assert poll(long_ago)[1:] == ("2026-11-02T03:00:30Z", "2026-11-02T02:45:00+00:00", True)
    assert poll((NOW + timedelta(hours=2)).isoformat())[0] == "2026-11-22T02:45:00Z"
    server.updates = [update(n, f"2026-11-22T02:1{n // 50}:01Z") for n in range(200)]
    assert poll(None)[2:] == ("2026-11-22T02:13:00+00:00", True)
    assert poll("2026-11-22T02:13:00+00:00")[2:] == ("2026-11-22T02:13:01+00:00", True)
    assert poll("2026-11-22T02:13:01+00:00")[2:] == (recently, False)
    server.updates = [update(n, "9999-12-31T23:59:59Z") for n in range(200)]
    assert poll(None)[2:] == ("2026-11-22T03:00:00+00:00", True)


def test_a_server_without_updates_is_asked_for_changed_requests(
    url: str, server: OtherServer
) -> None:
    row = {
        "service_request_id": 7,
        "status": "closed",
        "status_notes": "Đã vá.",
        "updated_datetime": "2026-11-22T09:10:05+07:00",
    }
    server.requests = [row, {**row, "service_request_id": 8, "status": "open"}]
    polled = driver(url, updates="requests", **MEANS).poll("2026-11-22T02:00:00+00:00")
    assert [(c["reference"], c["move"]) for c in polled.callbacks][-2:] == [
        ("7", "resolve"),
        ("8", "accept"),
    ]
    asked = server.asked[0][1]
    assert (asked["updated_after"], asked["updated_before"]) == (
        "2026-11-22T02:00:00Z",
        "2026-11-22T03:00:30Z",
    )
    assert len({c["id"] for c in polled.callbacks}) == 7
    assert all(len(c["id"]) <= 64 for c in polled.callbacks)


def test_without_a_meaning_nothing_is_asked(url: str, server: OtherServer) -> None:
    assert driver(url).poll(None) is None
    assert driver(url).reconcile({}) is None
    assert server.asked == []


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"default_service": ""},
        {"default_service": 7},
        {"services": "{}"},
        {"service.": "x"},
        {"jurisdiction_id": "x"},
        {"default_service": "x", "move.closed": "finish"},
        {"default_service": "x", "move.closed": "reject"},
        {"default_service": "x", "move.closed": "resolve:now"},
        {"default_service": "x", "updates": "no"},
        {"default_service": "x", "poll_url": "https://example.vn"},
    ],
    ids=str,
)
def test_options_that_can_never_work(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Open311(Endpoint("dept", "https://example.vn/v2", ("key",), 5.0, options))


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        ("example.vn/v2", ("key",)),
        ("https:///v2", ("key",)),
        ("https://example.vn/v2?a=b", ("key",)),
        ("https://example.vn/v2", ()),
        ("https://example.vn/v2", ("",)),
        ("https://example.vn/v2", ("whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLXRlc3Rz",)),
    ],
)
def test_an_address_or_key_that_can_never_work(url: str, secrets: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"address|key"):
        Open311(Endpoint("dept", url, secrets, 5.0, OPTIONS))
