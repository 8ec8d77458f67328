"""`smartcity ioc`: operations centres and other destinations of reports."""

from datetime import timedelta
from typing import Any

import click

from smartcity.adapters.centres import DRIVERS
from smartcity.commands.ioc_check import check
from smartcity.commands.ioc_deliveries import COMMANDS
from smartcity.commands.running import change, in_app, operator
from smartcity.core.db import reading, transaction
from smartcity.ioc import administration, destinations
from smartcity.ioc.models import Start
from smartcity.ioc.reconciliation import runs


@click.group("ioc")
def group() -> None:
    """Operations centres and other destinations of reports."""


for _command in (check, *COMMANDS):
    group.add_command(_command)


@group.command("add")
@click.argument("name")
@click.argument("url", default="")
@click.option("--driver", type=click.Choice([*DRIVERS, destinations.PULL]), default="cloudevents")
@click.option("--secret", help="whsec_ and base64; made here, and shown once, when not given.")
@click.option("--category", "categories", multiple=True, help="Only this; may be repeated.")
@click.option("--area", "areas", multiple=True, help="Only this; may be repeated.")
@click.option("--move", "moves", multiple=True, help="Only this; may be repeated.")
@click.option("--from", "start", type=click.Choice([s.value for s in Start]), default="submitted")
@click.option("--timeout", type=click.FloatRange(0.1, 120), default=10.0, show_default=True)
@click.option("--concurrency", type=click.IntRange(1, 100), default=8, show_default=True)
@click.option("--per-second", type=click.FloatRange(0), default=50.0, show_default=True)
@click.option("--ack-hours", type=click.IntRange(0, 1000), default=26, show_default=True)
@click.option("--partner", "partner_id", type=click.UUID, help="Whose key stands for it.")
@click.option("--option", "options", nargs=2, multiple=True, metavar="NAME VALUE")
@in_app
def add_destination(name: str, secret: str | None, **asked: Any) -> None:
    """Let NAME hear of reports at URL; no URL for one that pulls. 0 lifts a limit."""
    asked["options"] = dict(asked["options"])
    for field in ("categories", "areas", "moves"):
        asked[field] = list(asked[field]) or None
    for field in ("per_second", "ack_hours"):
        asked[field] = asked[field] or None
    with transaction() as session:
        _, made = administration.create(session, operator(), name, secret, **asked)
    if secret is None:
        click.echo(made)


@group.command("list")
@in_app
def list_destinations() -> None:
    """The destinations, one a line."""
    with reading() as session:
        for found in destinations.active(session):
            click.echo(f"{found.name}  {found.driver}  {found.url or '–'}")


@group.command("rotate")
@click.argument("name")
@click.option("--hours", type=click.IntRange(0, 720), default=72, show_default=True)
@click.option("--secret", help="The new one; made here when not given.")
@in_app
def rotate_secret(name: str, hours: int, secret: str | None) -> None:
    """Give NAME a second secret; both sign for some hours. Printed once."""
    with transaction() as session:
        version = destinations.hold(session, name).version
        grace = timedelta(hours=hours)
        _, made = administration.rotate(session, operator(), name, version, grace, secret)
    click.echo(made)


@group.command("reconcile")
@click.argument("name")
@in_app
def reconcile(name: str) -> None:
    """Compare the last 30 days with NAME, and send again what it lacks. Prints the run's id."""
    with change() as (session, audit):
        run = runs.start(session, name, operator())
        audit("reconciliation.start", ("reconciliation", run.id), destination=name)
    click.echo(str(run.id))
