"""`smartcity audit`: is the record whole."""

import click

from smartcity.audit import chain
from smartcity.audit.verification import Finding, Search, Walk, against, before_the_first
from smartcity.commands.running import change, in_app
from smartcity.core.db import reading, transaction

_FORM = "POSITION:MAC"
_TELL_EVERY = 100  # batches


def _anchor(_ctx: click.Context, _param: click.Parameter, told: str | None) -> chain.Anchor | None:
    try:
        return chain.Anchor.parse(told) if told else None
    except ValueError as fault:
        raise click.BadParameter(str(fault)) from None


@click.group("audit")
def group() -> None:
    """The audit record: is it whole."""


@group.command("anchor")
@in_app
def show_anchor() -> None:
    """The head of the chain, to keep elsewhere."""
    with reading() as session:
        click.echo(chain.head(session))


@group.command("verify")
@click.option(
    "--anchor",
    callback=_anchor,
    metavar=_FORM,
    help="A head told earlier: nothing after it was cut.",
)
@click.option(
    "--from-anchor",
    "start",
    callback=_anchor,
    metavar=_FORM,
    help="Begin at a seal that is trusted.",
)
@in_app
def verify(anchor: chain.Anchor | None, start: chain.Anchor | None) -> None:
    """Check the whole record; exit code 1 and a line for each thing wrong."""
    walk = Walk(start or chain.NOTHING)
    with reading() as session:
        kept = [given for given in (anchor, start) if given]
        wrong = sum(_tell(against(session, given)) for given in kept)
        wrong += _tell(before_the_first(session))
    for stage in (walk, Search()):
        steps = 0
        while not stage.over:
            with reading() as session:
                wrong += _tell(stage.step(session))
            steps += 1
            if steps % _TELL_EVERY == 0:
                click.echo(f"checked to {walk.reached}", err=True)
    click.echo(f"{wrong} wrong; the head is {walk.reached}")
    click.get_current_context().exit(1 if wrong else 0)


@group.command("seal")
@in_app
def seal() -> None:
    """Seal every entry without a seal, also those that came too late for the regular sealing."""
    with change() as (session, audit):
        audit("audit.seal", ("audit", None))
    further: int | None = chain.SMALLEST
    while further is not None:
        with transaction() as session:
            further = chain.seal_next(session, further)


def _tell(findings: list[Finding]) -> int:
    for finding in findings:
        click.echo(finding)
    return len(findings)
