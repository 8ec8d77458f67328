"""No table may name a person and be forgotten by the archive or by erasure."""

import re

import pytest
from flask import Flask
from sqlalchemy import inspect

from smartcity.core.db import engine
from smartcity.core.texts import catalogue
from smartcity.privacy.holdings import HOLDINGS, NOT_CITIZENS

# What a column is called that names a person, by id, by principal or by what leads to him.
NAMES_A_PERSON = re.compile(
    r"citizen|person|reporter|owner|caller|\bactor|author_id|voter|subscriber|principal|phone|email"
    r"|name_sealed|identity_index|_by$|user_id|sender|recipient"
)


def columns(app: Flask) -> set[str]:
    """Every column of the migrated database, whoever declared it."""
    with app.app_context():
        shape = inspect(engine())
        tables = [name for name in shape.get_table_names() if name != "alembic_version"]
        return {f"{table}.{c['name']}" for table in tables for c in shape.get_columns(table)}


def foreign_keys(app: Flask) -> set[str]:
    """Every column that points at a citizen, whatever it is called."""
    with app.app_context():
        shape = inspect(engine())
        return {
            f"{table}.{key['constrained_columns'][0]}"
            for table in shape.get_table_names()
            for key in shape.get_foreign_keys(table)
            if key["referred_table"] == "citizens"
        }


def test_every_column_that_names_a_person_is_accounted_for(app: Flask) -> None:
    there = columns(app)
    named = {name for name in there if NAMES_A_PERSON.search(name.partition(".")[2])}
    covered = {column for holding in HOLDINGS for column in holding.columns}
    assert (named | foreign_keys(app)) - covered - NOT_CITIZENS.keys() == set()
    assert covered | NOT_CITIZENS.keys() <= there, "a column that is not there (any more)"
    assert not covered & NOT_CITIZENS.keys()


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda h: h.name)
def test_what_is_not_told_or_not_erased_has_a_reason(holding) -> None:
    assert bool(holding.why) == (holding.told is None or holding.erase is None)
    assert f"holding.{holding.name}" in catalogue()
