"""What is asked of the list of procedures, and how it answers."""

from collections.abc import Callable, Collection

import marshmallow as ma
from marshmallow import validate

from smartcity.catalogue.reading.schemas import ServiceCardOut
from smartcity.catalogue.records.schemas import Degree, Level, Way
from smartcity.catalogue.rules import rules
from smartcity.core.fields import Text
from smartcity.core.paging import PageQuery

LONGEST = 200  # letters of a question


def _known(choices: Callable[[], Collection[str]]) -> Callable[[str], None]:
    """A check against what the province has, which only a running application knows."""

    def check(value: str) -> None:
        if value not in choices():
            listed = ", ".join(choices())
            raise ma.ValidationError(f"field.not_a_choice|choices={listed}")

    return check


def _choice(choices: Collection[str], **metadata: str) -> ma.fields.String:
    return ma.fields.String(validate=validate.OneOf(list(choices)), metadata=metadata)


class ServicesQuery(PageQuery):
    """A page of procedures; several filters: what fits all of them."""

    q = Text(
        max=LONGEST,
        metadata={
            "description": "A question in everyday words, a name or a code",
            "example": "con mới sinh cần giấy gì",
        },
    )
    ward = Text(
        max=10,
        metadata={
            "description": "A commune's code: `served_by` names the office there",
            "example": "11407",
        },
    )
    life_event = ma.fields.String(
        validate=_known(lambda: rules().life_events), metadata={"example": "child"}
    )
    subject = ma.fields.String(
        validate=_known(lambda: rules().subjects), metadata={"example": "citizen"}
    )
    field = Text(max=200, metadata={"description": "Lĩnh vực, whole", "example": "Hộ tịch"})
    agency = Text(max=300, metadata={"example": "Ủy ban nhân dân cấp xã"})
    level = _choice([*Level], example="commune")
    degree = _choice([*Degree], example="full")
    channel = _choice([*Way], example="online")
    essential = _choice(
        ["true", *map(str, range(1, 26))],
        description="A number of the 25 essential services, or `true` for any of them",
        example="9",
    )
    limit = ma.fields.Integer(load_default=20, validate=validate.Range(1, 50))


class UnderstoodOut(ma.Schema):
    """Words of the question, and what they were taken for."""

    said = ma.fields.String(required=True, metadata={"example": "sổ đỏ"})
    meant = ma.fields.String(
        required=True, metadata={"example": "giấy chứng nhận quyền sử dụng đất"}
    )


class ServicesOut(ma.Schema):
    """The procedures that answer best, or, where nothing was asked, that are used most."""

    items = ma.fields.List(ma.fields.Nested(ServiceCardOut), required=True)
    next_cursor = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "`cursor` of the next page; null on the last"},
    )
    understood = ma.fields.List(ma.fields.Nested(UnderstoodOut), required=True)
