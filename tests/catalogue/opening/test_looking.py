"""A look at a portal's page, and the walk over a portal by night."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.catalogue.models import LinkCheck, Outcome, Procedure
from smartcity.catalogue.opening import jobs as links_jobs
from smartcity.catalogue.opening.looking import Look, look
from smartcity.catalogue.register import publishing
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.identity.permissions import SYSTEM
from smartcity.jobs.models import JobRow
from smartcity.sandbox.portal import Portal
from tests.catalogue.portals_made import IDS, link
from tests.catalogue.records_made import bring, record
from tests.helpers import rows, work

NIGHT = datetime(2026, 11, 22, 19, 5, tzinfo=UTC)  # 2:05 of the 23rd in the province
DAY = timedelta(days=1)
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def night(app: Flask, at: datetime = NIGHT) -> None:
    """All that a night does."""
    with clock.frozen(at):
        with app.app_context():
            links_jobs.by_night()
        work(app, "links")


def outcomes(app: Flask) -> dict[str, tuple[str, int]]:
    return {row.code: (row.outcome, row.failures) for row in rows(app, LinkCheck)}


@SQLITE
@pytest.mark.parametrize(
    ("form", "seen"),
    [
        ("page", Look(Outcome.GOOD)),  # whose program knows the words of an absent one
        ("moved", Look(Outcome.GOOD)),
        ("absent", Look(Outcome.BROKEN, "link.fault.absent")),
        ("wall", Look(Outcome.UNKNOWN, "link.fault.wall")),
        ("home", Look(Outcome.BROKEN, "link.fault.home")),
        ("elsewhere", Look(Outcome.BROKEN, "link.fault.elsewhere")),
        ("gone", Look(Outcome.BROKEN, "link.fault.http|status=410")),
    ],
)
def test_what_a_page_says(in_app: Flask, portal: Portal, form: str, seen: Look) -> None:
    portal.put("x", form)
    assert look(f"{portal.url}/thu-tuc-hanh-chinh/x") == seen


@SQLITE
def test_what_an_error_says(in_app: Flask, portal: Portal) -> None:
    address = f"{portal.url}/thu-tuc-hanh-chinh/x"
    assert look(address) == Look(Outcome.BROKEN, "link.fault.http|status=404")
    for status, wait in ((403, None), (429, 30), (500, None), (503, 120)):
        portal.suffer("error", status=status, retry_after=wait)
        told = f"link.fault.http|status={status}"
        assert look(address) == Look(Outcome.UNKNOWN, told, float(wait or 0))
    portal.stop()
    assert look(address).outcome is Outcome.UNKNOWN
    assert look("https://10.0.0.1/x") == Look(Outcome.UNKNOWN, "link.fault.not_public")


def test_two_nights_find_a_broken_link(app: Flask, portal: Portal) -> None:
    for ident, form in zip(IDS, ("page", "absent", "wall"), strict=False):
        portal.put(ident, form)
    brought = [record(f"1.90000{n}", link=link(IDS[n])) for n in range(3)]
    bring(app, *brought, record("1.900003", link=None))
    night(app)
    assert outcomes(app) == {
        "1.900000": ("good", 0),
        "1.900001": ("unknown", 1),
        "1.900002": ("unknown", 1),
    }
    night(app, NIGHT + DAY)
    assert outcomes(app) == {
        "1.900000": ("good", 0),
        "1.900001": ("broken", 2),
        "1.900002": ("unknown", 2),
    }
    broken = rows(app, LinkCheck, LinkCheck.code == "1.900001")[0]
    assert (broken.broken_since, broken.checked_at) == (NIGHT, NIGHT + DAY)
    portal.put(IDS[1], "wall")  # which tells nothing
    night(app, NIGHT + 2 * DAY)
    assert outcomes(app)["1.900001"] == ("broken", 3)
    portal.put(IDS[1], "page")
    night(app, NIGHT + 3 * DAY)
    assert outcomes(app)["1.900001"] == ("good", 0)


@SQLITE
def test_a_night_asks_for_each_page_once_and_never_two_at_a_time(app, portal: Portal) -> None:
    for ident in IDS[:3]:
        portal.put(ident)
    shared = [record(f"1.90000{n}", link=link(IDS[n % 3])) for n in range(9)]
    bring(app, *shared)
    night(app)
    night(app, NIGHT + timedelta(hours=1))
    assert sorted(portal.asked()) == IDS[:3]
    assert portal.at_once() == 1
    assert set(outcomes(app).values()) == {("good", 0)}
    with clock.frozen(NIGHT - timedelta(hours=1)), app.app_context():
        links_jobs.by_night()  # it is not night
    assert rows(app, JobRow) == []


@SQLITE
def test_a_portal_that_tells_nothing_is_left_alone(app: Flask, portal: Portal) -> None:
    brought = [record(f"1.9000{n:02}", link=link(IDS[n])) for n in range(25)]
    bring(app, *brought)
    portal.suffer("error", status=403)
    night(app)
    night(app, NIGHT + timedelta(hours=1))
    assert len(portal.asked()) == 20
    night(app, NIGHT + DAY)
    assert len(set(portal.asked())) == 25  # those that were never looked at come first


def test_a_portal_that_asks_to_wait_is_waited_for(app: Flask, portal: Portal) -> None:
    bring(app, *(record(f"1.90000{n}", link=link(IDS[n])) for n in range(3)))
    portal.suffer("error", status=503, retry_after=3_600)
    night(app)
    assert len(portal.asked()) == 1
    assert len(rows(app, JobRow)) == 1  # due in an hour
    night(app, NIGHT + timedelta(minutes=50))
    assert len(portal.asked()) == 1


@SQLITE
@pytest.mark.parametrize(("environment", "walks"), [("development", 0), ("production", 1)])
def test_no_portal_hears_of_a_demonstration(make_app, environment: str, walks: int) -> None:
    app = make_app(environment=environment)  # with the province's own portals
    bring(app, record(link=link("019d2bfd-3fac-7489-b53b-a15eb239a6fe")))
    with clock.frozen(NIGHT), app.app_context():
        links_jobs.by_night()
    assert [row.address.split("/")[2] for row in rows(app, LinkCheck)] == ["dichvucong.gov.vn"]
    assert [row.name for row in rows(app, JobRow)] == ["links.walk"] * walks


@SQLITE
def test_links_that_are_no_more_are_forgotten(app: Flask, portal: Portal) -> None:
    for ident in IDS[:3]:
        portal.put(ident)
    bring(app, *(record(f"1.90000{n}", link=link(IDS[n])) for n in range(3)))
    night(app)
    bring(app, record("1.900001", link=None), record("1.900002", link=link(IDS[5])))
    with app.app_context(), transaction() as session:
        publishing.withdraw(session, SYSTEM, session.get_one(Procedure, "1.900000"), "Bãi bỏ")
    night(app, NIGHT + DAY)
    assert outcomes(app) == {"1.900002": ("unknown", 1)}


@SQLITE
def test_the_metrics_tell_of_broken_links_and_of_looks_that_are_missing(
    app: Flask, client: FlaskClient, portal: Portal
) -> None:
    with clock.frozen(NIGHT):
        bring(app, record(link=link()))
    night(app)
    night(app, NIGHT + DAY)
    with clock.frozen(NIGHT + 2 * DAY):
        told = client.get("/metrics").text
    assert 'procedure_links{outcome="broken"} 1.0' in told
    assert 'procedure_links{outcome="good"} 0.0' in told
    assert "procedure_links_look_age_seconds 86400.0" in told
