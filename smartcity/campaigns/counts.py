"""How many recipients had which outcome: by minute, platform and ward."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from smartcity.jobs.sql import POSTGRESQL, SQLITE, Statement, Words

Row = tuple[datetime, str, str, str, int]  # minute, platform, ward, outcome, how many more

_ROWS = {
    POSTGRESQL: """
SELECT CAST(:campaign AS uuid) AS campaign_id, minute, platform, ward, outcome, count
FROM json_to_recordset(CAST(:rows AS json)) AS row
    (minute timestamptz, platform text, ward text, outcome text, count integer)
ORDER BY minute, platform, ward, outcome""",
    SQLITE: """
SELECT :campaign AS campaign_id, value ->> 'minute' AS minute, value ->> 'platform' AS platform,
       value ->> 'ward' AS ward, value ->> 'outcome' AS outcome, value ->> 'count' AS count
FROM json_each(:rows)""",
}


@Statement
def _upsert(db: Words) -> str:
    # In the order of the key, so that two windows never wait for each other in a circle.
    return f"""
INSERT INTO campaign_counts (campaign_id, minute, platform, ward, outcome, count)
SELECT campaign_id, minute, platform, ward, outcome, count FROM ({_ROWS[db]}) AS row WHERE true
ON CONFLICT (campaign_id, minute, platform, ward, outcome)
DO UPDATE SET count = campaign_counts.count + excluded.count
"""  # noqa: S608 - every piece is a constant


def add(session: Session, campaign_id: uuid.UUID, rows: Iterable[Row]) -> None:
    """Add to a campaign's counts, in one statement; a minute is cut to its beginning.

    Rows of the same key are added up; a negative one takes back.
    """
    summed: Counter[tuple[datetime, str, str, str]] = Counter()
    for minute, platform, ward, outcome, count in rows:
        summed[(minute.replace(second=0, microsecond=0), platform, ward, outcome)] += count
    found = [_written(*key, count) for key, count in sorted(summed.items()) if count]
    if found:
        _upsert.run(session, campaign=campaign_id.hex, rows=json.dumps(found))


def _written(
    minute: datetime, platform: str, ward: str, outcome: str, count: int
) -> dict[str, str | int]:
    at = minute.astimezone(UTC).strftime("%Y-%m-%d %H:%M:00.000000")  # as SQLite keeps a time
    told: dict[str, str | int] = {"minute": at, "platform": platform, "ward": ward}
    return {**told, "outcome": outcome, "count": count}
