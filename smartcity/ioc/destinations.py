"""Operations centres and other systems that hear of reports: who hears what, and who speaks."""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.adapters.centres import DRIVERS, Driver, Endpoint, is_signed, keys
from smartcity.core import clock, envelope
from smartcity.core.cache import Remembered
from smartcity.core.context import per_app
from smartcity.core.db import lock_row, reading
from smartcity.core.errors import NotFound, PreconditionFailed
from smartcity.identity.permissions import Principal, Role
from smartcity.ioc.models import Destination, Start
from smartcity.reports import service as reports
from smartcity.settings import Settings

PULL = "pull"  # the driver of a centre that fetches for itself
SEALED_FOR = "ioc"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")  # stands in URLs and in names of queues
_KEPT = timedelta(seconds=5)  # that a worker goes on with what it knew of a destination


def hold(session: Session, name: str, version: int | None = None) -> Destination:
    """A destination, held until the transaction ends. Raises NotFound, PreconditionFailed."""
    named = Destination.name == (name if NAME.fullmatch(name) else "")
    destination = lock_row(session, select(Destination), named)
    if destination is None or destination.retired_at:
        raise NotFound("ioc.no_destination")
    if version is not None and destination.version != version:
        raise PreconditionFailed("precondition.failed")
    return destination


def find(session: Session, name: str) -> Destination:
    """A destination, also one that is retired. Raises NotFound."""
    destination = session.get(Destination, name) if NAME.fullmatch(name) else None
    if destination is None:
        raise NotFound("ioc.no_destination")
    return destination


def known(session: Session) -> Sequence[Destination]:
    """Every destination by name, retired ones too."""
    return session.scalars(select(Destination).order_by(Destination.name)).all()


def active(session: Session) -> Sequence[Destination]:
    """The destinations that are not retired, by name."""
    query = select(Destination).where(Destination.retired_at.is_(None))
    return session.scalars(query.order_by(Destination.name)).all()


def hearing(
    session: Session, report: reports.Report, event: reports.ReportEvent
) -> list[Destination]:
    """Who hears of a step: never the one that caused it."""
    return [d for d in active(session) if hears(d, report, event)]


def hears(destination: Destination, report: reports.Report, event: reports.ReportEvent) -> bool:
    """Whether a destination hears of a step; never of one that it caused."""
    if event.actor == principal_of(destination.name).key:
        return False
    if destination.start == Start.ACCEPTED and not _accepted_by(report, event.at):
        return False
    kinds = {report.category, report.category.partition(".")[0]}
    return (
        (destination.categories is None or not kinds.isdisjoint(destination.categories))
        and (destination.areas is None or report.area in destination.areas)
        and (destination.moves is None or event.move in destination.moves)
    )


def kept(session: Session, hearing: Sequence[Destination]) -> list[Destination]:
    """Those not retired meanwhile; none of them can be before the transaction ends."""
    named = Destination.name.in_([destination.name for destination in hearing])
    query = select(Destination).where(named, Destination.retired_at.is_(None))
    held = query.order_by(Destination.name).with_for_update(read=True, key_share=True)
    return list(session.scalars(held))


def is_sent_to(destination: Destination) -> bool:
    """Whether we send, or it fetches."""
    return destination.driver != PULL


def queue(name: str) -> str:
    """The destination's own queue: breaker, pause and limits hang on it."""
    return f"ioc:{name}"


def principal_of(name: str) -> Principal:
    """A destination as the one who acts on reports."""
    return Principal(Role.OPERATIONS_CENTRE, name)


def signer(session: Session, headers: Mapping[str, str], body: bytes) -> Destination | None:
    """The destination that signed a body within the last five minutes."""
    for destination in active(session):
        if _signed(destination, headers, body):
            return destination
    return None


def of_partner(session: Session, partner_id: uuid.UUID) -> Destination | None:
    """The destination for which a partner's key stands."""
    query = select(Destination).where(
        Destination.partner_id == partner_id, Destination.retired_at.is_(None)
    )
    return session.scalars(query).one_or_none()


def secrets(destination: Destination) -> tuple[str, ...]:
    """The secrets that are good now, the newest first."""
    sealed = [destination.secret_sealed]
    until = destination.old_secret_until
    if destination.old_secret_sealed and until and until > clock.now():
        sealed.append(destination.old_secret_sealed)
    opened = [envelope.unseal(SEALED_FOR, value) for value in sealed]
    return tuple(secret for secret in opened if secret is not None)


def endpoint_of(destination: Destination) -> Endpoint:
    """What a driver is made with."""
    return Endpoint(
        destination.name,
        destination.url,
        secrets(destination),
        destination.timeout,
        destination.options,
    )


def driver(name: str) -> Driver:
    """What speaks to a destination; its connections are kept as long as it does not change."""
    found = _reaches()(name, _read)
    known = _drivers().get(name)
    if known is None or known[0] != found:
        kind, endpoint = found
        known = _drivers()[name] = found, DRIVERS[kind](endpoint)
    return known[1]


def forget(name: str) -> None:
    """Read a destination anew at its next use in this process; after a change was committed."""
    _reaches().forget(name)


def _accepted_by(report: reports.Report, moment: datetime) -> bool:
    return report.accepted_at is not None and report.accepted_at <= moment


def _signed(destination: Destination, headers: Mapping[str, str], body: bytes) -> bool:
    try:
        return is_signed(keys(secrets(destination)), headers, body)
    except ValueError:  # its secret is of another kind: it signs nothing
        return False


def _read(name: str) -> tuple[str, Endpoint]:
    with reading() as session:
        destination = find(session, name)
        return destination.driver, endpoint_of(destination)


@per_app
def _reaches(_settings: Settings) -> Remembered[str, tuple[str, Endpoint]]:
    return Remembered(_KEPT, 100)


@per_app
def _drivers(_settings: Settings) -> dict[str, tuple[tuple[str, Endpoint], Driver]]:
    return {}
