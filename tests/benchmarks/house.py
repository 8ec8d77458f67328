"""What the benchmarks run against: our API and the floor side by side on one PostgreSQL."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
from flask import Flask
from sqlalchemy import make_url

from smartcity.app import create_app
from smartcity.core.db import engine, transaction
from smartcity.core.migrations import migrate
from smartcity.identity import citizens
from smartcity.identity import service as identity
from smartcity.identity.permissions import Principal, Role
from smartcity.identity.sessions import begin
from smartcity.seed import seed
from smartcity.settings import Settings
from tests.benchmarks import floor
from tests.benchmarks.measure import Request, Run, Served, load, served
from tests.servers import create_database, start_postgres, start_redis

RUNS = 5


@dataclass(frozen=True)
class Bench:
    """Our API and the floor side by side on one PostgreSQL, each with a caller's headers."""

    api: Served
    floor: Served
    app: Flask
    citizen: dict[str, str]
    officer: dict[str, str]
    redis: str


@contextmanager
def bench() -> Iterator[Bench]:
    """Start the databases and both applications."""
    with start_postgres(durable=True) as admin, start_redis() as redis:
        url, floor_url = create_database(admin, "bench"), create_database(admin, "floor")
        libpq = make_url(floor_url).set(drivername="postgresql").render_as_string(False)
        floor.make_table(libpq)
        app = create_app(Settings(database_url=url, log_level="ERROR"))
        citizen, officer = _people(app)
        env = {
            "SMARTCITY_DATABASE_URL": url,
            "SMARTCITY_REDIS_URL": redis,
            "SMARTCITY_REPORT_LIMIT": "100000000 per hour",
            "SMARTCITY_CONTEST_LIMIT": "100000000 per hour",
            "SMARTCITY_SIMILAR_LIMIT": "100000000 per hour",
            "SMARTCITY_SEARCH_LIMIT": "100000000 per hour",
        }
        database = _postmaster(admin)
        with (
            served("wsgi:app", env, database) as api,
            served("tests.benchmarks.floor:app", {"FLOOR_DATABASE": libpq}, database) as least,
        ):
            yield Bench(api, least, app, citizen, officer, redis)


def interleaved(ready: Bench, ours: Request, least: Request) -> tuple[list[Run], list[Run]]:
    """Five runs of each, in turn: a noisy machine troubles both."""
    pairs = [
        (
            load(ready.api, ours, clients=16, requests=800),
            load(ready.floor, least, clients=16, requests=800),
        )
        for _ in range(RUNS)
    ]
    return [a for a, _ in pairs], [b for _, b in pairs]


def median(ours: list[Run], least: list[Run], what: str) -> tuple[float, float]:
    """The median of a figure, ours and the floor's."""
    return tuple(statistics.median(getattr(run, what) for run in runs) for runs in (ours, least))


def _people(app: Flask) -> tuple[dict[str, str], dict[str, str]]:
    """Migrate and seed; the headers of a citizen and of an officer of the centre."""
    with app.app_context():
        migrate(engine())
        with transaction() as session:
            seed(session)
            citizen = citizens.enrol(session, "+84900000001")
            officer = identity.create_officer(
                session,
                "bench",
                "mat-khau-de-do-2026",
                role=Role.IOC_OPERATOR,
                agency="ioc",
                display_name="Bench",
            )
            principals = [
                Principal(Role.CITIZEN, str(citizen)),
                Principal(Role.IOC_OPERATOR, str(officer), "ioc"),
            ]
            session.flush()
            tokens = [begin(session, principal, "bench") for principal in principals]
    citizen_headers, officer_headers = (
        {"Authorization": f"Bearer {t.access_token}"} for t in tokens
    )
    return citizen_headers, officer_headers


def _postmaster(url: str) -> psutil.Process:
    port = make_url(url).port
    for found in psutil.process_iter(["name", "cmdline"]):
        if found.info["name"] == "postgres" and f"port={port}" in (found.info["cmdline"] or []):
            return found
    raise RuntimeError("no postgres process listens there")
