"""The public map and list beside 300,000 public reports, 10,000 of them in the box."""

import json
import statistics

from sqlalchemy import text

from smartcity.core.db import engine
from tests.benchmarks.house import RUNS, Bench
from tests.benchmarks.measure import load, tell

BOX, INSIDE = (106.30, 20.90, 106.35, 20.95), 10_000
WEST, EAST = (105.9, 20.4, 106.3, 21.2), (106.35, 20.4, 106.9, 21.2)
FILL = text("""
INSERT INTO reports (id, number, prefix, anonymous, urgent, category, description, folded, latitude,
                     longitude, area, agency, status, sequence, submitted_at, updated_at,
                     visibility, published_at, public_description, public_words,
                     public_longitude, public_latitude)
SELECT gen_random_uuid(), nextval('report_number_seq'), 'HP', false, false,
       (ARRAY['lighting', 'noise', 'trees', 'drainage'])[1 + n % 4],
       repeat('Ổ gà trên đường ', 6), repeat('o ga tren duong ', 6), 0, 0, '10507',
       'so-xay-dung', (ARRAY['accepted', 'assigned', 'resolved'])[1 + n % 3], 1,
       now() - n * interval '10 seconds', now(),
       'public', now() - n * interval '10 seconds', repeat('Ổ gà trên đường ', 6),
       ' o ga tren duong so ' || n || ' ',
       :west + (:east - :west) * random(), :south + (:north - :south) * random()
FROM generate_series(1, CAST(:count AS bigint)) AS n
""")
BOUND = 0.05  # seconds


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met."""
    for part, count in ((WEST, 145_000), (EAST, 145_000), (BOX, INSIDE)):
        _fill(ready, part, count)
    box = f"bbox={','.join(map(str, BOX))}"
    asked = {
        "public_map_10000_points": f"reports.geojson?{box}&zoom=13",
        "public_map_10000_points_near": f"reports.geojson?{box}&zoom=16",
        "public_map_1000_points_near": "reports.geojson?bbox=106.30,20.90,106.316,20.916&zoom=18",
        "public_list": "reports?limit=20",
        "public_list_rare_word": "reports?limit=20&q=duong%20250000",
    }
    told = [tell(name, _time(ready, path), 0, BOUND, "s") for name, path in asked.items()]
    return all([*told, _all_told(ready, box)])


def _time(ready: Bench, path: str) -> float:
    """The median of an answer's time as a phone sees it."""

    def request(pool, _number):
        return pool.request("GET", f"/api/v1/public/{path}")

    runs = [load(ready.api, request, clients=1, requests=20) for _ in range(RUNS)]
    return statistics.median(statistics.median(run.times) for run in runs)


def _all_told(ready: Bench, box: str) -> bool:
    """A fast answer that lost somebody would be none."""
    answer = ready.app.test_client().get(f"/api/v1/public/reports.geojson?{box}&zoom=13")
    features = json.loads(answer.data)["features"]
    return sum(feature["properties"]["count"] for feature in features) == INSIDE


def _fill(ready: Bench, box: tuple[float, ...], count: int) -> None:
    corners = dict(zip(("west", "south", "east", "north"), box, strict=True))
    with ready.app.app_context():
        bind = engine().execution_options(isolation_level="AUTOCOMMIT")
    with bind.connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(FILL, {**corners, "count": count})
        connection.execute(text("VACUUM ANALYZE reports"))
