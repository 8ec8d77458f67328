"""Officers' passwords: argon2id (RFC 9106), at most two hashed at a time in a process."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from smartcity.core.errors import Invalid, Unavailable
from smartcity.core.text import clean

SHORTEST = 12
LONGEST = 200
_WAIT = 1.0  # seconds for a turn: threads that wait longer would be missed by everybody else
_turns = BoundedSemaphore(2)
# OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    """The hash to keep; Invalid when shorter than 12 characters, Unavailable in a crowd."""
    cleaned = clean(password)
    if not SHORTEST <= len(cleaned) <= LONGEST:
        raise Invalid(password=f"field.wrong_length|min={SHORTEST}&max={LONGEST}")
    with _turn():
        return _hasher.hash(cleaned)


def matches(password: str, kept: str | None) -> bool:
    """Whether the password has this hash; takes as long when there is none. May be Unavailable."""
    against = kept or _nobodys()
    with _turn():
        try:
            return _hasher.verify(against, clean(password)) and kept is not None
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
