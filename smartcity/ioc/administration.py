"""Destinations as an admin keeps them: made, changed, their secrets rotated.

`actor` is who does it, as the audit names him. A secret is returned once and kept sealed.
"""

import base64
import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from sqlalchemy import update
from sqlalchemy.orm import Session

from smartcity.adapters.centres import DRIVERS, Unfit, keys
from smartcity.areas import service as areas
from smartcity.audit.service import record
from smartcity.core import clock, envelope
from smartcity.core.context import settings
from smartcity.core.errors import Conflict, Invalid
from smartcity.identity import service as identity
from smartcity.ioc.destinations import (
    NAME,
    PULL,
    SEALED_FOR,
    active,
    endpoint_of,
    hold,
    is_sent_to,
    of_partner,
    queue,
    secrets,
)
from smartcity.ioc.models import OPEN, Delivery, Destination, Start, State
from smartcity.jobs import service as jobs
from smartcity.reports import service as reports
from smartcity.safety import is_elsewhere

DEFAULTS: dict[str, Any] = {
    "driver": "cloudevents",
    "url": "",
    "categories": None,
    "areas": None,
    "moves": None,
    "start": Start.SUBMITTED,
    "timeout": 10.0,
    "concurrency": 8,
    "per_second": 50.0,
    "ack_hours": 26,
    "partner_id": None,
    "options": {},
}


def create(
    session: Session, actor: str, name: str, secret: str | None = None, **asked: Any
) -> tuple[Destination, str]:
    """A new destination and its secret, made here when none is given; fields as in DEFAULTS.

    Raises Conflict for a name that is taken, Invalid for what cannot work.
    """
    if session.get(Destination, name):
        raise Conflict("ioc.destination_exists", name=name)
    secret = secret or new_secret()
    _refuse_shared(session, secret)
    destination = Destination(
        name=name,
        **{**DEFAULTS, **asked},
        secret_sealed=envelope.seal(SEALED_FOR, secret),
        offset=0,
        version=1,
        created_at=clock.now(),
    )
    _check(destination)
    _check_partner(session, destination)
    session.add(destination)
    session.flush()
    _limit(session, destination)
    record(session, actor, "destination.create", ("destination", None), after=_state(destination))
    return destination, secret


def put(session: Session, actor: str, name: str, secret: str, **asked: Any) -> None:
    """Make a destination, or give the one of this name these values and this secret at once."""
    known = session.get(Destination, name)
    if known is None:
        create(session, actor, name, secret, **asked)
        return
    if secret not in secrets(known):
        rotate(session, actor, name, known.version, timedelta(0), secret)
    change(session, actor, name, known.version, asked)


def change(
    session: Session, actor: str, name: str, version: int, asked: Mapping[str, Any]
) -> Destination:
    """Change what a destination hears, where it is and how fast; workers know within 5 s."""
    destination = hold(session, name, version)
    before = _state(destination)
    for field, value in asked.items():
        setattr(destination, field, value)
    _check(destination)
    _check_partner(session, destination)
    _limit(session, destination)
    _changed(session, actor, "change", destination, before)
    return destination


def rotate(
    session: Session,
    actor: str,
    name: str,
    version: int,
    grace: timedelta,
    secret: str | None = None,
) -> tuple[Destination, str]:
    """A second secret: both sign and both are accepted for `grace`, then the new one alone."""
    destination = hold(session, name, version)
    secret = secret or new_secret()
    _refuse_shared(session, secret)
    before = _state(destination)
    destination.old_secret_sealed = destination.secret_sealed
    destination.old_secret_until = clock.now() + grace
    destination.secret_sealed = envelope.seal(SEALED_FOR, secret)
    _check(destination)
    _changed(session, actor, "rotate", destination, before)
    return destination, secret


def retire(session: Session, actor: str, name: str, version: int, reason: str) -> Destination:
    """Let a destination hear nothing any more; what it has not got is superseded, for good."""
    destination = hold(session, name, version)
    before = _state(destination)
    destination.retired_at, destination.partner_id = clock.now(), None  # whose key goes free
    given_up = update(Delivery).where(Delivery.destination == name, OPEN)
    session.connection().execute(given_up.values(state=State.SUPERSEDED, next_at=None))
    jobs.drop_queue(session, queue(name))
    _changed(session, actor, "retire", destination, before, reason=reason)
    return destination


def new_secret() -> str:
    """A secret as Standard Webhooks writes them, of 32 bytes."""
    return f"whsec_{base64.b64encode(os.urandom(32)).decode()}"


def _refuse_shared(session: Session, secret: str) -> None:
    """A signature has to tell one destination from another."""
    if any(secret in secrets(other) for other in active(session)):
        raise Invalid(secret="ioc.secret_shared")  # noqa: S106 - a text's key


def _check(destination: Destination) -> None:
    """Raise Invalid for what could never work, field by field."""
    if not NAME.fullmatch(destination.name):
        raise Invalid(name="ioc.bad_name")
    if destination.driver not in {*DRIVERS, PULL}:
        raise Invalid(driver="ioc.no_driver")
    if is_sent_to(destination) == (not destination.url):
        raise Invalid(url="ioc.url_needed" if is_sent_to(destination) else "ioc.url_not_needed")
    if 2 * destination.timeout > settings().job_lease:  # another worker would send it meanwhile
        raise Invalid(timeout="ioc.timeout_too_long")
    _check_filter(destination)
    if settings().production:
        _check_urls(destination)
    try:
        if is_sent_to(destination):
            DRIVERS[destination.driver](endpoint_of(destination))
        else:
            keys(secrets(destination))
    except Unfit as fault:
        raise Invalid(**{fault.field: f"ioc.unfit|fault={quote(str(fault))}"}) from None
    except ValueError as fault:
        raise Invalid(options=f"ioc.bad_options|fault={quote(str(fault))}") from None


def _check_urls(destination: Destination) -> None:
    named = {f"options.{key}": value for key, value in destination.options.items()}
    urls = {key: url for key, url in named.items() if key.endswith("url") and url}
    if is_sent_to(destination):
        urls["url"] = destination.url
    if wrong := [field for field, url in urls.items() if not is_elsewhere(url)]:
        raise Invalid(**dict.fromkeys(wrong, "ioc.url_in_clear"))


def _check_partner(session: Session, destination: Destination) -> None:
    """His key stands for one destination, since it has to tell one from another."""
    if destination.partner_id is None:
        return
    if not identity.is_partner(session, destination.partner_id):
        raise Invalid(partner_id="ioc.no_partner")
    with session.no_autoflush:
        other = of_partner(session, destination.partner_id)
    if other and other.name != destination.name:
        raise Invalid(partner_id="ioc.partner_taken")


def _check_filter(destination: Destination) -> None:
    known = {
        "categories": reports.choices().categories,
        "areas": areas.reference().areas,
        "moves": {"submit", *reports.MOVES},
    }
    for field, codes in known.items():
        if not set(getattr(destination, field) or ()) <= set(codes):
            raise Invalid(**{field: "ioc.unknown_code"})


def _limit(session: Session, destination: Destination) -> None:
    jobs.limit(
        session,
        queue(destination.name),
        cap=destination.concurrency,
        per_second=destination.per_second,
    )


def _changed(
    session: Session,
    actor: str,
    deed: str,
    destination: Destination,
    before: dict[str, Any],
    **told: Any,
) -> None:
    destination.version += 1
    session.flush()
    subject, after = ("destination", None), _state(destination)
    record(session, actor, f"destination.{deed}", subject, before=before, after=after, **told)


def _state(destination: Destination) -> dict[str, Any]:
    """What the audit keeps of a destination: all but its secrets."""
    until = destination.old_secret_until
    partner, retired = destination.partner_id, destination.retired_at
    kept = ("name", *DEFAULTS.keys() - {"partner_id"})
    return {
        **{field: getattr(destination, field) for field in kept},
        "partner_id": str(partner) if partner else None,
        "old_secret_until": until.isoformat() if until else None,
        "retired_at": retired.isoformat() if retired else None,
    }
