"""Run every benchmark; exit code 1 when a bound is not met."""

import sys

from tests.benchmarks import (
    audit,
    campaigns,
    catalogue,
    catalogue_import,
    contests,
    deadlines,
    desk,
    edge,
    forwarding,
    identity,
    map,
    news,
    places,
    reports,
    search,
    similar,
)
from tests.benchmarks.house import bench

with bench() as ready:
    # The record last: PostgreSQL tidies up after its 300,000 entries for a while.
    met = [
        reports.main(ready),
        similar.main(ready),
        forwarding.main(ready),
        identity.main(ready),
        desk.main(ready),
        deadlines.main(ready),
        map.main(ready),
        news.main(ready),
        edge.main(ready),
        campaigns.main(ready),
        search.main(ready),
        places.main(ready),
        catalogue_import.main(ready),
        catalogue.main(ready),
        contests.main(ready),
        audit.main(ready),
    ]
sys.exit(0 if all(met) else 1)
