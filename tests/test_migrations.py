"""The database's shape: up, down, equal to the models, and one worker at a time."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from smartcity.app import create_app
from smartcity.core.db import Base, open_engine, reading
from smartcity.core.db import engine as engine_of
from smartcity.core.migrations import check, downgrade, is_current, migrate
from smartcity.identity import citizens
from smartcity.settings import Settings
from tests.servers import create_database, drop_database

VERSIONS = sorted(Path(__file__).parents[1].glob("migrations/versions/0*.py"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    name = f"empty_{os.getpid()}"
    yield create_database(os.environ["TEST_DATABASE_URL"], name)
    drop_database(os.environ["TEST_DATABASE_URL"], name)


@pytest.fixture
def empty(empty_url: str) -> Iterator[Engine]:
    engine = open_engine(empty_url)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    found = set(inspect(engine).get_table_names()) - {"alembic_version"}
    return {name for name in found if not name.startswith("search_words")}


def current(engine: Engine) -> bool:
    with engine.connect() as connection:
        return is_current(connection)


# SQLite cannot tell of indexes over expressions: PostgreSQL proves those.
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression")
def test_up_to_the_models_and_down_to_nothing(empty: Engine) -> None:
    assert not current(empty)
    migrate(empty)
    check(empty)
    assert tables(empty) == {table.name for table in Base.metadata.sorted_tables}
    assert current(empty)
    migrate(empty)  # a second time changes nothing
    downgrade(empty, "base")
    assert tables(empty) == set()
    if empty.dialect.name == "postgresql":
        with empty.connect() as connection:
            left = text("SELECT count(*) FROM pg_class WHERE relkind = 'S'")
            assert connection.scalar(left) == 0, "a sequence stayed behind"
    assert not current(empty)
    migrate(empty)
    check(empty)


def test_each_step_alone_goes_there_and_back(empty: Engine) -> None:
    for file in VERSIONS:
        revision = file.name[:4]
        before = tables(empty)
        migrate(empty, revision)
        downgrade(empty, "-1")
        assert tables(empty) == before, revision
        migrate(empty, revision)
    assert current(empty)


A_REPORT = """
INSERT INTO reports (id, number, prefix, reporter_id, anonymous, urgent, category, description,
                     folded, latitude, longitude, area, status, sequence, submitted_at, updated_at)
VALUES ('0198c0de4a6e7c3f9d0f6f1b2a3c4d5e', 1, 'HP', :citizen, false, false, 'lighting', 'x', 'x',
        20.9, 106.3, '10507', 'submitted', 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
"""


def test_numbers_in_clear_are_sealed_and_come_back(empty: Engine, empty_url: str) -> None:
    migrate(empty, "0011")
    known = {"id": uuid.uuid4().hex, "phone": "+84912345678"}
    with empty.begin() as connection:
        new = "INSERT INTO citizens (id, phone, created_at) VALUES (:id, :phone, CURRENT_TIMESTAMP)"
        connection.execute(text(new), known)
        connection.execute(text(A_REPORT), {"citizen": known["id"]})
    with create_app(Settings(database_url=empty_url)).app_context():
        migrate(empty, "0012")
        with reading() as session:
            assert citizens.find(session, known["phone"]) == uuid.UUID(known["id"])
            assert citizens.phone_of(session, uuid.UUID(known["id"])) == known["phone"]
        migrate(empty)
        downgrade(empty, "0011")
        engine_of().dispose()
    with empty.connect() as connection:
        assert connection.scalar(text("SELECT phone FROM citizens")) == known["phone"]
        reporter = connection.scalar(text("SELECT reporter_id FROM reports"))
        assert uuid.UUID(str(reporter)) == uuid.UUID(known["id"])


def test_a_newer_database_serves_an_older_program(empty: Engine) -> None:
    migrate(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert current(empty)


def test_migrations_are_numbered_and_small() -> None:
    numbers = [int(file.name[:4]) for file in VERSIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    for file in VERSIONS:
        assert "def downgrade() -> None:\n    pass" not in file.read_text()


@pytest.mark.parametrize("empty_url", ["postgresql"], indirect=True)
def test_processes_that_migrate_at_once_leave_one_good_database(empty_url: str) -> None:
    program = (
        "import sys; from smartcity.core.db import open_engine; "
        "from smartcity.core.migrations import migrate; migrate(open_engine(sys.argv[1]))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, empty_url], stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    ends = [process.communicate(timeout=60)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0], ends
    engine = open_engine(empty_url)
    check(engine)
    engine.dispose()
