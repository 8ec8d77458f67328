"""Contests: an entry, an answer, a rank among 100,000, and the peak of Digital Transformation Day.

The peak: 20,000 entrants in an hour, ten times as fast. What the clients were told is compared
with what the database holds, and the ranking with one made of the clients' journals.
"""

import heapq
import itertools
import json
import random
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import urllib3
from sqlalchemy import select, text

from smartcity.core import clock
from smartcity.core.db import engine, insert_all, reading, transaction
from smartcity.core.ids import new_id
from smartcity.identity.models import Citizen
from smartcity.identity.permissions import SYSTEM, Principal, Role
from smartcity.identity.sessions import begin
from smartcity.participation.contests import ranking
from smartcity.participation.contests.contest import CONTEST
from smartcity.participation.contests.models import Attempt, Entrant
from smartcity.registers import service as registers
from tests.benchmarks.house import RUNS, Bench, interleaved, median
from tests.benchmarks.measure import load, tell

ENTRANTS, SECONDS = 20_000, 360.0  # an hour's, ten times as fast
SAVES = 2  # of each entrant, before he hands in
THINKS = 5.0  # seconds between two of his requests
CLIENTS = 24
BANK = [
    {
        "id": f"q{n}",
        "text": f"Câu hỏi số {n}: quy định nào dưới đây là đúng?",
        "options": [f"Phương án {n}.{o}" for o in range(4)],
        "right": n % 4,
    }
    for n in range(40)
]
RIGHT = {question["id"]: question["options"][question["right"]] for question in BANK}
FILL = text("""
INSERT INTO citizens (id, phone_index, phone_sealed, assurance, created_at)
SELECT gen_random_uuid(), 'many-' || n, '', 'otp', now() FROM generate_series(1, 100000) AS n
""")
ENTER = text("""
INSERT INTO contest_entrants (contest_id, citizen_id, id, attempts, points, took_ms, entered_at)
SELECT :contest, id, gen_random_uuid(), 1, floor(random() * 11), floor(random() * 900000), now()
FROM citizens WHERE phone_index LIKE 'many-%'
""")


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met."""
    return all([requests(ready), rank(ready), peak(ready, ENTRANTS, SECONDS)])


def requests(ready: Bench) -> bool:
    """CPU of an entry and of an answer against one INSERT, five interleaved runs of each."""
    people, contests = _people(ready, 800), [_contest(ready) for _ in range(RUNS + 1)]
    enter = _enter(contests, people)
    load(ready.api, enter, clients=4, requests=800)
    load(ready.floor, _insert, clients=4, requests=200)
    entries = median(*interleaved(ready, enter, _insert), "cpu")
    answers = median(*interleaved(ready, _answer(ready, contests[0], people), _insert), "cpu")
    return all(
        [
            tell("contest_entry_cpu", *entries, 4, "s/request"),
            tell("contest_answer_cpu", *answers, 4, "s/request"),
        ]
    )


def rank(ready: Bench) -> bool:
    """One's exact rank among 100,000."""
    contest = _contest(ready)
    with ready.app.app_context(), engine().begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(FILL)
        connection.execute(ENTER, {"contest": contest})
    with ready.app.app_context():
        _tidy()
        with reading() as session:
            some = session.scalars(select(Entrant).where(Entrant.contest_id == contest).limit(50))
            times = [_timed(lambda e=e: ranking.rank_of(session, e)) for e in some.all()]
    return tell("contest_rank_100k", statistics.median(times), 0, 0.05, "s")


def peak(ready: Bench, number: int, seconds: float) -> bool:
    """So many entrants in so many seconds: nothing lost, and the ranking exact."""
    contest, people = _contest(ready), _people(ready, number)
    crowd = Crowd(ready.api.port, contest, people, seconds)
    times = crowd.run()
    lost, wrong = _compared(ready, contest, crowd.journals)
    late = statistics.quantiles(times, n=100)[-1]
    return all(
        [
            tell("contest_peak_entrants", -sum(j.done for j in crowd.journals), 0, -number, "-1"),
            tell("contest_peak_answers_lost", lost, 0, 0, "answers"),
            tell("contest_peak_ranks_wrong", wrong, 0, 0, "entrants"),
            tell("contest_peak_p99", late, 0, 5, "s"),
        ]
    )


@dataclass
class Journal:
    """What one entrant was told: the words that he chose and that were saved, and his result."""

    headers: dict[str, str]
    attempt: str = ""
    letters: dict[str, str] = field(default_factory=dict)
    options: dict[str, dict[str, str]] = field(default_factory=dict)
    points: int = -1
    took_ms: int = -1
    done: bool = False


class Crowd:
    """Entrants who come at an even rate, each with his pauses; clients take whoever is due."""

    def __init__(
        self, port: int, contest: Any, people: list[dict[str, str]], seconds: float
    ) -> None:
        self.journals = [Journal(headers) for headers in people]
        self._port, self._path = port, f"/api/v1/contests/{contest}/attempts"
        self._due = [(number * seconds / len(people), number, 0) for number in range(len(people))]
        self._lock = threading.Lock()
        self._busy = 0
        self._times: list[float] = []

    def run(self) -> list[float]:
        """All of it; the times of the answers, from when each was due."""
        self._began = time.monotonic()
        threads = [threading.Thread(target=self._client) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self._times

    def _client(self) -> None:
        with urllib3.HTTPConnectionPool("127.0.0.1", self._port, maxsize=1) as pool:
            for due, number, step in self._taken():
                time.sleep(max(0.0, due - (time.monotonic() - self._began)))
                self._act(pool, self.journals[number], step)
                now = time.monotonic() - self._began
                with self._lock:
                    self._busy -= 1
                    self._times.append(now - due)
                    if step <= SAVES:
                        heapq.heappush(self._due, (max(now, due + THINKS), number, step + 1))

    def _taken(self) -> Iterator[tuple[float, int, int]]:
        while True:
            with self._lock:
                found = heapq.heappop(self._due) if self._due else None
                self._busy += found is not None
                over = found is None and not self._busy
            if found:
                yield found
            elif over:
                return
            else:
                time.sleep(0.01)

    def _act(self, pool: urllib3.HTTPConnectionPool, journal: Journal, step: int) -> None:
        if step == 0:
            self._begin(journal, _sent(pool, "POST", self._path, journal.headers, {}))
        elif step <= SAVES:
            self._save(pool, journal)
        else:
            path = f"/api/v1/contest-attempts/{journal.attempt}/submission"
            ended = _sent(pool, "POST", path, journal.headers, None)
            journal.points, journal.took_ms, journal.done = ended["points"], ended["took_ms"], True

    def _begin(self, journal: Journal, paper: dict[str, Any]) -> None:
        journal.attempt = paper["id"]
        journal.options = {
            question["id"]: {option["id"]: option["text"] for option in question["options"]}
            for question in paper["questions"]
        }

    def _save(self, pool: urllib3.HTTPConnectionPool, journal: Journal) -> None:
        some = random.sample(list(journal.options), 4)
        chosen = {ident: random.choice("abcd") for ident in some}
        path = f"/api/v1/contest-attempts/{journal.attempt}/answers"
        _sent(pool, "PUT", path, journal.headers, {"answers": chosen})
        journal.letters |= chosen  # told that it is saved


def _compared(ready: Bench, contest: Any, journals: list[Journal]) -> tuple[int, int]:
    """How many saved answers the database lacks, and how many entrants it ranks otherwise."""
    with ready.app.app_context(), reading() as session:
        rows = session.execute(select(Attempt.id, Attempt.answers))
        kept = {str(row.id): row.answers for row in rows}
        query = ranking.in_order(contest).add_columns(Entrant.best_id)
        told = {str(row.best_id): rank for rank, row in ranking.ranked(session.execute(query))}
    lost = sum(
        kept.get(journal.attempt, {}).get(ident) != letter
        for journal in journals
        for ident, letter in journal.letters.items()
    )
    results = {journal.attempt: (-_points(journal), journal.took_ms) for journal in journals}
    order = sorted(results.values())
    first = {result: number for number, result in reversed([*enumerate(order, start=1)])}
    wrong = sum(told.get(attempt) != first[result] for attempt, result in results.items())
    return lost, wrong + sum(journal.points != _points(journal) for journal in journals)


def _points(journal: Journal) -> int:
    """By the words of the options, not by the program."""
    return sum(journal.options[q][letter] == RIGHT[q] for q, letter in journal.letters.items())


def _contest(ready: Bench) -> Any:
    now = clock.now()
    record = CONTEST.schema().load(
        {
            "title": "Chuyển đổi số",
            "questions": BANK,
            "draw": 10,
            "minutes": 60,
            "opens": (now - timedelta(minutes=1)).isoformat(),
            "closes": (now + timedelta(hours=3)).isoformat(),
        }
    )
    with ready.app.app_context(), transaction() as session:
        entry = registers.enter(session, CONTEST, SYSTEM, CONTEST.schema().dump(record))
        registers.move(session, CONTEST, SYSTEM, entry.id, entry.version, registers.PUBLISH)
    return entry.id


def _people(ready: Bench, number: int) -> list[dict[str, str]]:
    """The headers of new citizens."""
    known = {"phone_sealed": "", "assurance": "otp", "created_at": clock.now()}
    people = [{"id": new_id(), **known} for _ in range(number)]
    headers = []
    for first in range(0, number, 1_000):
        batch = people[first : first + 1_000]
        with ready.app.app_context(), transaction() as session:
            insert_all(session, Citizen, [{**one, "phone_index": str(one["id"])} for one in batch])
            for one in batch:
                tokens = begin(session, Principal(Role.CITIZEN, str(one["id"])), "bench")
                headers.append({"Authorization": f"Bearer {tokens.access_token}"})
    return headers


def _enter(contests: list[Any], people: list[dict[str, str]]):
    """Everybody enters the first contest, then the next."""
    left, taking = iter(itertools.product(contests, people)), threading.Lock()

    def request(pool: urllib3.HTTPConnectionPool, _number: int) -> urllib3.BaseHTTPResponse:
        with taking:
            contest, headers = next(left)
        path = f"/api/v1/contests/{contest}/attempts"
        return pool.request("POST", path, json={}, headers=headers)

    return request


def _answer(ready: Bench, contest: Any, people: list[dict[str, str]]):
    """Each saves an answer to the first question of his own paper."""
    with urllib3.HTTPConnectionPool("127.0.0.1", ready.api.port, maxsize=1) as pool:
        path = f"/api/v1/contests/{contest}/attempts"
        papers = [_sent(pool, "POST", path, headers, {}) for headers in people]
    bodies = [{"answers": {paper["questions"][0]["id"]: "b"}} for paper in papers]

    def request(pool: urllib3.HTTPConnectionPool, number: int) -> urllib3.BaseHTTPResponse:
        each = number % len(people)
        path = f"/api/v1/contest-attempts/{papers[each]['id']}/answers"
        return pool.request("PUT", path, json=bodies[each], headers=people[each])

    return request


def _sent(
    pool: urllib3.HTTPConnectionPool, method: str, path: str, headers: dict[str, str], body: Any
) -> dict[str, Any]:
    answer = pool.request(method, path, json=body, headers=headers, retries=False)
    if answer.status >= 300:
        raise RuntimeError(f"{answer.status}: {answer.data.decode()}")
    told: dict[str, Any] = json.loads(answer.data)
    return told


def _insert(pool: urllib3.HTTPConnectionPool, _number: int) -> urllib3.BaseHTTPResponse:
    return pool.request("POST", "/floor", json={"answers": {"q1": "b"}})


def _timed(act: Any) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _tidy() -> None:
    with engine().execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM ANALYZE contest_entrants"))
