"""What nginx holds of public answers, in which variants, and for whom."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from smartcity.demo.client import wait_for
from tests.deploy.edge import Pool, cache, get
from tests.deploy.origin import LONG, Origin


def test_the_origin_is_asked_once_and_each_request_has_an_id_of_its_own(
    origin: Origin, public: Pool
) -> None:
    origin.says("/api/v1/news/once", LONG, "public, max-age=60")
    first, second = (get(public, "/api/v1/news/once?limit=20") for _ in range(2))
    assert [cache(first), cache(second)] == ["MISS", "HIT"]
    assert first.data == second.data == LONG.encode()
    assert len(origin.asked_for("/api/v1/news/once")) == 1
    assert (
        origin.asked_for("/api/v1/news/once")[0].headers["X-Request-ID"]
        == first.headers["X-Request-ID"]
    )
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]


def test_what_is_left_of_a_limit_is_told_to_who_spent_it_only(origin: Origin, public: Pool) -> None:
    path = "/api/v1/news/limited"
    origin.says(path, LONG, "public, max-age=60", RateLimit='"default";r=7')
    told = [get(public, path).headers.get("RateLimit") for _ in range(2)]
    assert told == ['"default";r=7', None]


def test_a_zipped_and_a_plain_variant_each_right_and_fetched_once(
    origin: Origin, public: Pool
) -> None:
    path = "/api/v1/news/variants"
    origin.says(path, LONG, "public, max-age=60")
    plain = [get(public, path, Accept_Encoding=said) for said in ("", "gzip;q=0", "br")]
    zipped = [get(public, path, Accept_Encoding=said) for said in ("gzip", "br, gzip;q=0.5")]
    assert {answer.data for answer in plain} == {LONG.encode()}
    assert {gzip.decompress(answer.data) for answer in zipped} == {LONG.encode()}
    assert [answer.headers.get("Content-Encoding") for answer in plain] == [None] * 3
    assert [answer.headers.get("Content-Encoding") for answer in zipped] == ["gzip"] * 2
    assert {answer.headers["Vary"] for answer in plain + zipped} == {"Accept-Encoding"}
    strong, weak = plain[0].headers["ETag"], zipped[0].headers["ETag"]
    assert weak == f"W/{strong}"
    assert len(origin.asked_for(path)) == 2


@pytest.mark.parametrize("encoding", ["gzip", ""])
@pytest.mark.parametrize("authorization", ["", "Bearer nobody"])
def test_who_holds_the_answer_gets_304_by_either_form_of_its_tag(
    public: Pool, encoding: str, authorization: str
) -> None:
    """Of the application: from the cache, and from itself for who has a session."""
    path = "/api/v1/categories"
    tag = get(public, path, Accept_Encoding=encoding).headers["ETag"]
    for held in (tag, tag.removeprefix("W/"), f"W/{tag.removeprefix('W/')}"):
        headers = {"Accept_Encoding": encoding, "If_None_Match": held}
        if authorization:
            headers["Cookie"] = "theme=dark"  # a token that is none would be refused
        answer = get(public, path, **headers)
        assert (answer.status, answer.data) == (304, b"")
        assert cache(answer) == ("BYPASS" if authorization else "HIT")


@pytest.mark.parametrize("shown", [{"Authorization": "Bearer a"}, {"Cookie": "session=a"}])
def test_who_shows_who_he_is_gets_nothing_of_the_cache_and_leaves_nothing(
    origin: Origin, public: Pool, shown: dict[str, str]
) -> None:
    path = f"/api/v1/news/own-{next(iter(shown)).lower()}"
    origin.says(path, '"everybody"', "public, max-age=60")
    assert cache(get(public, path)) == "MISS"
    origin.says(path, '"his own"', "public, max-age=60")
    own = get(public, path, **shown, **{"Accept_Encoding": "gzip"})
    assert (own.data, cache(own), own.headers.get("Content-Encoding")) == (
        b'"his own"', "BYPASS", None,
    )  # fmt: skip
    assert get(public, path).data == b'"everybody"'


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"cache": "no-store"}, "no-store"),
        ({"cache": "private, max-age=60"}, "private"),
        ({"cache": "public, max-age=60", "Set_Cookie": "a=b"}, "set-cookie"),
        ({"cache": "public, max-age=60", "Vary": "*"}, "vary"),
    ],
)
def test_what_is_not_for_everybody_is_never_held(
    origin: Origin, public: Pool, headers: dict[str, str], why: str
) -> None:
    path = f"/api/v1/news/{why}"
    origin.says(path, LONG, **headers)
    for _ in range(3):
        assert cache(get(public, path, **{"Accept_Encoding": "gzip"})) == "MISS"
    assert len(origin.asked_for(path)) == 3


def test_that_a_thing_is_not_public_is_held_too_in_each_language(public: Pool) -> None:
    path = "/api/v1/documents/0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"
    told = [get(public, path, Accept_Language=said) for said in ("vi", "en", "vi", "en")]
    assert [(answer.status, cache(answer)) for answer in told] == [
        (404, "MISS"), (404, "MISS"), (404, "HIT"), (404, "HIT"),
    ]  # fmt: skip
    assert [json.loads(answer.data)["title"] for answer in told[2:]] == [
        "Không tìm thấy",
        "Not found",
    ]


def test_fifty_who_miss_at_once_cost_the_origin_one_request(origin: Origin, public: Pool) -> None:
    origin.says("/api/v1/news/rush", LONG, "public, max-age=60")
    with ThreadPoolExecutor(50) as people:
        answers = list(people.map(lambda _: get(public, "/api/v1/news/rush"), range(50)))
    assert {answer.data for answer in answers} == {LONG.encode()}
    assert len(origin.asked_for("/api/v1/news/rush")) == 1


def test_a_publish_is_seen_within_what_the_application_allows(origin: Origin, public: Pool) -> None:
    """max-age 1 s, stale-while-revalidate 2 s, and the second that nginx rounds."""
    path = "/api/v1/news/published"
    allowed = "public, max-age=1, stale-while-revalidate=2"
    origin.says(path, '"before"', allowed)
    assert get(public, path).data == b'"before"'
    origin.says(path, '"after"', allowed)
    seen: list[str | None] = []

    def sees() -> bool:
        answer = get(public, path)
        seen.append(cache(answer))
        return answer.data == b'"after"'

    wait_for(sees, seconds=4)
    # Nobody waited: the one who came when it was old got the old one, and it was fetched behind.
    assert "EXPIRED" not in seen
    assert set(seen) >= {"HIT", "STALE"}
