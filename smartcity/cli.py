"""The `smartcity` command."""

import os
import sys
from typing import Any

import click
from prometheus_client import start_http_server

from smartcity.commands import (
    areas,
    audit,
    catalogue,
    ioc,
    keys,
    officers,
    partners,
    prices,
    privacy,
    push,
    queue,
    registers,
    sources,
    zns,
)
from smartcity.commands.running import application, change, in_app
from smartcity.core import migrations
from smartcity.core.datafile import BadFile
from smartcity.core.db import engine, transaction
from smartcity.core.errors import Problem
from smartcity.core.texts import text
from smartcity.demo.replay import replay
from smartcity.demo.supervisor import demo
from smartcity.jobs.worker import Worker
from smartcity.safety import UnsafeSettings
from smartcity.seed import seed, seed_guide, seed_participation, seed_procedures
from smartcity.settings import ROOT


class _Commands(click.Group):
    """Tells an expected refusal in one line instead of a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (BadFile, UnsafeSettings) as fault:
            raise click.ClickException(str(fault)) from None
        except Problem as problem:
            named = "; ".join(f"{k}: {v}" for k, v in problem.errors.items())
            raise click.ClickException(
                f"{text(problem.code, 'en', **problem.values)} {named}"
            ) from None


@click.group(cls=_Commands)
def main() -> None:
    """Backend of a province's citizen app."""


for _command in (
    demo,
    replay,
    areas.group,
    audit.group,
    catalogue.group,
    ioc.group,
    keys.group,
    officers.group,
    partners.group,
    prices.group,
    privacy.group,
    push.push_group,
    push.campaign_group,
    queue.group,
    registers.group,
    sources.group,
    zns.group,
):
    main.add_command(_command)


@main.command()
def serve() -> None:
    """Serve the API and the console with gunicorn (BIND, WEB_CONCURRENCY, WEB_THREADS)."""
    arguments = ["gunicorn", "--config", str(ROOT / "config" / "gunicorn.conf.py"), "wsgi:app"]
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", *arguments])  # noqa: S606


@main.command()
@click.option("--threads", default=4, show_default=True, help="Jobs at a time.")
@click.option("--queue", "queues", multiple=True, help="Only these queues; all when not given.")
@click.option("--metrics", type=int, help="Tell its own figures on this port of 127.0.0.1.")
def worker(threads: int, queues: tuple[str, ...], metrics: int | None) -> None:
    """Work the queue until SIGTERM."""
    if metrics is not None:
        start_http_server(metrics, "127.0.0.1")
    Worker(application(), threads=threads, queues=queues or None).run()


@main.command()
@click.option(
    "--down", metavar="REVISION", help="Go back to a revision; base empties the database."
)
@click.option("--yes", is_flag=True, help="Go back without asking.")
@in_app
def migrate(down: str | None, yes: bool) -> None:
    """Bring the database to this release's shape."""
    if down and not yes:
        click.confirm(f"What came after {down} is lost, rows and all. Go back?", abort=True)
    if down:
        migrations.downgrade(engine(), down)
    else:
        migrations.migrate(engine())


@main.command("seed")
@in_app
def seed_command() -> None:
    """Load areas, agencies, categories, procedures, guide and more from config/province."""
    with change() as (session, audit):
        seed(session)
        seed_procedures(session)
        audit("province.seed", ("province", None))
    with transaction() as session:  # these ask for the areas, as everybody reads them
        seed_guide(session)
        seed_participation(session)


if __name__ == "__main__":
    main()
