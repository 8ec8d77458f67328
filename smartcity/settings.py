"""Every setting of the program, read from the environment once and never changed.

The only reader of the environment. `config/example.env` tells each one to an operator.
"""

import os
import re
import socket
from contextlib import suppress
from dataclasses import MISSING, Field, dataclass, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "SMARTCITY_"
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
WEBHOOK_SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{16,}={0,2}")
DATA_KEY = re.compile(r"[A-Za-z0-9-]{1,20}:[A-Za-z0-9_-]{43}")  # 32 bytes
# Firebase's kits accept unsigned tokens with these.
EMULATOR = re.compile(r"FIREBASE_.*EMULATOR|FIREBASE_APP_?CHECK_DEBUG")
DEVELOPMENT_SECRET = "for-development-only-never-in-production"  # noqa: S105
DEVELOPMENT_DATA_KEY = "development:Zm9yLWRldmVsb3BtZW50LW9ubHktbm90LXNlY3JldC4"


class UnsafeSettings(Exception):
    """Production was asked for with settings that would put citizens at risk."""


@dataclass(frozen=True)
class Settings:
    """One value per environment variable `SMARTCITY_<NAME>`; durations are in seconds."""

    environment: str = "development"  # or "production"
    public_url: str = "http://127.0.0.1:8000"
    var_dir: Path = ROOT / "var"
    province_dir: Path = ROOT / "config" / "province"
    log_level: str = "INFO"
    trusted_proxies: int = 0
    cors_origins: tuple[str, ...] = ()  # whose web pages may call the API
    app_check: str = "off"  # or "watch" (counted only), or "enforce"
    app_check_project: str = ""  # number of the Firebase project
    app_check_jwks_url: str = "https://firebaseappcheck.googleapis.com/v1/jwks"

    database_url: str = ""  # SQLite file in var_dir when empty
    database_pool: int = 10  # connections a process holds
    redis_url: str = ""  # in-process limits when empty

    secret_key: str = DEVELOPMENT_SECRET  # signs links, cursors and refresh tokens
    old_secret_keys: tuple[str, ...] = ()  # what they signed still holds
    data_keys: tuple[str, ...] = (
        DEVELOPMENT_DATA_KEY,
    )  # name:base64url; the first seals, all open
    lookup_key: str = DEVELOPMENT_SECRET  # finds what is sealed; seals the audit record
    signing_keys: tuple[Path, ...] = ()  # EC P-256 PEM files; the first signs, all verify

    otp_lifetime: int = 300
    access_lifetime: int = 15 * 60
    refresh_lifetime: int = 60 * 86_400
    officer_session_lifetime: int = 12 * 3600  # then an officer signs in anew
    second_factor: str = "offered"  # or "required", of officers
    otp_limit_address: str = "60 per hour"  # code requests from one network address
    otp_hourly: int = 5  # codes to one number in an hour
    otp_gap: int = 20  # seconds between two codes to one number
    password_limit_address: str = "60 per hour"  # noqa: S105  # officers' sign-ins, one address
    report_limit: str = "30 per hour"  # reports of one citizen
    media_limit: str = "150 per hour"  # photos of one citizen or officer
    partner_per_minute: int = 600  # requests with one partner's key that names no other number

    officer_oidc_issuer: str = ""  # as its discovery names it; no single sign-on when empty
    officer_oidc_client: str = ""
    officer_oidc_secret: str = ""
    citizen_oidc_issuer: str = ""  # official identities; nobody can be verified when empty
    citizen_oidc_client: str = ""
    citizen_oidc_secret: str = ""
    citizen_oidc_redirect: str = ""  # the app's own link

    sms_url: str = ""
    sms_key: str = ""

    media_store: str = ""  # folder, or s3://bucket; var_dir/media when empty
    s3_endpoint: str = ""  # S3-compatible store other than AWS
    media_original_days: int = 90  # an original photo is destroyed after this

    erasure_grace_days: int = 7  # in which a citizen may take it back
    export_limit: int = 3  # archives of one citizen in a day

    fcm_credentials: Path | None = None  # Google service account; no push when empty
    fcm_url: str = ""  # another server than Google's
    fcm_ca: Path | None = None

    ioc_name: str = "ioc"
    ioc_url: str = ""  # where events go; none are sent when empty
    ioc_secrets: tuple[str, ...] = ()  # whsec_…; the first signs, all verify
    ioc_timeout: float = 10.0

    job_lease: float = 60.0
    job_poll: float = 0.25
    breaker_probe_every: float = 30.0  # between probes of a destination that is down
    metrics_key: str = ""  # bearer token of /metrics; open in development when empty

    @classmethod
    def from_env(cls, environ: dict[str, str] | None = None) -> Self:
        """Read `SMARTCITY_*`; raise UnsafeSettings or ValueError naming what to mend."""
        env = dict(os.environ) if environ is None else environ
        known = {PREFIX + f.name.upper(): f for f in fields(cls)}
        unknown = sorted(k for k in env if k.startswith(PREFIX) and k not in known)
        if unknown:
            raise ValueError(f"unknown settings: {', '.join(unknown)}")
        given = {f.name: _parse(f, env[key]) for key, f in known.items() if env.get(key)}
        settings = cls(**given)
        settings.refuse_unsafe(env)
        return settings

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.var_dir / 'smartcity.sqlite3'}"

    @property
    def media_root(self) -> str:
        return self.media_store or str(self.var_dir / "media")

    def refuse_unsafe(self, env: dict[str, str]) -> None:
        """Raise UnsafeSettings when production is asked for with a development value."""
        if self.environment not in ("development", "production"):
            raise ValueError("SMARTCITY_ENVIRONMENT is 'development' or 'production'")
        if self.second_factor not in ("offered", "required"):
            raise ValueError("SMARTCITY_SECOND_FACTOR is 'offered' or 'required'")
        if not all(ORIGIN.fullmatch(origin) for origin in self.cors_origins):
            raise ValueError(f"{PREFIX}CORS_ORIGINS: an origin is https://host, no * and no path")
        if self.app_check not in ("off", "watch", "enforce"):
            raise ValueError(f"{PREFIX}APP_CHECK is 'off', 'watch' or 'enforce'")
        if self.app_check != "off" and not self.app_check_project.isdecimal():
            raise ValueError(f"{PREFIX}APP_CHECK_PROJECT is not the number of a project")
        if not all(WEBHOOK_SECRET.fullmatch(secret) for secret in self.ioc_secrets):
            raise ValueError(f"{PREFIX}IOC_SECRETS: a secret is whsec_ followed by base64")
        if not self.data_keys or not all(DATA_KEY.fullmatch(key) for key in self.data_keys):
            raise ValueError(f"{PREFIX}DATA_KEYS: a key is name:32 bytes in base64url, unpadded")
        if self.ioc_url and not self.ioc_secrets:
            raise ValueError(f"{PREFIX}IOC_SECRETS is empty, so nothing could be signed")
        for which in ("officer", "citizen"):
            named = [getattr(self, f"{which}_oidc_{part}") for part in ("client", "secret")]
            if getattr(self, f"{which}_oidc_issuer") and not all(named):
                raise ValueError(f"{PREFIX}{which.upper()}_OIDC_CLIENT or _SECRET is empty")
        if self.citizen_oidc_issuer and not self.citizen_oidc_redirect:
            raise ValueError(f"{PREFIX}CITIZEN_OIDC_REDIRECT is empty")
        faults = list(self._production_faults(env)) if self.production else []
        if faults:
            raise UnsafeSettings("; ".join(faults))

    def _production_faults(self, env: dict[str, str]) -> list[str]:
        checks = [
            (_is_true(env.get("FLASK_DEBUG", "")), "ENVIRONMENT is production and FLASK_DEBUG set"),
            (len(self.secret_key) < 32, "SECRET_KEY must be at least 32 characters"),
            (self.secret_key == DEVELOPMENT_SECRET, "SECRET_KEY is the development one"),
            (len(self.lookup_key) < 32, "LOOKUP_KEY must be at least 32 characters"),
            (self.lookup_key == DEVELOPMENT_SECRET, "LOOKUP_KEY is the development one"),
            (self.lookup_key == self.secret_key, "LOOKUP_KEY must differ from SECRET_KEY"),
            (DEVELOPMENT_DATA_KEY in self.data_keys, "DATA_KEYS holds the development one"),
            (not self.signing_keys, "SIGNING_KEYS is empty"),
            (not self.database.startswith("postgresql"), "DATABASE_URL is not PostgreSQL"),
            (not self.redis_url, "REDIS_URL is empty: limits would be counted per process"),
            (
                DEVELOPMENT_SECRET in self.old_secret_keys,
                "OLD_SECRET_KEYS holds the development one",
            ),
            (len(self.metrics_key) < 16, "METRICS_KEY must be at least 16 characters"),
            (bool(self.sms_url) and not self.sms_key, "SMS_KEY is empty"),
            (
                not all(origin.startswith("https://") for origin in self.cors_origins),
                "CORS_ORIGINS must be https",
            ),
            (self.second_factor != "required", "SECOND_FACTOR must be required"),
            (bool(self.fcm_url), "FCM_URL points away from Google"),
        ]
        checks += [
            (True, f"ENVIRONMENT is production and {name} set")
            for name in env
            if EMULATOR.match(name)
        ]
        checks += [
            (
                bool(url) and not _is_elsewhere(url),
                f"{name} must be an https address of another machine",
            )
            for name, url in [
                ("PUBLIC_URL", self.public_url),
                ("SMS_URL", self.sms_url),
                ("IOC_URL", self.ioc_url),
                ("S3_ENDPOINT", self.s3_endpoint),
                ("APP_CHECK_JWKS_URL", self.app_check_jwks_url),
                ("OFFICER_OIDC_ISSUER", self.officer_oidc_issuer),
                ("CITIZEN_OIDC_ISSUER", self.citizen_oidc_issuer),
                ("CITIZEN_OIDC_REDIRECT", self.citizen_oidc_redirect),
            ]
        ]
        return [f"{PREFIX}{fault}" for failed, fault in checks if failed]


def _is_true(raw: str) -> bool:
    """As Flask reads FLASK_DEBUG."""
    return bool(raw) and raw.lower() not in ("0", "false", "no")


def _is_elsewhere(url: str) -> bool:
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


def _parse(field: "Field[Any]", raw: str) -> Any:
    """Read one variable as its field's type."""
    if field.type in (tuple[str, ...], "tuple[str, ...]"):
        return tuple(raw.split())
    if field.type == tuple[Path, ...]:
        return tuple(Path(part) for part in raw.split())
    if field.type in (Path, Path | None):
        return Path(raw)
    default = None if field.default is MISSING else field.default
    try:
        return type(default)(raw) if isinstance(default, (int, float)) else raw
    except ValueError:
        raise ValueError(f"{PREFIX}{field.name.upper()} is not a number: {raw!r}") from None
