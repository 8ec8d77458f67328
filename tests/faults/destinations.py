"""How the product is told where events go: the one place that knows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from smartcity.ioc import service as ioc
from tests.faults.centre import Centre

TIMEOUT = 1.5  # seconds that an answer may take; a lease lasts at least twice that


def name_all(session: Session, centres: Sequence[Centre], timeout: float = TIMEOUT) -> None:
    """Let each of the centres hear of every step, as fast as it can."""
    for centre in centres:
        told = {"url": centre.url, "timeout": timeout, "per_second": None, "ack_hours": None}
        ioc.put_destination(session, "operator:faults", centre.name, centre.secret, **told)


def rotation(centre: Centre) -> tuple[str, ...]:
    """The operator's command after a centre has changed its secret."""
    return "ioc", "rotate", centre.name, "--hours", "0", "--secret", centre.secret
