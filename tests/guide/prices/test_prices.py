"""Prices: recorded by officers, corrected with a reason, read by everybody."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.audit.models import AuditEntry
from smartcity.changes.models import Change
from smartcity.guide.models import Price
from smartcity.guide.places.place import PLACE
from smartcity.guide.prices.comparing import today
from smartcity.guide.prices.good import GOOD
from smartcity.identity.permissions import Role
from smartcity.registers.service import Entry
from tests.helpers import Headers, bearer, officer, rows
from tests.registers.records_made import drafted, published

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DESK, BOARD = "/api/v1/officer/prices", "/api/v1/prices"
MARKET = "cho-ga"
CARP = {"key": "ca-chep", "title": "Cá chép", "title_en": "Carp", "unit": "kg", "group": "fish"}
RICE = {"key": "gao-te", "title": "Gạo tẻ", "unit": "kg", "group": "staple"}


@pytest.fixture
def editor(app: Flask) -> Headers:
    return bearer(officer(app, Role.CONTENT_EDITOR))


@pytest.fixture
def carp(app: Flask) -> Entry:
    """A good; and there are another, and a market."""
    published(app, PLACE, key=MARKET, title="Chợ Ga", title_en="Ga Market", category="market")
    published(app, GOOD, **RICE)
    return published(app, GOOD, **CARP)


def put(
    client: FlaskClient, who: Headers, day: date | str, prices: dict[str, Any], **more: Any
) -> TestResponse:
    items = [{"good": good, "price": price} for good, price in prices.items()]
    body = {"market": MARKET, "items": items, **more}
    return client.put(f"{DESK}/{day}", json=body, headers=who)


def recorded(client: FlaskClient, who: Headers, ago: int, price: int, **more: Any) -> date:
    """The carp's price, days ago."""
    day = today() - timedelta(days=ago)
    answer = put(client, who, day, {"ca-chep": price}, **more)
    assert answer.status_code == 200, answer.json
    return day


def shown(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"{BOARD}?{query}")
    assert answer.status_code == 200, answer.json
    return [
        {"good": item["good"], **price} for item in answer.json["items"] for price in item["prices"]
    ]


@pytest.mark.usefixtures("carp")
def test_the_newest_price_and_how_it_moved(client: FlaskClient, editor: Headers) -> None:
    first = recorded(client, editor, 3, 76_000)
    day = recorded(client, editor, 1, 72_200, source="https://example.vn/gia")
    assert shown(client) == [
        {
            "good": "ca-chep",
            "market": MARKET,
            "market_title": "Chợ Ga",
            "market_title_en": "Ga Market",
            "day": day.isoformat(),
            "price": 72_200,
            "source": "https://example.vn/gia",
            "demo": False,
            "previous_day": first.isoformat(),
            "change": -3_800,
            "change_percent": -5.0,
        }
    ]
    (earlier,) = shown(client, f"day={first}")
    assert (earlier["price"], earlier["change"], earlier["demo"]) == (76_000, None, True)
    assert shown(client, f"day={first - timedelta(days=1)}") == []


@SQLITE
@pytest.mark.usefixtures("carp")
def test_the_board_is_narrowed_and_paged(client: FlaskClient, editor: Headers) -> None:
    day = today()
    put(client, editor, day, {"ca-chep": 76_000, "gao-te": 18_000})
    put(client, editor, day, {"gao-te": 17_000}, market="all")
    pairs = [(price["good"], price["market"]) for price in shown(client)]
    assert pairs == [("ca-chep", MARKET), ("gao-te", "all"), ("gao-te", MARKET)]
    assert [price["good"] for price in shown(client, "group=fish")] == ["ca-chep"]
    assert [price["price"] for price in shown(client, "market=cho-la")] == [17_000]
    page = client.get(f"{BOARD}?limit=1").json
    rest = shown(client, f"limit=1&cursor={page['next_cursor']}")
    assert {price["good"] for price in rest} == {"gao-te"}


@pytest.mark.usefixtures("carp")
def test_a_correction_says_why_and_the_old_price_stays_in_the_record(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    day = recorded(client, editor, 1, 76_000)
    refused = put(client, editor, day, {"ca-chep": 67_000})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["reason"])
    made = put(client, editor, day, {"ca-chep": 67_000, "gao-te": 18_000}, reason="Gõ nhầm")
    assert made.json == {"added": 1, "corrected": 1, "same": 0}
    again = put(client, editor, day, {"ca-chep": 67_000, "gao-te": 18_000})
    assert again.json == {"added": 0, "corrected": 0, "same": 2}
    deeds = rows(app, AuditEntry, AuditEntry.action == "price.record")
    assert [deed.detail["prices"] for deed in deeds] == [
        [{"good": "ca-chep", "before": None, "after": 76_000}],
        [
            {"good": "ca-chep", "before": 76_000, "after": 67_000},
            {"good": "gao-te", "before": None, "after": 18_000},
        ],
    ]
    assert (deeds[1].detail["reason"], deeds[1].detail["day"]) == ("Gõ nhầm", day.isoformat())


@SQLITE
@pytest.mark.usefixtures("carp")
def test_a_price_can_be_taken_back(app: Flask, client: FlaskClient, editor: Headers) -> None:
    day = recorded(client, editor, 0, 76_000)
    assert put(client, editor, day, {"ca-chep": None}).status_code == 422
    back = put(client, editor, day, {"ca-chep": None}, reason="Nhầm chợ")
    assert back.json["corrected"] == 1
    assert (rows(app, Price), shown(client)) == ([], [])


@SQLITE
@pytest.mark.usefixtures("carp")
@pytest.mark.parametrize("price", [0, -76_000, 99, 100_000_001, 10**12])
def test_a_price_that_cannot_be(client: FlaskClient, editor: Headers, price: int) -> None:
    answer = put(client, editor, today(), {"gao-te": 18_000, "ca-chep": price})
    assert answer.status_code == 422
    assert list(answer.json["errors"]["items"]) == ["1"]
    assert shown(client) == []


@SQLITE
def test_what_else_is_refused(
    app: Flask, client: FlaskClient, editor: Headers, carp: Entry
) -> None:
    drafted(app, GOOD, **{**CARP, "key": "ca-tram"})
    day = today()

    def fields(answer: TestResponse, place: str = "0") -> list[str]:
        assert answer.status_code == 422, answer.json
        return sorted(answer.json["errors"]["items"][place])

    assert fields(put(client, editor, day, {"ca-tram": 70_000})) == ["good"]
    assert fields(put(client, editor, day, {"ca-chep": 70_000}, market="cho-la")) == ["market"]
    for wrong in (day + timedelta(days=1), date(1999, 12, 31)):
        assert fields(put(client, editor, wrong, {"ca-chep": 70_000})) == ["day"]
    twice = [{"good": carp.key, "price": 70_000}, {"good": carp.key, "price": 71_000}]
    assert fields(put(client, editor, day, {}, items=twice), "1") == ["good"]
    for words in ("22-11-2026", "hom-nay"):
        assert put(client, editor, words, {"ca-chep": 70_000}).status_code == 404
    for price in (True, "70000", 70_000.5):
        assert put(client, editor, day, {"ca-chep": price}).status_code == 422


@SQLITE
@pytest.mark.usefixtures("carp")
def test_a_jump_is_to_be_confirmed(client: FlaskClient, editor: Headers) -> None:
    recorded(client, editor, 2, 76_000)
    for price in (76_000 * 3 + 1, 25_333):
        answer = put(client, editor, today(), {"gao-te": 18_000, "ca-chep": price})
        assert (answer.status_code, list(answer.json["errors"]["items"])) == (409, ["1"])
        assert "76000" in answer.json["errors"]["items"]["1"]["price"][0]
    elsewhere = put(client, editor, today(), {"ca-chep": 760_000}, market="all")
    assert elsewhere.status_code == 409  # no price there yet: held against the other markets'
    recorded(client, editor, 1, 76_000 * 3)
    recorded(client, editor, 0, 8_000, confirm=True)


def test_phones_and_caches_hear_of_a_new_price(
    app: Flask, client: FlaskClient, editor: Headers, carp: Entry
) -> None:
    recorded(client, editor, 1, 76_000)
    known = client.get(BOARD).headers["ETag"]
    assert client.get(BOARD, headers={"If-None-Match": known}).status_code == 304
    (before,) = rows(app, Change, Change.ref == str(carp.id))
    recorded(client, editor, 0, 77_000)
    (after,) = rows(app, Change, Change.ref == str(carp.id))
    assert after.position > before.position
    assert client.get(BOARD, headers={"If-None-Match": known}).status_code == 200
    recorded(client, editor, 0, 77_000)  # the same again: nobody hears of it
    assert rows(app, Change, Change.ref == str(carp.id))[0].position == after.position


@pytest.mark.usefixtures("carp")
def test_a_series_with_its_gaps(client: FlaskClient, editor: Headers) -> None:
    first = recorded(client, editor, 5, 70_000)
    last = recorded(client, editor, 3, 75_001)
    recorded(client, editor, 40, 60_000)
    told = client.get(f"{BOARD}/ca-chep").json
    assert (told["unit"], told["group"], told["to"]) == ("kg", "fish", last.isoformat())
    (line,) = told["series"]
    assert (line["min"], line["max"], line["mean"]) == (70_000, 75_001, 72_500)
    assert [point["price"] for point in line["points"]] == [70_000, 75_001]
    days = [(first + timedelta(days=n)).isoformat() for n in range(3)]
    lines = [{"market": MARKET, "values": [70_000, None, 75_001]}]
    assert told["chart"] == {"labels": days, "lines": lines}
    longer = client.get(f"{BOARD}/ca-chep?from={last - timedelta(days=60)}&market={MARKET}").json
    assert len(longer["series"][0]["points"]) == 3


@SQLITE
@pytest.mark.usefixtures("carp")
def test_a_series_as_a_file_and_what_is_none(client: FlaskClient, editor: Headers) -> None:
    day = recorded(client, editor, 1, 70_000)
    answer = client.get(f"{BOARD}/ca-chep.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ca-chep.csv"'
    table = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert table[1:] == [[day.isoformat(), "ca-chep", MARKET, "70000", "kg", ""]]
    assert client.get(f"{BOARD}/ca-tram").status_code == 404
    assert client.get(f"{BOARD}/gao-te").json["series"] == []
    for query in ("from=2026-11-22&to=2026-11-21", "from=2020-01-01&to=2026-11-21"):
        assert client.get(f"{BOARD}/ca-chep?{query}").status_code == 422


@pytest.mark.usefixtures("carp")
def test_officers_list_and_take_away_what_was_recorded(
    app: Flask, client: FlaskClient, editor: Headers, auditor: Headers
) -> None:
    for ago in range(3):
        recorded(client, editor, ago, 70_000 + ago)
    page = client.get(f"{DESK}?limit=2", headers=auditor).json
    more = client.get(f"{DESK}?limit=2&cursor={page['next_cursor']}", headers=auditor).json
    seen = [item["price"] for item in (*page["items"], *more["items"])]
    assert seen == [70_002, 70_001, 70_000]
    assert page["items"][0]["changed_by"].startswith("officer:")
    query = f"from={today()}&good=ca-chep&market={MARKET}"
    file = client.get(f"{DESK}.csv?{query}", headers=auditor).get_data(as_text=True)
    assert len(file.splitlines()) == 2
    assert rows(app, AuditEntry, AuditEntry.action == "price.export")
