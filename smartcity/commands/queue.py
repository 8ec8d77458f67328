"""`smartcity jobs`: the queue."""

import click

from smartcity.commands.running import change, in_app, operator
from smartcity.core.db import reading
from smartcity.jobs import service as jobs


@click.group("jobs")
def group() -> None:
    """The queue: what waits, what is dead."""


@group.command("status")
@in_app
def queue_status() -> None:
    """One line a queue."""
    with reading() as session:
        for found in jobs.queue_stats(session):
            numbers = f"ready {found.ready}, waiting {found.waiting}, leased {found.leased}"
            age = f"oldest {found.oldest_s:.0f} s"
            click.echo(f"{found.queue}: {found.breaker}, {numbers}, dead {found.dead}, {age}")


@group.command("dead")
@click.option("--queue", help="Only this queue's.")
@click.option("--before", type=int, help="Only those before this id: the last of a page.")
@in_app
def list_dead(queue: str | None, before: int | None) -> None:
    """The newest 50 dead letters, one a line, without their content."""
    with reading() as session:
        for letter in jobs.dead_letters(session, queue=queue, before=before):
            since = letter.first_failed_at.isoformat(timespec="seconds")
            told = f"{letter.attempts} attempts since {since}: {letter.last_error}"
            click.echo(f"{letter.id} {letter.name} ({letter.queue}) {told}")


@group.command("replay")
@click.argument("job", type=int)
@in_app
def replay_job(job: int) -> None:
    """Send a dead letter again."""
    with change() as (session, audit):
        jobs.replay(session, job)
        audit("job.replay", ("job", None), job=job)


@group.command("drop")
@click.argument("job", type=int)
@click.confirmation_option(prompt="The job is lost and its successors go on. Drop it?")
@in_app
def drop_job(job: int) -> None:
    """Give a dead letter up."""
    with change() as (session, audit):
        jobs.drop(session, job)
        audit("job.drop", ("job", None), job=job)


@group.command("pause")
@click.argument("queue")
@in_app
def pause_queue(queue: str) -> None:
    """Let no job of a QUEUE start; those that run end normally."""
    with change() as (session, audit):
        jobs.pause(session, queue, operator())
        audit("queue.pause", ("queue", None), queue=queue)


@group.command("resume")
@click.argument("queue")
@in_app
def resume_queue(queue: str) -> None:
    """Let a paused or disabled QUEUE run again."""
    with change() as (session, audit):
        jobs.resume(session, queue)
        audit("queue.resume", ("queue", None), queue=queue)
