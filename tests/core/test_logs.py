"""What a log may hold: nothing secret or personal, and nothing that forges or hides a line."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from smartcity.core.masking import masked, plain

ROOT = Path(__file__).parents[2]
SECRETS = {
    "phone": ["+84912345678", "0912345678", "84912345678", "0912 345 678", "091-234-5678"],
    "phone in a URL": ["/x?phone=%2B84912345678", "/x?phone=0912345678&a=1", "tel:+84 912 345 678"],
    "identity": ["001099012345", "số 030204001234.", "CMND 123456789", "cmt: 123456789"],
    "jwt": ["eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
    "refresh": ["rt_" + "a1-_" * 8],
    "webhook": ["whsec_c2FuZGJveA=="],
    "partner": ["skp_0198c0de4a6e7c3f9d0f6f1b2a3c4d5e_" + "Ab-_" * 10],
    "bearer": ["Authorization: Bearer abcdefgh12345678"],
    "cookie": ["__Host-session=abc.DEF-123; Path=/", "Cookie: sid=abcdef; b=c"],
    "recovery": ["ABCD-EF23-GHIJ-KLMN"],
    "code": ["Mã: 042917", "otp=042917", '{"code": "042917"}', "mã xác thực là 042917"],
    "password": ["password=hunter2hunter2", "'password': 'a1b2c3d4e5'"],
}
HARMLESS = """
    0198c0de-4a6e-7c3f-9d0f-091234567890 0198c0de4a6e7c3f9d0f6f1b2a3c4d5e
    000000000001 HP-2026-000123 0.345678912 1791234567.891 /api/v1/reports/<uuid:report_id>
    request.too_many job.crashed 1.2.3.4 127.0.0.1:8000 a0912345678f SHA-256 ISO-8859-1
    2026-11-22T04:37:59.123456Z
"""


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_is_taken_out(kind: str) -> None:
    for text in SECRETS[kind]:
        shown = plain(f"before {text} after")
        assert "<" in shown, text
        for part in ("912345678", "345678", "5678", "99012345", "0204001234", "123456789", "eyJ"):
            assert part not in shown or part not in text, shown
        for part in ("042917", "hunter", "a1b2", "sid", "abc.DEF", "Ab-_", "GHIJ", "c2Fu", "a1-_"):
            assert part not in shown or part not in text, shown


@pytest.mark.parametrize("text", HARMLESS.split())
def test_what_only_resembles_one_stays(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    "sly",
    [
        "a\r\nforged",
        "a\nforged",
        "\x1b[2J\x1b[31m",
        "\x9b31m",
        "\x00",
        "\x7f",
        "\x85",
        "\u2028",
        "\u202egnp.exe",
        "\u2066x\u2069",
        "\u200b",
        "\ufeff",
        "\ud800",
    ],
)
def test_nothing_moves_the_cursor_or_the_reading_direction(sly: str) -> None:
    for value in (
        sly,
        {sly: [sly, (sly, {"a": sly})]},
        {sly},
        ValueError(sly),
        sly.encode("utf8", "surrogatepass"),
    ):
        shown = json.dumps(masked(value), ensure_ascii=False)
        assert shown.isprintable(), shown


def test_containers_and_keys_are_looked_into() -> None:
    shown = masked(
        {
            "a": [{"b": ("+84912345678",)}],
            "0912345678": 1,
            "code": 42,
            "Set-Cookie": "x",
            "n": 84912345678,
        }
    )
    assert shown == {
        "a": [{"b": ["<phone>"]}],
        "<phone>": 1,
        "code": "<secret>",
        "Set-Cookie": "<secret>",
        "n": "<phone>",
    }
    assert masked([None, True, 1.5, 7]) == [None, True, 1.5, 7]


PROGRAM = r"""
import logging, sys, warnings
import structlog
from smartcity.core.logs import configure_logs
from smartcity.settings import Settings

server = logging.getLogger("gunicorn.error")  # as gunicorn leaves it
server.addHandler(logging.StreamHandler())
server.propagate = False
configure_logs(Settings(log_level="DEBUG"))
bad = "+84912345678\r\n{\"event\": \"forged\"}\x1b[31m\u202e"
ours, other = structlog.get_logger("ours"), logging.getLogger("another.library")
ours.info("event " + bad, value=bad, deep={"a": [bad]}, **{bad: 1})
other.warning("told %s %r", bad, bad)
other.warning("%d", bad)  # cannot be formatted
other.warning("stack", stack_info=True, extra={"bad": bad})
try:
    raise ValueError(bad)
except ValueError:
    ours.exception("ours")
    other.exception("theirs " + bad)
warnings.warn(bad)
server.error("Error handling request /x?phone=0912345678")
"""


def test_every_logger_of_a_process_goes_through_the_mask() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, cwd=ROOT, text=True, check=True
    )
    written = run.stderr.removesuffix("\n").split("\n")
    assert len(written) == 8, run.stderr
    assert all(line.isprintable() for line in written)
    told = [json.loads(line) for line in written]
    assert "912345678" not in run.stderr
    assert [line for line in told if line["event"] == "forged"] == []
    assert {"event": "log.failed", "logger": "another.library", "reason": "TypeError"} in told
    assert sum("exception" in line for line in told) == 2
    assert all("\x1b" not in line.get("exception", "") for line in told)


def test_a_request_id_is_no_place_for_a_number(client, caplog: pytest.LogCaptureFixture) -> None:
    for given in ("x-0912345678-y", "id_84912345678", "aa-001099012345", "a\u0661" * 8, "a b" * 5):
        assert (
            client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] != given
        )
    good = "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"
    assert client.get("/healthz", headers={"X-Request-ID": good}).headers["X-Request-ID"] == good


def test_libraries_that_tell_too_much_are_quiet_at_every_level(make_app) -> None:
    make_app(log_level="DEBUG")
    for name in ("urllib3.connectionpool", "botocore.auth", "PIL.PngImagePlugin", "werkzeug"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO), name
