"""The lot between equals: bound from the start, open with the results, the same for everybody.

Equals stand in the rising order of SHA-256(seed + ":" + entrant id), both as the texts that the
public reads (docs/guides/app.md shows it in ten lines of Python).
"""

import hashlib
import secrets
import uuid
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.db import insert_if_absent
from smartcity.core.envelope import seal, unseal
from smartcity.participation.contests.models import Draw

_PURPOSE = "contest-draw"


def commitment(session: Session, contest_id: uuid.UUID) -> str:
    """The SHA-256 of a contest's seed; the seed is drawn when first asked for."""
    query = select(Draw.commitment).where(Draw.contest_id == contest_id)
    found = session.scalar(query)
    if found is None:
        _make(session, contest_id)
        found = session.scalars(query).one()
    return found


def seed_of(draw: Draw) -> str:
    """The seed; RuntimeError when its data key is gone."""
    seed = unseal(_PURPOSE, draw.seed)
    if seed is None:
        raise RuntimeError(f"no key opens the seed of contest {draw.contest_id}")
    return seed


def in_order(seed: str, entrants: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Entrants as the lot puts them."""
    return sorted(entrants, key=lambda entrant: _sha256(f"{seed}:{entrant}"))


def _make(session: Session, contest_id: uuid.UUID) -> None:
    seed = secrets.token_hex(32)
    bound = {"seed": seal(_PURPOSE, seed), "commitment": _sha256(seed)}
    insert_if_absent(session, Draw, contest_id=contest_id, version=1, **bound)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
