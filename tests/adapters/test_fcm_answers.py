"""FCM's answers in our words: one table, whichever transport asked."""

import pytest

from smartcity.adapters.fcm.answers import ACCEPTED, Answer, Reply, reply
from smartcity.adapters.fcm.envelope import Notification, encode
from smartcity.adapters.fcm.multi import Multi
from smartcity.adapters.fcm.sdk import push
from smartcity.core.errors import Permanent
from smartcity.sandbox.fcm import Fcm
from smartcity.settings import Settings
from tests.conftest import MakeApp

NEWS = Notification("Tin", "Có tin mới", "/news/1", "news-1", "news", 60)
BY_ADDRESS = {
    "good": ACCEPTED,
    "unregistered": Reply(Answer.UNREGISTERED, "UNREGISTERED"),
    "invalid": Reply(Answer.BAD_ADDRESS, "INVALID_ARGUMENT"),
    "sender-mismatch": Reply(Answer.OTHER_SENDER, "SENDER_ID_MISMATCH"),
    "apns-auth": Reply(Answer.PLATFORM, "THIRD_PARTY_AUTH_ERROR"),
    "quota": Reply(Answer.QUOTA, "QUOTA_EXCEEDED", 60.0),
    "unavailable": Reply(Answer.UNKNOWN, "UNAVAILABLE"),
    "internal": Reply(Answer.UNKNOWN, "INTERNAL"),
}


@pytest.mark.usefixtures("sending")
def test_both_transports_read_the_same_answers(fcm_settings: Settings) -> None:
    multi, envelope = Multi(fcm_settings), encode(NEWS)
    bodies = [envelope.body("token", address, "mid") for address in BY_ADDRESS]
    assert dict(zip(BY_ADDRESS, multi.send(bodies), strict=True)) == BY_ADDRESS
    multi.close()
    by_sdk = {a: push().send(NEWS, ("token", a), "mid") for a in BY_ADDRESS}
    assert by_sdk == BY_ADDRESS


@pytest.mark.usefixtures("sending")
def test_retry_after_is_obeyed_by_both(fcm: Fcm, fcm_settings: Settings) -> None:
    fault = {"mode": "error", "status": 503, "retry_after": 7}
    assert fcm.app.test_client().put("/faults", json=fault).status_code == 200
    expected = Reply(Answer.UNKNOWN, "UNAVAILABLE", 7.0)
    multi = Multi(fcm_settings)
    assert multi.send([encode(NEWS).body("fid", "a", "mid")]) == [expected]
    multi.close()
    assert push().send(NEWS, ("fid", "a"), "mid") == expected


@pytest.mark.usefixtures("sending")
def test_a_validation_reaches_nobody(fcm: Fcm) -> None:
    assert push().validate(NEWS, ("token", "good"), "mid") == ACCEPTED
    assert push().validate(NEWS, ("token", "unregistered"), "mid").answer is Answer.UNREGISTERED
    assert fcm.app.test_client().get("/journal").get_json()["sent"] == []


@pytest.mark.usefixtures("sending")
def test_a_server_that_is_away_has_surely_got_nothing(fcm: Fcm) -> None:
    assert push().send(NEWS, ("token", "good"), "mid") == ACCEPTED
    fcm.stop()
    again = push().send(NEWS, ("token", "good"), "mid")  # on the connection that is now dead
    assert again.answer in (Answer.UNKNOWN, Answer.NOT_SENT)
    assert push().send(NEWS, ("token", "good"), "mid").answer is Answer.NOT_SENT


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_credentials_a_person_must_look(make_app: MakeApp) -> None:
    with make_app().app_context(), pytest.raises(Permanent):
        push().send(NEWS, ("token", "good"), "mid")


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (502, b"<html>Bad Gateway</html>", Answer.UNKNOWN),
        (500, b'["error"]', Answer.UNKNOWN),
        (404, b"<html>Not Found</html>", Answer.REFUSED),  # nobody is pruned for a wrong address
        (404, b'{"error": {"status": "NOT_FOUND"}}', Answer.REFUSED),
        (403, b'{"error": {"status": "PERMISSION_DENIED"}}', Answer.REFUSED),
        (429, b"", Answer.QUOTA),
    ],
)
def test_what_is_not_fcms_own_prunes_nobody(status: int, body: bytes, answer: Answer) -> None:
    assert reply(status, body).answer is answer


def test_a_pause_is_never_nonsense() -> None:
    assert reply(429, b"", "86400").retry_after == 86_400
    assert reply(429, b"", "soon").retry_after == 60
    assert reply(503, b"", "9" * 40).retry_after is None
