"""Sealing the record, telling its head, and looking over its newest part."""

from collections.abc import Sequence

import structlog

from smartcity.audit import chain
from smartcity.audit.service import record
from smartcity.audit.verification import Finding, Search, Walk, before_the_first
from smartcity.core.db import reading, transaction
from smartcity.jobs.service import periodic

ACTOR = "system:audit"
VERIFIED = "audit.verify"
_MOST_BATCHES = 100  # of one run: it stays within its lease, the next one goes on
_NEWEST = 100_000  # seals that are looked over daily
_MOST_TOLD = 100  # findings in the log
log = structlog.get_logger(__name__)


@periodic("audit.seal", every=10)
def seal() -> None:
    """Seal what was committed since, in short transactions."""
    with reading() as session:
        further: int | None = chain.sealed_lately(session) - chain.LOOK_BACK
    for _ in range(_MOST_BATCHES):
        if further is None:
            return
        with transaction() as session:
            further = chain.seal_next(session, max(0, further))


@periodic("audit.head", every=3600)
def tell_head() -> None:
    """Log the head of the chain: whoever keeps the log elsewhere can tell that its tail was cut."""
    with reading() as session:
        head = chain.head(session)
    log.info("audit.head", position=head.position, mac=head.mac)


@periodic("audit.verify", every=86_400, queue="nightly", lease=300)
def verify_newest() -> None:
    """Check the newest seals, look for entries without one, and record what was found."""
    seal()  # what waited because no worker ran is not wrong
    with reading() as session:
        head = chain.head(session)
        older = head.position - _NEWEST
        start = chain.seal_from(session, older) if older > 0 else chain.NOTHING
        findings = before_the_first(session)
    wrong = _tell(findings, _MOST_TOLD)
    for stage in (Walk(start), Search()):
        while not stage.over:
            with reading() as session:
                findings = stage.step(session)
            wrong += _tell(findings, _MOST_TOLD - wrong)
    with transaction() as session:
        told = {"ok": not wrong, "wrong": wrong, "head": str(head)}
        record(session, ACTOR, VERIFIED, ("audit", None), after=told)


def _tell(findings: Sequence[Finding], most: int) -> int:
    """Log some of what is wrong; how much it is."""
    for finding in findings[: max(0, most)]:
        log.error("audit.broken", **{k: v for k, v in vars(finding).items() if v is not None})
    return len(findings)
