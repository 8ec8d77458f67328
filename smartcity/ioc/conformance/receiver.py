"""A receiver under examination: what is sent to it, what it answers, and what it then holds."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from time import monotonic
from urllib.parse import urljoin

from standardwebhooks import Webhook

from smartcity.adapters.centres import keys
from smartcity.adapters.centres.cloud_events import CONTENT_TYPE, REPAIR
from smartcity.adapters.outbound import TrustedPool
from smartcity.core.errors import Temporary
from smartcity.core.ids import new_id
from smartcity.ioc.conformance import pages
from smartcity.ioc.conformance.findings import Failed, Unseen
from smartcity.ioc.conformance.probes import Probe, Probes

PATIENCE = 20.0  # seconds beyond the time-out, to tell a late answer from none
_NOW = timedelta()


@dataclass(frozen=True)
class Reply:
    """What came of one request; no status when no answer came."""

    status: int | None
    seconds: float
    body: bytes = b""
    fault: str = ""

    @property
    def good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def held(self) -> pages.Held | None:
        """What it tells of reports; None when it is no answer to that question."""
        return pages.read_page(self.status, self.body)

    def __str__(self) -> str:
        told = f"HTTP {self.status}" if self.status else f"no answer ({self.fault})"
        return f"{told} after {self.seconds:.2f} s"


@dataclass
class Receiver:
    """The receiver at `url`; `timeout` is how long a delivery waits, in seconds.

    ValueError for a secret that is none. Every method that judges raises Failed, and Unseen where
    the receiver's inside would have to be known and is not.
    """

    url: str
    secret: str
    old_secret: str | None = None
    reconcile_url: str | None = None
    timeout: float = 10.0
    probes: Probes = field(default_factory=Probes)
    shows: bool = False  # whether it tells what it holds

    def __post_init__(self) -> None:
        [self.key] = keys([self.secret])
        self.old_key = keys([self.old_secret])[0] if self.old_secret else None
        self.strange_key = Webhook(token_bytes(24))  # of a stranger, or one it does not know yet

    @property
    def reconciliation(self) -> str:
        """Where it is asked what it holds."""
        return self.reconcile_url or urljoin(self.url, "reconciliation")

    def send(
        self,
        probe: Probe,
        *by: Webhook,
        content: Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Post an event, signed by its own key if none is named."""
        signed = signatures(by or (self.key,), probe.id, probe.body)
        return self.post(probe, {**signed, **(headers or {})}, content)

    def post(
        self,
        probe: Probe,
        headers: Mapping[str, str],
        content: Iterable[bytes] | None = None,
    ) -> Reply:
        """Post an event on a connection of its own, under just these headers."""
        length = str(len(probe.body))
        told = {"Content-Type": CONTENT_TYPE, "Content-Length": length, **headers}
        return self._exchange(self.url, probe.body if content is None else content, told)

    def takes(self, probe: Probe, *by: Webhook, as_what: str = "") -> None:
        """Post an event that must be answered 2xx."""
        _good(self.send(probe, *by), as_what)

    def refuses(self, probe: Probe, headers: Mapping[str, str]) -> None:
        """Post an event that must be answered 401 or 403, and not be stored."""
        reply = self.post(probe, headers)
        if reply.status not in (401, 403):
            raise Failed("401 or 403", str(reply))
        self.holds(probe.report)

    def repairs(self, probe: Probe) -> None:
        """Post an event as a reconciliation does that missed it."""
        _good(self.send(probe, headers={REPAIR: str(new_id())}), "for a repair")

    def holds(self, report: str, *probes: Probe, bytewise: bool = False) -> None:
        """Whether it has just these events of a report, each once; `bytewise` as they were sent."""
        pages.compare(probes, self.held([report], probes).get(report, []), bytewise)

    def holds_each(self, probes: Sequence[Probe]) -> None:
        """Whether it has each of these events of as many reports, once."""
        held = self.held([probe.report for probe in probes], probes)
        for probe in probes:
            pages.compare([probe], held.get(probe.report, []))

    def held(self, reports: Sequence[str], probes: Sequence[Probe]) -> pages.Held:
        """All that it holds of these reports, as it tells."""
        if not self.shows:
            raise Unseen("right answers; what it stored is seen only with a reconciliation address")
        reply = self.ask(reports, probes)
        found = reply.held
        if found is None:
            raise Failed('200 {"reports": [{"report", "events": […]}]}', f"{reply} {_start(reply)}")
        return found

    def ask(
        self, reports: Sequence[str], probes: Sequence[Probe] = (), *, sign: bool = True
    ) -> Reply:
        """Ask what it holds of reports of which these events were sent."""
        page = {"run": str(new_id()), "page": 1, "reports": [pages.row(r, probes) for r in reports]}
        body = json.dumps(page).encode()
        signed = signatures((self.key,), str(page["run"]), body) if sign else {}
        headers = {"Content-Type": "application/json", **signed}
        return self._exchange(self.reconciliation, body, headers)

    def _exchange(
        self, url: str, content: bytes | Iterable[bytes], headers: Mapping[str, str]
    ) -> Reply:
        pool, began = TrustedPool("receiver", seconds=self.timeout + PATIENCE), monotonic()
        try:
            answer = pool.request("POST", url, body=content, headers=headers)
        except Temporary as fault:
            return Reply(None, monotonic() - began, fault=str(fault))
        return Reply(answer.status, monotonic() - began, answer.body)


def signatures(
    by: Sequence[Webhook], id: str, body: bytes, ago: timedelta = _NOW
) -> dict[str, str]:
    """The headers of Standard Webhooks, one signature a key in this order, made so long ago."""
    at = datetime.now(UTC) - ago
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(key.sign(id, at, body.decode()) for key in by),
    }


def _good(reply: Reply, as_what: str) -> None:
    if not reply.good:
        raise Failed(f"2xx {as_what}".strip(), str(reply))


def _start(reply: Reply) -> str:
    return reply.body[:120].decode(errors="replace")
