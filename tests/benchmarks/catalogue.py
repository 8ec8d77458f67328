"""Procedures: everyday questions over 12,361 of them, and the details whose bytes are kept.

The seed's are among them, for which the search has learnt what people say; the rest are made.

The time of a search is the server's, over one kept connection; its answers are not kept.
"""

import statistics
import time
from collections.abc import Sequence
from urllib.parse import urlencode

import urllib3
from sqlalchemy import func, select, text

from smartcity.catalogue.models import Procedure
from smartcity.catalogue.register import publishing
from smartcity.core.db import engine, transaction
from smartcity.identity.permissions import SYSTEM
from smartcity.seed import seed_procedures
from tests.benchmarks.house import RUNS, Bench, interleaved, median
from tests.benchmarks.measure import load, tell
from tests.benchmarks.procedures_made import made

COUNT = 12_361  # as many as the country has
DETAIL = "/api/v1/services/3.100007"
QUESTIONS = (
    "con mới sinh cần giấy gì", "lam lai bang lai xe bi mat", "đăng ký kết hôn", "sổ đỏ",
    "mất căn cước thì làm lại ở đâu", "mở quán ăn cần giấy phép gì", "sang tên xe máy cũ",
    "cấp giấy phép", "giấy chứng nhận đủ điều kiện an toàn thực phẩm", "bảo hiểm thất nghiệp",
    "xây nhà có phải xin phép không ạ", "hộ chiếu cho trẻ em", "3.100500", "xac nhan tam tru",
    "trợ cấp người khuyết tật", "how to renew a driving licence", "giay khia sinh", "đăng ký",
    "thuế thu nhập cá nhân hoàn thế nào", "tách hộ khẩu cho con đã lấy chồng ở riêng",
)  # fmt: skip


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met."""
    _fill(ready)
    asked = [f"/api/v1/services?{urlencode({'q': question})}" for question in QUESTIONS]
    built = _built(ready, asked[0])
    took = _p50(ready, asked)
    content = [_get(ready, DETAIL) for _ in range(2)][1]  # asked for twice, it is kept
    urllib3.request("PUT", f"http://127.0.0.1:{ready.floor.port}/static-bytes", body=content)
    return all([*built, tell("service_search_time", took, 0, 5, "ms"), _kept(ready)])


def _built(ready: Bench, path: str) -> list[bool]:
    """What the first question takes, for which the server reads all procedures."""
    _get(ready, "/api/v1/news")  # what else a first request takes
    before, began = ready.api.resident(), time.perf_counter()
    _get(ready, path)
    took, grown = time.perf_counter() - began, ready.api.resident() - before
    return [
        tell("service_index_build", took, 0, 3, "s"),
        tell("service_index_memory", grown / 1e6, 0, 100, "MB"),
    ]


def _p50(ready: Bench, paths: Sequence[str]) -> float:
    """The median of the answers' times in milliseconds, questions in turn."""
    headers = {"Origin": "https://bench.example"}  # else the answer would come from kept bytes

    def request(pool: urllib3.HTTPConnectionPool, number: int) -> urllib3.BaseHTTPResponse:
        return pool.request("GET", paths[number % len(paths)], headers=headers)

    load(ready.api, request, clients=1, requests=60)
    runs = [load(ready.api, request, clients=1, requests=200) for _ in range(RUNS)]
    return 1000 * statistics.median(statistics.median(run.times) for run in runs)


def _kept(ready: Bench) -> bool:
    def ours(pool: urllib3.HTTPConnectionPool, _number: int) -> urllib3.BaseHTTPResponse:
        return pool.request("GET", DETAIL)

    def floor(pool: urllib3.HTTPConnectionPool, _number: int) -> urllib3.BaseHTTPResponse:
        return pool.request("GET", "/static-bytes")

    for server, request in ((ready.api, ours), (ready.floor, floor)):
        load(server, request, clients=16, requests=200)
    figures = median(*interleaved(ready, ours, floor), "cpu")
    return tell("service_kept", *figures, 1.5, "CPU s/request")


def _get(ready: Bench, path: str) -> bytes:
    url = f"http://127.0.0.1:{ready.api.port}{path}"
    answer = urllib3.request("GET", url, timeout=60, retries=False)
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {answer.data!r}")
    return answer.data


def _fill(ready: Bench) -> None:
    with ready.app.app_context():
        with transaction() as session:
            seed_procedures(session)
            rest = COUNT - session.scalars(select(func.count()).select_from(Procedure)).one()
            publishing.bring_in(session, SYSTEM, made(rest), "bench")
        bind = engine().execution_options(isolation_level="AUTOCOMMIT")
    with bind.connect() as connection:
        connection.execute(text("VACUUM ANALYZE procedures, public_changes"))
