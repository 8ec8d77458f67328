"""`smartcity demo`: the whole system on one machine, with nothing but Python."""

import base64
import json
import os
import secrets
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

import click
import urllib3
from sqlalchemy.orm import Session

from smartcity.app import create_app
from smartcity.core.db import engine, transaction
from smartcity.core.migrations import migrate
from smartcity.demo.client import Caller, wait_for
from smartcity.demo.processes import Process, Supervisor, free_port
from smartcity.demo.story import CITIZEN, OFFICERS, tell
from smartcity.identity import service as identity
from smartcity.ioc import service as ioc
from smartcity.safety import PREFIX
from smartcity.seed import seed, seed_guide, seed_participation, seed_procedures
from smartcity.settings import Settings

# One person plays all citizens, again and again, and sees soon what a fault does. Settings of the
# environment go before these.
PACE = {
    "OTP_LIMIT_ADDRESS": "100000 per hour",
    "OTP_HOURLY": "1000",
    "OTP_GAP": "0",
    "OTP_UNNAMED": "100000",
    "OTP_BLOCK": "100000",
    "REPORT_LIMIT": "100000 per hour",
    "BREAKER_PROBE_EVERY": "2",
    "JOB_LEASE": "10",
}


@dataclass(frozen=True)
class Site:
    """Where everything of one demonstration is found."""

    folder: Path
    database: str
    ports: dict[str, int]
    secret: str
    sms_key: str

    def url(self, name: str) -> str:
        """The base address of a server."""
        scheme = "https" if name == "fcm" else "http"
        return f"{scheme}://127.0.0.1:{self.ports[name]}"

    @property
    def env(self) -> dict[str, str]:
        """The settings of the API and the worker."""
        values = {
            "VAR_DIR": self.folder,
            "PUBLIC_URL": self.url("api"),
            "DATABASE_URL": self.database,
            "SMS_URL": self.url("sms"),
            "SMS_KEY": self.sms_key,
            "SKY_URL": self.url("sky"),
            "FCM_URL": self.url("fcm"),
            "FCM_CREDENTIALS": self.folder / "fcm" / "service-account.json",
            "FCM_CA": self.folder / "fcm" / "ca.pem",
        }
        fixed = {PREFIX + name: str(value) for name, value in values.items()}
        return {PREFIX + name: value for name, value in PACE.items()} | os.environ | fixed


@click.command()
@click.option("--once", is_flag=True, help="End after the story.")
@click.option("--port", default=0, help="Port of the API; a free one when not given.")
@click.option("--ioc-port", default=0, help="Port of the sandbox operations centre.")
@click.option("--sms-port", default=0, help="Port of the sandbox SMS gateway.")
@click.option("--fcm-port", default=0, help="Port of the sandbox FCM.")
@click.option("--feeds-port", default=0, help="Port of the sandbox's feeds of news.")
@click.option("--sky-port", default=0, help="Port of the sandbox's source of weather and air.")
@click.option("--database-url", default="", help="Another database than a SQLite file in --var.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
def demo(
    once: bool,
    port: int,
    ioc_port: int,
    sms_port: int,
    fcm_port: int,
    feeds_port: int,
    sky_port: int,
    database_url: str,
    var: Path,
) -> None:
    """Run everything here, and tell the main job as a story."""
    asked = {"api": port, "ioc": ioc_port, "sms": sms_port, "fcm": fcm_port}
    asked |= {"feeds": feeds_port, "sky": sky_port}
    site = _site(var, asked, database_url)
    with Supervisor() as supervisor:
        _start_sandbox(site, supervisor)
        _prepare(site)
        _start_product(site, supervisor)
        _wait_until_ready(site, supervisor)
        _write_addresses(site, var / "demo.json")
        ioc, sms, feeds = (Caller(site.url(name)) for name in ("ioc", "sms", "feeds"))
        finished = tell(site.url("api"), ioc, sms, _onlooker(site), feeds)
        if once:
            sys.exit(0 if finished else 1)
        _print_addresses(site)
        supervisor.watch()


def _site(var: Path, asked: dict[str, int], database: str) -> Site:
    folder = (var / "demo").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "secrets.json"
    if not kept.exists():
        key = base64.b64encode(secrets.token_bytes(24)).decode()
        kept.write_text(json.dumps({"ioc": f"whsec_{key}", "sms": secrets.token_hex(16)}))
    known = json.loads(kept.read_text())
    ports = {name: port or free_port() for name, port in asked.items()}
    database = database or f"sqlite:///{folder / 'smartcity.sqlite3'}"
    return Site(folder, database, ports, known["ioc"], known["sms"])


def _start_sandbox(site: Site, supervisor: Supervisor) -> None:
    callback = f"{site.url('api')}/api/v1/ioc/callbacks"
    journal = str(site.folder / "ioc-journal.jsonl")
    options = {
        "ioc": ["--secret", site.secret, "--journal", journal, "--callback-url", callback],
        "sms": ["--key", site.sms_key],
        "fcm": ["--state", str(site.folder / "fcm")],
        "feeds": [],
        "sky": [],
    }
    for name, extra in options.items():
        command = ["-m", "smartcity.sandbox", name, "--port", str(site.ports[name]), *extra]
        supervisor.start(_process(site, name, command))


def _prepare(site: Site) -> None:
    """Migrate, seed, and make the officers' accounts."""
    app = create_app(Settings.from_env(site.env))
    with app.app_context():
        migrate(engine())
        with transaction() as session:
            seed(session)
        with transaction() as session:  # what asks for the areas as everybody reads them
            seed_procedures(session)
            seed_guide(session)
            seed_participation(session)
            for username, password, role, agency, name in OFFICERS:
                identity.create_officer(
                    session, username, password, role=role, agency=agency, display_name=name
                )
            _name_centre(site, session)
        engine().dispose()


def _name_centre(site: Site, session: Session) -> None:
    """Let the sandbox centre hear of reports, and be asked at night what it holds."""
    centre = site.url("ioc")
    wishes = {"timeout": 1.0, "options": {"reconcile_url": f"{centre}/reconciliation"}}
    ioc.put_destination(
        session, "operator:demo", "ioc", site.secret, url=f"{centre}/events", **wishes
    )


def _start_product(site: Site, supervisor: Supervisor) -> None:
    command = ["-m", "gunicorn", "--config", "config/gunicorn.conf.py", "wsgi:app"]
    api = _process(site, "api", command, BIND=f"127.0.0.1:{site.ports['api']}")
    supervisor.start(api)
    supervisor.start(_process(site, "worker", ["-m", "smartcity.cli", "worker"]))


def _wait_until_ready(site: Site, supervisor: Supervisor) -> None:
    """Return when every server answers; ClickException names a process that does not live."""

    def ready() -> bool:
        for child in supervisor.children:
            if child.has_ended():
                raise click.ClickException(f"{child.name} did not start: see {child.log}")
        return _answers(site)

    wait_for(ready, seconds=60)


def _answers(site: Site) -> bool:
    try:
        for port in site.ports.values():
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return Caller(site.url("api")).answer("GET", "/readyz").status == 200
    except (OSError, urllib3.exceptions.HTTPError):
        return False


def _process(site: Site, name: str, arguments: list[str], **env: str) -> Process:
    return Process(name, arguments, site.folder / f"{name}.log", site.env | env)


def _onlooker(site: Site) -> Caller:
    trusting = urllib3.PoolManager(ca_certs=str(site.folder / "fcm" / "ca.pem"), timeout=10)
    return Caller(site.url("fcm"), trusting)


def _addresses(site: Site) -> dict[str, str]:
    api = site.url("api")
    sandbox = {name: site.url(name) for name in ("ioc", "sms", "fcm", "feeds", "sky")}
    return {"api": api, "docs": f"{api}/docs", "console": f"{api}/console/", **sandbox}


def _write_addresses(site: Site, file: Path) -> None:
    officers = [
        {"username": username, "password": password, "role": str(role), "agency": agency}
        for username, password, role, agency, _name in OFFICERS
    ]
    citizens = [{"phone": CITIZEN}]
    trust = {"fcm_ca": site.env[f"{PREFIX}FCM_CA"]}  # who signed the sandbox FCM's certificate
    told = {**_addresses(site), **trust, "officers": officers, "citizens": citizens}
    file.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n")


def _print_addresses(site: Site) -> None:
    for name, address in _addresses(site).items():
        print(f"  {name:8} {address}")
    print("Ctrl-C để dừng · Ctrl-C to stop", flush=True)
