"""How a department's Open311 server is spoken to: the options of its destination, checked.

All are texts: `service.<our category> CODE`, `default_service CODE`, `jurisdiction_id ID`,
`move.<their status> "our moves"`, `updates requests`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smartcity.core.errors import Permanent

# What a centre may do, and what each step must bring, as reports/workflow.py has it.
MOVES: dict[str, frozenset[str]] = {
    "accept": frozenset(),
    "assign": frozenset({"agency"}),
    "reject": frozenset({"reason", "public_text"}),
    "mark_duplicate": frozenset({"public_text"}),
    "request_info": frozenset({"public_text"}),
    "start": frozenset(),
    "return_to_ioc": frozenset({"reason", "public_text"}),
    "propose_result": frozenset({"public_text"}),
    "approve_result": frozenset(),
    "send_back": frozenset({"public_text"}),
    "resolve": frozenset(),
    "grant_appeal": frozenset({"public_text"}),
    "deny_appeal": frozenset({"public_text"}),
}
UPDATES, REQUESTS = "servicerequestupdates", "requests"
_SERVICE, _MOVE = "service.", "move."
_PLAIN = {"default_service", "jurisdiction_id", "updates"}


@dataclass(frozen=True)
class Step:
    """One of our moves, with its agency or reason."""

    move: str
    told: Mapping[str, str]

    @property
    def needs_words(self) -> bool:
        return "public_text" in MOVES[self.move]


@dataclass(frozen=True)
class Options:
    """`steps` are what their statuses mean here; `updates` where they tell of them."""

    services: Mapping[str, str]
    default_service: str | None
    jurisdiction_id: str | None
    steps: Mapping[str, tuple[Step, ...]]
    updates: str

    def service_of(self, category: str) -> str:
        """Their code for a category, or for the one above it; Permanent when there is none."""
        above = category.partition(".")[0]
        code = self.services.get(category) or self.services.get(above) or self.default_service
        if code is None:
            raise Permanent(f"no service code for {category}")
        return code


def read(given: Mapping[str, Any]) -> Options:
    """The options of a destination; ValueError for what can never work."""
    if not all(isinstance(value, str) and value.strip() for value in given.values()):
        raise ValueError("an option is a text that is not empty")
    services, steps = _under(_SERVICE, given), _under(_MOVE, given)
    known = {*_PLAIN, *(_SERVICE + name for name in services), *(_MOVE + name for name in steps)}
    if unknown := set(given) - known:
        raise ValueError(f"no such option: {min(unknown)}")
    updates = given.get("updates", UPDATES)
    if updates not in (UPDATES, REQUESTS):
        raise ValueError(f"updates is {UPDATES} or {REQUESTS}")
    default = given.get("default_service")
    if not (services or default):
        raise ValueError("no service code at all")
    walks = {name.casefold(): tuple(map(_step, value.split())) for name, value in steps.items()}
    return Options(services, default, given.get("jurisdiction_id"), walks, updates)


def _under(family: str, given: Mapping[str, str]) -> dict[str, str]:
    """The options whose names begin so, by the rest of their names."""
    named = {name.removeprefix(family): name for name in given if name.startswith(family)}
    return {rest: given[name] for rest, name in named.items() if rest}


def _step(written: str) -> Step:
    """`accept`, `assign:<agency>`, `reject:<reason>`: a move, with what it must bring."""
    move, _, argument = written.partition(":")
    if move not in MOVES:
        raise ValueError(f"no such move: {move}")
    takes = MOVES[move] & {"agency", "reason"}
    if bool(argument) > bool(takes) or ("reason" in takes and not argument):
        raise ValueError(f"{move} takes {' '.join(takes) or 'nothing'}")
    return Step(move, dict.fromkeys(takes, argument) if argument else {})
