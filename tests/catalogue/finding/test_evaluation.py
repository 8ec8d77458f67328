"""Everyday questions over the seed: how many find their procedure, and which do not."""

from pathlib import Path

import pytest

from tests.catalogue.evaluation import asked, indexed, records, share, told

FOLDER = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("file", "first", "third"),
    [
        ("questions.yaml", 0.80, 0.92),
        ("questions_after.yaml", 0.80, 0.92),
        ("questions_hard.yaml", 0.80, 0.90),
    ],
)
def test_everyday_questions_find_their_procedures(
    capsys: pytest.CaptureFixture[str], file: str, first: float, third: float
) -> None:
    """Written apart from what people are taken to say; the figures are printed."""
    seed = records()
    answered = asked(indexed(seed), FOLDER / file)
    with capsys.disabled():
        print(f"\n{file}: {told(answered, {record['code']: record['name'] for record in seed})}")
    assert len(answered) >= 130
    assert share(answered, 1) >= first
    assert share(answered, 3) >= third
