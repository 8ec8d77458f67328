"""The order of the app's versions."""

import re

NEWEST = 999_999_999
_VERSION = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,3}))?(?:\.([0-9]{1,3}))?(?![0-9.])")


def app_number(version: str) -> int:
    """`3.2.1` as 3_002_001, whatever follows it; 0, the oldest of all, when it is unreadable."""
    found = _VERSION.match(version)
    major, minor, patch = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return major * 1_000_000 + minor * 1_000 + patch
