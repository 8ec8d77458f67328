"""Officers' passwords: argon2id (RFC 9106), at most two hashed at a time in a process.

Refused are those of a list of 30,000 common ones, and what is guessed like them (zxcvbn). It holds
15 MB and takes 30 ms to import, so a process has it once somebody sets a password.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from smartcity.core.errors import Invalid, Unavailable
from smartcity.core.text import clean, fold

SHORTEST = 12
LONGEST = 200
_TELLING = 4  # characters of a name: shorter ones stand in many a good password
_GUESSABLE = 2  # zxcvbn's score from 0: under 10^8 guesses
_ESTIMATED = 72  # characters that zxcvbn looks at
_WAIT = 1.0  # seconds for a turn: threads that wait longer would be missed by everybody else
_turns = BoundedSemaphore(2)
# OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str, username: str = "", field: str = "password") -> str:
    """The hash to keep; Invalid when `fault` finds one, Unavailable in a crowd."""
    found = fault(password, username)
    if found:
        raise Invalid(**{field: found})
    with _turn():
        return _hasher.hash(clean(password))


def fault(password: str, username: str = "") -> str | None:
    """Why nobody may have this password: too short, holds the account's name, easily guessed."""
    cleaned = clean(password)
    if not SHORTEST <= len(cleaned) <= LONGEST:
        return f"field.wrong_length|min={SHORTEST}&max={LONGEST}"
    if len(username) >= _TELLING and fold(username) in fold(cleaned):
        return "identity.password_has_name"
    return "identity.password_common" if _guessable(cleaned) else None


def hash_anew(password: str, kept: str) -> str | None:
    """A hash by today's parameters, for a right password whose hash was made by others."""
    if not _hasher.check_needs_rehash(kept):
        return None
    with _turn():
        return _hasher.hash(clean(password))


def _guessable(password: str) -> bool:
    from zxcvbn import zxcvbn  # noqa: PLC0415 - 15 MB

    looked_at = fold(password)[:_ESTIMATED]
    return int(zxcvbn(looked_at)["score"]) <= _GUESSABLE


def matches(password: str, kept: str | None) -> bool:
    """Whether the password has this hash; takes as long when there is none. May be Unavailable."""
    against = kept or _nobodys()
    with _turn():
        try:
            return _hasher.verify(against, clean(password)) and bool(kept)
        except VerificationError:
            return False


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of an account that is not there")


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=_WAIT):
        raise Unavailable("identity.busy", headers={"Retry-After": "2"})
    try:
        yield
    finally:
        _turns.release()
