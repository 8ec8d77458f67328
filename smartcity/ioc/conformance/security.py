"""Who may speak: signatures, their age, and two keys while a secret changes."""

from datetime import timedelta

from smartcity.ioc.conformance.findings import Unseen
from smartcity.ioc.conformance.receiver import Receiver, signatures

_OLD = timedelta(minutes=6)


def signature_missing(receiver: Receiver) -> None:
    """An event without a signature is refused with 401 or 403 and not stored."""
    receiver.refuses(receiver.probes.event(), {})


def signature_wrong(receiver: Receiver) -> None:
    """An event signed with another secret is refused with 401 or 403 and not stored."""
    probe = receiver.probes.event()
    receiver.refuses(probe, signatures((receiver.strange_key,), probe.id, probe.body))


def signature_of_another_body(receiver: Receiver) -> None:
    """A body changed after signing is refused with 401 or 403 and not stored."""
    probe, signed = receiver.probes.event(), receiver.probes.event()
    receiver.refuses(probe, signatures((receiver.key,), probe.id, signed.body))


def signature_old(receiver: Receiver) -> None:
    """A signature older than five minutes is refused with 401 or 403 and not stored."""
    probe = receiver.probes.event()
    receiver.refuses(probe, signatures((receiver.key,), probe.id, probe.body, _OLD))


def two_signatures(receiver: Receiver) -> None:
    """Of two signatures in the header either may be the one that it knows."""
    for by in ((receiver.strange_key, receiver.key), (receiver.key, receiver.strange_key)):
        probe = receiver.probes.event()
        place = "last" if by[-1] is receiver.key else "first"
        receiver.takes(probe, *by, as_what=f"with the known signature {place} of two")
        receiver.holds(probe.report, probe)


def rotation(receiver: Receiver) -> None:
    """While the secret changes it takes both, in one header or alone, and then the new alone."""
    old, new = receiver.old_key, receiver.key
    if old is None:
        raise Unseen("give its other secret by --old-secret, if it takes two")
    for name, by in {
        "the old secret's signature alone": (old,),
        "the old one's before the new one's": (old, new),
        "the new one's before the old one's": (new, old),
        "the new one's alone": (new,),
    }.items():
        probe = receiver.probes.event()
        receiver.takes(probe, *by, as_what=f"with {name}")
        receiver.holds(probe.report, probe)
