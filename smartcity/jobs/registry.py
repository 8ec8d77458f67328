"""Which function does a job of which name, and by which rules its queue runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from smartcity.core.context import settings
from smartcity.jobs.lease import Lease

Work = Callable[[Lease], None]
Sweep = TypeVar("Sweep", bound=Callable[[], None])
Handling = TypeVar("Handling", bound=Work)


class UnknownJob(Exception):
    """No handler is registered for this name."""


@dataclass(frozen=True)
class Handler:
    """A job's function and its queue; `lease` in seconds, `cap` leases at once in the fleet."""

    name: str
    run: Work
    queue: str
    lease: float | None
    breaker: bool
    cap: int | None


@dataclass(frozen=True)
class QueueRule:
    """How a queue runs: what its handlers asked for, the most cautious word of each."""

    lease: float
    breaker: bool
    cap: int | None


PERIODIC = "periodic"  # the queue of short periodic jobs
_handlers: dict[str, Handler] = {}
_periods: dict[str, float] = {}


def handler(
    name: str,
    *,
    queue: str | None = None,
    lease: float | None = None,
    breaker: bool = False,
    cap: int | None = None,
) -> Callable[[Handling], Handling]:
    """Register the function of a job name.

    `queue`: by default the name's part before the dot. `lease`: seconds until a silent worker's
    job is given to another, by default `settings.job_lease`; work that takes longer renews.
    `breaker`: five Temporary failures in a row hold the queue back. `cap`: leases at once in the
    whole fleet.
    """

    def register(run: Handling) -> Handling:
        if name in _handlers:
            raise ValueError(f"{name} has a handler already")
        _handlers[name] = Handler(name, run, queue or name.partition(".")[0], lease, breaker, cap)
        return run

    return register


def periodic(
    name: str, *, every: float, queue: str = PERIODIC, lease: float | None = None
) -> Callable[[Sweep], Sweep]:
    """Run a function once in each period of `every` seconds, counted from the Unix epoch.

    Once in the whole fleet. A run that is late or failing stands for those that it delays. A long
    one names another queue: all of a queue wait out its longest lease when their worker dies.
    """
    if lease and queue == PERIODIC:
        raise ValueError(f"{name} needs a queue of its own")

    def register(run: Sweep) -> Sweep:
        handler(name, queue=queue, lease=lease)(lambda _lease: run())
        _periods[name] = every
        return run

    return register


def handler_of(name: str) -> Handler:
    """The handler of a job name. Raises UnknownJob."""
    if name not in _handlers:
        raise UnknownJob(name)
    return _handlers[name]


def periods() -> dict[str, float]:
    """The periodic jobs and their seconds."""
    return dict(_periods)


def served(queue: str) -> bool:
    """Whether this program has a handler for a queue: another release's job is left to it."""
    return any(h.queue == family(queue) for h in _handlers.values())


def family(queue: str) -> str:
    """The queue as handlers register it: `ioc` of `ioc:province`, the queue of one destination."""
    return queue.partition(":")[0]


def rule(queue: str) -> QueueRule:
    """The rule of a queue; a destination's queue has its family's."""
    members = [h for h in _handlers.values() if h.queue == family(queue)]
    return QueueRule(
        lease=max(h.lease or settings().job_lease for h in members),
        breaker=any(h.breaker for h in members),
        cap=min((h.cap for h in members if h.cap), default=None),
    )
