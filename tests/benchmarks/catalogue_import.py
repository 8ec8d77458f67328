"""An import of as many procedures as the country has, by the command, on both databases.

Records are the province's own, each many times under other codes: as long as real ones are. The
memory is the whole process's at its highest.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from smartcity.app import create_app
from smartcity.catalogue.exchange.columns import FILE, read_columns
from smartcity.catalogue.exchange.exporting import export
from smartcity.catalogue.exchange.reading.drafts import Draft
from smartcity.catalogue.exchange.reading.structured import yaml_pieces
from smartcity.catalogue.records.record import Record, read_record
from smartcity.catalogue.rules import rules
from smartcity.core.context import settings
from smartcity.core.db import engine
from smartcity.core.migrations import migrate
from smartcity.settings import Settings
from tests.benchmarks.house import Bench
from tests.benchmarks.measure import ROOT, tell
from tests.servers import create_database

COUNT, SECONDS, MEGABYTES = 12_361, 60, 300


def main(ready: Bench) -> bool:
    """Run all of it; True when every bound is met."""
    with ready.app.app_context():
        url = engine().url.render_as_string(hide_password=False)
    with tempfile.TemporaryDirectory() as folder:
        files = _files(ready, Path(folder))
        met = [
            _measure(f"{kind}_{name}", database, file)
            for kind, file in files.items()
            for name, database in {
                "postgresql": create_database(url, f"catalogue_{kind}"),
                "sqlite": f"sqlite:///{folder}/{kind}.sqlite3",
            }.items()
        ]
    return all(met)


def made(count: int, folder: Path) -> Iterator[Record]:
    """So many records under codes of their own."""
    pieces = [p for file in sorted(folder.glob("*.yaml")) for p in yaml_pieces(file)]
    values: list[dict[str, Any]] = [dict(p.values) for p in pieces if isinstance(p, Draft)]
    for number, told in enumerate(islice(cycle(values), count)):
        name = f"{told['name'][:480]} (bản {number})"
        yield read_record({**told, "code": f"9.{number:06}", "name": name})


def _files(ready: Bench, folder: Path) -> dict[str, Path]:
    files = {kind: folder / f"list.{kind}" for kind in ("json", "xlsx")}
    with ready.app.app_context():
        province = settings().province_dir
        columns = read_columns(province / FILE, rules())
        for file in files.values():
            export(made(COUNT, province / "procedures"), file, columns)
    return files


def _measure(name: str, database: str, file: Path) -> bool:
    app = create_app(Settings(database_url=database, log_level="ERROR"))
    with app.app_context():
        migrate(engine())
        engine().dispose()
    seconds, megabytes = _run(database, file)
    return all(
        [
            tell(f"catalogue_import_{name}", seconds, 0, SECONDS, "s"),
            tell(f"catalogue_import_memory_{name}", megabytes, 0, MEGABYTES, "MB"),
        ]
    )


def _run(database: str, file: Path) -> tuple[float, float]:
    """Seconds and megabytes that the command takes."""
    command = [sys.executable, "-m", "smartcity.cli", "catalogue", "import", str(file), "--apply"]
    env = {**os.environ, "SMARTCITY_DATABASE_URL": database}
    started = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the import ended with {process.returncode}")
    return time.monotonic() - started, used.ru_maxrss / 1024
