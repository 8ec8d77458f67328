"""The matcher holds what decision 0013 promises of it, on pairs that it was not tuned to."""

from collections import Counter
from dataclasses import replace

import pytest
from flask import Flask

from smartcity.reports.duplicates.policy import policy
from tests.reports.duplicates.evaluate import HELD_OUT, figures, judged
from tests.reports.duplicates.pairs import pairs

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@on_sqlite
def test_precision_and_recall(in_app: Flask) -> None:
    judgements = judged(policy(), pairs(HELD_OUT))
    shown = figures(judgements, policy().shown_from)
    likely = figures(judgements, policy().likely_from)
    assert shown.precision >= 0.67, shown
    assert shown.recall >= 0.78, shown
    assert likely.precision >= 0.83, likely
    assert likely.recall >= 0.48, likely


@on_sqlite
def test_words_and_accents_matter(in_app: Flask) -> None:
    """Without the words of the second report the matcher tells less apart."""
    found = pairs(HELD_OUT)
    mute = [replace(pair, second=replace(pair.second, text="")) for pair in found]
    likely = policy().likely_from
    told, untold = (figures(judged(policy(), some), likely) for some in (found, mute))
    assert told.precision > untold.precision, (told, untold)


def test_the_pairs_are_as_many_as_promised() -> None:
    kinds = Counter(pair.kind for pair in pairs(HELD_OUT))
    assert kinds["same"] == 1_000
    assert kinds.total() == 2_400
    assert [p.first.text for p in pairs(1)[:9]] == [p.first.text for p in pairs(1)[:9]]
