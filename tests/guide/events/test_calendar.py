"""Events as iCalendar: read back by its parser, and whole for those who hold what is off by now."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Event

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.guide.events.calendar import _written
from smartcity.guide.events.event import EVENT
from smartcity.identity.permissions import SYSTEM
from smartcity.registers import service as registers
from smartcity.registers.service import Entry
from tests.conftest import MakeApp
from tests.guide.events.events_made import event, on
from tests.registers.records_made import drafted, made, published

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime(2027, 5, 1, tzinfo=UTC)
FEED = "/feeds/events.ics"
NASTY = "Hội; chợ, \\n “quê” 🏮 " + "rất dài " * 20


def read(client: FlaskClient, path: str = FEED) -> list[Event]:
    answer = client.get(path)
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.data).events)


def at(when: datetime, app: Flask, deed: Any, entry: Entry, version: int, *rest: Any) -> Entry:
    with clock.frozen(when), app.app_context(), transaction() as session:
        done: Entry = deed(session, EVENT, SYSTEM, entry.id, version, *rest)
        return done


def test_an_event_reads_back_as_it_was_entered(app: Flask, client: FlaskClient) -> None:
    placed = {"latitude": 20.94, "longitude": 106.33, "link": "https://example.com/a;b,c"}
    about = {"about": "Dòng một\nDòng hai; ba, bốn", "price": "Miễn phí"}
    with clock.frozen(NOW):
        entry = published(app, EVENT, **event(title=NASTY, **placed, **about))
    (found,) = read(client)
    assert found.uid == str(entry.id)
    assert found["summary"] == NASTY.strip()
    assert found.start == datetime.fromisoformat("2027-05-08T20:00:00+07:00")
    assert found.end - found.start == timedelta(hours=2)
    assert found["dtstart"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert found.stamp == NOW
    assert (found.sequence, found["status"], found["url"]) == (2, "CONFIRMED", placed["link"])
    assert (found["geo"].latitude, found["geo"].longitude) == (20.94, 106.33)
    demo, *rest = str(found["description"]).split("\n")
    assert demo == "Ví dụ minh họa, không phải sự kiện thật."
    assert rest == ["Dòng một", "Dòng hai; ba, bốn", "Vé: Miễn phí"]


@SQLITE
def test_lines_are_folded_and_the_zone_is_told(app: Flask, client: FlaskClient) -> None:
    published(app, EVENT, **event(title=NASTY))
    answer = client.get(FEED)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()  # no letter is cut in two
    calendar = Calendar.from_ical(answer.data)
    assert [zone["tzid"] for zone in calendar.timezones] == ["Asia/Ho_Chi_Minh"]
    assert calendar["version"] == "2.0"
    assert "method" not in calendar
    assert calendar["prodid"].startswith("-//")


@SQLITE
def test_two_machines_write_the_same(make_app: MakeApp) -> None:
    here, there = make_app(), make_app()
    published(here, EVENT, **event())
    before = here.test_client().get(FEED)
    _written.cache_clear()
    after = there.test_client().get(FEED)
    assert before.data == after.data
    assert before.headers["ETag"] == after.headers["ETag"]
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in before.data


@SQLITE
def test_a_change_keeps_the_uid_and_raises_the_sequence(app: Flask, client: FlaskClient) -> None:
    entry = published(app, EVENT, **event())
    before = client.get(FEED)
    changed = made(EVENT, **event(cancelled=True))
    at(NOW, app, registers.change, entry, 2, changed, "Bão.")
    after = client.get(FEED, headers={"If-None-Match": before.headers["ETag"]})
    (found,) = Calendar.from_ical(after.data).events
    assert (found.uid, found.sequence) == (str(entry.id), 3)
    assert (found["status"], found["summary"]) == ("CANCELLED", event()["title"])
    again = client.get(FEED, headers={"If-None-Match": after.headers["ETag"]})
    assert again.status_code == 304


def test_what_was_withdrawn_is_cancelled_for_thirty_days(app: Flask, client: FlaskClient) -> None:
    with clock.frozen(NOW):
        entry = published(app, EVENT, **event())
    at(NOW, app, registers.move, entry, 2, registers.WITHDRAW, "Ghi nhầm.")
    (found,) = read(client)
    assert (found.uid, found.sequence, found["status"]) == (str(entry.id), 3, "CANCELLED")
    assert event()["title"] not in client.get(FEED).text
    assert client.get(f"/events/{entry.id}.ics").status_code == 404
    for days, there in ((30, 2), (31, 2)):  # by then it has gone, and one more has come
        with clock.frozen(NOW + timedelta(days=days)):
            published(app, EVENT, **on("2027-07-01"))
        assert len(read(client)) == there


@SQLITE
def test_what_is_long_past_and_what_never_was_public_are_not_there(
    app: Flask, client: FlaskClient
) -> None:
    with clock.frozen(NOW):
        published(app, EVENT, **on("2027-03-31"))
        recent = published(app, EVENT, **on("2027-04-02"))
        drafted(app, EVENT, **on("2027-05-20"))
    assert [each.uid for each in read(client)] == [str(recent.id)]


@SQLITE
def test_it_is_narrowed_and_empty_where_nothing_goes_on(app: Flask, client: FlaskClient) -> None:
    assert read(client) == []
    published(app, EVENT, **event(ward="11383", title="Một"))
    published(app, EVENT, **event(ward="11411", category="sport", title="Hai"))
    published(app, EVENT, **event(title="Khắp nơi"))
    assert {e["summary"] for e in read(client, f"{FEED}?ward=11383")} == {"Một", "Khắp nơi"}
    assert [e["summary"] for e in read(client, f"{FEED}?category=sport")] == ["Hai"]
    for query in ("ward=0", "category=party", "url=https://evil.vn"):
        assert client.get(f"{FEED}?{query}").status_code == 422


@SQLITE
def test_one_event_for_ones_own_calendar(app: Flask, client: FlaskClient) -> None:
    entry = published(app, EVENT, **event())
    (found,) = read(client, f"/events/{entry.id}.ics")
    assert found.uid == str(entry.id)
    assert client.get(f"/events/{uuid.uuid4()}.ics").status_code == 404
    assert client.get("/events/.ics").status_code == 404
