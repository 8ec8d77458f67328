"""When the reminders and escalations of a limit are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from smartcity.reports.deadlines.limits import end_of
from smartcity.reports.deadlines.policy import Step, policy
from smartcity.reports.workflow import Status


@dataclass(frozen=True)
class Watch:
    """The step to take now, and when which one follows; no time after the last."""

    step: Step
    next_step: int
    next_at: datetime | None


def steps_of(status: Status) -> Sequence[Step]:
    """The steps of the limit that runs in a state."""
    return policy().accept if status is Status.SUBMITTED else policy().resolve


def watch(status: Status, start: datetime, due: datetime, step: int = 0) -> datetime | None:
    """When a step is due in a limit that runs from `start`; None past the last one."""
    steps = steps_of(status)
    if step >= len(steps):
        return None
    return _time(steps[step], due, max(due - start, timedelta(0)))


def latest(
    status: Status, step: int, watch_at: datetime, due: datetime, now: datetime
) -> Watch | None:
    """The last of the steps whose time has come, `step` being due since `watch_at`.

    Those before it are passed over: nobody wants a burst when the server was off. None when the
    province's file has no such step any more.
    """
    steps = steps_of(status)
    if step >= len(steps):
        return None
    # The whole limit, as far as percents of it are still to come.
    whole = (due - watch_at) * (100 / steps[step].left) if steps[step].reminds else timedelta(0)
    times = [_time(later, due, whole) for later in steps[step + 1 :]]
    come = sum(at <= now for at in times)
    follows = times[come] if come < len(times) else None
    return Watch(steps[step + come], step + come + 1, follows)


def _time(step: Step, due: datetime, whole: timedelta) -> datetime:
    if step.after is not None:
        return end_of(step.after, due)
    return due - whole * (step.left / 100)
