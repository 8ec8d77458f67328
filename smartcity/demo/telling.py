"""How a demonstration is told: a line for each step that was seen."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import urllib3

from smartcity.demo.client import Refused

# What a step that does not go well ends with.
FAULTS = (Refused, TimeoutError, AssertionError, urllib3.exceptions.HTTPError)


@dataclass
class Story:
    """Tells what happens, and when."""

    began: float = field(default_factory=time.monotonic)

    def step(self, words: str, see: Callable[[], Any]) -> Any:
        """Do and see one step; a step that fails ends the story."""
        try:
            seen = see()
        except FAULTS as fault:
            print(f"  ✗ {words}: {fault}", file=sys.stderr, flush=True)
            raise
        print(f"  ✓ {time.monotonic() - self.began:5.1f} s  {words}", flush=True)
        return seen
