"""The one way out, against real servers on this machine.

127.0.0.2 plays the public internet here and 127.0.0.1 what must not be reached: the guard's own
idea of public is tried in test_addresses.
"""

import gzip
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from smartcity.adapters.outbound import Gone, Guard, TrustedPool
from smartcity.core.errors import Permanent, Temporary
from smartcity.sandbox.tls import server_context
from tests.adapters.wire import Wire, drips, says, wire

OUTSIDE, INSIDE = "127.0.0.2", "127.0.0.1"
NAME = "feeds.example.vn"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def resolver(*answers: list[str]) -> Callable[[str, int], list[str]]:
    """Answers the first look-up with the first list, and so on; the last one stays."""
    left = list(answers)
    return lambda _host, _port: left.pop(0) if len(left) > 1 else left[0]


def guard(*servers: Wire, resolve: Callable[[str, int], list[str]] | None = None) -> Guard:
    return Guard(
        schemes=frozenset({"http", "https"}),
        ports=frozenset(server.port for server in servers),
        resolve=resolve or resolver([OUTSIDE]),
        public=lambda address: address == OUTSIDE,
    )


@contextmanager
def quick(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def test_a_good_answer_and_what_was_asked() -> None:
    with wire(says(b"<rss/>", "200 OK", "ETag: x"), OUTSIDE) as feed:
        answer = guard(feed).fetch(feed.url("/tin?b=1#part", NAME))
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b"<rss/>", "x")
    assert feed.asked[0].startswith("GET /tin?b=1 HTTP/1.1\r\n")
    assert f"\r\nHost: {NAME}:{feed.port}\r\n" in feed.asked[0]


def test_a_name_that_changes_its_mind_is_met_where_it_was_checked() -> None:
    """DNS rebinding: public when it is checked, private when it is asked again."""
    asked: list[str] = []
    answers = iter([[OUTSIDE], [INSIDE]])

    def rebinds(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    with wire(says(b"public"), OUTSIDE) as public, same_port(public) as private:
        answer = guard(public, resolve=rebinds).fetch(public.url("/", NAME))
        assert (answer.body, asked) == (b"public", [NAME])
        with pytest.raises(Permanent):  # and the second time it is checked anew
            guard(public, resolve=rebinds).fetch(public.url("/", NAME))
    assert private.asked == []


@contextmanager
def same_port(other: Wire) -> Iterator[Wire]:
    """What a rebound name would lead to: the same port, inside."""
    served = Wire(INSIDE, other.port)
    with socket.create_server((INSIDE, other.port)) as listener:
        listener.settimeout(0.2)
        yield served
        try:
            served.asked.append(str(listener.accept()))
        except TimeoutError:
            return


@pytest.mark.parametrize("found", [[INSIDE], [OUTSIDE, INSIDE], [INSIDE, OUTSIDE], []])
def test_one_private_address_is_enough_to_refuse(found: list[str]) -> None:
    with wire(says(), OUTSIDE) as public:
        with pytest.raises(Permanent):
            guard(public, resolve=resolver(found)).fetch(public.url("/", NAME))
        assert public.asked == []


def test_public_and_private_with_the_true_judge() -> None:
    mixed = Guard(frozenset({"http"}), resolve=resolver(["93.184.216.34", "10.0.0.1"]))
    with pytest.raises(Permanent):
        mixed.fetch(f"http://{NAME}/")


@pytest.mark.parametrize("status", ["301 x", "302 x", "303 x", "307 x", "308 x"])
@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{}/", "//127.0.0.1:{}/", "http://[::ffff:127.0.0.1]:{}/"]
)
def test_no_redirect_leads_inside(status: str, target: str) -> None:
    def honest(host: str, _port: int) -> list[str]:
        return [OUTSIDE] if host == NAME else [host]

    with wire(says(b"secret"), INSIDE) as private:
        location = f"Location: {target.format(private.port)}"
        with wire(says(b"", status, location), OUTSIDE) as public, pytest.raises(Permanent):
            guard(public, private, resolve=honest).fetch(public.url("/", NAME))
        assert private.asked == []


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://feeds.example.vn/", "gopher://x.example.vn/", "data:,x"]
)
def test_no_redirect_leaves_http(target: str) -> None:
    speak = says(b"", "302 x", f"Location: {target}")
    with wire(speak, OUTSIDE) as public, pytest.raises(Permanent):
        guard(public).fetch(public.url("/", NAME))


def test_three_redirects_are_followed_and_no_fourth() -> None:
    def speak(to: socket.socket) -> None:
        step = len(public.asked)
        says(b"there")(to) if step > steps else says(b"", "302 x", f"Location: /{step}")(to)

    for steps in (3, 4):
        with wire(speak, OUTSIDE) as public:
            if steps == 3:
                assert guard(public).fetch(public.url("/", NAME)).body == b"there"
                continue
            with pytest.raises(Permanent, match="redirects"):
                guard(public).fetch(public.url("/", NAME))
            assert len(public.asked) == 4


def test_what_is_asked_on_a_condition() -> None:
    with wire(says(b"", "304 Not Modified", 'ETag: "2"'), OUTSIDE) as feed:
        answer = guard(feed).fetch(feed.url("/", NAME), headers={"If-None-Match": '"1"'})
    assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", '"2"')
    assert '\r\nIf-None-Match: "1"\r\n' in feed.asked[0]


@pytest.mark.parametrize(
    ("steps", "moved_to"),
    [("301", "/1"), ("308", "/1"), ("302", None), ("301 308", "/2"), ("301 307", "/1")],
)
def test_a_move_for_good_is_told(steps: str, moved_to: str | None) -> None:
    def speak(to: socket.socket) -> None:
        status = f"{steps} 200".split()[len(public.asked) - 1]
        says(b"there", f"{status} x", f"Location: /{len(public.asked)}")(to)

    with wire(speak, OUTSIDE) as public:
        answer = guard(public).fetch(public.url("/", NAME))
    assert answer.moved_to == (moved_to and public.url(moved_to, NAME))


def test_at_home_a_server_of_ones_own_is_asked_and_leads_nowhere_else() -> None:
    def moves(to: socket.socket) -> None:
        where = {"/": mine.url("/there"), "/off": other.url(), "/near": f"//127.0.0.2:{mine.port}/"}
        path = mine.asked[-1].split()[1]
        status = "302 x" if path in where else "200 x"
        says(b"mine", status, f"Location: {where.get(path, path)}")(to)

    with wire(moves) as mine, wire(says(b"secret")) as other:
        at_home = Guard(frozenset({"http"}), at_home=True)
        assert at_home.fetch(mine.url()).body == b"mine"
        named = Guard(frozenset({"http"}), resolve=resolver(["127.0.0.1"]), at_home=True)
        for its, url in (
            (at_home, mine.url("/off")),
            (at_home, mine.url("/near")),
            (at_home, f"http://10.0.0.1:{mine.port}/"),
            (named, f"http://example.vn:{mine.port}/"),
            (named, "http://example.vn/"),
            (Guard(frozenset({"http"})), mine.url()),
        ):
            with pytest.raises(Permanent):
                its.fetch(url)
    assert other.asked == []


def test_plain_http_is_refused_where_only_https_will_do() -> None:
    with pytest.raises(Permanent):
        Guard(resolve=resolver(["93.184.216.34"])).fetch("http://example.vn/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.vn",
        "//example.vn/",
        "http:///x",
        "http://",
        "http://user@example.vn/",
        "http://user:pass@example.vn/",
        "http://@example.vn/",
        "http://example.vn@evil.example.vn/",
        "http://example.vn\\@evil.example.vn/",
        "http://example.vn:22/",
        "http://example.vn:0/",
        "http://example.vn:99999/",
        "http://example.vn:8O/",
        "http://exa mple.vn/",
        "http://example.vn/\r\nHost: x",
        " http://example.vn/",
        "http://example.vn/\x00",
        "http://example.vn/ví dụ",
        "http://[::1/",
        "http://example.vn/" + "a" * 3_000,
        "javascript:alert(1)",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_url_for_us(url: str) -> None:
    with pytest.raises(Permanent) as fault:
        Guard(frozenset({"http", "https"}), resolve=resolver(["93.184.216.34"])).fetch(url)
    assert "example" not in str(fault.value)


def test_a_host_that_nobody_knows_is_asked_again_later() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    with pytest.raises(Temporary):
        Guard(resolve=unknown).fetch(f"https://{NAME}/")


@pytest.mark.parametrize(
    ("speak", "fault"),
    [
        (says(b"", "404 Not Found"), Permanent),
        (says(b"", "410 Gone"), Gone),
        (says(b"", "429 Slow", "Retry-After: 7"), Temporary),
        (says(b"", "503 Away", "Retry-After: 7"), Temporary),
        (lambda to: to.sendall(b"what?\r\n\r\n"), Temporary),
        (lambda to: to.sendall(HEAD + b"half"), Temporary),
        (lambda _to: None, Temporary),
    ],
)
def test_an_answer_that_is_not_good(speak, fault: type[Exception]) -> None:
    with wire(speak, OUTSIDE) as public, pytest.raises(fault) as raised:
        guard(public).fetch(public.url("/", NAME))
    if "429" in str(raised.value):
        assert raised.value.retry_after == 7  # type: ignore[attr-defined]


DRIPPING = {
    "status line": drips(b"HTTP/1.1 200", b" "),
    "headers": drips(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "one header": drips(b"HTTP/1.1 200 OK\r\nX: ", b"a"),
    "continue": drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": drips(HEAD, b"a"),
    "chunks": drips(CHUNKED, b"1\r\na\r\n"),
    "chunk size": drips(CHUNKED, b"0"),
    "trailers": drips(CHUNKED + b"0\r\n", b"X: a\r\n"),
    "until the end": drips(b"HTTP/1.1 200 OK\r\n\r\n", b"a"),
    "silence": drips(b"", b"", 0.2),
}


def test_a_date_to_come_again() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    for told, least in ((later, 80), ("Sun, 22 Nov 2020 08:30:00 GMT", 0), ("soon", None)):
        speak = says(b"", "503 Away", f"Retry-After: {told}")
        with wire(speak, OUTSIDE) as public, pytest.raises(Temporary) as raised:
            guard(public).fetch(public.url("/", NAME))
        wait = raised.value.retry_after
        assert wait is None if least is None else least <= wait <= 90


@pytest.mark.parametrize("where", DRIPPING)
def test_a_server_that_drips_is_left(where: str) -> None:
    """Each read succeeds soon; only the whole takes too long."""
    with wire(DRIPPING[where], OUTSIDE) as slow:
        with quick(1.2), pytest.raises(Temporary):
            guard(slow).fetch(slow.url("/", NAME), seconds=0.3)
        with quick(1.2), pytest.raises(Temporary):
            TrustedPool("slow", seconds=0.3).request("GET", slow.url())


def test_redirects_share_one_time() -> None:
    def speak(to: socket.socket) -> None:
        time.sleep(0.25)
        says(b"", "302 x", f"Location: /{len(public.asked)}")(to)

    with wire(speak, OUTSIDE) as public, quick(1.0), pytest.raises(Temporary):
        guard(public).fetch(public.url("/", NAME), seconds=0.4)


def bomb() -> bytes:
    return gzip.compress(b"\0" * 50_000_000)


LARGE = {
    "told": says(b"a" * 20_000),
    "not told": lambda to: to.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 20_000),
    "chunked": lambda to: to.sendall(CHUNKED + b"4e20\r\n" + b"a" * 20_000 + b"\r\n0\r\n\r\n"),
    "gzip": says(bomb(), "200 OK", "Content-Encoding: gzip"),
    "gzip twice": says(gzip.compress(bomb()), "200 OK", "Content-Encoding: gzip, gzip"),
    "deflate": says(zlib.compress(b"\0" * 50_000_000), "200 OK", "Content-Encoding: deflate"),
}


@pytest.mark.parametrize("how", LARGE)
def test_an_answer_that_is_too_large(how: str) -> None:
    with wire(LARGE[how], OUTSIDE) as public:
        with quick(2), pytest.raises(Permanent, match="too large"):
            guard(public).fetch(public.url("/", NAME), largest=10_000)
        with quick(2), pytest.raises(Temporary, match="x: the answer is too large"):
            TrustedPool("x", seconds=5, largest=10_000).request("GET", public.url())


def test_the_largest_answer_is_taken() -> None:
    packed = gzip.compress(b"a" * 10_000)
    with wire(says(packed, "200 OK", "Content-Encoding: gzip"), OUTSIDE) as public:
        assert guard(public).fetch(public.url("/", NAME), largest=10_000).body == b"a" * 10_000


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    context = server_context(tmp_path)  # for 127.0.0.1 and localhost, trusted below
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return context


def test_the_certificate_must_be_the_names_not_the_addresses(tls: ssl.SSLContext) -> None:
    names: list[str | None] = []
    tls.sni_callback = lambda _sock, name, _context: names.append(name)
    with wire(says(b"mine"), OUTSIDE, tls) as public:
        with pytest.raises(Temporary, match="SSLError"):
            guard(public).fetch(public.url("/", NAME, "https"))
        assert names == [NAME]
        assert public.asked == []


def test_an_address_is_proved_by_its_certificate(tls: ssl.SSLContext) -> None:
    everything = lambda _address: True  # noqa: E731
    with wire(says(b"mine"), INSIDE, tls) as public:
        found = Guard(
            ports=frozenset({public.port}), resolve=resolver([INSIDE]), public=everything
        ).fetch(public.url("/", INSIDE, "https"))
    assert found.body == b"mine"


def test_a_pool_follows_no_redirect_and_tells_its_name() -> None:
    with wire(says(), INSIDE) as other:
        with wire(says(b"", "307 x", f"Location: {other.url()}")) as server:
            pool = TrustedPool("gateway", seconds=5)
            assert pool.request("POST", server.url(), json={"a": 1}).status == 307
        assert other.asked == []
        with pytest.raises(Temporary, match=r"^gateway: \w+$"):
            pool.request("POST", server.url(), body=b"")


def test_a_pool_keeps_its_connections() -> None:
    def speak(to: socket.socket) -> None:
        for _ in range(3):
            to.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            to.recv(65_536)

    with wire(speak) as server:
        pool = TrustedPool("gateway", seconds=5)
        assert [pool.request("GET", server.url()).json() for _ in range(3)] == [{}] * 3
        assert len(server.asked) == 1  # one connection was accepted
