"""Fixtures of every test: the application on SQLite and on PostgreSQL, each migrated and seeded."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Dialect, Engine, create_engine, text
from sqlalchemy.util import LRUCache

from smartcity.app import create_app
from smartcity.core.db import Base, engine, open_engine, transaction
from smartcity.core.migrations import migrate
from smartcity.identity.permissions import Role
from smartcity.sandbox.fcm import Fcm
from smartcity.seed import seed
from smartcity.settings import Settings
from tests.helpers import UNIT, Headers, bearer, citizen, officer
from tests.home.desk import empty_screen
from tests.log_watch import pytest_runtest_makereport  # noqa: F401
from tests.servers import create_database, drop_database, start_for_session, stop_for_session

MakeApp = Callable[..., Flask]
KEPT = {"alembic_version", "areas", "area_boundaries", "agencies", "categories", "reasons"}
KEPT |= {"routing_rules"}
# Tables that were written to, even by what was rolled back; to empty all takes ten times as long.
USED = text("""
    SELECT relname FROM pg_class WHERE relname = ANY(:tables) AND (
        pg_relation_size(oid) > 0 OR EXISTS (
            SELECT FROM pg_sequence JOIN pg_depend ON objid = seqrelid
            WHERE refobjid = pg_class.oid AND pg_sequence_last_value(seqrelid) IS NOT NULL))
""")
_STATEMENTS = 2_000  # more than the application has
_compiled: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}  # by the name of the dialect


gc.set_threshold(50_000, 20, 100)  # thousands of applications come and go: a tenth of the time


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a good part of the tests waits for servers and processes."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: at the end, one alone would keep the other processes waiting."""
    long = [Path(__file__).parent / name for name in ("journeys", "faults")]
    items.sort(key=lambda item: not any(map(item.path.is_relative_to, long)))


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: no collection need look at it again."""
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once, in the process that starts the workers."""
    if not hasattr(config, "workerinput"):
        start_for_session()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        stop_for_session()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, but for the province's reference data."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "seeded.sqlite3"
    _prepare(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    copy = tmp_path / "test.sqlite3"
    shutil.copy(sqlite_template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture(scope="session")
def postgres_database(worker_id: str) -> Iterator[str]:
    name = f"test_{os.getpid()}_{worker_id}"
    url = create_database(os.environ["TEST_DATABASE_URL"], name)
    _prepare(url)
    yield url
    drop_database(os.environ["TEST_DATABASE_URL"], name)


@pytest.fixture(scope="session")
def postgres_admin(postgres_database: str) -> Iterator[Engine]:
    admin = create_engine(postgres_database, pool_pre_ping=True)
    yield admin
    admin.dispose()


@pytest.fixture
def postgresql_url(postgres_database: str, postgres_admin: Engine) -> str:
    tables = [t.name for t in Base.metadata.sorted_tables if t.name not in KEPT]
    with postgres_admin.begin() as connection:
        if used := list(connection.scalars(USED, {"tables": tables})):
            connection.exec_driver_sql(f"TRUNCATE {', '.join(used)} RESTART IDENTITY CASCADE")
    return postgres_database


@pytest.fixture
def make_app(database_url: str, tmp_path: Path) -> Iterator[MakeApp]:
    """Make applications on the test's database: `make_app(otp_lifetime=1)`."""
    with ExitStack() as stack:

        def make(**overrides: object) -> Flask:
            # All that a log may ever hold, for the watch over it; no public answer is a second old.
            values = {"database_url": database_url, "var_dir": tmp_path, "log_level": "DEBUG"}
            values["changes_poll"] = 0.0
            app = create_app(Settings(**{**values, **overrides}))  # type: ignore[arg-type]
            stack.callback(_dispose, app)
            _share_statements(app)
            return app

        yield make


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.extensions["smartcity"]["settings"]
    return found


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    """The test runs inside the application's context."""
    with app.app_context():
        yield app


@pytest.fixture
def me(app: Flask) -> Headers:
    """A citizen, signed in."""
    return bearer(citizen(app))


@pytest.fixture
def stranger(app: Flask) -> Headers:
    """Another citizen."""
    return bearer(citizen(app, "+84987654321"))


@pytest.fixture
def operator(app: Flask) -> Headers:
    return bearer(officer(app, Role.IOC_OPERATOR, "ioc"))


@pytest.fixture
def lead(app: Flask) -> Headers:
    return bearer(officer(app, Role.IOC_LEAD, "ioc"))


@pytest.fixture
def unit(app: Flask) -> Headers:
    return bearer(officer(app, Role.UNIT_OFFICER, UNIT))


@pytest.fixture
def leader(app: Flask) -> Headers:
    return bearer(officer(app, Role.UNIT_LEADER, UNIT))


@pytest.fixture
def admin(app: Flask) -> Headers:
    return bearer(officer(app, Role.ADMIN, "ioc"))


@pytest.fixture
def auditor(app: Flask) -> Headers:
    return bearer(officer(app, Role.AUDITOR, "ioc"))


def _prepare(url: str) -> None:
    target = open_engine(url)
    migrate(target)
    target.dispose()
    app = create_app(Settings(database_url=url))
    with app.app_context(), transaction() as session:
        seed(session)
        empty_screen(session)
        dialect = engine().dialect
    _compiled[dialect.name] = dialect, LRUCache(_STATEMENTS)
    _dispose(app)


def _share_statements(app: Flask) -> None:
    """Let the engines of all tests compile a statement once: they differ only in what they open."""
    with app.app_context():
        own = engine()
    if own.dialect.name in _compiled:
        own.dialect, statements = _compiled[own.dialect.name]
        own.update_execution_options(compiled_cache=statements)


def _dispose(app: Flask) -> None:
    with app.app_context():
        engine().dispose()


@cache
def shared_data() -> Path | None:
    """The folder of real input, when it is at hand."""
    named = os.environ.get("TEST_SHARED_DATA")
    folder = Path(named) if named else Path(__file__).parents[2] / "shared" / "data"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def fcm_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys and certificates of the sandbox, made once since an RSA key takes its time."""
    state = tmp_path_factory.mktemp("fcm")
    with Fcm(state):
        return state


@pytest.fixture
def fcm(fcm_state: Path, tmp_path: Path) -> Iterator[Fcm]:
    with Fcm(shutil.copytree(fcm_state, tmp_path / "fcm")) as server:
        yield server
