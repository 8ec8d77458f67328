"""`smartcity ioc status, replay, skip, pause, resume, retire`: what goes to destinations."""

import sys
import uuid
from datetime import datetime
from typing import Any

import click

from smartcity.commands.running import in_app, operator
from smartcity.core.clock import LOCAL
from smartcity.core.db import reading, transaction
from smartcity.ioc import administration, destinations, replaying, replays, standing
from smartcity.ioc.models import State

_TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%z"])
_WHY = click.option("--reason", required=True, help="Why; kept in the audit record.")


@click.command("status")
@in_app
def status() -> None:
    """One line a destination; ends with 1 when one of them needs a person."""
    with reading() as session:
        found = standing.standings(session)
    for one in found:
        click.echo(_told(one))
    if any(one.worries for one in found):
        sys.exit(1)


@click.command("replay")
@click.argument("name")
@click.option("--event", "events", type=click.UUID, multiple=True, help="May be repeated.")
@click.option(
    "--state", "states", type=click.Choice([str(s) for s in State]), multiple=True, help="Likewise."
)
@click.option("--since", type=_TIME, help="Made then or later; in local time without an offset.")
@click.option("--until", type=_TIME, help="Made before.")
@click.option("--report", help="Code or id of one report.")
@click.option("--reason", default="", help="Why; kept in the audit record.")
@click.option("--dry-run", is_flag=True, help="Only count them.")
@in_app
def replay(name: str, reason: str, dry_run: bool, **asked: Any) -> None:
    """Send deliveries of NAME once more; a worker does it."""
    wanted = {key: _given(value) for key, value in asked.items()}
    if dry_run:
        with reading() as session:
            click.echo(f"{replays.count(session, name, wanted)} deliveries")
        return
    if not reason:
        raise click.UsageError("--reason is needed")
    with transaction() as session:
        begun, matching = replays.begin(session, operator(), name, wanted, reason)
    click.echo(f"replay {begun.id}: {matching} deliveries")


@click.command("skip")
@click.argument("name")
@click.argument("event", type=click.UUID)
@_WHY
@in_app
def skip(name: str, event: uuid.UUID, reason: str) -> None:
    """Give one delivery up, and let the next of its report go; a replay takes it back."""
    with transaction() as session:
        replaying.skip(session, operator(), name, event, reason)


@click.command("pause")
@click.argument("name")
@_WHY
@in_app
def pause(name: str, reason: str) -> None:
    """Send NAME nothing until it is resumed; nothing is lost."""
    with transaction() as session:
        standing.pause(session, operator(), name, reason)


@click.command("resume")
@click.argument("name")
@_WHY
@in_app
def resume(name: str, reason: str) -> None:
    """Send again to NAME, which was paused, or said 410."""
    with transaction() as session:
        standing.resume(session, operator(), name, reason)


@click.command("retire")
@click.argument("name")
@_WHY
@click.confirmation_option(prompt="It hears nothing any more, and what waits is given up. Retire?")
@in_app
def retire(name: str, reason: str) -> None:
    """Let NAME hear nothing any more, for good."""
    with transaction() as session:
        version = destinations.hold(session, name).version
        administration.retire(session, operator(), name, version, reason)


COMMANDS = (status, replay, skip, pause, resume, retire)


def _told(one: standing.Standing) -> str:
    waiting = ", ".join(f"{state} {number}" for state, number in one.waiting.items())
    since = one.oldest_at.isoformat(timespec="seconds") if one.oldest_at else "–"
    why = f" ({one.reason})" if one.reason else ""
    counts = f"unacknowledged {one.unacknowledged}, differences {one.differences}"
    worries = f"; look at: {', '.join(one.worries)}" if one.worries else ""
    return f"{one.name}: {one.breaker}{why}, {waiting}, oldest {since}, {counts}{worries}"


def _given(value: Any) -> Any:
    """Without an offset a time is the province's."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=LOCAL)
    return list(value) if isinstance(value, tuple) else value
