"""What becomes of held answers whose time is over, when the application errs or is away."""

import gzip
import json

import pytest

from smartcity.demo.client import wait_for
from tests.deploy.edge import Pool, cache, get
from tests.deploy.origin import LONG, PUBLIC, Origin

OLD, RENEWED, TAKEN_BACK = (f"/api/v1/news/{name}" for name in ("old", "renewed", "taken-back"))
MODERATED = "/api/v1/public/reports/hidden"
SHORT = "public, max-age=1"  # as moderated answers: nothing is said of errors


@pytest.fixture(scope="module")
def public(origin: Origin, public: Pool) -> Pool:
    """Callers who come when what is held has grown old."""
    for path in (OLD, RENEWED, TAKEN_BACK, MODERATED):
        origin.says(path, LONG, SHORT if path == MODERATED else PUBLIC)
        get(public, path, Accept_Encoding="gzip")
    origin.says("/api/v1/probe", LONG)
    get(public, "/api/v1/probe")
    wait_for(lambda: cache(get(public, "/api/v1/probe")) != "HIT", seconds=4)
    return public


def test_the_same_bytes_are_not_sent_again(public: Pool) -> None:
    answer = get(public, RENEWED, Accept_Encoding="gzip")
    assert (answer.status, cache(answer)) == (200, "REVALIDATED")
    assert gzip.decompress(answer.data) == LONG.encode()


@pytest.mark.parametrize("status", [500, 503])
def test_what_editors_publish_outlives_an_error(origin: Origin, public: Pool, status: int) -> None:
    origin.fails(OLD, status)
    answer = get(public, OLD, Accept_Encoding="gzip")
    assert (answer.status, cache(answer)) == (200, "STALE")


def test_what_is_moderated_does_not(origin: Origin, public: Pool) -> None:
    origin.fails(MODERATED, 500)
    assert get(public, MODERATED, Accept_Encoding="gzip").status == 500
    with origin.away():
        assert get(public, MODERATED, Accept_Encoding="gzip").status == 502


def test_what_was_taken_back_stays_away_in_an_outage(origin: Origin, public: Pool) -> None:
    """Its 404 may be held like its 200, so that it takes its place."""
    origin.fails(TAKEN_BACK, 404, PUBLIC)
    assert get(public, TAKEN_BACK, Accept_Encoding="gzip").status == 404
    with origin.away():
        assert get(public, TAKEN_BACK, Accept_Encoding="gzip").status == 404


def test_with_the_application_down_what_was_held_is_given(origin: Origin, public: Pool) -> None:
    with origin.away():
        answers = [get(public, OLD, Accept_Encoding="gzip") for _ in range(3)]
    assert [(answer.status, cache(answer)) for answer in answers] == [(200, "STALE")] * 3
    assert gzip.decompress(answers[0].data) == LONG.encode()


@pytest.mark.parametrize("encoding", ["gzip", ""])
def test_and_of_the_rest_a_problem_tells(origin: Origin, public: Pool, encoding: str) -> None:
    with origin.away():
        answer = get(public, "/api/v1/news/never", Accept_Encoding=encoding)
    assert (answer.status, json.loads(answer.data)["status"]) == (502, 502)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Cache-Control"] == "no-store"
