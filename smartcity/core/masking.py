"""What must not be read in a log: taken out of its texts, and made harmless to who looks at it.

A value that a person typed never goes into a log on purpose; this catches what slips through.
"""

import re
from functools import lru_cache
from typing import Any

_SHORT = 64  # characters
_PHONE = r"(?:(?<![\w-])|(?<=%2B)|(?<=%2b))(?:\+?84[ .-]?|0)[35789]\d(?:[ .-]?\d){7}(?!\w)"
_ID_NUMBER = r"(?<![\w.+-])0(?!00)(?:[0-8]\d|9[0-6])\d{9}(?!\w)"  # Decree 137/2015/NĐ-CP, art. 13
_OLD_ID_NUMBER = r"(?i:(?<=cmnd)|(?<=cmt)|(?<=cccd))\W{0,4}\d{9}(?!\w)"
_CREDENTIAL = (
    r"eyJ[\w-]{10,}\.[\w.-]+"
    r"|\b(?:whsec_[\w+/=]+|rt_[\w.-]{20,}|skp_[0-9a-f]{32}_[\w-]+)"
    r"|(?i:(?<=bearer )|(?<=basic ))[\w.~+/=-]{8,}"
    r"|\b[A-Z2-7]{4}(?:-[A-Z2-7]{4}){2,}\b"  # a recovery code
    r"|__(?:Host|Secure)-\w+=[^;\s\"']+"
    r"|(?i:(?<=cookie: )|(?<=cookie=))[^\r\n\"']+"
)
# A word that names a secret, and what stands after it.
_NAMED = re.compile(
    r"(?i)\b(otp|totp|code|mã(?: xác thực)?|pin|password|secret|recovery_codes?|api_key"
    r"|(?:access|refresh|id)_token)\b(['\"]?(?:\s*[:=]\s*|\s+(?:is|là)\s+)['\"]?)"
    r"(?=[\w.~+/-]*\d)[\w.~+/-]{4,}"
)
_SECRET = re.compile(
    f"(?P<token>{_CREDENTIAL})|(?P<phone>{_PHONE})|(?P<id>{_ID_NUMBER}|{_OLD_ID_NUMBER})"
)
_SECRET_KEYS = frozenset(
    """
    otp totp code codes pin password secret client_secret code_verifier token access_token
    refresh_token id_token cookie set_cookie authorization api_key recovery_code recovery_codes
    phone phones
    """.split()  # noqa: SIM905
)
# C0, DEL, C1; invisible and bidirectional marks; line separators; halves of a pair.
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def masked(value: Any, key: str = "") -> Any:
    """A value as a log may show it: containers inside and out, anything else as its text."""
    if value is None or isinstance(value, (bool, float)):
        return value
    if key.lower().replace("-", "_") in _SECRET_KEYS:
        return "<secret>"
    if isinstance(value, int):
        return value if abs(value) < 10**8 else _number(value)
    if isinstance(value, dict):
        return {plain(str(name)): masked(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [masked(inner) for inner in value]
    return plain(value if isinstance(value, str) else repr(value))


def plain(text: str) -> str:
    """One line of text without secrets; control characters are written as escapes."""
    return _remembered(text) if len(text) <= _SHORT else _plain(text)


def _plain(text: str) -> str:
    text = _SECRET.sub(lambda found: f"<{found.lastgroup}>", text)
    text = _NAMED.sub(r"\1\2<secret>", text)
    return _CONTROL.sub(_escaped, text)


_remembered = lru_cache(1_024)(_plain)  # a log repeats itself: names, routes, methods


def plain_lines(text: str) -> str:
    """A text of ours that has lines, a traceback say, each of them plain."""
    return "\n".join(map(plain, text.split("\n")))


def _number(value: int) -> Any:
    told = plain(str(value))
    return told if told.startswith("<") else value


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
