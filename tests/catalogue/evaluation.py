"""How well everyday questions find their procedures, over the seed.

`python -m tests.catalogue.evaluation FILE` tells the figures of a file of questions, and each
question whose procedure did not come first, with what did.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from smartcity.catalogue.finding.answers import answer
from smartcity.catalogue.finding.everyday import load
from smartcity.catalogue.finding.procedures import Procedures
from smartcity.catalogue.records.record import Record, read_record

PROVINCE = Path(__file__).parents[2] / "config" / "province"
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Asked:
    """A question, the codes that answer it, and which came, best first."""

    question: str
    expected: Sequence[str]
    found: Sequence[str]

    def within(self, most: int) -> bool:
        """Whether one of the expected came among so many."""
        return any(code in self.expected for code in self.found[:most])


def records() -> list[Record]:
    """The seed."""
    files = sorted((PROVINCE / "procedures").glob("*.yaml"))
    return [read_record(raw) for file in files for raw in _read(file)]


def indexed(seed: Iterable[Record]) -> Procedures:
    """Records as the search holds them."""
    events = {
        e["id"]: f"{e['vi']} {e['en']}" for e in _read(PROVINCE / "catalogue.yaml")["life_events"]
    }
    procedures = Procedures(load(PROVINCE / "everyday.yaml"), events)
    for record in seed:
        procedures.put(record, "{}")
    return procedures


def asked(procedures: Procedures, file: Path) -> list[Asked]:
    """The questions of a file, `[{q, code}]` or `[{q, codes}]`, answered."""
    return [
        Asked(each["q"], each.get("codes") or [each["code"]], _found(procedures, each["q"]))
        for each in _read(file)
    ]


def share(questions: Sequence[Asked], most: int) -> float:
    """Of how many questions the procedure came among so many."""
    return sum(each.within(most) for each in questions) / len(questions)


def told(questions: Sequence[Asked], names: Mapping[str, str]) -> str:
    """The figures, and the questions whose procedure did not come first."""
    first, third = share(questions, 1), share(questions, 3)
    lines = [f"{len(questions)} questions: top-1 {first:.1%}, top-3 {third:.1%}"]
    for each in questions:
        if not each.within(1):
            lines.append(
                f"{'·' if each.within(3) else '✗'} {each.question}  → {', '.join(each.expected)}"
            )
            lines += [f"     {code} {names[code][:90]}" for code in each.found[:3]]
    return "\n".join(lines)


def _found(procedures: Procedures, question: str) -> list[str]:
    return [match.code for match in answer(procedures, question, {}).matches[:5]]


def _read(file: Path) -> Any:
    return yaml.load(file.read_text("utf-8"), _LOADER)


def main(file: Path) -> None:
    """Tell how a file of questions fares."""
    seed = records()
    print(told(asked(indexed(seed), file), {r["code"]: r["name"] for r in seed}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
