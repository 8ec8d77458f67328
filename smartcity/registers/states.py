"""The states of an entry, and the deeds that lead from one to another: the one table of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from smartcity.registers.models import State


@dataclass(frozen=True)
class Deed:
    """What an officer does to an entry as a whole; `past` names it in its versions."""

    name: str
    past: str
    sources: Collection[State]
    target: State


PUBLISH = Deed("publish", "published", {State.DRAFT, State.WITHDRAWN}, State.PUBLISHED)
WITHDRAW = Deed("withdraw", "withdrawn", {State.PUBLISHED}, State.WITHDRAWN)
DISCARD = Deed("discard", "discarded", {State.DRAFT}, State.DISCARDED)
DEEDS: Mapping[str, Deed] = {deed.name: deed for deed in (PUBLISH, WITHDRAW, DISCARD)}
