"""Creating and listing reports, and the memory of an API worker after both."""

import json
import statistics
import uuid

import urllib3
from sqlalchemy import event, text

from smartcity.core.db import engine
from tests.benchmarks.house import RUNS, Bench, interleaved, median
from tests.benchmarks.measure import load, tell

REPORT = {
    "category": "traffic_infra",
    "description": "Ổ gà sâu trước số 12 Trần Phú, trời mưa không nhìn thấy, xe máy rất dễ ngã.",
    "latitude": 20.9407,
    "longitude": 106.3305,
    "address": "12 Trần Phú",
}
FILL = text("""
INSERT INTO reports (id, number, prefix, anonymous, urgent, category, description, folded, latitude,
                     longitude, area, agency, status, sequence, submitted_at, updated_at)
SELECT gen_random_uuid(), nextval('report_number_seq'), 'HP', false, false, 'traffic_infra',
       repeat('Ổ gà trên đường ', 6), repeat('o ga tren duong ', 6), 20.88 + random() * 0.12,
       106.27 + random() * 0.12, '10507',
       'so-xay-dung', (ARRAY['submitted', 'accepted', 'assigned', 'resolved'])[1 + n % 4], 1,
       now() - n * interval '10 seconds', now()
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
""")


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met."""
    return all([creating(ready), statements(ready), listing(ready), memory(ready)])


def creating(ready: Bench) -> bool:
    """CPU and p95 of a created report against one INSERT, five interleaved runs."""
    warm = {"clients": 4, "requests": 200}
    load(ready.api, create(ready), **warm), load(ready.floor, _insert, **warm)
    ours, least = interleaved(ready, create(ready), _insert)
    return all(
        [
            tell("report_create_cpu", *median(ours, least, "cpu"), 4, "s/request"),
            tell("report_create_p95_16_clients", *median(ours, least, "p95"), 6, "s"),
        ]
    )


def statements(ready: Bench) -> bool:
    """How many statements, BEGIN and COMMIT apart, one created report costs the database."""
    seen: list[str] = []
    with ready.app.app_context():
        listened = engine()
    client = ready.app.test_client()
    headers = {**ready.citizen, "Idempotency-Key": str(uuid.uuid4())}
    client.post("/api/v1/reports", json=REPORT, headers=ready.citizen)
    event.listen(listened, "before_cursor_execute", lambda *a: seen.append(a[2]))
    answer = client.post("/api/v1/reports", json=REPORT, headers=headers)
    if answer.status_code != 201:
        raise RuntimeError(answer.text)
    return tell("report_create_statements", len(seen), 0, 12, "statements")


def listing(ready: Bench) -> bool:
    """20 of 50,000 against a read by primary key; then the same at a million rows."""
    _fill(ready, 1, 50_000)
    warm = {"clients": 4, "requests": 100}
    load(ready.api, _list(ready), **warm), load(ready.floor, _read, **warm)
    ours, least = interleaved(ready, _list(ready), _read)
    kept = tell("officer_list_cpu_50k", *median(ours, least, "cpu"), 10, "s/request")
    small = _list_time(ready)
    _fill(ready, 50_001, 1_000_000)
    return tell("officer_list_time_1m", _list_time(ready), small, 1.3, "s/request") and kept


def memory(ready: Bench) -> bool:
    """Resident memory of the API worker after all that load."""
    return tell("api_worker_resident_mb", ready.api.resident() / 2**20, 0, 180, "MiB")


def _list_time(ready: Bench) -> float:
    runs = [load(ready.api, _list(ready), clients=1, requests=100) for _ in range(RUNS)]
    return statistics.median(statistics.median(run.times) for run in runs)


def create(ready: Bench):
    body = json.dumps(REPORT).encode()
    base = {**ready.citizen, "Content-Type": "application/json"}

    def request(pool: urllib3.HTTPConnectionPool, _number: int) -> urllib3.BaseHTTPResponse:
        headers = {**base, "Idempotency-Key": str(uuid.uuid4())}
        return pool.request("POST", "/api/v1/reports", body=body, headers=headers)

    return request


def _list(ready: Bench):
    path = "/api/v1/officer/reports?status=accepted"
    return lambda pool, _number: pool.request("GET", path, headers=ready.officer)


def _insert(pool: urllib3.HTTPConnectionPool, _number: int) -> urllib3.BaseHTTPResponse:
    return pool.request("POST", "/floor", json=REPORT)


def _read(pool: urllib3.HTTPConnectionPool, _number: int) -> urllib3.BaseHTTPResponse:
    return pool.request("GET", "/floor/1")


def _fill(ready: Bench, first: int, last: int) -> None:
    with ready.app.app_context():
        bind = engine().execution_options(isolation_level="AUTOCOMMIT")
    with bind.connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(FILL, {"first": first, "last": last})
        connection.execute(text("VACUUM ANALYZE reports"))
