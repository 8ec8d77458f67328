"""What other packages use of the queue."""

from smartcity.jobs.breaker import disable, pause, resume
from smartcity.jobs.erasure import forget_about
from smartcity.jobs.lease import Lease, LeaseLost
from smartcity.jobs.letters import DeadLetter, dead_letters, drop, replay
from smartcity.jobs.models import BULK, NORMAL, URGENT
from smartcity.jobs.queue import Job, enqueue, enqueue_all
from smartcity.jobs.registry import UnknownJob, handler, periodic
from smartcity.jobs.stats import QueueStats, queue_stats

__all__ = [
    "BULK",
    "NORMAL",
    "URGENT",
    "DeadLetter",
    "Job",
    "Lease",
    "LeaseLost",
    "QueueStats",
    "UnknownJob",
    "dead_letters",
    "disable",
    "drop",
    "enqueue",
    "enqueue_all",
    "forget_about",
    "handler",
    "pause",
    "periodic",
    "queue_stats",
    "replay",
    "resume",
]
