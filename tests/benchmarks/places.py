"""The guide with 100,000 places: the nearest, a map of 5,000, and a page whose bytes are kept.

The time of an answer is the server's, over one kept connection. Half of the places stand in the
middle of the city, where people ask.
"""

import json
import statistics
from collections.abc import Sequence

import urllib3
from sqlalchemy import text

from smartcity.core.db import engine
from tests.benchmarks.house import RUNS, Bench, interleaved, median
from tests.benchmarks.measure import load, tell

COUNT, IN_BOX = 100_000, 5_000
PAGE = "/api/v1/places?category=pharmacy"
# A box east of all others holds those of the map.
BOX = "/api/v1/places/box?west=107&south=20.7&east=107.01&north=20.71"
OPEN = "open_at=2026-11-24T08:30:00%2B07:00"
FILL = """
WITH made AS (
    SELECT n, gen_random_uuid() AS id,
           (ARRAY['pharmacy', 'school', 'bus_stop', 'bank', 'parking'])[1 + n % 5] AS category,
           CASE WHEN n <= :in_box THEN 20.7 + 0.01 * random()
                WHEN n % 2 = 0 THEN 20.82 + 0.08 * random() ELSE 20.6 + 0.6 * random() END AS lat,
           CASE WHEN n <= :in_box THEN 107 + 0.01 * random()
                WHEN n % 2 = 0 THEN 106.62 + 0.12 * random() ELSE 106.1 + 0.8 * random() END AS lon
    FROM generate_series(1, :count) AS n
), entries AS (
    INSERT INTO register_entries (id, kind, state, version, category, title, sorting, folded, over,
                                  record, card, whole, demo, published_at, changed_by, changed_at)
    SELECT id, 'place', 'published', 1, category, 'Địa điểm ' || n, 'dia diem ' || n,
           'dia diem ' || n, false, json_build_object('hours', '6h–22h'),
           '{"id":"' || id || '","title":"Địa điểm ' || n || '","filler":"' || repeat('x', 400)
           || '"}', '{}', true, now(), 'bench', now()
    FROM made
), points AS (
    INSERT INTO register_points (entry_id, kind, category, lat, lon, feature)
    SELECT id, 'place', category, lat, lon, '{"type":"Feature","id":"' || id
           || '","geometry":{"type":"Point","coordinates":[' || lon || ',' || lat
           || ']},"properties":{"title":"Địa điểm ' || n || '","category":"' || category
           || '","demo": true}}'
    FROM made
)
INSERT INTO guide_place_hours (entry_id, day, opens, closes)
SELECT id, day, 360, 1320 FROM made, generate_series(0, 7) AS day WHERE n % 3 = 0
"""


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met."""
    _fill(ready)
    met = [
        tell("places_nearest_20", _time(ready, _asked()), 0, 5, "ms"),
        tell("places_nearest_20_banks", _time(ready, _asked("category=bank")), 0, 5, "ms"),
        tell("places_nearest_20_open", _time(ready, _asked(OPEN)), 0, 10, "ms"),
        tell("places_box_5000", _time(ready, [BOX]), 0, 50, "ms"),
        tell("places_first_page", _time(ready, ["/api/v1/places"]), 0, 20, "ms"),
    ]
    return all([*met, _all_told(ready), _kept(ready)])


def _asked(*more: str) -> list[str]:
    """From the middle of the city to where there is hardly anything."""
    places = [(20.84 + step / 500, 106.64 + step / 300) for step in range(20)]
    places += [(20.62 + step / 40, 106.15 + step / 30) for step in range(10)]
    return [
        f"/api/v1/places/nearest?{'&'.join([f'latitude={y:.3f}&longitude={x:.3f}', *more])}"
        for y, x in places
    ]


def _time(ready: Bench, paths: Sequence[str]) -> float:
    """The median of the answers' times in milliseconds."""
    headers = {"Origin": "https://bench.example"}  # else the answer would come from kept bytes

    def request(pool: urllib3.HTTPConnectionPool, number: int) -> urllib3.BaseHTTPResponse:
        return pool.request("GET", paths[number % len(paths)], headers=headers)

    load(ready.api, request, clients=1, requests=60)
    runs = [load(ready.api, request, clients=1, requests=90) for _ in range(RUNS)]
    return 1000 * statistics.median(statistics.median(run.times) for run in runs)


def _all_told(ready: Bench) -> bool:
    """A fast answer that lost somebody would be none."""
    told = json.loads(_get(ready, BOX))
    return len(told["features"]) == IN_BOX and not told["more"]


def _kept(ready: Bench) -> bool:
    content = [_get(ready, PAGE) for _ in range(2)][1]  # asked for twice, it is kept
    urllib3.request("PUT", f"http://127.0.0.1:{ready.floor.port}/static-bytes", body=content)

    def ours(pool: urllib3.HTTPConnectionPool, _number: int) -> urllib3.BaseHTTPResponse:
        return pool.request("GET", PAGE)

    def floor(pool: urllib3.HTTPConnectionPool, _number: int) -> urllib3.BaseHTTPResponse:
        return pool.request("GET", "/static-bytes")

    for server, request in ((ready.api, ours), (ready.floor, floor)):
        load(server, request, clients=16, requests=200)
    return tell(
        "places_page_kept", *median(*interleaved(ready, ours, floor), "cpu"), 1.5, "CPU s/request"
    )


def _get(ready: Bench, path: str) -> bytes:
    url = f"http://127.0.0.1:{ready.api.port}{path}"
    answer = urllib3.request("GET", url, timeout=60, retries=False)
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {answer.data!r}")
    return answer.data


def _fill(ready: Bench) -> None:
    with ready.app.app_context():
        bind = engine().execution_options(isolation_level="AUTOCOMMIT")
    with bind.connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text(FILL), {"count": COUNT, "in_box": IN_BOX})
        for table in ("register_entries", "register_points", "guide_place_hours"):
            connection.execute(text(f"VACUUM ANALYZE {table}"))
