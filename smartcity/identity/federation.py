"""Signing in at another provider: the person is sent there, and what comes back is spent once.

A request under way is bound to the browser or session that began it, so that nobody can have
another sign in, or verify, as him (RFC 9700 §4.7). The provider is never asked inside a
transaction: `begin`, then `keep`; `spend`, then `identify`.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import delete
from sqlalchemy.orm import Session

from smartcity.adapters.oidc import Exchange, Provider
from smartcity.core import clock
from smartcity.core.context import per_app, settings
from smartcity.core.db import insert
from smartcity.core.envelope import blind, seal, unseal
from smartcity.core.errors import Conflict, NotFound, Permanent, Temporary, Unavailable
from smartcity.core.expiry import Over
from smartcity.identity.federation_models import AuthorizationRequest
from smartcity.settings import Settings

LIFETIME = timedelta(minutes=10)
CALLBACK = "/console/sso/callback"
LONGEST = 2_000  # characters of a state, code or iss
_SEALED = "oidc"
log = structlog.get_logger(__name__)


class Door(StrEnum):
    """Who signs in: each kind of person has a provider of its own."""

    OFFICERS = "officers"
    CITIZENS = "citizens"


@dataclass(frozen=True)
class Begun:
    """A request that is to be kept; `bound_to` names the browser or session and is secret."""

    door: Door
    exchange: Exchange
    authorization_url: str
    bound_to: str
    expires_at: datetime


@dataclass(frozen=True)
class Identity:
    """Whom a provider vouches for."""

    issuer: str
    subject: str
    claims: dict[str, Any]


def begin(door: Door, bound_to: str) -> Begun:
    """A new request. Asks the provider where to send people: Unavailable when it is away.

    NotFound when no provider is set up.
    """
    provider, redirect_uri = _provider(door)
    exchange = Exchange(
        redirect_uri,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
    )
    try:
        url = provider.authorization_url(exchange)
    except Temporary as fault:
        raise _away(door, fault) from None
    return Begun(door, exchange, url, bound_to, clock.now() + LIFETIME)


def keep(session: Session, begun: Begun) -> None:
    """Remember a request; one before it of the same browser or session is forgotten."""
    bound_to = _bound(begun.door, begun.bound_to)
    before = AuthorizationRequest.bound_to == bound_to
    session.execute(delete(AuthorizationRequest).where(before))
    insert(
        session,
        AuthorizationRequest,
        state_index=blind("oidc.state", begun.exchange.state),
        bound_to=bound_to,
        sealed=seal(_SEALED, f"{begun.exchange.nonce} {begun.exchange.verifier}"),
        expires_at=begun.expires_at,
    )


def spend(session: Session, door: Door, state: str, bound_to: str) -> Exchange:
    """The request of a state, once; Conflict when it is unknown, over, spent or another's.

    The caller commits before he asks the provider: whatever comes of that, the state is spent.
    """
    sealed = session.scalar(
        delete(AuthorizationRequest)
        .where(AuthorizationRequest.state_index == blind("oidc.state", state))
        .where(AuthorizationRequest.bound_to == _bound(door, bound_to))
        .where(AuthorizationRequest.expires_at > clock.now())
        .returning(AuthorizationRequest.sealed)
    )
    opened = unseal(_SEALED, sealed) if sealed else None
    if opened is None:
        raise Conflict("federation.over")
    nonce, _, verifier = opened.partition(" ")
    return Exchange(_provider(door)[1], state, nonce, verifier)


def identify(door: Door, exchange: Exchange, code: str, iss: str | None) -> Identity:
    """Whom the provider vouches for, by the code and `iss` of the answer.

    Conflict when it does not, or the answer is not its own; Unavailable when it is away.
    """
    provider, _ = _provider(door)
    try:
        claims = provider.claims(exchange, code, iss)
    except Temporary as fault:
        raise _away(door, fault) from None
    except Permanent as fault:
        log.warning("federation.refused", door=door, reason=str(fault))
        raise Conflict("federation.refused") from None
    return Identity(provider.issuer, claims["sub"], claims)


def over() -> Over:
    """The requests that nobody came back from."""
    return Over(AuthorizationRequest, (AuthorizationRequest.expires_at < clock.now(),))


def _provider(door: Door) -> tuple[Provider, str]:
    """The provider behind a door, and our redirect URI there, letter by letter."""
    found = _providers()[door]
    if not found.issuer:
        raise NotFound("federation.off")
    officers = settings().public_url.rstrip("/") + CALLBACK
    return found, officers if door is Door.OFFICERS else settings().citizen_oidc_redirect


@per_app
def _providers(settings: Settings) -> dict[Door, Provider]:
    of = settings
    return {
        Door.OFFICERS: Provider(
            of.officer_oidc_issuer, of.officer_oidc_client, of.officer_oidc_secret
        ),
        Door.CITIZENS: Provider(
            of.citizen_oidc_issuer, of.citizen_oidc_client, of.citizen_oidc_secret
        ),
    }


def _bound(door: Door, to: str) -> str:
    return blind(f"oidc.{door}", to)


def _away(door: Door, fault: Temporary) -> Unavailable:
    log.warning("federation.away", door=door, reason=str(fault))
    return Unavailable("federation.away", headers={"Retry-After": "30"})
