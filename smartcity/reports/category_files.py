"""Loading `categories.yaml` and `reasons.yaml`: all of it, or an error that names file and key."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import marshmallow as ma
from marshmallow import validate
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core.datafile import bring_up_to, read_yaml, refuse, repeated
from smartcity.core.fields import Schema, Text
from smartcity.reports.categories import CategoryRow, ReasonRow, known, parse_limit
from smartcity.reports.workflow import MOVES

WARD = "ward"  # as default_agency: the People's Committee of the report's commune


class LimitText(Text):
    """A duration such as `4h`, in its one spelling."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            return str(parse_limit(super()._deserialize(value, attr, data, **kwargs)))
        except ValueError:
            raise ma.ValidationError("limit.malformed") from None


_Limit = partial(LimitText, max=10)
_Name = partial(Text, max=200, required=True)
_Words = partial(Text, max=2000, required=True)
_Flag = partial(ma.fields.Boolean, required=True)


class _Subcategory(Schema):
    code = Text(max=40, required=True)
    name_vi = _Name()
    name_en = _Name()
    accept = _Limit()  # its category's when absent
    resolve = _Limit()


class _Category(Schema):
    code = Text(max=40, required=True)
    name_vi = _Name()
    name_en = _Name()
    icon = Text(max=40, required=True)
    accept = _Limit(required=True)
    resolve = _Limit(required=True)
    urgent_resolve = _Limit(load_default=None)
    default_agency = Text(max=40, required=True)
    anonymous_allowed = _Flag()
    sensitive = _Flag()
    proof_photos = _Flag()
    hotline = Text(max=20, load_default=None)
    subcategories = ma.fields.List(ma.fields.Nested(_Subcategory), load_default=list)


class _CategoriesFile(Schema):
    categories = ma.fields.List(
        ma.fields.Nested(_Category), required=True, validate=validate.Length(1)
    )


class _Reason(Schema):
    code = Text(max=40, required=True)
    name_vi = _Name()
    name_en = _Name()
    moves = ma.fields.List(
        ma.fields.String(validate=validate.OneOf(list(MOVES))),
        required=True,
        validate=validate.Length(1),
    )
    public_text_vi = _Words()
    public_text_en = _Words()


class _ReasonsFile(Schema):
    return_text_vi = _Words()
    return_text_en = _Words()
    reasons = ma.fields.List(ma.fields.Nested(_Reason), required=True)


def load_categories(session: Session, folder: Path) -> None:
    """Bring categories and reasons up to a province's folder, after its agencies; may be repeated.

    BadFile names what is wrong. What left the files becomes inactive.
    """
    file = folder / "categories.yaml"
    categories = read_yaml(file, _CategoriesFile)["categories"]
    agencies = [agency for agency in areas.agencies(session) if agency.active]
    refuse(file, _agency_faults(categories, {agency.code for agency in agencies}))
    refuse(folder / "agencies.yaml", _category_faults(agencies, {c["code"] for c in categories}))
    rows = list(_category_rows(categories))
    refuse(file, repeated(row["code"] for row in rows))
    refuse(file, (f"{row['code']} is too long" for row in rows if len(row["code"]) > 40))
    _load_reasons(session, folder / "reasons.yaml")
    for row in bring_up_to(session, CategoryRow, rows):
        row.active = False
    session.flush()
    known().forget()


def _load_reasons(session: Session, file: Path) -> None:
    content = read_yaml(file, _ReasonsFile)
    refuse(file, repeated(reason["code"] for reason in content["reasons"]))
    for row in bring_up_to(session, ReasonRow, _reason_rows(content)):
        row.active = False


def _reason_rows(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    reasons = content.pop("reasons")
    for place, reason in enumerate(reasons):
        returns = content if "return_to_ioc" in reason["moves"] else dict.fromkeys(content)
        yield {**reason, **returns, "position": place, "active": True}


def _agency_faults(categories: list[dict[str, Any]], agencies: set[str]) -> Iterator[str]:
    for category in categories:
        if category["default_agency"] not in {WARD, *agencies}:
            named = category["default_agency"]
            yield f"{category['code']}.default_agency: no {named} in agencies.yaml"


def _category_faults(agencies: list[areas.Agency], categories: set[str]) -> Iterator[str]:
    for agency in agencies:
        for stray in sorted(set(agency.categories) - categories):
            yield f"{agency.code}.categories: no {stray} in categories.yaml"


def _category_rows(categories: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Categories and, after each, its subcategories with all that they inherit."""
    for place, category in enumerate(categories):
        subcategories = category.pop("subcategories")
        agency = category["default_agency"]
        whole = {
            **category,
            "position": 1000 * place,
            "default_agency": None if agency == WARD else agency,
            "active": True,
        }
        yield whole
        for inner, sub in enumerate(subcategories, 1):
            code = f"{category['code']}.{sub['code']}"
            own = {"code": code, "parent": category["code"], "position": 1000 * place + inner}
            yield {**whole, **sub, **own}
