"""The tables of moves that the guides show, made from the workflow table."""

from smartcity.identity.permissions import OFFICER_ROLES, Role
from smartcity.reports.officer_routes import SUB_RESOURCES
from smartcity.reports.workflow import MOVES, Move, Status


def centres_moves() -> list[list[str]]:
    """Rows of ioc.md: move, from, to, needs; those that an outside centre may make."""
    ours = [move for move in MOVES.values() if Role.OPERATIONS_CENTRE in move.roles]
    return [[f"`{move.name}`", _sources(move), _target(move), _needs(move)] for move in ours]


def officers_moves() -> list[list[str]]:
    """Rows of officer.md: sub-resource, move, from, to, who, needs."""
    return [
        [f"`{noun}`", f"`{name}`", _sources(row), _target(row), _who(row), _needs(row)]
        for noun, (name, *_) in SUB_RESOURCES.items()
        for row in [MOVES[name]]
    ]


def _sources(move: Move) -> str:
    return ", ".join(f"`{status}`" for status in Status if status in move.sources)


def _target(move: Move) -> str:
    if move.stays:
        return "–"
    return f"`{move.target}`" if move.target else "where it was asked"


def _who(move: Move) -> str:
    return ", ".join(f"`{role}`" for role in Role if role in move.roles & OFFICER_ROLES)


def _needs(move: Move) -> str:
    return ", ".join(f"`{need}`" for need in sorted(move.needs)) or "–"
