"""Settings: read once, refused when unknown, unreadable or unsafe."""

import re
from pathlib import Path

import pytest

from smartcity.settings import ROOT, Settings, UnsafeSettings

SECRET = "whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLXRlc3Rz"
SAFE = {
    "ENVIRONMENT": "production",
    "PUBLIC_URL": "https://api.example.vn",
    "SECRET_KEY": "k" * 40,
    "SIGNING_KEYS": "/etc/smartcity/key.pem",
    "DATABASE_URL": "postgresql+psycopg://db.example.vn/smartcity",
    "REDIS_URL": "rediss://cache.example.vn/0",
    "METRICS_KEY": "m" * 32,
    "SMS_URL": "https://sms.example.vn",
    "IOC_URL": "https://ioc.example.vn/events",
    "IOC_SECRETS": SECRET,
}


def read(**changes: str) -> Settings:
    given = {**SAFE, **changes}
    return Settings.from_env({f"SMARTCITY_{name}": value for name, value in given.items()})


def test_development_needs_nothing() -> None:
    settings = Settings.from_env({})
    assert not settings.production
    assert settings.database.startswith("sqlite:///")


def test_values_are_read_as_their_type() -> None:
    settings = read(
        OTP_LIFETIME="60", IOC_TIMEOUT="2.5", IOC_SECRETS=f"{SECRET} {SECRET}", VAR_DIR="/srv/x"
    )
    assert (settings.otp_lifetime, settings.ioc_timeout) == (60, 2.5)
    assert settings.ioc_secrets == (SECRET, SECRET)
    assert settings.signing_keys == (Path("/etc/smartcity/key.pem"),)
    assert settings.var_dir == Path("/srv/x")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SIGNING_KEYS": ""}, "SIGNING_KEYS"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////srv/x.db"}, "DATABASE_URL"),
        ({"REDIS_URL": ""}, "REDIS_URL"),
        ({"METRICS_KEY": ""}, "METRICS_KEY"),
        ({"PUBLIC_URL": "http://api.example.vn"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://127.0.0.1"}, "PUBLIC_URL"),
        ({"SMS_URL": "http://sms.example.vn"}, "SMS_URL"),
        ({"IOC_URL": "https://localhost/events"}, "IOC_URL"),
        ({"IOC_URL": "http://ioc.example.vn"}, "IOC_URL"),
        ({"FCM_URL": "https://127.0.0.1:9"}, "FCM_URL"),
    ],
)
def test_production_refuses_what_would_put_citizens_at_risk(
    changes: dict[str, str], named: str
) -> None:
    assert read().production
    with pytest.raises(UnsafeSettings, match=f"SMARTCITY_{named}"):
        read(**changes)


def test_production_refuses_unsigned_tokens() -> None:
    environ = {f"SMARTCITY_{name}": value for name, value in SAFE.items()}
    with pytest.raises(UnsafeSettings, match="FIREBASE_AUTH_EMULATOR_HOST"):
        Settings.from_env({**environ, "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"})


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("COLOUR", "red", "unknown settings: SMARTCITY_COLOUR"),
        ("OTP_LIFETIME", "soon", "SMARTCITY_OTP_LIFETIME is not a number"),
        ("IOC_TIMEOUT", "soon", "SMARTCITY_IOC_TIMEOUT is not a number"),
        ("ENVIRONMENT", "staging", "SMARTCITY_ENVIRONMENT"),
        ("IOC_SECRETS", "whsec_!!", "SMARTCITY_IOC_SECRETS"),
        ("IOC_URL", "http://127.0.0.1:9", "SMARTCITY_IOC_SECRETS is empty"),
    ],
)
def test_what_cannot_be_meant_is_named(name: str, value: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        Settings.from_env({f"SMARTCITY_{name}": value})


def test_every_setting_is_told_to_the_operator() -> None:
    example = (ROOT / "config" / "example.env").read_text()
    told = set(re.findall(r"SMARTCITY_([A-Z0-9_]+)", example))
    known = {name.upper() for name in Settings.__dataclass_fields__}
    assert known - told == set()
    assert told - known == set()
