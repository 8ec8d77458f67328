"""What settings may not be: contradictory anywhere, unsafe for citizens in production."""

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit

PREFIX = "SMARTCITY_"
DEVELOPMENT_SECRET = "for-development-only-never-in-production"  # noqa: S105
DEVELOPMENT_DATA_KEY = "development:Zm9yLWRldmVsb3BtZW50LW9ubHktbm90LXNlY3JldC4"
_DEVELOPMENT = {DEVELOPMENT_SECRET, DEVELOPMENT_DATA_KEY}
# Firebase's kits accept unsigned tokens with these.
_EMULATOR = re.compile(r"FIREBASE_.*EMULATOR|FIREBASE_APP_?CHECK_DEBUG")
_CHOICES = {
    "environment": ("development", "production"),
    "second_factor": ("offered", "required"),
    "app_check": ("off", "watch", "enforce"),
}
# The form of each value of a list, and what it should have been.
_FORMS = {
    "cors_origins": (r"https?://[a-z0-9.-]+(:\d{1,5})?", "is https://host, no * and no path"),
    "data_keys": (r"[A-Za-z0-9-]{1,20}:[A-Za-z0-9_-]{43}", "is name:32 bytes in base64url"),
    "otp_channels": (r"sms|zns", "is sms or zns"),
}
_NEVER_EMPTY = ("data_keys", "otp_channels")
_SMTP = r"(smtp|smtps|smtp-plain)://([^@/?#\s]+@)?[A-Za-z0-9.-]+(:\d{1,5})?/?"
_NEEDS = {
    "smtp_url": ("mail_from",),
    "officer_oidc_issuer": ("officer_oidc_client", "officer_oidc_secret"),
    "citizen_oidc_issuer": (
        "citizen_oidc_client",
        "citizen_oidc_secret",
        "citizen_oidc_redirect",
    ),
}
_NEEDED_IN_PRODUCTION = ("signing_keys", "redis_url")
_LONG_ENOUGH = {"secret_key": 32, "lookup_key": 32, "metrics_key": 16}  # characters
_ELSEWHERE = (
    "public_url",
    "sms_url",
    "zns_url",
    "zns_oauth_url",
    "s3_endpoint",
    "app_check_jwks_url",
    "officer_oidc_issuer",
    "citizen_oidc_issuer",
    "citizen_oidc_redirect",
    "sky_url",
    "sky_air_url",
)


class UnsafeSettings(Exception):
    """Production was asked for with settings that would put citizens at risk."""


def refuse_unsafe(given: Any, env: Mapping[str, str]) -> None:
    """Raise ValueError for what can never work, UnsafeSettings for what production may not be.

    `given` is a Settings, whose module stands above this one.
    Each message names every fault by its variable.
    """
    if wrong := [PREFIX + fault for fault in _wrong(given)]:
        raise ValueError("; ".join(wrong))
    if given.production and (unsafe := [PREFIX + fault for fault in _unsafe(given, env)]):
        raise UnsafeSettings("; ".join(unsafe))


def _wrong(given: Any) -> Iterator[str]:
    for name, choices in _CHOICES.items():
        if getattr(given, name) not in choices:
            yield f"{name.upper()} is one of {', '.join(choices)}"
    for name, (form, told) in _FORMS.items():
        if not all(re.fullmatch(form, value) for value in getattr(given, name)):
            yield f"{name.upper()}: each {told}"
    needed = [name for user, names in _NEEDS.items() if getattr(given, user) for name in names]
    for name in (*_NEVER_EMPTY, *needed):
        if not getattr(given, name):
            yield f"{name.upper()} is empty"
    ascii_only = unquote(given.smtp_url).isascii()  # smtplib knows no other passwords
    if given.smtp_url and not (ascii_only and re.fullmatch(_SMTP, given.smtp_url)):
        yield "SMTP_URL is smtp://, smtps:// or smtp-plain://[name:password@]host[:port]"
    if given.mail_from and not re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9.-]+", given.mail_from):
        yield "MAIL_FROM is no address"
    if given.app_check != "off" and not given.app_check_project.isdecimal():
        yield "APP_CHECK_PROJECT is not the number of a project"
    zns = given.zns_app_id, given.zns_secret, given.zns_template
    if "zns" in given.otp_channels and not all(zns):
        yield "ZNS_APP_ID, ZNS_SECRET or ZNS_TEMPLATE is empty"


def _unsafe(given: Any, env: Mapping[str, str]) -> Iterator[str]:
    yield from _unsafe_keys(given)
    for name in _NEEDED_IN_PRODUCTION:
        if not getattr(given, name):
            yield f"{name.upper()} is empty"
    if not given.database.startswith("postgresql"):
        yield "DATABASE_URL is not PostgreSQL"
    if given.sms_url and not given.sms_key:
        yield "SMS_KEY is empty"
    if not all(origin.startswith("https://") for origin in given.cors_origins):
        yield "CORS_ORIGINS must be https"
    if given.smtp_url.startswith("smtp-plain:") and "@" in given.smtp_url:
        yield "SMTP_URL sends a password without TLS"
    if given.second_factor != "required":
        yield "SECOND_FACTOR must be required"
    if given.fcm_url:
        yield "FCM_URL points away from Google"
    for name in _ELSEWHERE:
        url = getattr(given, name)
        if url and not is_elsewhere(url):
            yield f"{name.upper()} must be an https address of another machine"
    for name, value in env.items():
        if _EMULATOR.match(name) or (name == "FLASK_DEBUG" and _is_true(value)):
            yield f"ENVIRONMENT is production and {name} set"


def _unsafe_keys(given: Any) -> Iterator[str]:
    for name, shortest in _LONG_ENOUGH.items():
        if len(getattr(given, name)) < shortest:
            yield f"{name.upper()} must be at least {shortest} characters"
    for name in ("secret_key", "lookup_key", "old_secret_keys", "data_keys"):
        held = getattr(given, name)
        if not _DEVELOPMENT.isdisjoint((held,) if isinstance(held, str) else held):
            yield f"{name.upper()} holds the development one"
    if given.lookup_key == given.secret_key:
        yield "LOOKUP_KEY must differ from SECRET_KEY"


def _is_true(raw: str) -> bool:
    """As Flask reads FLASK_DEBUG."""
    return bool(raw) and raw.lower() not in ("0", "false", "no")


def is_elsewhere(url: str) -> bool:
    """Whether a URL is https and of another machine, however this one is spelled."""
    parts = urlsplit(url)
    host = (parts.hostname or "localhost").rstrip(".")
    with suppress(OSError):  # 127.1 and 2130706433 are 127.0.0.1 to a resolver
        host = socket.inet_ntoa(socket.inet_aton(host))
    try:
        address = ip_address(host)
    except ValueError:
        return parts.scheme == "https" and not f".{host}".endswith(".localhost")
    mapped = getattr(address, "ipv4_mapped", None) or address
    return parts.scheme == "https" and not (mapped.is_loopback or mapped.is_unspecified)
