"""What every operations centre's driver does, whatever its centre speaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from smartcity.adapters.outbound import Answer
from smartcity.core.errors import OutsideError, Permanent, Temporary

REFUSED = {400, 404, 409, 413, 422}  # the centre will never take this event
REFUSES_US = {401, 403}  # our credentials: a person must look, and nothing is lost meanwhile
GONE = 410


class Gone(Temporary):
    """The centre has shut this endpoint for good; deliveries wait until a person names another."""


class Unnamed(OutsideError):
    """The centre took a report and names it later: asked again, with `reference` as what to ask by.

    No fault of the centre, so it does not count towards the breaker.
    """

    def __init__(self, reason: str, reference: str) -> None:
        super().__init__(reason)
        self.reference = reference


class Unfit(ValueError):
    """This `url` or `secret` can never work with this driver."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True)
class Endpoint:
    """Where a driver sends to: the newest secret first, `timeout` in seconds for one exchange."""

    name: str
    url: str
    secrets: tuple[str, ...]
    timeout: float
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outgoing:
    """One event on its way: `body` is the CloudEvent, the same bytes on every attempt.

    `again`: an attempt before this one may have arrived. `reference`: what the centre called this
    report earlier. `repair`: the reconciliation that asked for it to be sent once more.
    """

    id: str
    code: str
    sequence: int
    move: str
    body: str
    again: bool = False
    reference: str | None = None
    repair: str | None = None


@dataclass(frozen=True)
class Polled:
    """What a centre had to say: callbacks as it would have sent them, and where to go on.

    A centre that has names of its own tells `reference` in place of `report`, and as `update` what
    it calls this step: ioc/references.py makes ours of them. `more`: there is more to ask for now,
    else it is asked again in `every` seconds.
    """

    callbacks: Sequence[Mapping[str, Any]]
    cursor: str
    more: bool = False
    every: float = 60.0


class Driver(Protocol):
    """One kind of centre. Made with an Endpoint; ValueError when that can never work: Unfit, or
    else its options are to blame.

    Every method talks to the centre outside any transaction and raises Permanent or Temporary.
    """

    needs_reference: ClassVar[bool]  # whether `deliver` wants the report's earlier reference

    def __init__(self, endpoint: Endpoint) -> None: ...

    def deliver(self, outgoing: Outgoing) -> str | None:
        """Hand an event over; the centre's own reference, if it gave one. May raise Unnamed.

        After no answer or a 5xx it may have arrived: the same event goes again.
        """

    def poll(self, cursor: str | None) -> Polled | None:
        """What the centre did since `cursor`; None for a centre that calls us."""

    def reconcile(self, page: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What the centre holds of a page of reports; None for one that cannot tell."""


def judged(answer: Answer) -> Answer:
    """The answer when it is good.

    Raises Permanent for what the centre refuses for good, Gone for 410, else Temporary.
    """
    status = answer.status
    if answer.good:
        return answer
    if status in REFUSED:
        raise Permanent(f"HTTP {status}")
    if status == GONE:
        raise Gone("HTTP 410")
    raise Temporary(
        f"HTTP {status}",
        retry_after=answer.retry_after,
        opens_breaker=status in REFUSES_US,
        arrived=None if status >= 500 else False,
    )
