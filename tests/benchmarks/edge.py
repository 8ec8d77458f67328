"""Behind the shipped nginx: beside a file, hits under publishes, how old a publish may look, and
the application down."""

import itertools
import random
import re
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from smartcity.core.context import settings
from smartcity.demo.processes import free_port
from smartcity.news.models import Article
from smartcity.sandbox.tls import server_context
from tests.benchmarks.house import RUNS, Bench
from tests.benchmarks.measure import served, tell
from tests.benchmarks.pipelined import rate
from tests.deploy.edge import Edge, edge, get, listens
from tests.news.reading.articles import COVER, article, published
from tests.servers import start_nginx

TALK = """tin tức cảnh báo lừa đảo thành phố Hải Phòng ủy ban nhân dân phường xã đường điện nước
giao thông học sinh bệnh viện mưa bão khẩn cấp thông báo công an hướng dẫn thủ tục"""
LIST = "/api/v1/news?limit=20"
ARTICLES = 200
PUBLISHES = 6
READERS = 6
SECONDS = 20
EVERY = 5.0  # seconds between publishes: twelve times as often as the promise is for
SEEN_WITHIN = 10.0  # seconds
GIVEN_AT_ONCE = ("HIT", "STALE", "UPDATING")
FILE_SERVER = """
worker_processes auto;
events {{ worker_connections 16384; }}
http {{
    sendfile on;
    tcp_nopush on;
    access_log {folder}/access.log;
    default_type application/json;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/server.pem;
        ssl_certificate_key {folder}/server.pem;
        root {folder};
    }}
}}
"""


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met."""
    ids = published(ready.app, *map(_article, range(ARTICLES)), cover=COVER)
    database = _settings(ready).database_url
    env = {
        "SMARTCITY_DATABASE_URL": database,
        "SMARTCITY_REDIS_URL": ready.redis,
        "SMARTCITY_TRUSTED_PROXIES": "1",
    }
    paths = [LIST, "/api/v1/home", "/feeds/news.json", *(f"/api/v1/news/{i}" for i in ids[-7:])]
    with ExitStack() as apis, ExitStack() as rest:
        two = [apis.enter_context(served("wsgi:app", env, ready.api.database)) for _ in range(2)]
        nginx = rest.enter_context(edge(*(f"127.0.0.1:{api.port}" for api in two)))
        told = [*_beside_a_file(nginx), _publish_seen(ready, nginx), _hits(ready, nginx, paths)]
        apis.close()
        return all([*told, _outage(nginx, paths)])


def _article(number: int) -> Article:
    """As long as news are, and no two alike: what is alike would zip to nothing."""
    words = random.Random(number).choices(TALK.split(), k=600)
    title, lead, body = " ".join(words[:12]), " ".join(words[12:50]), " ".join(words[50:])
    named = f"Tin số {number}: {title}"
    return article(
        number, title=named, lead=lead, body=f"<p>{body}</p>", published_at=datetime.now(UTC)
    )


def _beside_a_file(nginx: Edge) -> list[bool]:
    """Time and CPU a request, for both variants, in turn with the same bytes from a file."""
    told = []
    for name, encoding in (("gzip", "gzip"), ("plain", "identity")):
        with nginx.pool() as pool:
            body = get(pool, LIST, Accept_Encoding=encoding).data
        with _files(body) as files:
            pairs = [
                (
                    rate(nginx, LIST, encoding, connections=4, rounds=2),
                    rate(files, "/answer", encoding, connections=4, rounds=2),
                )
                for _ in range(RUNS)
            ]
        seconds, cpu = (
            [statistics.median(figure(each) for each in side) for side in zip(*pairs, strict=True)]
            for figure in (lambda run: 1e6 / run.a_second, lambda run: 1e6 * run.cpu)
        )
        # 0.7 times as many in a second are 1 / 0.7 times as long for each.
        told.append(tell(f"edge_{name}_beside_file", *seconds, 1 / 0.7, "µs a request"))
        told.append(tell(f"edge_{name}_beside_file_cpu", *cpu, 1 / 0.7, "CPU µs a request"))
    return told


@contextmanager
def _files(body: bytes) -> Iterator[Edge]:
    """An nginx that serves these bytes from a file, under TLS too."""
    port = free_port()

    def configure(folder: Path) -> Callable[[], bool]:
        server_context(folder)
        (folder / "answer").write_bytes(body)
        (folder / "nginx.conf").write_text(FILE_SERVER.format(folder=folder, port=port))
        return lambda: listens(port)

    with start_nginx(configure) as folder:
        yield Edge(folder, port, 0)


def _publish_seen(ready: Bench, nginx: Edge) -> bool:
    """The worst of several: the last old answer of nginx, and how long a phone may keep that."""
    worst = 0.0
    for number in range(PUBLISHES):
        title = f"Tin vừa ra số {number}"
        last_old: list[float] = []
        watching = [
            threading.Thread(target=_watch, args=(nginx, path, encoding, title, last_old))
            for path in (LIST, "/api/v1/home", "/feeds/news.json")
            for encoding in ("gzip", "identity")
        ]
        for thread in watching:
            thread.start()
        time.sleep(random.uniform(1.0, 3.0))  # anywhere in what nginx holds
        published(ready.app, article(title=title, published_at=datetime.now(UTC)))
        at = time.monotonic()
        for thread in watching:
            thread.join()
        worst = max(worst, max(last_old) - at)
    with nginx.pool() as pool:
        told = get(pool, LIST).headers["Cache-Control"]
    kept = sum(map(int, re.findall(r"(?:max-age|stale-while-revalidate)=(\d+)", told)))
    tell("edge_publish_seen_at_nginx", worst, 0, SEEN_WITHIN - kept, "s, worst of 6")
    return tell("edge_publish_seen_by_all", worst + kept, 0, SEEN_WITHIN, "s, worst of 6")


def _watch(nginx: Edge, path: str, encoding: str, title: str, last_old: list[float]) -> None:
    deadline = time.monotonic() + 60
    with nginx.pool() as pool:
        while time.monotonic() < deadline:
            asked = time.monotonic()
            answer = pool.request("GET", path, headers=_said(encoding))
            if title in answer.data.decode():
                return
            last_old.append(asked)
            time.sleep(0.03)
    raise RuntimeError(f"{title} was never seen at {path}")


def _hits(ready: Bench, nginx: Edge, paths: list[str]) -> bool:
    """The share of answers that nobody waited for the application for."""
    done = threading.Event()

    def publish() -> None:
        for number in itertools.count(ARTICLES):
            if done.wait(EVERY):
                return
            published(ready.app, _article(number))

    publisher = threading.Thread(target=publish)
    publisher.start()
    given = _read(nginx, paths, SECONDS)
    done.set()
    publisher.join()
    missed = 1 - sum(given[name] for name in GIVEN_AT_ONCE) / given.total()
    return tell("edge_misses", missed, 0, 0.01, f"of {given.total() / SECONDS:.0f} requests a s")


def _outage(nginx: Edge, paths: list[str]) -> bool:
    """With the application down, far beyond all that may be held as fresh."""
    given = _read(nginx, paths, SECONDS / 2)
    errors = given.total() - sum(given[name] for name in GIVEN_AT_ONCE)
    return tell("edge_errors_in_outage", errors, 0, 0, f"of {given.total()} requests") and (
        given["STALE"] > 0
    )


def _read(nginx: Edge, paths: list[str], seconds: float) -> Counter[str]:
    """How many were answered how by readers who prefer the first paths, three of four zipped."""
    until = time.monotonic() + seconds
    given: list[str] = []

    def reader(number: int) -> None:
        weights = [1 / place for place in range(1, len(paths) + 1)]
        with nginx.pool(f"127.2.0.{number + 1}") as pool:
            while time.monotonic() < until:
                path = random.choices(paths, weights)[0]
                said = _said(random.choice(["gzip", "gzip", "gzip", "identity"]))
                answer = pool.request("GET", path, headers=said)
                fine = answer.status == 200
                given.append(answer.headers.get("X-Cache", "") if fine else str(answer.status))

    readers = [threading.Thread(target=reader, args=(number,)) for number in range(READERS)]
    for thread in readers:
        thread.start()
    for thread in readers:
        thread.join()
    return Counter(given)


def _said(encoding: str) -> dict[str, str]:
    return {"Host": "localhost", "Accept-Encoding": encoding}


def _settings(ready: Bench):
    with ready.app.app_context():
        return settings()
