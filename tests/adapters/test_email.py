"""Mail goes over checked TLS or not at all; faults say only whether to try again."""

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from smartcity.adapters.email import Mail, Smtp
from smartcity.core.errors import Permanent, Temporary
from smartcity.settings import Settings
from tests.postbox import NAME, WORD, Postbox, postbox

TO = "linh.nguyen@example.vn"
MAIL = Mail(TO, "Phản ánh quá hạn xử lý", "Hạn xử lý là 17:00.\n.\nHết.", "ref-1")
USER = f"{quote(NAME, '')}:{quote(WORD, '')}@"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Postbox]:
    with postbox(tmp_path) as found:
        yield found


def sender(box: Postbox, url: str = "", ca: bool = True) -> Smtp:
    return Smtp(
        Settings(
            smtp_url=url or box.url(), smtp_ca=box.ca if ca else None, mail_from="desk@example.vn"
        )
    )


# The server sees no STARTTLS, and not that all of "smtps" is TLS.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("scheme", ["smtp", "smtps", "smtp-plain"])
@pytest.mark.parametrize("password", [False, True])
def test_a_message_arrives(tmp_path: Path, scheme: str, password: bool) -> None:
    with postbox(tmp_path, scheme, password=password) as box:
        sender(box, box.url(scheme, USER if password else "")).send(MAIL)
    [message] = box.messages
    assert (message["To"], message["Subject"]) == (TO, MAIL.subject)
    assert message["Message-ID"] == "<ref-1@example.vn>"
    assert message.get_content().splitlines() == MAIL.body.splitlines()


def test_nothing_goes_to_a_server_without_tls(tmp_path: Path) -> None:
    with postbox(tmp_path, "smtp-plain") as box, pytest.raises(Temporary) as fault:
        sender(box, box.url("smtp", USER)).send(MAIL)
    assert fault.value.opens_breaker
    assert box.messages == []


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_nothing_goes_to_a_server_that_proves_nothing(tmp_path: Path, scheme: str) -> None:
    with postbox(tmp_path, scheme) as box, pytest.raises(Temporary) as fault:
        sender(box, box.url(scheme), ca=False).send(MAIL)
    assert fault.value.opens_breaker
    assert box.messages == []


def test_a_wrong_password_stops_everything_but_loses_nothing(tmp_path: Path) -> None:
    with postbox(tmp_path, password=True) as box, pytest.raises(Temporary) as fault:
        sender(box, box.url("smtp", "desk:wrong@")).send(MAIL)
    assert (fault.value.opens_breaker, str(fault.value)) == (True, "SMTP: 535")


@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_a_refusal_for_now_is_tried_again(box: Postbox, stage: str) -> None:
    setattr(box, stage, "451 4.7.1 greylisted")
    with pytest.raises(Temporary) as fault:
        sender(box).send(MAIL)
    assert (fault.value.opens_breaker, str(fault.value)) == (False, "SMTP: 451")


@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_a_refusal_for_good_is_not_tried_again(box: Postbox, stage: str) -> None:
    setattr(box, stage, f"550 5.1.1 no {TO} here")
    with pytest.raises(Permanent) as fault:
        sender(box).send(MAIL)
    assert str(fault.value) == "SMTP: 550"  # and nobody's address


def test_a_line_that_breaks_leaves_it_unknown(box: Postbox) -> None:
    box.cut = True
    with pytest.raises(Temporary):
        sender(box).send(MAIL)


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Temporary) as fault:
        sender(Postbox(), url, ca=False).send(MAIL)
    assert not fault.value.opens_breaker


@pytest.mark.parametrize(
    "given", [{"to": f"{TO}\r\nBcc: x@example.vn"}, {"subject": "Chào\r\nBcc: x@example.vn"}]
)
def test_no_header_is_slipped_in(box: Postbox, given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"newline|linefeed|CR|LF"):
        sender(box).send(Mail(**{**vars(MAIL), **given}))
    assert box.messages == []
