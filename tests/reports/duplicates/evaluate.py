"""Precision and recall of the matcher: `python -m tests.reports.duplicates.evaluate [seed]`.

One JSON line a threshold. Seeds 1 to 9 are for looking and choosing; HELD_OUT is for the test.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from smartcity.app import create_app
from smartcity.core.text import fold
from smartcity.reports.duplicates.matcher import Sketch, metres_between, score, sketch
from smartcity.reports.duplicates.policy import Policy, policy
from smartcity.settings import Settings
from tests.reports.duplicates.pairs import Pair, Telling, pairs

SEEN, HELD_OUT = 1, 2026


@dataclass(frozen=True)
class Judged:
    """A pair and the matcher's score of it."""

    pair: Pair
    score: float


@dataclass(frozen=True)
class Figures:
    """Of the pairs at or above a threshold how many are the same; of the same, how many are."""

    precision: float
    recall: float


def judged(rules: Policy, found: Sequence[Pair]) -> list[Judged]:
    """Every pair, the later report asked against the earlier."""
    made = []
    for pair in found:
        asked, other = (_sketch(rules, telling) for telling in (pair.second, pair.first))
        places = (asked.latitude, asked.longitude), (other.latitude, other.longitude)
        made.append(Judged(pair, score(rules, asked, other, metres_between(*places))))
    return made


def figures(judgements: Sequence[Judged], threshold: float) -> Figures:
    """At one threshold."""
    hits = [j for j in judgements if j.score >= threshold]
    right = sum(j.pair.same for j in hits)
    same = sum(j.pair.same for j in judgements)
    return Figures(right / max(1, len(hits)), right / same)


def _sketch(rules: Policy, telling: Telling) -> Sketch:
    place = (telling.latitude, telling.longitude)
    return sketch(rules, telling.category, place, telling.at, fold(telling.text))


def main(seed: int) -> None:
    """Print the curve, then how often each kind of pair is taken for the same."""
    with create_app(Settings(log_level="ERROR")).app_context():
        rules = policy()
    judgements = judged(rules, pairs(seed))
    for step in range(4, 20):
        at = figures(judgements, step / 20)
        line = {"threshold": step / 20, **{k: round(v, 3) for k, v in vars(at).items()}}
        print(json.dumps(line))
    for kind in sorted({j.pair.kind for j in judgements}):
        scores = [j.score for j in judgements if j.pair.kind == kind]
        taken = {
            name: round(sum(s >= getattr(rules, name) for s in scores) / len(scores), 3)
            for name in ("shown_from", "likely_from")
        }
        print(json.dumps({"kind": kind, "pairs": len(scores), **taken}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEN)
