"""The officers' list, narrowed: as fast among a million reports as among 50,000."""

import json
import statistics

import urllib3
from sqlalchemy import text

from smartcity.core.db import engine
from tests.benchmarks.house import RUNS, Bench
from tests.benchmarks.measure import Request, load, tell

# Reports of different troubles, streets, units and times, each drawn apart from the others.
FILL = text("""
INSERT INTO reports (id, number, prefix, anonymous, urgent, category, description, folded, latitude,
                     longitude, area, agency, status, sequence, submitted_at, updated_at, due_at)
SELECT gen_random_uuid(), nextval('report_number_seq'), 'HP', false, one % 20 = 0,
       (ARRAY['traffic_infra', 'lighting', 'noise', 'environment'])[1 + one % 4], words, words,
       20.6 + (two % 6000) * 0.0001, 106.2 + (three % 8000) * 0.0001,
       CAST(10507 + 3 * (one / 7 % 114) AS text),
       (ARRAY['so-xay-dung', 'so-y-te', 'so-giao-thong', 'dien-luc'])[1 + two / 11 % 4],
       (ARRAY['submitted', 'accepted', 'assigned', 'resolved', 'closed', 'closed', 'closed'])
       [1 + three / 13 % 7], 1, now() - n * interval '10 seconds', now(),
       CASE WHEN three / 13 % 7 < 3 THEN now() + (two % 2000 - 400) * interval '1 hour' END
FROM (
    SELECT *, (ARRAY['o ga lon', 'den duong tat', 'rac ton dong', 'quan an on ao',
                     'cong bi tac', 'cay do', 'via he bi lan chiem', 'nuoc ngap'])[1 + two / 17 % 8]
           || ' truoc so ' || one % 300 || ' duong '
           || (ARRAY['nguyen', 'tran', 'le', 'pham', 'hoang', 'vu', 'dang', 'bui', 'do', 'ho',
                     'ngo', 'duong', 'ly', 'phan', 'dinh', 'mai', 'truong', 'luong', 'cao', 'ta'])
              [1 + one / 19 % 20] || ' '
           || (ARRAY['trai', 'phu', 'loi', 'hue', 'khanh', 'du', 'binh', 'thinh', 'son', 'xuan',
                     'quyen', 'hien', 'chieu', 'trong', 'tong', 'dich', 'luat', 'kiet', 'cau',
                     'an'])[1 + three / 23 % 20] || ', xe may rat de nga khi troi mua' AS words
    FROM (
        SELECT n, abs(hashint8(n)) AS one, abs(hashint8(n + 10000000)) AS two,
               abs(hashint8(n + 20000000)) AS three
        FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
    ) AS drawn
) AS told
""")
SQUARE = [[106.40, 20.80], [106.44, 20.80], [106.44, 20.84], [106.40, 20.84], [106.40, 20.80]]
# Each fills its page among 50,000, too: a page of three is no measure for one of twenty.
LISTS: dict[str, str | dict[str, object]] = {
    "frequent_words": "status=accepted&category=traffic_infra&q=o ga",
    "street": "q=duong nguyen trai",
    "overdue": "agency=so-xay-dung&overdue=true",
    "soonest_due": "agency=so-xay-dung&overdue=true&sort=due",
    "area": "area=10510&status=submitted",
    "polygon": {
        "polygon": {"type": "Polygon", "coordinates": [SQUARE]},
        "status": ["submitted", "accepted", "assigned"],
    },
}
RARE = "status=accepted&category=traffic_infra&q=o ga so 217 nguyen trai"


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met."""
    _fill(ready, 1, 50_000)
    small = {name: _time(ready, asked) for name, asked in LISTS.items()}
    _fill(ready, 50_001, 1_000_000)
    met = [
        tell(f"officer_list_{name}_1m", _time(ready, asked), small[name], 1.3, "s/request")
        for name, asked in LISTS.items()
    ]
    rare = _time(ready, RARE)  # one in a million: every window is opened, at last all
    return all([*met, tell("officer_list_rare_words_1m", rare, 0, 0.05, "s/request")])


def _time(ready: Bench, asked: str | dict[str, object]) -> float:
    request = _request(ready, asked)
    load(ready.api, request, clients=1, requests=20)
    runs = [load(ready.api, request, clients=1, requests=60) for _ in range(RUNS)]
    return statistics.median(statistics.median(run.times) for run in runs)


def _request(ready: Bench, asked: str | dict[str, object]) -> Request:
    path = "/api/v1/officer/reports"
    if isinstance(asked, str):
        query = asked.replace(" ", "%20")
        return lambda pool, _: pool.request("GET", f"{path}?{query}", headers=ready.officer)
    body = json.dumps(asked).encode()
    headers = {**ready.officer, "Content-Type": "application/json"}

    def search(pool: urllib3.HTTPConnectionPool, _number: int) -> urllib3.BaseHTTPResponse:
        return pool.request("POST", f"{path}/search", body=body, headers=headers)

    return search


def _fill(ready: Bench, first: int, last: int) -> None:
    with ready.app.app_context():
        bind = engine().execution_options(isolation_level="AUTOCOMMIT")
    with bind.connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        if first == 1:
            connection.execute(text("TRUNCATE reports CASCADE"))
        connection.execute(FILL, {"first": first, "last": last})
        connection.execute(text("VACUUM ANALYZE reports"))
