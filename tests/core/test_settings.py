"""Settings: read once, refused when unknown, unreadable or unsafe."""

import re
from pathlib import Path

import pytest

from smartcity.safety import UnsafeSettings
from smartcity.settings import ROOT, Settings

DATA_KEY = "2026:" + "d" * 43
SAFE = {
    "ENVIRONMENT": "production",
    "PUBLIC_URL": "https://api.example.vn",
    "SECRET_KEY": "k" * 40,
    "SIGNING_KEYS": "/etc/smartcity/key.pem",
    "DATABASE_URL": "postgresql+psycopg://db.example.vn/smartcity",
    "REDIS_URL": "rediss://cache.example.vn/0",
    "METRICS_KEY": "m" * 32,
    "SECOND_FACTOR": "required",
    "SMS_URL": "https://sms.example.vn",
    "SMS_KEY": "the-gateways",
    "LOOKUP_KEY": "l" * 40,
    "DATA_KEYS": DATA_KEY,
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
        OTP_LIFETIME="60", JOB_POLL="2.5", DATA_KEYS=f"{DATA_KEY} {DATA_KEY}", VAR_DIR="/srv/x"
    )
    assert (settings.otp_lifetime, settings.job_poll) == (60, 2.5)
    assert settings.data_keys == (DATA_KEY, DATA_KEY)
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
        ({"SECOND_FACTOR": ""}, "SECOND_FACTOR"),
        ({"PUBLIC_URL": "http://api.example.vn"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://127.0.0.1"}, "PUBLIC_URL"),
        ({"SECRET_KEY": "for-development-only-never-in-production"}, "SECRET_KEY"),
        ({"OLD_SECRET_KEYS": "for-development-only-never-in-production"}, "OLD_SECRET_KEYS"),
        ({"LOOKUP_KEY": "for-development-only-never-in-production"}, "LOOKUP_KEY"),
        ({"LOOKUP_KEY": "k" * 40}, "LOOKUP_KEY"),
        ({"DATA_KEYS": ""}, "DATA_KEYS"),
        ({"METRICS_KEY": "short"}, "METRICS_KEY"),
        ({"SMS_KEY": ""}, "SMS_KEY"),
        ({"CORS_ORIGINS": "http://app.example.vn"}, "CORS_ORIGINS"),
        ({"CORS_ORIGINS": "https://app.example.vn http://127.0.0.1:3000"}, "CORS_ORIGINS"),
        ({"S3_ENDPOINT": "http://s3.example.vn"}, "S3_ENDPOINT"),
        ({"APP_CHECK_JWKS_URL": "http://127.0.0.1:9/jwks"}, "APP_CHECK_JWKS_URL"),
        ({"SMS_URL": "http://sms.example.vn"}, "SMS_URL"),
        ({"SMS_URL": "https://localhost/send"}, "SMS_URL"),
        ({"FCM_URL": "https://127.0.0.1:9"}, "FCM_URL"),
        ({"SMTP_URL": "smtp-plain://a:b@mail.vn", "MAIL_FROM": "a@mail.vn"}, "SMTP_URL"),
    ],
)
def test_production_refuses_what_would_put_citizens_at_risk(
    changes: dict[str, str], named: str
) -> None:
    assert read().production
    with pytest.raises(UnsafeSettings, match=f"SMARTCITY_{named}"):
        read(**changes)


@pytest.mark.parametrize(
    "url",
    """
    https://localhost https://LOCALHOST. https://a.localhost https://127.1 https://127.0.0.2:8443
    https://0x7f000001 https://2130706433 https://017700000001 https://0 https://0.0.0.0
    https://[::1] https://[::] https://[::ffff:127.0.0.1] https:///x ftp://x.example.vn
    """.split(),  # noqa: SIM905
)
def test_production_calls_no_sandbox_on_its_own_machine(url: str) -> None:
    for name in ("PUBLIC_URL", "SMS_URL", "S3_ENDPOINT", "APP_CHECK_JWKS_URL"):
        with pytest.raises(UnsafeSettings, match=f"SMARTCITY_{name}"):
            read(**{name: url})


@pytest.mark.parametrize(
    "url", ["https://10.0.0.7/send", "https://sms.internal", "https://[fd00::7]"]
)
def test_a_gateway_in_the_same_network_is_let(url: str) -> None:
    assert read(SMS_URL=url).sms_url == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099"),
        ("FIREBASE_EMULATOR_HUB", "127.0.0.1:4400"),
        ("FIREBASE_APPCHECK_DEBUG_TOKEN", "x"),
        ("FIREBASE_APP_CHECK_DEBUG_TOKEN", "x"),
        ("FLASK_DEBUG", "1"),
        ("FLASK_DEBUG", "on"),
    ],
)
def test_production_refuses_emulators_and_debug(name: str, value: str) -> None:
    environ = {f"SMARTCITY_{setting}": given for setting, given in SAFE.items()}
    with pytest.raises(UnsafeSettings, match=name):
        Settings.from_env({**environ, name: value})
    assert Settings.from_env({name: value}).environment == "development"


def test_production_lets_what_is_off() -> None:
    environ = {f"SMARTCITY_{setting}": given for setting, given in SAFE.items()}
    assert Settings.from_env({**environ, "FLASK_DEBUG": "0", "FIREBASE_CONFIG": "{}"}).production


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("COLOUR", "red", "unknown settings: SMARTCITY_COLOUR"),
        ("OTP_LIFETIME", "soon", "SMARTCITY_OTP_LIFETIME is not a number"),
        ("ENVIRONMENT", "staging", "SMARTCITY_ENVIRONMENT"),
        ("CORS_ORIGINS", "*", "SMARTCITY_CORS_ORIGINS"),
        ("CORS_ORIGINS", "https://*.example.vn", "SMARTCITY_CORS_ORIGINS"),
        ("CORS_ORIGINS", "https://app.example.vn/", "SMARTCITY_CORS_ORIGINS"),
        ("CORS_ORIGINS", "null", "SMARTCITY_CORS_ORIGINS"),
        ("APP_CHECK", "maybe", "SMARTCITY_APP_CHECK"),
        ("APP_CHECK", "watch", "SMARTCITY_APP_CHECK_PROJECT"),
        ("SMTP_URL", "smtp://mail.example.vn", "SMARTCITY_MAIL_FROM is empty"),
        ("SMTP_URL", "mail.example.vn:25", "SMARTCITY_SMTP_URL is smtp://"),
        ("SMTP_URL", "smtp://a:b@c@mail.example.vn", "SMARTCITY_SMTP_URL is smtp://"),
        ("SMTP_URL", "smtp://a:%C3%A1@mail.example.vn", "SMARTCITY_SMTP_URL is smtp://"),
        ("MAIL_FROM", "Desk", "SMARTCITY_MAIL_FROM"),
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
