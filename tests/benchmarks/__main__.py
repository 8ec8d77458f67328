"""Run every benchmark; exit code 1 when a bound is not met."""

import sys

from tests.benchmarks import reports

sys.exit(0 if all([reports.main()]) else 1)
