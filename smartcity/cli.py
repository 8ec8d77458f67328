"""The `smartcity` command."""

import os
import sys
import uuid
from getpass import getuser
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy.orm import Session

from smartcity.app import create_app
from smartcity.areas import service as areas
from smartcity.audit import service as audit
from smartcity.core import migrations
from smartcity.core.datafile import BadFile
from smartcity.core.db import engine, reading, transaction
from smartcity.core.errors import Problem
from smartcity.core.texts import text
from smartcity.demo.replay import replay
from smartcity.demo.supervisor import demo
from smartcity.identity import service as identity
from smartcity.identity.permissions import OFFICER_ROLES, Role
from smartcity.jobs import service as jobs
from smartcity.jobs.worker import Worker
from smartcity.seed import seed
from smartcity.settings import ROOT, Settings, UnsafeSettings


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


main.add_command(demo)
main.add_command(replay)


def _app() -> Flask:
    return create_app(Settings.from_env())


@main.command()
def serve() -> None:
    """Serve the API and the console with gunicorn (BIND, WEB_CONCURRENCY, WEB_THREADS)."""
    arguments = ["gunicorn", "--config", str(ROOT / "config" / "gunicorn.conf.py"), "wsgi:app"]
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", *arguments])  # noqa: S606


@main.command()
@click.option("--threads", default=4, show_default=True, help="Jobs at a time.")
@click.option("--queue", "queues", multiple=True, help="Only these queues; all when not given.")
def worker(threads: int, queues: tuple[str, ...]) -> None:
    """Work the queue until SIGTERM."""
    Worker(_app(), threads=threads, queues=queues or None).run()


@main.command()
@click.option(
    "--down", metavar="REVISION", help="Go back to a revision; base empties the database."
)
@click.option("--yes", is_flag=True, help="Go back without asking.")
def migrate(down: str | None, yes: bool) -> None:
    """Bring the database to this release's shape."""
    if down and not yes:
        click.confirm(f"What came after {down} is lost, rows and all. Go back?", abort=True)
    with _app().app_context():
        if down:
            migrations.downgrade(engine(), down)
        else:
            migrations.migrate(engine())


@main.command("seed")
def seed_command() -> None:
    """Load areas, agencies, categories and reasons from config/province."""
    with _app().app_context(), transaction() as session:
        seed(session)
        _audit(session, "province.seed", ("province", None))


@main.group("areas")
def areas_group() -> None:
    """Wards and their boundaries."""


@areas_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_areas(file: Path) -> None:
    """Take ward boundaries from a GeoJSON FILE; all of it or nothing."""
    with _app().app_context(), transaction() as session:
        click.echo(areas.import_boundaries(session, file))
        _audit(session, "areas.import", ("province", None), file=file.name)


@main.group()
def officer() -> None:
    """Officers' accounts."""


@officer.command("add")
@click.argument("username")
@click.option(
    "--role", type=click.Choice(sorted(role.value for role in OFFICER_ROLES)), required=True
)
@click.option("--agency", required=True, help="Code of the officer's agency.")
@click.option("--name", required=True, help="Name to show.")
@click.password_option(help="At least 12 characters; asked for when not given.")
def add_officer(username: str, role: str, agency: str, name: str, password: str) -> None:
    """Make an officer's account, or give it a new role, agency and password."""
    with _app().app_context(), transaction() as session:
        account = identity.create_officer(
            session,
            username,
            password,
            role=Role(role),
            agency=areas.agency(agency).code,
            display_name=name,
        )
        _audit(session, "officer.add", ("officer", account), role=role, agency=agency)


@main.group("jobs")
def jobs_group() -> None:
    """The queue: what waits, what is dead."""


@jobs_group.command("status")
def queue_status() -> None:
    """One line a queue."""
    with _app().app_context(), reading() as session:
        for found in jobs.queue_stats(session):
            numbers = f"ready {found.ready}, waiting {found.waiting}, leased {found.leased}"
            age = f"oldest {found.oldest_s:.0f} s"
            click.echo(f"{found.queue}: {found.breaker}, {numbers}, dead {found.dead}, {age}")


@jobs_group.command("dead")
@click.option("--queue", help="Only this queue's.")
@click.option("--before", type=int, help="Only those before this id: the last of a page.")
def list_dead(queue: str | None, before: int | None) -> None:
    """The newest 50 dead letters, one a line, without their content."""
    with _app().app_context(), reading() as session:
        for letter in jobs.dead_letters(session, queue=queue, before=before):
            since = letter.first_failed_at.isoformat(timespec="seconds")
            told = f"{letter.attempts} attempts since {since}: {letter.last_error}"
            click.echo(f"{letter.id} {letter.name} ({letter.queue}) {told}")


@jobs_group.command("replay")
@click.argument("job", type=int)
def replay_job(job: int) -> None:
    """Send a dead letter again."""
    with _app().app_context(), transaction() as session:
        jobs.replay(session, job)
        _audit(session, "job.replay", ("job", None), job=job)


@jobs_group.command("drop")
@click.argument("job", type=int)
@click.confirmation_option(prompt="The job is lost and its successors go on. Drop it?")
def drop_job(job: int) -> None:
    """Give a dead letter up."""
    with _app().app_context(), transaction() as session:
        jobs.drop(session, job)
        _audit(session, "job.drop", ("job", None), job=job)


@jobs_group.command("pause")
@click.argument("queue")
def pause_queue(queue: str) -> None:
    """Let no job of a QUEUE start; those that run end normally."""
    with _app().app_context(), transaction() as session:
        jobs.pause(session, queue, _operator())
        _audit(session, "queue.pause", ("queue", None), queue=queue)


@jobs_group.command("resume")
@click.argument("queue")
def resume_queue(queue: str) -> None:
    """Let a paused or disabled QUEUE run again."""
    with _app().app_context(), transaction() as session:
        jobs.resume(session, queue)
        _audit(session, "queue.resume", ("queue", None), queue=queue)


def _operator() -> str:
    """Who gives this command, for the audit: the account on this machine."""
    return f"operator:{getuser()}"


def _audit(
    session: Session, action: str, subject: tuple[str, uuid.UUID | None], **detail: Any
) -> None:
    audit.record(session, _operator(), action, subject, **detail)


if __name__ == "__main__":
    main()
