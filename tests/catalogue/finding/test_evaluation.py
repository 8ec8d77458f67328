"""Everyday questions over the seed: how many find their procedure, and which do not."""

from pathlib import Path

import pytest

from tests.catalogue.evaluation import asked, indexed, records, share, told

QUESTIONS = Path(__file__).parents[1] / "questions.yaml"


def test_everyday_questions_find_their_procedures(capsys: pytest.CaptureFixture[str]) -> None:
    """Written apart from `everyday.yaml`; the figures are printed."""
    seed = records()
    answered = asked(indexed(seed), QUESTIONS)
    with capsys.disabled():
        print(f"\n{told(answered, {record['code']: record['name'] for record in seed})}")
    assert len(answered) >= 150
    assert share(answered, 1) >= 0.80
    assert share(answered, 3) >= 0.92
