"""At least once, in order, and told on request: what an event does inside the receiver."""

from smartcity.ioc.conformance.findings import Failed, Silent, Unseen
from smartcity.ioc.conformance.receiver import Receiver


def taken(receiver: Receiver) -> None:
    """A good event is answered 2xx in time."""
    reply = receiver.send(receiver.probes.event())
    if reply.status is None:
        raise Silent(str(reply))
    if not reply.good or reply.seconds > receiver.timeout:
        raise Failed(f"2xx within {receiver.timeout:g} s", str(reply))


def reconciled(receiver: Receiver) -> None:
    """It tells what it holds of a report, and nothing of one that it does not know."""
    probe = receiver.probes.event()
    receiver.takes(probe)
    told = receiver.ask([probe.report], [probe]).held
    if told is None and not receiver.reconcile_url:
        raise Unseen(f"{receiver.reconciliation} answers no reconciliation; give --reconcile-url")
    receiver.shows = True
    receiver.holds(probe.report, probe)
    receiver.holds(receiver.probes.report())


def reconciled_unsigned(receiver: Receiver) -> None:
    """A reconciliation without a signature is refused with 401 or 403."""
    if not receiver.shows:
        raise Unseen("no reconciliation address")
    reply = receiver.ask([receiver.probes.report()], sign=False)
    if reply.status not in (401, 403):
        raise Failed("401 or 403", str(reply))


def repeat(receiver: Receiver) -> None:
    """A repeat of an id is answered 2xx and has one effect, also when its photo links differ."""
    probe = receiver.probes.event()
    links = {"photos": ["https://kiem-tra.invalid/photo.jpg?expires=1"]}
    other = receiver.probes.event(probe.report, id=probe.id, data=links)
    for sent in (probe, probe, other):
        receiver.takes(sent)
    receiver.holds(probe.report, probe)


def order(receiver: Receiver) -> None:
    """A sequence not above the last of its report is answered 2xx and dropped."""
    report = receiver.probes.report()
    first, second, third = (receiver.probes.event(report, number) for number in (1, 2, 2))
    for sent in (second, first, third):
        receiver.takes(sent)
    receiver.holds(report, second)


def repair(receiver: Receiver) -> None:
    """What a reconciliation missed is stored in its place, and the report is not moved back."""
    if not receiver.shows:
        raise Unseen("no reconciliation address")
    report = receiver.probes.report()
    first, spoilt, late = (receiver.probes.event(report, number) for number in (1, 2, 2))
    mended = receiver.probes.event(report, 2, id=spoilt.id, data={"details": {"mended": True}})
    receiver.takes(spoilt)
    receiver.repairs(first)
    receiver.repairs(mended)
    receiver.takes(late)
    receiver.holds(report, first, mended, bytewise=True)
