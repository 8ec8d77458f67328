"""Which column of a table is which part of a record, and which words mean which value: as data.

The file is `config/province/catalogue_columns.yaml`, or another that an operator brings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import marshmallow as ma

from smartcity.catalogue.records.schemas import Degree, Level, Way
from smartcity.catalogue.rules import Rules
from smartcity.core.datafile import read_yaml, refuse
from smartcity.core.fields import Schema
from smartcity.core.tables.headings import by_spelling

FILE = "catalogue_columns.yaml"
SINGLE = (
    *("code", "name", "name_en", "decision", "kind", "field", "degree", "agency", "decided_by"),
    *("counter", "place", "link.template", "link.values", "source.address", "source.checked_on"),
)
JOINED = ("levels", "subjects", "life_events", "essential", "related")  # several in one cell
LISTED = ("coordinated_by", "steps", "results", "conditions", "keywords")  # one in a row or a line
GROUPED: Mapping[str, tuple[str, ...]] = MappingProxyType(  # the first part is what must be there
    {
        "channels": ("way", "time_limit", "fee", "note"),
        "documents": ("name", "form", "originals", "copies", "case"),
        "legal_bases": ("number", "extract", "dated"),
    }
)
PARTS = tuple(f"{group}.{part}" for group, parts in GROUPED.items() for part in parts)
COLUMNS = (*SINGLE, *JOINED, *LISTED, *PARTS)
_CHOICES = {"levels": Level, "degree": Degree, "channels.way": Way}


@dataclass(frozen=True)
class Columns:
    """`named` gives a column by its folded heading, `headings` what an export writes over it.

    `meant` gives a value by its folded spelling for a column, `spelt` an export's spelling of it.
    """

    named: Mapping[str, str]
    headings: Mapping[str, str]
    meant: Mapping[str, Mapping[str, str]]
    spelt: Mapping[str, Mapping[str, str]]


_WORDS = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.List(ma.fields.String()))


class _File(Schema):
    columns = ma.fields.Dict(values=ma.fields.List(ma.fields.String()), required=True)
    values = ma.fields.Dict(keys=ma.fields.String(), values=_WORDS, load_default=dict)


def read_columns(file: Path, rules: Rules) -> Columns:
    """The columns of a file; what sorts procedures is known by its names in `rules` too.

    Raises BadFile with every column and value that is none, and every spelling of two.
    """
    found = read_yaml(file, _File)
    spellings = {**found["values"]}
    for column, sorts in (("subjects", rules.subjects), ("life_events", rules.life_events)):
        named = {each.id: [each.vi, each.en] for each in sorts.values()}
        given = spellings.get(column, {})
        spellings[column] = {i: [*words, *given.get(i, [])] for i, words in named.items()}
    refuse(file, [*_unknown(found["columns"], found["values"], rules)])
    meant = {column: by_spelling(file, given) for column, given in spellings.items()}
    return Columns(
        named=by_spelling(file, found["columns"]),
        headings={column: found["columns"].get(column, [column])[0] for column in COLUMNS},
        meant=meant,
        spelt={
            column: {value: words[0] for value, words in given.items() if words}
            for column, given in spellings.items()
        },
    )


def _unknown(
    columns: Mapping[str, list[str]], values: Mapping[str, Mapping[str, list[str]]], rules: Rules
) -> list[str]:
    known = {
        **{column: {str(each) for each in kind} for column, kind in _CHOICES.items()},
        "subjects": {*rules.subjects},
        "life_events": {*rules.life_events},
        "counter": {*rules.counters},
    }
    faults = [f"columns.{each}: there is no such column" for each in columns if each not in COLUMNS]
    faults += [f"columns.{each}: has no heading" for each, words in columns.items() if not words]
    for column, given in values.items():
        if column not in known:
            faults.append(f"values.{column}: this column has no fixed values")
        else:
            strange = given.keys() - known[column]
            faults += [
                f"values.{column}.{each}: there is no such value" for each in sorted(strange)
            ]
    return faults
