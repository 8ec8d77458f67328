"""What it costs to know who asks: refreshing, authorising, limiting."""

import json
import statistics
import time

import urllib3
from flask import Flask
from sqlalchemy import event

from smartcity.app import create_app
from smartcity.core.db import engine, transaction
from smartcity.core.ratelimit import limiter
from smartcity.identity import citizens
from smartcity.identity.permissions import Principal, Role
from smartcity.identity.sessions import begin
from smartcity.settings import Settings
from tests.benchmarks.house import Bench
from tests.benchmarks.measure import Request, load, tell

PHONES = 2_000
STORM = 45_000  # phones in a minute


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met."""
    return all([refreshing(ready), authorising(ready), limiting(ready)])


def refreshing(ready: Bench) -> bool:
    """Every phone refreshes at once, a tenth of them twice with the same token; none is refused.

    The figure is the cores that 45,000 of them keep busy for a minute, the database's included.
    """
    tokens = _signed_in(ready.app)
    run = load(ready.api, _refresh(tokens), clients=16, requests=PHONES * 11 // 10)
    return tell("refresh_storm_cores", run.cpu * STORM / 60, 0, 8, "cores")


def authorising(ready: Bench) -> bool:
    """Statements to know a caller: with a token seen within the minute, and with a new one."""
    client, seen = ready.app.test_client(), []
    with ready.app.app_context():
        event.listen(engine(), "before_cursor_execute", lambda *_: seen.append(1))
    counts = []
    for headers in ({}, ready.citizen, ready.citizen):  # the first reads the areas
        seen.clear()
        client.get("/api/v1/areas", headers=headers)
        counts.append(len(seen))
    _, *counts = counts
    known = tell("authorise_statements_known", counts[1], 0, 0, "statements")
    return tell("authorise_statements_new", counts[0], 0, 1, "statements") and known


def limiting(ready: Bench) -> bool:
    """What a limit in Redis adds to a request, by the medians of two routes in turn."""
    client = _limited_app(ready).test_client()
    times: dict[str, list[float]] = {"/free": [], "/limited": []}
    for _ in range(2_000):
        for path, taken in times.items():
            began = time.perf_counter()
            client.get(path)
            taken.append(time.perf_counter() - began)
    free, limited = (statistics.median(taken) for taken in times.values())
    return tell("limit_cost", (limited - free) * 1_000, 0, 0.4, "ms/request")


def _signed_in(app: Flask) -> list[str]:
    with app.app_context(), transaction() as session:
        people = [citizens.enrol(session, f"+8491{number:07}") for number in range(PHONES)]
        principals = [Principal(Role.CITIZEN, str(person)) for person in people]
        return [begin(session, who, "bench").refresh_token for who in principals]


def _refresh(tokens: list[str]) -> Request:
    """The first tokens twice, as by phones that lost the answer."""
    path, headers = "/api/v1/auth/refresh", {"Content-Type": "application/json"}

    def request(pool: urllib3.HTTPConnectionPool, number: int) -> urllib3.BaseHTTPResponse:
        body = json.dumps({"refresh_token": tokens[number % PHONES]})
        return pool.request("POST", path, body=body, headers=headers)

    return request


def _limited_app(ready: Bench) -> Flask:
    with ready.app.app_context():
        url = engine().url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url, redis_url=ready.redis, log_level="ERROR"))
    app.add_url_rule("/free", "free", dict)
    app.add_url_rule("/limited", "limited", limiter.limit("1000000 per hour")(lambda: {}))
    return app
