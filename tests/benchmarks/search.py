"""Search over 32,000 entries on both databases, served: words rare and frequent, typed and wrong.

The time is the server's, over one kept connection. SQLite's half is in a folder of its own.
"""

import statistics
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

import urllib3
from flask import Flask
from sqlalchemy import text

from smartcity.app import create_app
from smartcity.core.db import engine, transaction
from smartcity.core.migrations import migrate
from smartcity.search.service import put
from smartcity.settings import Settings
from tests.benchmarks.house import RUNS, Bench
from tests.benchmarks.measure import Request, Served, load, served, tell
from tests.benchmarks.search_entries import entries

COUNT, BATCH, BOUND = 32_000, 2_000, 10
QUESTIONS = (
    "canh bao lua dao", "cảnh báo lừa đảo", "làng lụa", "lụa", "khai sinh", "so y te",
    "cap giay phep xay dung", "giay khai", "thu tuc", "hồ sơ đất đai", "tiem chung", "cat dien",
    "bao hiem y t", "th", "tuyen dụng", "căn cước", "tam nhin que huong", "so 123",
    "công an", "mang xa hoi",
)  # fmt: skip
FREQUENT = ("hai duong", "hải dương", "Hải", "dương", "hai", "thanh pho", "so")
WRONG = ("canh bao lua daop", "khia sinh", "giay phpe xay dung", "tuyenn dung", "xyzzy")
SUGGESTED = ("c", "ca", "cảnh b", "thu tuc", "th", "so y t", "làng l", "giay ph")


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met."""
    _fill(ready.app)
    met = _measure("postgresql", ready.api)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'search.sqlite3'}"
        app = create_app(Settings(database_url=url, log_level="ERROR"))
        with app.app_context():
            migrate(engine())
        _fill(app)
        env = {"SMARTCITY_DATABASE_URL": url, "SMARTCITY_SEARCH_LIMIT": "100000000 per hour"}
        with served("wsgi:app", env, ready.api.database) as server:
            met = _measure("sqlite", server) and met
    return met


def _measure(database: str, server: Served) -> bool:
    asked = {
        "search_time": ("", QUESTIONS, BOUND),
        "search_frequent_words": ("", FREQUENT, BOUND),
        "search_typos": ("", WRONG, 5 * BOUND),  # looked into only where nothing is found
        "search_suggestions": ("/suggestions", SUGGESTED, BOUND),
    }
    met = [
        tell(f"{name}_{database}", _p50(server, path, words), 0, bound, "ms")
        for name, (path, words, bound) in asked.items()
    ]
    return all(met)


def _p50(server: Served, path: str, questions: Sequence[str]) -> float:
    """The median of the answers' times in milliseconds, questions in turn."""
    request = _ask(path, questions)
    load(server, request, clients=1, requests=60)  # plans are made
    runs = [load(server, request, clients=1, requests=200) for _ in range(RUNS)]
    return 1000 * statistics.median(statistics.median(run.times) for run in runs)


def _ask(path: str, questions: Sequence[str]) -> Request:
    headers = {"Origin": "https://bench.example"}  # else the answer would come from kept bytes

    def request(pool: urllib3.HTTPConnectionPool, number: int) -> urllib3.BaseHTTPResponse:
        query = urlencode({"q": questions[number % len(questions)]})
        return pool.request("GET", f"/api/v1/search{path}?{query}", headers=headers)

    return request


def _fill(app: Flask) -> None:
    made = entries(COUNT)
    with app.app_context():
        while batch := list(islice(made, BATCH)):
            with transaction() as session:
                for entry in batch:
                    put(session, entry)
        if engine().dialect.name == "postgresql":
            bind = engine().execution_options(isolation_level="AUTOCOMMIT")
            with bind.connect() as connection:
                connection.execute(text("VACUUM ANALYZE search_words, search_entries"))
