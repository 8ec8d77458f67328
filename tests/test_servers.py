"""The servers that the other tests stand on: real, quick to have, and gone afterwards."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from sqlalchemy import create_engine, make_url, text

from tests import servers


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    with servers.start_postgres() as url:
        yield url


def ask(url: str, question: str) -> object:
    engine = create_engine(url)
    with closing(engine.connect()) as connection:
        answer = connection.execute(text(question)).scalar_one()
    engine.dispose()
    return answer


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not happen within 20 s"
        time.sleep(0.02)


@contextmanager
def another_python(program: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, **environment},
    )
    with process:
        yield process
        process.kill()


def processes_below(pid: int) -> set[psutil.Process]:
    return set(psutil.Process(pid).children(recursive=True))


def data_folders(processes: set[psutil.Process]) -> set[Path]:
    return {Path(p.environ()["FOLDER"]) for p in processes if p.name() == "sh"}


def gone(processes: set[psutil.Process], folders: set[Path]) -> bool:
    alive = {p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE}
    return not alive and not any(folder.exists() for folder in folders)


def test_postgres_is_new_enough_for_production(postgres_url: str) -> None:
    assert int(str(ask(postgres_url, "SHOW server_version_num"))) >= 150_000
    assert make_url(postgres_url).host == "127.0.0.1"


def test_postgres_folds_vietnamese_letters(postgres_url: str) -> None:
    assert ask(postgres_url, "SELECT lower('PHƯỜNG ĐÔNG HẢI')") == "phường đông hải"


def test_postgres_admits_every_worker(postgres_url: str) -> None:
    assert ask(postgres_url, "SHOW max_connections") == "200"
    assert ask(postgres_url, "SHOW fsync") == "off"


def test_durable_postgres_syncs_its_commits() -> None:
    with servers.start_postgres(durable=True) as url:
        assert ask(url, "SHOW fsync") == "on"
        assert ask(url, "SHOW synchronous_commit") == "on"


def test_a_database_is_a_copy_of_its_template(postgres_url: str) -> None:
    template = servers.create_database(postgres_url, "mau-2026")
    with psycopg.connect(template.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE ward AS SELECT 'Lê Chân' AS name")
    copy = servers.create_database(postgres_url, "copy", template="mau-2026")
    assert ask(copy, "SELECT name FROM ward") == "Lê Chân"


def test_dropping_a_database_ends_its_connections(postgres_url: str) -> None:
    url = servers.create_database(postgres_url, "dropped")
    engine = create_engine(url)
    with closing(engine.connect()):
        servers.drop_database(postgres_url, "dropped")
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(url.replace("+psycopg", ""))
    engine.dispose()
    servers.drop_database(postgres_url, "dropped")


def test_redis_keeps_a_value() -> None:
    with servers.start_redis() as url, closing(redis.Redis.from_url(url)) as store:
        store.set("limit", "5")
        assert store.get("limit") == b"5"


def test_stopped_servers_leave_nothing() -> None:
    before = processes_below(os.getpid())
    with servers.start_postgres(), servers.start_redis():
        started = processes_below(os.getpid()) - before
        folders = data_folders(started)
        assert {folder.parent for folder in folders} == {Path(tempfile.gettempdir())}
    eventually(lambda: gone(started, folders))


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_servers_end_with_their_starter(end: signal.Signals) -> None:
    # A program started in the background may ignore SIGINT, and its children inherit that.
    hold = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from tests.servers import *; start_for_session(); print('up', flush=True); input()"
    )
    with another_python(hold, TEST_DATABASE_URL="", TEST_REDIS_URL="") as starter:
        assert starter.stdout
        assert starter.stdout.readline() == "up\n"
        started = processes_below(starter.pid)
        folders = data_folders(started)
        assert len(folders) == 2
        starter.send_signal(end)
        eventually(lambda: gone(started, folders))


def test_a_session_starts_what_no_address_names() -> None:
    show = (
        "import os; from tests.servers import *; start_for_session(); start_for_session();"
        "print(os.environ['TEST_DATABASE_URL'], os.environ['TEST_REDIS_URL']);"
        "stop_for_session(); print(os.environ.get('TEST_REDIS_URL'))"
    )
    given = "postgresql+psycopg://given.example/tests"
    with another_python(show, TEST_DATABASE_URL=given, TEST_REDIS_URL="") as session:
        written, _ = session.communicate(timeout=60)
    assert re.fullmatch(rf"{re.escape(given)} redis://127.0.0.1:\d+/0\nNone\n", written)


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    broken = ["sh", "-c", "echo the disk is full; exit 3"]
    with (
        pytest.raises(servers.ServerDidNotStart, match="the disk is full"),
        servers._running(broken, tmp_path, lambda: False),
    ):
        pytest.fail("a server that ended was taken for one that answers")
