"""Telling a citizen something: what other packages enqueue."""

import uuid
from datetime import datetime

from smartcity.jobs.service import Job

NOTIFY = "push.notify"


def message(
    *,
    citizen: uuid.UUID,
    source: uuid.UUID,
    at: datetime,
    text: str,
    values: dict[str, str],
    link: str,
    category: str = "reports",
) -> Job:
    """The job that tells a citizen something: an inbox row, and a push to each of his phones.

    `source` is the id of what caused it, `at` when that was; `text` a key whose `.title` and
    `.body` the catalogue has; `link` a path in the app; `category` what he may switch off.
    """
    payload = {
        "citizen": str(citizen),
        "source": str(source),
        "at": at.isoformat(),
        "category": category,
        "text": text,
        "values": values,
        "link": link,
    }
    return Job(NOTIFY, payload)
