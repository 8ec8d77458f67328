"""A worker in a process of its own, to be killed: `python -m tests.jobs.crew DATABASE_URL`."""

import sys
import time

from flask import Flask

from smartcity.core.context import attach
from smartcity.core.db import Base, engine, transaction
from smartcity.core.logs import configure_logs
from smartcity.jobs.service import Lease, enqueue, handler
from smartcity.jobs.worker import Worker
from smartcity.settings import Settings


@handler("crew.work", lease=1)
def work(lease: Lease) -> None:
    """Leave an effect, and end with it."""
    sys.stdout.write(".")
    sys.stdout.flush()
    time.sleep(0.01)
    with transaction() as session:
        enqueue(session, "effect.done", {"n": lease.payload["n"]})
        lease.finish(session)
    time.sleep(0.01)


@handler("effect.done")
def done(_lease: Lease) -> None:
    """Nobody serves this queue: what lies in it was done."""


def make_tables() -> None:
    jobs = [table for table in Base.metadata.sorted_tables if table.name.startswith("job")]
    Base.metadata.create_all(engine(), tables=jobs)


if __name__ == "__main__":
    app = Flask(__name__)  # the whole application takes seconds to start, and is not needed
    settings = Settings(database_url=sys.argv[1], log_level="ERROR")
    configure_logs(settings)
    attach(app, settings)
    Worker(app, threads=4, queues=["crew"]).run()
