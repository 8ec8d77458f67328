"""A watch over the log of the whole suite: what a test's processes wrote to standard error.

A test fails when that holds a number, code, token or identity number as it is, or a character
that moves a terminal's cursor. The patterns are not those of the mask: what it overlooks shows.
"""

import re
from collections.abc import Generator
from typing import Any

import pytest

_SECRETS = {
    "phone number": r"(?:\+84|(?<![\w.+-])(?:84|0)|(?i:%2B)84)[35789]\d{8}(?!\w)",
    "identity number": r"(?<![\w.+-])0(?!00)[0-9]{2}[0-9]\d{8}(?!\w)",
    "one-time code": r"(?i)(?<![\w])(?:code|otp|totp|mã)[\"']?\s*[:=]\s*[\"']?\d{6}(?!\w)",
    "token": r"eyJ[\w-]{8,}\.eyJ|rt_[\w-]{20}|skp_[0-9a-f]{32}_\w|whsec_\w{8}"
    r"|(?i:bearer )[\w.-]{20}",
    "cookie": r"__Host-\w+=\w",
    "control character": "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]",
}
_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _SECRETS.items()}


def leaks(log: str) -> list[str]:
    """What a log should not hold: the kind, and the line with the finding blotted out."""
    return [
        f"{kind}: {_blotted(log, found)}"
        for kind, pattern in _PATTERNS.items()
        for found in pattern.finditer(log)
    ]


def _blotted(log: str, found: re.Match[str]) -> str:
    before = log[max(log.rfind("\n", 0, found.start()) + 1, found.start() - 200) : found.start()]
    return f"{before!r} ▮▮▮"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail the phase of a test that wrote what should not be in a log."""
    report = yield
    wrote = [
        text for when, key, text in item._report_sections if (when, key) == (call.when, "stderr")
    ]
    found = [leak for text in wrote for leak in leaks(text)]
    if found and report.outcome != "failed":
        report.outcome = "failed"
        report.longrepr = "the log holds\n" + "\n".join(found[:10])
    return report
