"""Parsing in a process of its own, which the kernel ends when a feed costs too much.

feedparser's expressions and its two parsers take time that grows with the square of what a feed
nests or strings together (seen: 2 MiB that kept it for minutes), and memory without bound.
"""

import json
import resource
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Any

from smartcity.news.sources.entries import Entry, Feed, Unfit
from smartcity.news.sources.parsing import parse
from smartcity.settings import ROOT

SECONDS = 10  # of processor time
MEMORY = 1 << 30  # bytes of address space
_WAIT = 30  # seconds, on a machine that is busy


def parse_apart(content: bytes, content_type: str | None, url: str) -> Feed:
    """What `parse` gives for an answer's bytes, within SECONDS and MEMORY. Raises Unfit."""
    command = [sys.executable, "-m", __name__, url, content_type or ""]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and a program of ours
            command, input=content, capture_output=True, timeout=_WAIT, check=True, cwd=ROOT
        )
    except (subprocess.SubprocessError, ValueError):  # a NUL in a header
        raise Unfit("source.fault.complicated") from None
    found = json.loads(done.stdout)
    if "fault" in found:
        raise Unfit(found["fault"])
    return Feed(found["title"], tuple(map(_entry, found["entries"])))


def main() -> None:
    """Parse what stands on the standard input, and write it to the standard output as JSON."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    _, url, content_type = sys.argv
    try:
        found = asdict(parse(sys.stdin.buffer.read(), content_type, url))
    except Unfit as fault:
        found = {"fault": fault.fault}
    json.dump(found, sys.stdout, default=datetime.isoformat)


def _entry(found: dict[str, Any]) -> Entry:
    at = found["published_at"]
    return Entry(**{**found, "published_at": at and datetime.fromisoformat(at)})


if __name__ == "__main__":
    main()
