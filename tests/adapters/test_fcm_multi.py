"""Campaigns over HTTP/2: each message once or not at all, and we know which."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from smartcity.adapters.fcm.answers import ACCEPTED, Answer, Reply
from smartcity.adapters.fcm.credentials import credentials
from smartcity.adapters.fcm.envelope import Notification, encode
from smartcity.adapters.fcm.multi import Multi
from smartcity.sandbox import tls
from smartcity.sandbox.fcm import Fcm
from smartcity.settings import Settings

ENVELOPE = encode(Notification("Tin", "Có tin mới", "/news/1", "news-1", "news", 60))
NOT_SENT = Answer.NOT_SENT
Break = Callable[..., None]


@pytest.fixture
def multi(sending: None, fcm_settings: Settings) -> Iterator[Multi]:
    with closing(Multi(fcm_settings)) as transport:
        yield transport


@pytest.fixture
def break_fcm(fcm: Fcm) -> Break:
    def put(**fault: Any) -> None:
        assert fcm.app.test_client().put("/faults", json=fault).status_code == 200

    return put


def bodies(numbers: Any) -> list[bytes]:
    return [ENVELOPE.body("token", f"phone-{n}", f"mid-{n}") for n in numbers]


def arrivals(fcm: Fcm) -> Counter[int]:
    """How often the message of each number came."""
    lines = fcm.app.test_client().get("/arrivals").text.splitlines()
    fields = [line.split("\t") for line in lines]
    return Counter({int(address.split("-")[1]): int(times) for address, _, times in fields})


def test_windows_over_the_same_connections(fcm: Fcm, multi: Multi) -> None:
    for window in (range(200), range(200, 400), range(400, 401)):
        assert multi.send(bodies(window)) == [ACCEPTED] * len(window)
    assert multi.send([]) == []
    assert arrivals(fcm) == Counter(range(401))
    stats = fcm.app.test_client().get("/stats").get_json()
    assert stats["most_streams_at_once"] <= 100


def test_replies_stand_in_the_order_of_the_bodies(multi: Multi) -> None:
    dead = bodies(range(50))
    dead[7::10] = [ENVELOPE.body("token", "unregistered", "mid")] * 5
    replies = multi.send(dead)
    assert [n for n, r in enumerate(replies) if r.answer is Answer.UNREGISTERED] == [
        *range(7, 50, 10)
    ]


@pytest.mark.parametrize(
    "fault", [{"mode": "refuse_stream", "rate": 0.2}, {"mode": "goaway", "rate": 0.02}]
)
def test_what_the_server_did_not_process_can_go_again(
    fcm: Fcm, multi: Multi, break_fcm: Break, fault: dict[str, Any]
) -> None:
    assert multi.send(bodies(range(5))) == [ACCEPTED] * 5  # connections are reused from here
    break_fcm(**fault)
    waiting, refused = list(range(5, 400)), 0
    for _ in range(50):
        replies = multi.send(bodies(waiting))
        assert {r.answer for r in replies} <= {Answer.ACCEPTED, NOT_SENT}
        waiting = [n for n, r in zip(waiting, replies, strict=True) if r.answer is NOT_SENT]
        refused += len(waiting)
        if not waiting:
            break
    assert refused
    assert arrivals(fcm) == Counter(range(400))


def test_what_may_have_arrived_never_goes_again(fcm: Fcm, multi: Multi, break_fcm: Break) -> None:
    assert multi.send(bodies(range(5))) == [ACCEPTED] * 5
    break_fcm(mode="accept_then_drop", rate=0.01)
    replies = multi.send(bodies(range(5, 400)))
    check(fcm, dict(zip(range(5, 400), replies, strict=True)))
    assert Answer.UNKNOWN in {r.answer for r in replies}


def test_connections_that_died_between_windows(fcm: Fcm, multi: Multi) -> None:
    assert multi.send(bodies(range(200))) == [ACCEPTED] * 200
    fcm.stop()
    gone = multi.send(bodies(range(200, 210)))
    assert ACCEPTED not in gone
    fcm.start()
    replies = dict(zip(range(200, 400), gone + multi.send(bodies(range(210, 400))), strict=True))
    check(fcm, replies)
    assert multi.send(bodies(range(400, 410))) == [ACCEPTED] * 10


def test_a_server_that_is_away_has_surely_got_nothing(
    fcm: Fcm, fcm_settings: Settings, sending: None
) -> None:
    credentials().token()
    fcm.stop()
    with closing(Multi(fcm_settings)) as multi:
        assert {r.answer for r in multi.send(bodies(range(20)))} == {NOT_SENT}


def test_no_token_no_message(fcm: Fcm, multi: Multi) -> None:
    fcm.stop()
    assert multi.send(bodies(range(2))) == [Reply(NOT_SENT, "no access token could be fetched")] * 2


def test_a_server_of_another_authority_gets_nothing(
    fcm: Fcm, fcm_settings: Settings, sending: None, tmp_path: Path
) -> None:
    tls.server_context(tmp_path)
    credentials().token()
    stranger = Settings(fcm_url=fcm_settings.fcm_url, fcm_ca=tmp_path / "ca.pem")
    with closing(Multi(stranger)) as multi:
        assert {r.answer for r in multi.send(bodies(range(5)))} == {NOT_SENT}
    assert not arrivals(fcm)


def test_a_token_that_is_refused_is_renewed(fcm: Fcm, multi: Multi) -> None:
    assert multi.send(bodies(range(3))) == [ACCEPTED] * 3
    fcm.stop()
    with Fcm(fcm.ca_file.parent, fcm.port) as other:  # knows none of the tokens given so far
        while (replies := multi.send(bodies(range(3, 6))))[0] != ACCEPTED:
            assert {r.answer for r in replies} <= {NOT_SENT, Answer.UNKNOWN}
        assert set(arrivals(other)) == {3, 4, 5}


def check(fcm: Fcm, replies: dict[int, Reply]) -> None:
    """Nothing came twice, all that was accepted came, nothing came that was surely not sent."""
    came = arrivals(fcm)
    assert set(came.values()) <= {1}
    for number, given in replies.items():
        if given.answer is not Answer.UNKNOWN:
            assert came[number] == (given == ACCEPTED), (number, given)
