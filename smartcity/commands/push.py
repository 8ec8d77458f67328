"""`smartcity push` and `smartcity campaign`: what goes to phones, and what holds it."""

import sys
import uuid
from collections.abc import Iterator

import click
from sqlalchemy.orm import Session

from smartcity.campaigns import listing, scheduling, truth
from smartcity.campaigns.models import Campaign, State
from smartcity.commands.running import in_app, operator
from smartcity.core.clock import written
from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.identity.permissions import Principal, Role
from smartcity.push import brakes, hygiene
from smartcity.push.metrics import SCOPES
from smartcity.push.models import Brake

_LIVE = [State.SCHEDULED, State.FREEZING, State.CANARY, State.RUNNING, State.PAUSED, State.HALTED]
_SIZE = 50  # campaigns of a list
_WHY = click.option("--reason", required=True, help="Why; kept in the audit record.")
_WHICH = click.argument("campaign", type=click.UUID)


class _Operator(Principal):
    """Whoever gives commands on this machine: may do what an admin may, under his own name."""

    @property
    def key(self) -> str:
        return operator()


@click.group("push")
def push_group() -> None:
    """Messages to phones: what may go out, and what holds it."""


@push_group.command("status")
@in_app
def status() -> None:
    """Phones, quota, brakes and live campaigns; ends with 1 when one of them needs a person."""
    with reading() as session:
        held = list(brakes.held(session).values())
        live = _listed(session, _LIVE)
        lines = [*_phones(session), _quota(), *map(_brake, held), *map(_campaign, live)]
    click.echo("\n".join(lines))
    if any(brake.until is None for brake in held) or any(c.state == State.HALTED for c in live):
        sys.exit(1)


@push_group.command("release")
@click.argument("scope", type=click.Choice([str(scope) for scope in SCOPES]))
@_WHY
@in_app
def release(scope: str, reason: str) -> None:
    """Let SCOPE go that a brake holds: a platform, or all."""
    with transaction() as session:
        brakes.release(session, operator(), scope, reason)


@click.group("campaign")
def campaign_group() -> None:
    """Campaigns: how they stand; hold one, let it go on, end it."""


@campaign_group.command("list")
@click.option("--state", "states", type=click.Choice([str(s) for s in State]), multiple=True)
@in_app
def list_campaigns(states: tuple[str, ...]) -> None:
    """The newest 50, one a line."""
    with reading() as session:
        for found in _listed(session, list(states)):
            click.echo(_campaign(found))


@campaign_group.command("show")
@_WHICH
@in_app
def show(campaign: uuid.UUID) -> None:
    """What became of a CAMPAIGN; ends with 1 when its sum does not hold."""
    with reading() as session:
        found = truth.whole(session, truth.begin(session, campaign))
    click.echo(_campaign(found.campaign))
    for name in ("recipients", "pending", "sending"):
        click.echo(f"{name}: {getattr(found, name)}")
    for name, number in found.counts.items():
        click.echo(f"{name}: {number}")
    click.echo(f"ends: {written(found.ends_at) if found.ends_at else '–'}")
    if not found.sum_holds:
        click.echo("the sum does not hold")
        sys.exit(1)


@campaign_group.command("pause")
@_WHICH
@_WHY
@in_app
def pause(campaign: uuid.UUID, reason: str) -> None:
    """Hold a CAMPAIGN until it is resumed."""
    with transaction() as session:
        scheduling.pause(session, _Operator(Role.ADMIN), campaign, reason)


@campaign_group.command("resume")
@_WHICH
@_WHY
@in_app
def resume(campaign: uuid.UUID, reason: str) -> None:
    """Let a CAMPAIGN go on that was paused, or halted by an error."""
    with transaction() as session:
        scheduling.resume(session, _Operator(Role.ADMIN), campaign, reason)


@campaign_group.command("cancel")
@_WHICH
@_WHY
@click.confirmation_option(prompt="Whoever has not had his turn gets nothing, for good. Cancel?")
@in_app
def cancel(campaign: uuid.UUID, reason: str) -> None:
    """End a CAMPAIGN for good."""
    with transaction() as session:
        scheduling.cancel(session, _Operator(Role.ADMIN), campaign, reason)


def _listed(session: Session, states: list[str] | list[State]) -> list[Campaign]:
    return list(listing.listed(session, {"limit": _SIZE, "state": states}).items)


def _phones(session: Session) -> Iterator[str]:
    for platform, state, number in hygiene.counted(session):
        yield f"phones {platform}, {state}: {number}"


def _quota() -> str:
    told = settings()
    ours = int(told.fcm_per_minute * told.fcm_share)
    where = "in Redis" if told.redis_url else f"divided among {told.fcm_senders} senders"
    return f"quota: {ours} of {told.fcm_per_minute} a minute, {where}"


def _brake(brake: Brake) -> str:
    until = f"until {written(brake.until)}" if brake.until else "until it is released"
    return f"held: {brake.scope}, {until}: {brake.reason}"


def _campaign(found: Campaign) -> str:
    size = "–" if found.recipients is None else found.recipients
    why = f" ({found.halted_reason})" if found.halted_reason else ""
    return f"{found.id} {found.state}{why}, {size} recipients: {found.name}"
