"""What nginx lets through, what it refuses in which words, and what it tells the application."""

import json
import re
from collections.abc import Iterator

import pytest
import urllib3
from werkzeug.wrappers import Request, Response

from smartcity.core.edge import LARGEST_BODY
from smartcity.core.texts import text
from smartcity.demo.client import wait_for
from smartcity.media.file_inspection import LARGEST_FILE
from smartcity.media.inspection import LARGEST
from smartcity.open311 import routes as open311
from tests.deploy.edge import SHUT_OUT, Edge, Pool, get
from tests.deploy.origin import Origin

MULTIPART = 64 * 1024  # bytes around a file
CODES = {404: "request.not_found", 413: "request.too_large", 429: "request.too_many"}


def problem(answer: urllib3.BaseHTTPResponse) -> dict[str, object]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, object] = json.loads(answer.data)
    return found


def in_our_words(status: int, language: str) -> dict[str, object]:
    return {
        "type": f"urn:problem:{CODES[status]}",
        "title": text(f"status.{status}", language),
        "status": status,
        "detail": text(CODES[status], language, retry_after=1),
    }


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", ["/metrics", "/.env", "/api/v1/news/.git/config"])
def test_what_is_nobodys_business_does_not_exist(public: Pool, path: str, language: str) -> None:
    answer = get(public, path, Accept_Language=f"{language}-XX")
    assert (answer.status, problem(answer)) == (404, in_our_words(404, language))
    assert answer.headers["Content-Language"] == language


@pytest.mark.parametrize(
    "path", ["/console/", "/api/v1/officer/me", "/api/v1/officer/files", "/api/v1/admin/officers"]
)
def test_officers_come_from_their_networks_only(nginx: Edge, public: Pool, path: str) -> None:
    with nginx.pool(SHUT_OUT) as outside:
        assert get(outside, path).status == 404
    assert get(public, path).headers["Content-Type"] != "application/problem+json" or (
        "instance" in problem(get(public, path))  # the application's own
    )


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/api/v1/reports", LARGEST_BODY),
        ("/api/v1/officer/me", LARGEST_BODY),
        ("/api/v1/me/devices", LARGEST_BODY),
        ("/api/v1/media", LARGEST + MULTIPART),
        ("/api/v1/media/uploads/0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e", LARGEST),
        ("/api/v1/officer/files", LARGEST_FILE + MULTIPART),
        ("/open311/v2/requests.json", open311.LARGEST_BODY),
    ],
)
def test_a_body_may_be_as_large_as_the_application_takes_it(
    nginx: Edge, path: str, most: int
) -> None:
    assert announced(nginx, path, most).startswith(b"HTTP/1.1 100 ")
    refused = announced(nginx, path, most + 1)
    assert refused.startswith(b"HTTP/1.1 413 ")
    assert json.loads(refused.partition(b"\r\n\r\n")[2]) == in_our_words(413, "vi")


def announced(nginx: Edge, path: str, length: int) -> bytes:
    """What is said to who asks whether a body of this length may come."""
    with nginx.connect() as connection:
        connection.sendall(
            f"PATCH {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n"
            "Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n".encode()
        )
        return connection.recv(65536)


def test_a_piece_of_a_photo_arrives_while_it_is_sent(nginx: Edge, origin: Origin) -> None:
    path, arrived = "/api/v1/media/uploads/piece", []

    def taking(request: Request) -> Response:
        arrived.append(request.stream.read(4))
        request.stream.read()
        return Response(status=204)

    origin.tell(path, taking)
    with nginx.connect() as connection:
        connection.sendall(
            f"PATCH {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\nhalf".encode()
        )
        wait_for(lambda: arrived == [b"half"], seconds=5)
        connection.sendall(b"rest")
        assert connection.recv(65536).startswith(b"HTTP/1.1 204 ")


def test_who_changes_too_much_from_one_address_has_to_wait(nginx: Edge, origin: Origin) -> None:
    origin.tell("/api/v1/x", lambda _: Response(status=204))
    with nginx.pool("127.0.0.4") as hasty, nginx.pool("127.0.0.5") as other:
        answers = (hasty.request("DELETE", "/api/v1/x") for _ in range(400))
        refused = next(answer for answer in answers if answer.status != 204)
        assert (refused.status, problem(refused)) == (429, in_our_words(429, "vi"))
        assert refused.headers["Retry-After"] == "1"
        assert get(hasty, "/api/v1/categories").status == 200
        assert other.request("DELETE", "/api/v1/x").status == 204


def test_the_application_hears_of_the_callers_address_not_of_what_he_says(
    origin: Origin, public: Pool
) -> None:
    origin.says("/api/v1/me/address", "{}", "no-store")
    get(
        public,
        "/api/v1/me/address",
        X_Forwarded_For="8.8.8.8",
        X_Forwarded_Host="evil.example",
        X_Request_ID="0198c0de-4a6e",
    )
    heard = origin.asked_for("/api/v1/me/address")[-1].headers
    assert heard["X-Forwarded-For"] == "127.0.0.1"
    assert (heard["X-Forwarded-Host"], heard["X-Forwarded-Proto"]) == ("localhost", "https")
    assert heard["X-Request-ID"] == "0198c0de-4a6e"


def test_the_log_tells_no_query_no_id_and_no_number(nginx: Edge, public: Pool) -> None:
    number, named = "0912345678", "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"
    asked = {
        f"/api/v1/search?q={number}": "/api/v1/search",
        f"/api/v1/reports/{named}/timeline": "/api/v1/reports/{id}/timeline",
        f"/media/{named}/full.jpg?sig=abc": "/media/",
        f"/exports/{named}?sig=abc": "/exports/",
        f"/api/v1/{number}": "(digits)",
    }
    ids = [
        get(public, path, X_Request_ID=given).headers["X-Request-ID"]
        for path, given in zip(asked, ["well-named-1", number, "x", "", ""], strict=True)
    ]
    lines = {}
    wait_for(lambda: ids[-1] in nginx.log(), seconds=5)
    for line in map(json.loads, nginx.log().splitlines()):
        lines[line["request_id"]] = line["path"]
    assert [lines[name] for name in ids] == list(asked.values())
    assert ids[0] == "well-named-1"
    assert not re.search(rf"{number}|{named}|sig=", nginx.log() + nginx.errors())


@pytest.fixture
def stranger(nginx: Edge) -> Iterator[urllib3.PoolManager]:
    with urllib3.PoolManager(retries=False) as anybody:
        yield anybody


def test_only_our_name_is_answered_and_only_under_tls(
    nginx: Edge, stranger: urllib3.PoolManager
) -> None:
    plain = f"http://127.0.0.1:{nginx.plain_port}/api/v1/news?limit=1"
    moved = stranger.request("GET", plain, headers={"Host": "evil.example"}, redirect=False)
    assert (moved.status, moved.headers["Location"]) == (
        308, "https://localhost/api/v1/news?limit=1",
    )  # fmt: skip
    with nginx.pool() as pool:
        assert get(pool, "/api/v1/categories", Host="evil.example").status == 421
    by_number = nginx.pool(name="127.0.0.1")
    with by_number, pytest.raises(urllib3.exceptions.SSLError):
        get(by_number, "/api/v1/categories")
    with nginx.connect(alpn=("h2", "http/1.1")) as phone:
        assert phone.selected_alpn_protocol() == "h2"
