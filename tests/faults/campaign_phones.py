"""Many phones by one statement, as registration would have left them."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.engine import Engine

DEAD = "unregistered"  # a word in an address, for which the sandbox answers 404 UNREGISTERED
EVERY = 50  # of so many phones one has left
# As long as FCM's tokens. Letters that are no word of the sandbox's.
FILL = text(r"""
INSERT INTO devices (installation_id, kind, value, platform, app_version, app_number, locale,
                     ward, last_seen_at, created_at)
SELECT gen_random_uuid(), 'token',
       rpad('phone-' || n || '\:APA91b', 142, 'x')
           || CASE WHEN n % :every = 0 THEN :dead ELSE '' END,
       (ARRAY['android', 'android', 'ios', 'web'])[1 + n % 4], '3.2.1', 3002001,
       CASE WHEN n % 10 = 0 THEN 'en' ELSE 'vi' END,
       (SELECT wards.codes[1 + n % array_length(wards.codes, 1)]), now(), now()
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n,
     (SELECT array_agg(code ORDER BY code) AS codes FROM areas
      WHERE kind IN ('ward', 'commune', 'special_zone') AND valid_to IS NULL) AS wards
""")


def fill(engine: Engine, last: int, first: int = 1, every: int = EVERY) -> None:
    """Register phones `first` to `last`, in all communes; every so many is dead."""
    bind = engine.execution_options(isolation_level="AUTOCOMMIT")
    with bind.connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        values = {"first": first, "last": last, "every": every, "dead": DEAD}
        connection.execute(FILL, values)
        connection.execute(text("ANALYZE devices"))
