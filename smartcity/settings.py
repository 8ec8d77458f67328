"""Every setting of the program, read from the environment once and never changed.

The only reader of the environment. `config/example.env` tells each one to an operator.
"""

import os
from dataclasses import MISSING, Field, dataclass, fields
from pathlib import Path
from typing import Any, Self

from smartcity.safety import DEVELOPMENT_DATA_KEY, DEVELOPMENT_SECRET, PREFIX, refuse_unsafe

ROOT = Path(__file__).resolve().parent.parent


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
    app_scheme: str = ""  # of the app's own links; pages of shared news open it by one
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
    otp_limit_address: str = "300 per hour"  # code requests from one network address
    otp_hourly: int = 5  # codes to one number in an hour
    otp_gap: int = 20  # seconds between two codes to one number
    otp_device: int = 10  # codes asked for by one installation of the app in an hour
    otp_network: int = 1_000  # by one /24: mobile networks put thousands of people behind one
    otp_unnamed: int = 50  # of these by programs that name no installation
    otp_block: int = 10  # to a hundred numbers that differ in their last two digits
    otp_channels: tuple[str, ...] = ("sms",)  # and "zns", in the order they are tried
    device_limit_address: str = "600 per hour"  # phones without an account, one network address
    read_limit_address: str = "1200 per hour"  # phones that tell what was read, one address
    sms_daily_budget: int = 100_000  # codes by SMS in a day; 0 is no limit
    password_limit_address: str = "60 per hour"  # noqa: S105  # officers' sign-ins, one address
    report_limit: str = "30 per hour"  # reports of one citizen
    comment_limit: str = "20 per hour"  # comments of one citizen
    survey_limit: str = "60 per hour"  # answers to surveys of one citizen
    survey_limit_address: str = "600 per hour"  # of one network address
    report_soft_limit: int = 10  # in an hour, above which they are looked at twice
    behalf_limit: str = "120 per hour"  # reports that one officer files for callers
    question_limit: str = "10 per day"  # questions of one citizen to the authorities
    referral_days: int = 30  # of an account, in which it may name who helped it to begin
    referral_flagged: int = 10  # of one code from one network in an hour: officers are told
    contest_limit: str = "60 per minute"  # papers, answers, submissions of one citizen; each
    similar_limit: str = "300 per hour"  # looks of one citizen for reports like his
    search_limit: str = "300 per minute"  # searches, and ways to portals, of a caller or address
    media_limit: str = "150 per hour"  # photos of one citizen or officer
    report_answer_days: int = 3  # a question to the citizen waits, unless the asker says otherwise
    report_appeal_days: int = 30  # after a refusal or a duplicate verdict
    report_rating_days: int = 7  # after the result; then the report is closed
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
    zns_url: str = "https://business.openapi.zalo.me"
    zns_oauth_url: str = "https://oauth.zaloapp.com"
    zns_app_id: str = ""
    zns_secret: str = ""
    zns_template: str = ""  # id of the registered template, whose one parameter is `otp`

    smtp_url: str = ""  # smtp:// (STARTTLS), smtps:// or smtp-plain://; no e-mail when empty
    smtp_ca: Path | None = None  # trusted besides the system's
    mail_from: str = ""

    media_store: str = ""  # folder, or s3://bucket; var_dir/media when empty
    s3_endpoint: str = ""  # S3-compatible store other than AWS
    media_original_days: int = 90  # an original photo is destroyed after this

    erasure_grace_days: int = 7  # in which a citizen may take it back
    export_limit: int = 3  # archives of one citizen in a day

    fcm_credentials: Path | None = None  # Google service account; no push when empty
    fcm_url: str = ""  # another server than Google's
    fcm_ca: Path | None = None
    fcm_per_minute: int = 600_000  # the Firebase project's quota
    fcm_share: float = 0.8  # of it that we use
    fcm_senders: int = 1  # worker processes; each takes its part where there is no Redis

    link_check_pace: float = 0.5  # between two looks at pages of one portal

    sky_url: str = ""  # weather by Open-Meteo's API; none when empty
    sky_air_url: str = ""  # air at another host; SKY_URL when empty
    sky_key: str = ""

    job_lease: float = 60.0
    job_poll: float = 0.25
    breaker_probe_every: float = 30.0  # between probes of a destination that is down
    changes_poll: float = 1.0  # between looks of a process whether anything public changed
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
        refuse_unsafe(settings, env)
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
