"""`smartcity ioc check`: the contract of docs/guides/ioc.md, run against a receiver."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import click

from smartcity.ioc.conformance import Finding, Receiver, State, examine

GUIDE = "docs/guides/ioc.md"


@click.command("check")
@click.argument("url")
@click.option("--secret", required=True, metavar="whsec_…", help="What signs deliveries to it.")
@click.option("--old-secret", metavar="whsec_…", help="Its other secret, while the two change.")
@click.option(
    "--reconcile-url", help="Where it tells what it holds; URL/../reconciliation is tried."
)
@click.option("--timeout", type=click.FloatRange(0.1, 120), default=10.0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def check(
    url: str,
    secret: str,
    old_secret: str | None,
    reconcile_url: str | None,
    timeout: float,
    as_json: bool,
) -> None:
    """Try the receiver at URL with made-up reports (KIEM-TRA-…), a line a check; 1 if one fails."""
    try:
        receiver = Receiver(url, secret, old_secret, reconcile_url, timeout)
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None
    found = list(examine(receiver) if as_json else _told(examine(receiver)))
    failed = any(one.state is State.FAILED for one in found)
    if as_json:
        told = {"url": url, "passed": not failed, "checks": [asdict(one) for one in found]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(_summary(found))
    sys.exit(int(failed))


def _told(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Each, once its line stands on the screen."""
    for one in findings:
        click.echo(f"{one.state:<16}{one.title}  ({one.check})")
        for name in ("expected", "came", "note"):
            if words := getattr(one, name):
                click.echo(f"{'':16}{name + ':':<10}{words}")
        if one.state is State.FAILED:
            click.echo(f"{'':16}{'promise:':<10}{GUIDE}, “{one.promise}”")
        yield one


def _summary(found: Sequence[Finding]) -> str:
    counts = Counter(one.state for one in found)
    return ", ".join(f"{counts[state]} {state}" for state in State)
