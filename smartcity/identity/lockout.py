"""How often an officer's account may be guessed at, without letting a guesser lock its owner out.

Failures are counted in lanes ("device cookies", OWASP Blocking Brute Force Attacks). A device that
this account has signed in on before has a lane of its own. All others share one a network, and a
wider one for the account: whoever fills these stops neither a known device, nor, until the wide
one is full, an unknown device of another network. A name without an account has lanes too, so
that nothing tells them apart. They are counted in the database, before a guess is judged, so that
a thousand guesses at once count as a thousand.
"""

import secrets
from dataclasses import dataclass
from math import ceil

from sqlalchemy.orm import Session

from smartcity.core import quota
from smartcity.core.caller import network_of
from smartcity.core.envelope import blind
from smartcity.core.signing import seal, unseal
from smartcity.core.web import too_many
from smartcity.identity.permissions import Principal

_NARROW = (10, 15 * 60)  # failures in seconds, of one device or one network
_WIDE = (100, 3600)  # of all unknown devices together
Lanes = tuple[str, ...]


@dataclass(frozen=True)
class Knock:
    """Somebody at the door: the name he gives, the token of his device, his network address."""

    username: str
    device_token: str | None
    address: str


def take(session: Session, who: Knock | Principal) -> Lanes:
    """Count a guess before it is judged; TooMany when it may not be. The caller commits.

    Who is signed in already, and proves himself once more, has a lane of his own.
    """
    lanes = _lanes(who)
    for name, (most, seconds) in lanes.items():
        wait = quota.take(session, name, most, seconds)
        if wait:
            raise too_many(ceil(wait))
    return tuple(lanes)


def give_back(session: Session, lanes: Lanes) -> None:
    """Do not count a guess: it was right, or nobody judged it."""
    for name in lanes:
        quota.give_back(session, name)


def device_token(knock: Knock) -> str:
    """What a device keeps once this account signed in on it: the token it showed, or a new one."""
    known = _known_device(knock)
    made = [knock.username.casefold(), secrets.token_urlsafe(12)]
    return knock.device_token or "" if known else seal("device", made)


def _lanes(who: Knock | Principal) -> dict[str, tuple[int, int]]:
    if isinstance(who, Principal):
        return {_lane("own", who.key): _NARROW}
    name, device = who.username.casefold(), _known_device(who)
    if device:
        return {_lane("device", name, device): _NARROW}
    return {_lane("network", name, network_of(who.address)): _NARROW, _lane("account", name): _WIDE}


def _lane(*parts: str) -> str:
    return f"guess:{blind('guess', ' '.join(parts))}"


def _known_device(knock: Knock) -> str | None:
    """The device that a token names, when we gave it to this account."""
    opened = unseal("device", knock.device_token) if knock.device_token else None
    if isinstance(opened, list) and opened[:1] == [knock.username.casefold()]:
        return str(opened[1])
    return None
