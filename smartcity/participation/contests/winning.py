"""Who wins what: prizes go by rank, and where equals do not all get the same the lot decides."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import Session

from smartcity.participation.contests.draws import in_order
from smartcity.participation.contests.models import Entrant
from smartcity.participation.contests.ranking import in_order as ranking
from smartcity.participation.contests.ranking import ranked

Result = tuple[int, int]  # points, milliseconds


def winners(
    session: Session, contest_id: uuid.UUID, prizes: Sequence[Mapping[str, Any]], seed: str
) -> list[dict[str, Any]]:
    """The winners, a row for each prize that somebody wins, the first place first."""
    titles = [prize["title"] for prize in prizes for _ in range(prize["count"])]
    places = _by_lot(_near(session, contest_id, len(titles)), seed)
    return [
        {
            "contest_id": contest_id,
            "place": place,
            "citizen_id": row.citizen_id,
            "entrant_id": row.id,
            "called": row.called,
            "ward": row.ward,
            "rank": rank,
            "prize": title,
            "points": row.points,
            "took_ms": row.took_ms,
        }
        for place, (title, (rank, row)) in enumerate(zip(titles, places, strict=False), start=1)
    ]


def equals(
    session: Session, contest_id: uuid.UUID, results: Iterable[Result], seed: str
) -> list[dict[str, Any]]:
    """Everybody who shares one of some results with another, in the order of the lot."""
    wanted = sorted(set(results), key=lambda result: (-result[0], result[1]))
    same = or_(*(and_(Entrant.points == p, Entrant.took_ms == ms) for p, ms in wanted))
    query = ranking(contest_id).where(same) if wanted else None
    rows = session.execute(query).all() if query is not None else []
    groups = ((result, list(group)) for result, group in groupby(rows, _result))
    return [
        {
            "points": points,
            "took_ms": took_ms,
            "entrants": [str(ident) for ident in in_order(seed, [row.id for row in group])],
        }
        for (points, took_ms), group in groups
        if len(group) > 1
    ]


def entrants(session: Session, contest_id: uuid.UUID) -> int:
    """How many have a result."""
    ended = Entrant.contest_id == contest_id, Entrant.points.is_not(None)
    return session.scalars(select(func.count()).select_from(Entrant).where(*ended)).one()


def _near(session: Session, contest_id: uuid.UUID, number: int) -> Sequence[Row[Any]]:
    """The first so many of the ranking, and whoever equals the last of them."""
    query = ranking(contest_id)
    first = session.execute(query.limit(number)).all()
    if len(first) < number or not first:
        return first
    last = first[-1]
    same = Entrant.points == last.points, Entrant.took_ms == last.took_ms
    before = [row for row in first if _result(row) != _result(last)]
    return [*before, *session.execute(query.where(*same)).all()]


def _by_lot(rows: Sequence[Row[Any]], seed: str) -> list[tuple[int, Row[Any]]]:
    by_id = {row.id: (rank, row) for rank, row in ranked(rows)}
    groups = (list(group) for _, group in groupby(rows, _result))
    return [by_id[ident] for group in groups for ident in in_order(seed, [row.id for row in group])]


def _result(row: Row[Any]) -> Result:
    return row.points, row.took_ms
