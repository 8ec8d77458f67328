"""What Zalo's answers mean: this number, this message, us, or later."""

from collections.abc import Iterator

import pytest
from flask import request

from smartcity.adapters.zns import TokenRefused, Zns
from smartcity.core.errors import Permanent, Temporary
from smartcity.sandbox.server import Server
from smartcity.settings import Settings

TO = "+84912345678"


class Zalo(Server):
    """Answers every message alike, and keeps what it was asked."""

    def __init__(self, answer) -> None:
        super().__init__(0)
        self.asked = []
        self._answer = answer
        self.app.post("/message/template")(self.keep)
        self.app.post("/v4/oa/access_token")(self.keep)

    def keep(self):
        headers = request.environ["sandbox.headers"]
        self.asked.append((request.get_json(silent=True) or request.form.to_dict(), headers))
        return self._answer


@pytest.fixture
def answering() -> Iterator[object]:
    servers = []

    def start(answer):
        servers.append(Zalo(answer).start())
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def zns(server):
    return Zns(
        Settings(
            zns_url=server.url,
            zns_oauth_url=server.url,
            zns_app_id="app-1",
            zns_secret="the-secret",
            zns_template="template-1",
        )
    )


def send(server):
    zns(server).send("the-access", TO, "042917", "r-1")


def test_a_message_has_zalos_form(answering):
    zalo = answering({"error": 0, "message": "Success", "data": {"msg_id": "m-1"}})
    send(zalo)
    [(body, headers)] = zalo.asked
    assert body == {
        "phone": "84912345678",
        "template_id": "template-1",
        "template_data": {"otp": "042917"},
        "tracking_id": "r-1",
    }
    assert headers["access_token"] == "the-access"


@pytest.mark.parametrize("error", [-108, -114, -118, -119, -133, -139, -141, -1122, None])
def test_a_number_or_message_that_zalo_never_takes(answering, error):
    with pytest.raises(Permanent) as fault:
        send(answering({"error": error, "message": "no"}))
    assert TO[1:] not in str(fault.value)


@pytest.mark.parametrize(("error", "us"), [(-100, 0), (-144, 0), (-147, 0), (-135, 1), (-137, 1)])
def test_what_may_go_better_later_and_what_is_our_own_fault(answering, error, us):
    with pytest.raises(Temporary) as fault:
        send(answering({"error": error, "message": "no"}))
    assert fault.value.opens_breaker == bool(us)


def test_a_token_that_is_not_good(answering):
    with pytest.raises(TokenRefused):
        send(answering({"error": -124, "message": "Access token invalid"}))


@pytest.mark.parametrize(
    ("answer", "us"), [(("", 503), 0), (("", 401), 1), ("no JSON", 0), (["no object"], 0)]
)
def test_what_is_no_answer_of_zalos(answering, answer, us):
    with pytest.raises(Temporary) as fault:
        send(answering(answer))
    assert fault.value.opens_breaker == bool(us)


def test_tokens_are_changed_by_a_form(answering):
    told = {"access_token": "a-2", "refresh_token": "r-2", "expires_in": "90000"}
    zalo = answering(told)
    renewed = zns(zalo).renew("r-1")
    assert (renewed.access, renewed.refresh, renewed.expires_in) == ("a-2", "r-2", 90_000)
    [(form, headers)] = zalo.asked
    assert form == {"app_id": "app-1", "grant_type": "refresh_token", "refresh_token": "r-1"}
    assert headers["secret_key"] == "the-secret"


@pytest.mark.parametrize(
    "told", [{"error": -14014}, {"access_token": "a", "refresh_token": "r", "expires_in": "soon"}]
)
def test_a_refresh_token_that_is_spent(answering, told):
    with pytest.raises(Permanent) as fault:
        zns(answering(told)).renew("r-1")
    assert "r-1" not in str(fault.value)
