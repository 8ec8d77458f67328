"""Which heading of a list is which field, and which words mean which value: as data.

The file is `config/province/register_columns.yaml`, for every register and for each of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import marshmallow as ma

from smartcity.core.datafile import read_yaml, refuse
from smartcity.core.fields import Schema
from smartcity.core.tables.headings import by_spelling
from smartcity.registers.kind import Kind

FILE = "register_columns.yaml"


@dataclass(frozen=True)
class Columns:
    """`named` gives a field (`extras.beds`) by its folded heading, `headings` what exports write.

    `meant` gives a value by its folded spelling for a field.
    """

    named: Mapping[str, str]
    headings: Mapping[str, str]
    meant: Mapping[str, Mapping[str, str]]


def _spelt() -> ma.fields.Dict:
    return ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.List(ma.fields.String()), load_default=dict
    )


class _Map(Schema):
    columns = _spelt()
    values = ma.fields.Dict(values=_spelt(), load_default=dict)


class _File(Schema):
    every = ma.fields.Nested(_Map, required=True)
    kinds = ma.fields.Dict(values=ma.fields.Nested(_Map), load_default=dict)


def read_columns(file: Path, kind: Kind) -> Columns:
    """The columns of a register. Raises BadFile for a field that it lacks, and for one spelling
    of two.

    A heading that the kind claims is no longer what it is for every kind.
    """
    found = read_yaml(file, _File)
    own = found["kinds"].get(kind.name, {"columns": {}, "values": {}})
    told = [*own["columns"], *own["values"]]
    refuse(
        file, [f"kinds.{kind.name}.{name}: no such field" for name in told if not has(kind, name)]
    )
    named = by_spelling(file, {name: [] for name in kind.schema._declared_fields})
    named |= by_spelling(file, _of_kind(kind, found["every"]["columns"]))
    named |= by_spelling(file, own["columns"])
    both = {**_of_kind(kind, found["every"]["columns"]), **own["columns"]}
    return Columns(
        named=named,
        headings={name: words[0] for name, words in both.items() if words},
        meant={name: by_spelling(file, words) for name, words in own["values"].items()},
    )


def _of_kind(kind: Kind, columns: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    return {name: words for name, words in columns.items() if has(kind, name)}


def has(kind: Kind, name: str) -> bool:
    """Whether a kind has the field; the parts of `extras` depend on a place's category."""
    whole, _, part = name.partition(".")
    field: Any = kind.schema._declared_fields.get(whole)
    if not part or field is None:
        return field is not None
    schemas = getattr(field, "alternatives", None) or [_nested(field)]
    return any(
        part in {each.data_key or n for n, each in one._declared_fields.items()} for one in schemas
    )


def _nested(field: Any) -> type[ma.Schema]:
    return type(field.schema) if isinstance(field, ma.fields.Nested) else Schema
