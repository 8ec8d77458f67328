"""Is the process alive, is it ready, how is it doing."""

import os
from pathlib import Path

from flask import Flask, Response, jsonify, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

from smartcity.core.db import engine
from smartcity.core.errors import Unauthenticated, Unavailable
from smartcity.core.migrations import is_current
from smartcity.core.signing import same
from smartcity.settings import Settings

REQUESTS = Counter("http_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "http_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
