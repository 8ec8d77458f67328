"""What every answer tells a browser, who may call across origins, and what is refused unread."""

import io
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.identity.permissions import Role
from tests.conftest import MakeApp
from tests.core.test_health import served
from tests.helpers import bearer, citizen, file_report, officer, rows
from tests.refusals import refused

ROOT = Path(__file__).parents[2]
APP, OTHER = "https://app.example.vn", "https://evil.example.vn"
SIGN_IN = "/api/v1/officer/auth/tokens"
WRONG = {"username": "nobody", "password": "not the password"}
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# ---- headers


PAGES = ["/docs", "/console/sign-in"]
OTHERS = ["/healthz", "/api/openapi.json", "/api/v1/areas", "/nothing", "/static/docs/start.js"]


@sqlite
@pytest.mark.parametrize("path", PAGES + OTHERS)
def test_every_answer_tells_a_browser_what_it_may_do(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    told = answer.headers
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Referrer-Policy"] == "same-origin"
    assert told["Cross-Origin-Opener-Policy"] == "same-origin"
    assert told["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in told["Permissions-Policy"]
    assert "Strict-Transport-Security" not in told  # http in development
    policies = told.getlist("Content-Security-Policy")
    assert len(policies) == 1
    policy = policies[0]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert ("script-src 'self'" in policy) == (path in PAGES)
    answer.close()


@sqlite
def test_a_photo_may_be_shown_by_a_centres_page(client: FlaskClient) -> None:
    answer = client.get("/media/0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e/small.webp")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@sqlite
def test_production_is_https_for_two_years(make_app: MakeApp) -> None:
    told = make_app(environment="production").test_client().get("/healthz").headers
    assert told["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_no_page_holds_a_script_or_style_of_its_own() -> None:
    pages = [p for p in (ROOT / "smartcity").rglob("*.html") if "sandbox" not in p.parts]
    assert len(pages) > 3
    inline = re.compile(r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son\w+\s*=|javascript:", re.I)
    found = {str(page): inline.findall(page.read_text()) for page in pages}
    assert {page: faults for page, faults in found.items() if faults} == {}


# ---- other origins


@sqlite
def test_a_listed_origin_may_call_the_api_without_cookies(make_app: MakeApp) -> None:
    client = make_app(cors_origins=(APP, "https://second.example.vn")).test_client()
    for path in ("/api/v1/areas", "/api/v1/nothing", "/api/v1/me/reports"):  # 200, 404, 401
        told = client.get(path, headers={"Origin": APP}).headers
        assert told["Access-Control-Allow-Origin"] == APP, path
        assert "Access-Control-Allow-Credentials" not in told
        assert "Origin" in told["Vary"]
        exposed = set(told["Access-Control-Expose-Headers"].split(", "))
        wanted = {"ETag", "RateLimit", "Retry-After", "Location", "Idempotency-Replayed"}
        assert wanted <= exposed


@sqlite
def test_a_preflight_is_answered_to_listed_origins_only(make_app: MakeApp) -> None:
    client = make_app(cors_origins=(APP,)).test_client()

    def ask(origin: str) -> dict[str, str]:
        headers = {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, idempotency-key",
        }
        return dict(client.options("/api/v1/reports", headers=headers).headers)

    told = ask(APP)
    assert told["Access-Control-Allow-Origin"] == APP
    assert "POST" in told["Access-Control-Allow-Methods"]
    assert told["Access-Control-Allow-Headers"] == "authorization, idempotency-key"
    assert told["Access-Control-Max-Age"] == "3600"
    assert [name for name in ask(OTHER) if name.startswith("Access-Control")] == []


@sqlite
@pytest.mark.parametrize(
    "origin",
    [
        OTHER,
        "null",
        f"{APP}.evil.vn",
        "http://app.example.vn",
        "https://appxexample.vn",
        f"{APP}:8443",
    ],
)
def test_a_foreign_origin_is_told_nothing(make_app: MakeApp, origin: str) -> None:
    client = make_app(cors_origins=(APP,)).test_client()
    told = client.get("/api/v1/areas", headers={"Origin": origin}).headers
    assert [name for name, _ in told if name.startswith("Access-Control")] == []
    assert "Origin" in told["Vary"]  # else a cache gives this answer to the listed one


@sqlite
def test_vary_only_where_answers_vary(make_app: MakeApp) -> None:
    closed, open_ = make_app().test_client(), make_app(cors_origins=(APP,)).test_client()
    told = closed.get("/api/v1/areas", headers={"Origin": APP}).headers
    assert "Origin" not in told.get("Vary", "")
    assert told["Cache-Control"].startswith("public")
    assert "Access-Control-Allow-Origin" not in told
    assert "Origin" in open_.get("/api/v1/areas").headers["Vary"]  # who sends none, too
    page = open_.get("/docs", headers={"Origin": APP})
    assert "Access-Control-Allow-Origin" not in page.headers
    page.close()


# ---- proxies: what a caller says of himself counts for nothing

PROXY, MINE, YOURS = "10.0.0.9", "198.51.100.7", "198.51.100.8"


def through(hops: int, caller: str, forged: str) -> dict[str, object]:
    """A request as it arrives after some proxies of ours; the caller forged its first header."""
    chain = [forged, caller, "10.0.0.8"][: hops + 1]
    peer = caller if hops == 0 else PROXY
    return {
        "headers": {"X-Forwarded-For": ", ".join(chain)},
        "environ_overrides": {"REMOTE_ADDR": peer},
    }


@sqlite
@pytest.mark.parametrize("hops", [0, 1, 2])
def test_a_forged_address_neither_frees_nor_blocks(make_app: MakeApp, hops: int) -> None:
    client = make_app(trusted_proxies=hops, password_limit_address="3 per hour").test_client()

    def ask(caller: str, forged: str) -> int:
        return client.post(SIGN_IN, json=WRONG, **through(hops, caller, forged)).status_code

    tried = [ask(MINE, f"203.0.113.{n}") for n in range(5)]
    assert tried[3:] == [429, 429]  # a new address each time frees nobody
    assert 429 not in tried[:3]
    assert ask(YOURS, MINE) != 429  # and his who is over the limit blocks nobody
    assert ask(MINE, YOURS) == 429


@sqlite
@pytest.mark.parametrize("hops", [0, 1, 2])
def test_the_record_holds_the_true_address(make_app: MakeApp, hops: int) -> None:
    app = make_app(trusted_proxies=hops)
    client = app.test_client()
    report = file_report(client, bearer(citizen(app)))
    sent = through(hops, MINE, "203.0.113.66")
    headers = {
        **bearer(officer(app, Role.IOC_OPERATOR, "ioc")),
        "If-Match": '"1"',
        **sent["headers"],
    }  # type: ignore[dict-item]
    path = f"/api/v1/officer/reports/{report['id']}/acceptance"
    answer = client.put(path, json={}, headers=headers, environ_overrides=sent["environ_overrides"])
    assert answer.status_code == 200, answer.json
    assert {entry.address for entry in rows(app, AuditEntry)} - {None} == {MINE}


@sqlite
@pytest.mark.parametrize("hops", [0, 1])
def test_a_forged_host_or_scheme_changes_no_link(make_app: MakeApp, hops: int) -> None:
    app = make_app(trusted_proxies=hops, public_url="https://api.example.vn")
    client, me = app.test_client(), bearer(citizen(app))
    forged = {
        "X-Forwarded-Host": "evil.example.vn",
        "X-Forwarded-Proto": "gopher",
        "Host": "evil.example.vn",
    }
    forged["Forwarded"] = "for=1.2.3.4;host=evil.example.vn"
    for answer in (
        client.get("/console", headers=forged),
        client.get("/api/v1/nothing", headers=forged),
        client.post("/api/v1/reports", json={}, headers={**me, **forged}),
        client.get("/api/openapi.json", headers=forged),
    ):
        assert "evil" not in answer.text
        assert urlsplit(answer.headers.get("Location", "/")).netloc != "evil.example.vn", (
            answer.status
        )


# ---- bodies


def multipart(*parts: bytes) -> dict[str, object]:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=b"}


def field(name: str, value: bytes = b"x") -> bytes:
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value


BODIES: dict[str, Callable[[], dict[str, object]]] = {
    "10,000 parts": lambda: multipart(*[field(f"f{n}") for n in range(10_000)]),
    "150 parts": lambda: multipart(*[field(f"f{n}") for n in range(150)]),
    "10,000 times one": lambda: multipart(*[field("f")] * 10_000),
    "a huge field": lambda: multipart(field("f", b"x" * 1_000_000)),
    "a huge form": lambda: {
        "data": b"f=" + b"x" * 200_000,
        "content_type": "application/x-www-form-urlencoded",
    },
    "a part without an end": lambda: multipart(
        b"Content-Disposition: form-data; " + b"x" * 200_000
    ),
}


@pytest.mark.parametrize("body", BODIES)
@sqlite
def test_a_form_that_is_too_much_is_refused_soon(
    app: Flask, client: FlaskClient, body: str
) -> None:
    me = bearer(citizen(app))
    began = time.process_time()
    answer = client.post("/api/v1/media", headers=me, **BODIES[body]())  # type: ignore[arg-type]
    assert time.process_time() - began < 0.5
    expected = 422 if body == "a huge form" else 413  # nothing in it is a photo
    assert refused(answer, expected) is None, answer.json


@pytest.fixture(scope="module")
def base(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    copy = folder / "test.sqlite3"
    copy.write_bytes(sqlite_template.read_bytes())
    with served(f"sqlite:///{copy}", folder) as address:
        yield address


@contextmanager
def spoken(base: str, *pieces: bytes) -> Iterator[socket.socket]:
    where = urlsplit(base)
    with socket.create_connection((where.hostname or "", where.port or 80), 10) as sent:
        for piece in pieces:
            try:
                sent.sendall(piece)
            except OSError:
                break  # refused before all was said
        yield sent


def answered(base: str, *pieces: bytes, end: bool = False) -> bytes:
    """The whole answer to raw bytes, within 3 seconds."""
    began, read = time.monotonic(), b""
    with spoken(base, *pieces) as sent:
        if end:
            sent.shutdown(socket.SHUT_WR)
        try:
            while piece := sent.recv(65_536):
                read += piece
        except ConnectionResetError:
            pass  # the rest of the body was not read
    assert time.monotonic() - began < 3
    return read


HEAD = b"POST /api/v1/auth/otp HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
HEAD += b"Content-Type: application/json\r\n"
SMALL = b'{"phone": "12"}'


def test_a_chunked_body_is_read_and_judged(base: str) -> None:
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(SMALL), SMALL)
    read = answered(base, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk)
    assert read.startswith(b"HTTP/1.1 422")
    assert b"application/problem+json" in read
    assert b'"phone"' in read


def test_a_chunked_body_without_end_is_cut_off(base: str) -> None:
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    read = answered(base, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 40)
    assert re.match(rb"HTTP/1.1 4(00|13)", read), read[:200]  # half a text is no JSON
    assert b"application/problem+json" in read


def test_a_length_that_is_too_much_is_refused_unread(base: str) -> None:
    read = answered(base, HEAD + b"Content-Length: 99999999999\r\n\r\n{")
    assert read.startswith(b"HTTP/1.1 413")
    assert b"urn:problem:request.too_large" in read


def test_a_body_shorter_than_told(base: str) -> None:
    read = answered(base, HEAD + b"Content-Length: 500\r\n\r\n" + SMALL, end=True)
    assert read.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in read


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: x\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: 15\r\nContent-Length: 16\r\n",
        b"Content-Length: 15\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: gzip, chunked, gzip\r\n",
    ],
)
def test_lengths_that_smuggle_are_refused_by_the_server(base: str, lengths: bytes) -> None:
    """These never reach the application: two readers could take them for different requests."""
    read = answered(base, HEAD + lengths + b"\r\n" + SMALL, end=True)
    assert re.match(rb"HTTP/1.1 (400|501)", read), read[:200]
    assert read.count(b"HTTP/1.1") == 1


def test_no_header_of_a_caller_moves_the_path(base: str) -> None:
    """gunicorn believes its own machine by default, and there a proxy may stand."""
    sly = b"SCRIPT_NAME: /api\r\nPATH_INFO: /metrics\r\nX-Forwarded-Proto: https\r\n"
    read = answered(
        base, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + sly + b"\r\n"
    )
    assert b'{"status":"alive"}' in read.replace(b" ", b"") or read.startswith(b"HTTP/1.1 400")


@sqlite
def test_a_file_may_look_like_the_beginning_of_a_boundary_anywhere(
    app: Flask, client: FlaskClient
) -> None:
    """What the parser holds back of a file must not count as a field that is too large."""
    me = bearer(citizen(app))
    for line in (b"\r\n--", b"\r" + b"x" * 20, b"\r\n" + b"-" * 40):
        content = io.BytesIO(line * (1_000_000 // len(line)))
        sent = {"file": (content, "photo.jpg")}
        answer = client.post("/api/v1/media", headers=me, data=sent)
        assert refused(answer, 422, "file") is None, answer.json
