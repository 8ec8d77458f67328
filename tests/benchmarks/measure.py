"""What the benchmarks share: a served application, a load of clients, and CPU told apart."""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import urllib3

from smartcity.demo.client import wait_for
from smartcity.demo.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
Request = Callable[[urllib3.HTTPConnectionPool, int], urllib3.BaseHTTPResponse]


@dataclass(frozen=True)
class Run:
    """One load: seconds of CPU a request (server and database), and the answers' times in s."""

    cpu: float
    times: list[float]
    elapsed: float

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[-1]


@dataclass(frozen=True)
class Served:
    """A gunicorn of one worker process and four threads, and the database it uses."""

    port: int
    process: psutil.Process
    database: psutil.Process

    def cpu(self) -> float:
        """Seconds of CPU that the server and PostgreSQL have used so far."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(map(spent, family)) + spent_by_postgres(self.database)

    def resident(self) -> int:
        """The largest worker's resident memory in bytes."""
        return max(child.memory_info().rss for child in self.process.children())


@contextlib.contextmanager
def served(application: str, env: dict[str, str], database: psutil.Process) -> Iterator[Served]:
    """Serve a WSGI application by gunicorn until the block ends."""
    port = free_port()
    command = ["-m", "gunicorn", "--config", "config/gunicorn.conf.py", application]
    settings = {"BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "1", "WEB_THREADS": "4"}
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **settings, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            wait_for(lambda: _listens(port), seconds=60)
            yield Served(port, psutil.Process(process.pid), database)
        finally:
            process.terminate()


def load(server: Served, request: Request, *, clients: int, requests: int) -> Run:
    """Send `requests` from so many clients at once, each on a kept connection of its own."""
    times: list[float] = []
    numbers = iter(range(requests))
    taking = threading.Lock()

    def client() -> None:
        with urllib3.HTTPConnectionPool("127.0.0.1", server.port, maxsize=1) as pool:
            while True:
                with taking:
                    number = next(numbers, None)
                if number is None:
                    return
                began = time.perf_counter()
                answer = request(pool, number)
                times.append(time.perf_counter() - began)
                if answer.status >= 300:
                    raise RuntimeError(f"{answer.status}: {answer.data.decode()}")

    threads = [threading.Thread(target=client) for _ in range(clients)]
    spent, began = server.cpu(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(times) < requests:
        raise RuntimeError("a client failed")
    return Run((server.cpu() - spent) / requests, times, time.perf_counter() - began)


def tell(name: str, figure: float, floor: float, bound: float, unit: str) -> bool:
    """Print one result; `bound` limits the ratio, or the figure itself where there is no floor."""
    ratio = figure / floor if floor else None
    judged = figure if ratio is None else ratio
    line = {
        "name": name,
        "figure": round(figure, 4),
        "floor": round(floor, 4) if floor else None,
        "ratio": round(ratio, 3) if ratio is not None else None,
        "bound": bound,
        "unit": unit,
        "pass": judged <= bound,
    }
    print(json.dumps(line), flush=True)
    return bool(line["pass"])


def spent(process: psutil.Process) -> float:
    """Seconds of CPU that a process has used so far; 0 when it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return times.user + times.system
    return 0.0


def spent_by_postgres(server: psutil.Process) -> float:
    """The postmaster counts the children it has reaped; the living are counted one by one."""
    reaped = server.cpu_times()
    living = sum(map(spent, server.children(recursive=True)))
    return living + spent(server) + reaped.children_user + reaped.children_system


def _listens(port: int) -> bool:
    try:
        answer = urllib3.request("GET", f"http://127.0.0.1:{port}/healthz", retries=False)
    except urllib3.exceptions.HTTPError:
        return False
    return answer.status < 500
