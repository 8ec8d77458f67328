"""What other packages use of the queue."""

from smartcity.jobs.breaker import disable, pause, resume
from smartcity.jobs.erasure import forget_about
from smartcity.jobs.failure import Failed, fail
from smartcity.jobs.keyed import drop_queue, of_keys, of_queue, queue_rows, urge
from smartcity.jobs.lease import Lease, LeaseLost
from smartcity.jobs.letters import DeadLetter, dead_letters, drop, head, replay
from smartcity.jobs.limits import limit
from smartcity.jobs.models import BULK, NORMAL, URGENT
from smartcity.jobs.queue import Job, enqueue, enqueue_all
from smartcity.jobs.registry import UnknownJob, handler, periodic
from smartcity.jobs.stats import QueueStats, breaker_of, queue_stats

__all__ = [
    "BULK",
    "NORMAL",
    "URGENT",
    "DeadLetter",
    "Failed",
    "Job",
    "Lease",
    "LeaseLost",
    "QueueStats",
    "UnknownJob",
    "breaker_of",
    "dead_letters",
    "disable",
    "drop",
    "drop_queue",
    "enqueue",
    "enqueue_all",
    "fail",
    "forget_about",
    "handler",
    "head",
    "limit",
    "of_keys",
    "of_queue",
    "pause",
    "periodic",
    "queue_rows",
    "queue_stats",
    "replay",
    "resume",
    "urge",
]
