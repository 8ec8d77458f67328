"""Public news: what a list costs that is rendered, and one whose bytes are kept."""

import urllib3
from sqlalchemy import text

from smartcity.core.db import engine
from tests.benchmarks.house import Bench, interleaved, median
from tests.benchmarks.measure import load, tell

PATH = "/api/v1/news?limit=20"
COOKIE = {"Cookie": "seen=1"}
CARD = """'{"id":"' || id || '","title":"' || title || '","lead":"' || lead || '","cover":null,'
|| '"agency":"so-xay-dung","categories":["society"],"topics":["traffic"],"areas":["10507"],'
|| '"language":"vi","published_at":"2026-11-22T08:00:00.000+07:00","corrected_at":null,'
|| '"pinned":false,"url":"https://app.example.vn/news/' || id || '","source":null}'"""
FILL = (
    """
INSERT INTO news_articles (id, state, version, language, title, title_folded, lead, body, gallery,
                           attachments, categories, topics, areas, published_at, made_by, made_at,
                           changed_by, changed_at)
SELECT gen_random_uuid(), 'published', 1, 'vi', 'Thông xe cầu số ' || n, 'thong xe cau so ' || n,
       repeat('Từ 6 giờ ngày mai, xe máy được qua cầu. ', 4), '<p>Nội dung</p>', '[]', '[]',
       '["society"]', '["traffic"]', '["10507"]', now() - n * interval '1 hour', 'officer:1', now(),
       'officer:1', now()
FROM generate_series(1, 2000) AS n
""",
    f"""
INSERT INTO news_published (article_id, sorted_at, published_at, card, whole)
SELECT id, published_at, published_at, {CARD}, {CARD} FROM news_articles
""",
    """
INSERT INTO news_labels (kind, code, article_id, sorted_at)
SELECT kind, code, article_id, sorted_at FROM news_published, (
    VALUES ('category', 'society'), ('topic', 'traffic'), ('area', '10507')) AS given (kind, code)
""",
    "VACUUM ANALYZE news_articles, news_published, news_labels",
)


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met.

    Who sends a cookie is never answered from memory: his list is the uncached one.
    """
    _fill(ready)
    bytes_, _ = (_get(ready, PATH).data for _ in range(2))  # asked for twice, it is kept
    _leave(ready, bytes_)
    narrowed = f"{PATH}&category=society&topic=traffic"
    return all(
        [
            _cpu(ready, "news_list_uncached", PATH, "/floor/1", 3.0, COOKIE),
            _cpu(ready, "news_list_narrowed_uncached", narrowed, "/floor/1", 4.0, COOKIE),
            _cpu(ready, "news_list_kept", PATH, "/static-bytes", 1.5, {}),
        ]
    )


def _cpu(
    ready: Bench, name: str, path: str, least: str, bound: float, headers: dict[str, str]
) -> bool:
    def ours(pool, _number):
        return pool.request("GET", path, headers=headers)

    def floor(pool, _number):
        return pool.request("GET", least)

    for server, request in ((ready.api, ours), (ready.floor, floor)):
        load(server, request, clients=16, requests=200)
    return tell(name, *median(*interleaved(ready, ours, floor), "cpu"), bound, "CPU s/request")


def _get(ready: Bench, path: str) -> urllib3.BaseHTTPResponse:
    answer = urllib3.request("GET", f"http://127.0.0.1:{ready.api.port}{path}")
    if answer.status != 200 or answer.data.count(b'"title"') != 20:
        raise RuntimeError(f"{answer.status}: {answer.data!r}")
    return answer


def _leave(ready: Bench, content: bytes) -> None:
    """Give the floor the same bytes to return."""
    url = f"http://127.0.0.1:{ready.floor.port}/static-bytes"
    urllib3.request("PUT", url, body=content)


def _fill(ready: Bench) -> None:
    with ready.app.app_context():
        bind = engine().execution_options(isolation_level="AUTOCOMMIT")
    with bind.connect() as connection:
        for statement in FILL:
            connection.execute(text(statement.replace(":", r"\:")))
