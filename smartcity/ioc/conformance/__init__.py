"""The conformance kit: runs the contract of docs/guides/ioc.md against a receiver."""

from collections.abc import Callable, Iterator

from smartcity.ioc.conformance import contents, effects, load, security
from smartcity.ioc.conformance.findings import Failed, Finding, Silent, State, Unseen
from smartcity.ioc.conformance.receiver import Receiver

__all__ = ["CHECKS", "Finding", "Receiver", "State", "examine"]
Check = Callable[[Receiver], str | None]
# Each with the words of the guide that promise it.
CHECKS: tuple[tuple[Check, str], ...] = (
    (effects.taken, "An event is sent until you answer 2xx"),
    (effects.reconciled, "what your centre holds"),
    (effects.reconciled_unsigned, "what your centre holds"),
    (security.signature_missing, "Check them before you parse"),
    (security.signature_wrong, "Check them before you parse"),
    (security.signature_of_another_body, "over the bytes of the body"),
    (security.signature_old, "older than five minutes"),
    (security.two_signatures, "`webhook-signature` holds two signatures"),
    (security.rotation, "both secrets of a rotation"),
    (effects.repeat, "drop an `id` that you have"),
    (effects.order, "any `sequence` not above the last one of its report"),
    (effects.repair, "in its place"),
    (contents.large, "under 20 kB"),
    (contents.vietnamese, "UTF-8"),
    (contents.unknown_parts, "what you do not know"),
    (contents.other_content_type, "structured mode"),
    (load.trickle, "time-out (10 s)"),
    (load.many_at_once, "time-out (10 s)"),
    (load.same_at_once, "drop an `id` that you have"),
    (load.kept_connection, "sent again"),
)


def examine(receiver: Receiver) -> Iterator[Finding]:
    """Run every check, each with reports of its own; only the first when nobody answers."""
    for check, promise in CHECKS:
        try:
            yield _finding(check, promise, State.OK, note=check(receiver))
        except Failed as failed:
            told = {"expected": failed.expected, "came": failed.came}
            yield _finding(check, promise, State.FAILED, **told)
        except Unseen as unseen:
            yield _finding(check, promise, State.UNSEEN, note=str(unseen))
        except Silent as silent:
            yield _finding(check, promise, State.FAILED, expected="2xx", came=str(silent))
            return


def _finding(check: Check, promise: str, state: State, **told: str | None) -> Finding:
    name, title = check.__name__, (check.__doc__ or "").strip()
    return Finding(name, title, promise, state, **told)
