"""`smartcity sources`: feeds of departments and newspapers."""

import uuid
from collections.abc import Callable
from typing import Any

import click

from smartcity.commands.running import in_app, operator
from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.core.texts import LANGUAGES
from smartcity.news.sources import keeping, listing, pace
from smartcity.news.sources.checking import Found, look
from smartcity.news.sources.fetching import Failed
from smartcity.news.sources.models import Licence

LICENCES = [licence.value for licence in Licence]
SECONDS = click.IntRange(60, pace.DAY)


@click.group("sources")
def group() -> None:
    """Feeds of departments and newspapers."""


@group.command("add")
@click.argument("url")
@click.option("--name", help="Shown to readers; the feed's own title when not given.")
@click.option("--category", default="society", show_default=True)
@click.option("--agency", help="Whose news it brings.")
@click.option("--language", type=click.Choice(LANGUAGES), default="vi", show_default=True)
@click.option("--licence", type=click.Choice(LICENCES), default="summary", show_default=True)
@click.option("--auto-publish", is_flag=True, help="Publish its news without a review.")
@click.option("--least", "interval_least", type=SECONDS, default=pace.LEAST, show_default=True)
@click.option("--most", "interval_most", type=SECONDS, default=pace.MOST, show_default=True)
@in_app
def add_source(url: str, name: str | None, **asked: Any) -> None:
    """Read the feed at URL once, and poll it from now on. Prints its id and what was found."""
    found = _looked(url)
    asked |= {"url": url, "name": name or found.title or url}
    with transaction() as session:
        source = keeping.create(session, operator(), asked)
    click.echo(str(source.id))
    _tell(found)


@group.command("check")
@click.argument("url")
@in_app
def check_source(url: str) -> None:
    """Read the feed at URL once, and tell what is in it; nothing is kept."""
    _tell(_looked(url))


@group.command("list")
@in_app
def list_sources() -> None:
    """The sources, one a line: id, how it stands, name, address, and its fault."""
    now = clock.now()
    with reading() as session:
        for source in listing.known(session):
            told = (str(source.id), pace.standing(source, now), source.name, source.url)
            click.echo("  ".join(filter(None, (*told, pace.told(source.fault, "en")))))


@group.command("poll")
@click.argument("source", type=click.UUID)
@in_app
def poll_source(source: uuid.UUID) -> None:
    """Let a worker ask SOURCE now."""
    with transaction() as session:
        keeping.poll_now(session, operator(), source)


@group.command("resume")
@click.argument("source", type=click.UUID)
@in_app
def resume_source(source: uuid.UUID) -> None:
    """Ask SOURCE again, at once."""
    with transaction() as session:
        keeping.resume(session, operator(), source, None)


def _stopping(name: str, deed: Callable[..., Any], promise: str) -> None:
    """Register a command that ends the polls of a source, and wants to know why."""

    @in_app
    def command(source: uuid.UUID, reason: str) -> None:
        with transaction() as session:
            deed(session, operator(), source, None, reason)

    command.__doc__ = promise
    wants = click.option("--reason", required=True, help="Kept in the audit.")
    group.command(name)(click.argument("source", type=click.UUID)(wants(command)))


_stopping("pause", keeping.pause, "Ask SOURCE no more until it is resumed.")
_stopping("retire", keeping.retire, "Ask SOURCE no more and list it no more.")


def _looked(url: str) -> Found:
    try:
        return look(url)
    except Failed as fault:
        raise click.ClickException(pace.told(fault.fault, "en") or "") from None


def _tell(found: Found) -> None:
    click.echo(f"{found.title}: {found.entries} entries")
    for title in found.titles:
        click.echo(f"  {title}")
