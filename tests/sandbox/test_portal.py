"""The portal of the sandbox: pages that are missing in every way that real ones are."""

import http.client
from collections.abc import Iterator

import httpx
import pytest

from smartcity.sandbox.portal import Portal


@pytest.fixture
def portal() -> Iterator[Portal]:
    with Portal() as server:
        yield server


def asked(portal: Portal, ident: str) -> httpx.Response:
    address = f"{portal.url}/thu-tuc-hanh-chinh/{ident}"
    return httpx.get(address, timeout=10)


@pytest.mark.parametrize(
    ("form", "status", "holds"),
    [
        ("page", 200, "Thủ tục x"),
        ("absent", 200, "<h1>Không tìm thấy thủ tục</h1>"),
        ("wall", 200, "/TSPD/"),
        ("home", 302, ""),
        ("moved", 302, ""),
        ("elsewhere", 302, ""),
        ("gone", 410, ""),
    ],
)
def test_pages_are_put_there_in_their_forms(
    portal: Portal, form: str, status: int, holds: str
) -> None:
    put = httpx.put(f"{portal.url}/pages/x", json={"as": form}, timeout=10)
    assert put.status_code == 204
    answer = asked(portal, "x")
    assert answer.status_code == status
    assert holds in answer.text


def test_what_nobody_put_there_is_not_there(portal: Portal) -> None:
    assert asked(portal, "x").status_code == 404
    wrong = httpx.put(f"{portal.url}/pages/x", json={"as": "pdf"}, timeout=10)
    assert wrong.status_code == 400
    with pytest.raises(KeyError):
        portal.put("x", "pdf")
    told = httpx.get(f"{portal.url}/asked", timeout=10).json()
    assert told == {"asked": ["x"], "at_once": 1}


def test_faults_break_all_of_it(portal: Portal) -> None:
    portal.put("x")
    portal.suffer("error", status=503, retry_after=7)
    answer = asked(portal, "x")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    portal.suffer("slow")
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=10)
    connection.request("GET", "/thu-tuc-hanh-chinh/x")
    assert connection.getresponse().read(1) == b" "  # and so on, without an end
    connection.close()
    portal.suffer("none")
    assert asked(portal, "x").status_code == 200
