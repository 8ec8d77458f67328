"""Published procedures as the search holds them in memory."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from smartcity.catalogue.finding.everyday import Everyday, Plain
from smartcity.catalogue.finding.postings import Postings, Weighted
from smartcity.catalogue.finding.syllables import plain, syllables
from smartcity.catalogue.records.record import Record

# Of a field: how much its words count, and whether its pairs do too.
FIELDS = {"name": (5.0, True), "name_en": (5.0, True), "field": (1.0, True)}
LISTS = {"keywords": (4.0, True), "results": (1.2, True), "conditions": (0.2, False)}
EXAMPLE = 2.0  # how much the words of one count
TOLD = 15.0  # syllables of examples that are as much as one of a name


@dataclass(frozen=True, slots=True)
class Procedure:
    """What a hit needs besides its words; `special` are the parts of its name that make it so."""

    code: str
    card: bytes
    counter: str | None
    name: Plain
    special: tuple[int, ...]
    everyday: bool


class Procedures:
    """The register by number, and by what it is narrowed to."""

    def __init__(self, everyday: Everyday, events: Mapping[str, str]) -> None:
        self.everyday = everyday
        self.postings = Postings()
        self.examples = Postings()  # what people say who need it, by the same numbers
        self.by_number: list[Procedure | None] = []
        self.numbers: dict[str, int] = {}
        self._events = events
        self._codes: Sequence[str] | None = None
        self.phrases: dict[Plain, array[int]] = {}
        self._labels: dict[str, array[int]] = defaultdict(lambda: array("I"))

    def put(self, record: Record, card: str) -> None:
        """Add a procedure, or put its new text in place of the old one."""
        self.remove(record["code"])
        number = len(self.by_number)
        name = plain(record["name"])
        special = tuple(n for n, part in enumerate(self.everyday.special) if within(part, name))
        code, counter, lives = record["code"], record["counter"], bool(record["life_events"])
        self.by_number.append(Procedure(code, card.encode(), counter, name, special, lives))
        self.postings.put(number, self._fields(record), len(name))
        self._put_examples(number, code)
        for label in labels(record):
            self._labels[label].append(number)
        for phrase in {plain(text) for text in (record["name"], *record["keywords"])}:
            self.phrases.setdefault(phrase, array("I")).append(number)
        self.numbers[record["code"]] = number
        self._codes = None

    def remove(self, code: str) -> None:
        """Leave a procedure out from now on; nothing happens if it is not there."""
        number = self.numbers.pop(code, None)
        if number is not None:
            self.by_number[number] = None
            self._codes = None

    def get(self, code: str) -> Procedure | None:
        """The procedure of a code; None when it is not published."""
        number = self.numbers.get(code)
        return None if number is None else self.by_number[number]

    @property
    def codes(self) -> Sequence[str]:
        """All codes, by their order."""
        if self._codes is None:
            self._codes = sorted(self.numbers)
        return self._codes

    @property
    def is_worn(self) -> bool:
        """Whether so many were replaced that a new copy is worth its making."""
        return len(self.by_number) > 1.2 * len(self.numbers) + 1000

    def labelled(self, wanted: Collection[str]) -> set[int] | None:
        """The numbers of those that have all of some labels; None for no label."""
        found = [set(self._labels[label]) if label in self._labels else set() for label in wanted]
        return set.intersection(*found) if found else None

    def is_taught(self, number: int) -> bool:
        """Whether there are examples of how people ask for it."""
        each = self.by_number[number]
        return each is not None and each.code in self.everyday.examples

    def _put_examples(self, number: int, code: str) -> None:
        examples = self.everyday.examples.get(code, ())
        told = sum(len(each.syllables) * each.weight for each in examples)
        fields = [(each.syllables, EXAMPLE * each.weight, True) for each in examples]
        if fields:
            self.examples.put(number, fields, told / TOLD)

    def _fields(self, record: Record) -> Iterator[Weighted]:
        for name, (weight, paired) in FIELDS.items():
            if record[name]:
                yield syllables(record[name]), weight, paired
        for name, (weight, paired) in LISTS.items():
            for text in record[name]:
                yield syllables(text), weight, paired
        for document in record["documents"]:
            yield syllables(document["name"]), 0.3, False
        for event in record["life_events"]:
            yield syllables(self._events.get(event, "")), 0.5, False
        yield syllables(record["agency"]), 0.2, False


def labels(record: Record) -> Iterator[str]:
    """What filters find a procedure by: `field:Hộ tịch`."""
    for name in ("field", "agency", "degree"):
        yield f"{name}:{record[name]}"
    lists = {"life_event": "life_events", "subject": "subjects", "level": "levels"}
    for name, listed in lists.items():
        for value in record[listed]:
            yield f"{name}:{value}"
    for number in record["essential"]:
        yield f"essential:{number}"
    if record["essential"]:
        yield "essential:true"
    for way in sorted({channel["way"] for channel in record["channels"]}):
        yield f"channel:{way}"


def within(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether syllables stand in a row within others."""
    size = len(part)
    return any(tuple(whole[n : n + size]) == tuple(part) for n in range(len(whole) - size + 1))
