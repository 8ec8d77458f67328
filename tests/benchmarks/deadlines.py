"""The sweep of limits: 5,000 due among 100,000 open reports, and no other touched."""

import time
from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from smartcity.core import clock
from smartcity.core.clock import frozen
from smartcity.core.db import engine, transaction
from smartcity.core.ids import new_id
from smartcity.identity.models import Officer
from smartcity.identity.permissions import Role
from smartcity.reports.deadlines.sweep import sweep
from tests.benchmarks.house import Bench
from tests.benchmarks.measure import tell

OPEN, DUE, OFFICERS = 100_000, 5_000, 10
# All of a unit's, and assigned; every twentieth is due.
FILL = text("""
INSERT INTO reports (id, number, prefix, anonymous, urgent, category, description, folded, latitude,
                     longitude, area, agency, status, sequence, submitted_at, updated_at,
                     resolve_due_at, due_at, watch_at)
SELECT gen_random_uuid(), nextval('report_number_seq'), 'HP', false, false, 'traffic_infra',
       repeat('Ổ gà trên đường ', 6), repeat('o ga tren duong ', 6), 20.94, 106.33, '10507',
       'benchmark', 'assigned', 1, now() - interval '2 days', now(), due, due,
       due - CASE WHEN n % 20 = 0 THEN interval '8 days' ELSE interval '1 day' END
FROM generate_series(1, :open) AS n, LATERAL (SELECT now() + interval '7 days' AS due) AS limits
""")
TOUCHED = text("SELECT count(*) FROM reports WHERE agency = 'benchmark' AND watch_step > 0")
PLAN = text("EXPLAIN SELECT id FROM reports WHERE watch_at <= now() ORDER BY watch_at LIMIT 200")
AWAY = text("DELETE FROM reports WHERE agency = 'benchmark'")


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met."""
    with ready.app.app_context():
        _fill(ready.app)
        began = time.perf_counter()
        with frozen(clock.now() + timedelta(seconds=1)):
            taken = sweep()
        seconds = time.perf_counter() - began
        others = abs(_number(TOUCHED) - DUE) + abs(taken - DUE)
        kept = [
            tell("deadline_sweep_100k_open", seconds, 0, 10, "s"),
            tell("deadline_sweep_others_touched", others, 0, 0, "reports"),
            tell("deadline_sweep_walks_the_table", _walks(), 0, 0, "plans"),
        ]
        _clear()
    return all(kept)


def _fill(app: Flask) -> None:
    with transaction() as session:
        session.add_all(_officer(number) for number in range(OFFICERS))
    bind = engine().execution_options(isolation_level="AUTOCOMMIT")
    with bind.connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(FILL, {"open": OPEN})
        connection.execute(text("VACUUM ANALYZE reports"))


def _officer(number: int) -> Officer:
    return Officer(
        id=new_id(),
        username=f"benchmark-{number}",
        password_hash="",
        role=Role.UNIT_OFFICER,
        agency="benchmark",
        display_name="Benchmark",
        created_at=clock.now(),
    )


def _walks() -> int:
    """Whether the plan of a batch reads the table instead of what is due."""
    with engine().connect() as connection:
        plan = "\n".join(connection.execute(PLAN).scalars())
    return int("ix_reports_watch" not in plan)


def _number(query: object) -> int:
    with engine().connect() as connection:
        return int(connection.execute(query).scalar_one())


def _clear() -> None:
    """Leave the reports to the other figures as they were."""
    with engine().begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(AWAY)
