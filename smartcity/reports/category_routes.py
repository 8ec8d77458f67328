"""Categories and reasons in public, each list whole: they are short and change seldom."""

import marshmallow as ma
from flask import Response

from smartcity.core.cache import published
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit
from smartcity.reports.categories import choices, tree

_LIMIT = "30min and 4h run on the clock, 3d counts working days; "
blp = Blueprint(
    "categories", __name__, url_prefix="/api/v1", description="What is reported, and reasons"
)


class SubcategoryOut(ma.Schema):
    """A category as the app offers it; limits are texts, for which see `accept`."""

    code = ma.fields.String(required=True, metadata={"example": "traffic_infra.pothole"})
    name_vi = ma.fields.String(required=True, metadata={"example": "Ổ gà, mặt đường hư hỏng"})
    name_en = ma.fields.String(required=True, metadata={"example": "Pothole, damaged road"})
    accept = ma.fields.String(
        required=True,
        metadata={"description": _LIMIT + "from submission to acceptance", "example": "4h"},
    )
    resolve = ma.fields.String(
        required=True,
        metadata={"description": _LIMIT + "from acceptance to the result", "example": "3d"},
    )


class CategoryOut(SubcategoryOut):
    """A category with its subcategories."""

    icon = ma.fields.String(required=True, metadata={"example": "road"})
    urgent_resolve = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "in place of resolve when urgent", "example": "24h"},
    )
    anonymous_allowed = ma.fields.Boolean(required=True)
    sensitive = ma.fields.Boolean(
        required=True, metadata={"description": "the public sees a coarsened place"}
    )
    proof_photos = ma.fields.Boolean(
        required=True, metadata={"description": "a result needs a photo"}
    )
    hotline = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "to be called first", "example": "114"},
    )
    subcategories = ma.fields.List(ma.fields.Nested(SubcategoryOut), required=True)


class ReasonOut(ma.Schema):
    """Why a move is made, with the words that an officer starts from."""

    code = ma.fields.String(required=True, metadata={"example": "outside_area"})
    name_vi = ma.fields.String(required=True, metadata={"example": "Ngoài địa bàn"})
    name_en = ma.fields.String(required=True, metadata={"example": "Outside the area"})
    moves = ma.fields.List(ma.fields.String(), required=True, metadata={"example": ["reject"]})
    public_text_vi = ma.fields.String(
        required=True, metadata={"example": "Vị trí phản ánh nằm ngoài địa bàn thành phố."}
    )
    public_text_en = ma.fields.String(
        required=True, metadata={"example": "The place is outside the city."}
    )
    return_text_vi = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "instead of public_text when a unit returns the report"},
    )
    return_text_en = ma.fields.String(required=True, allow_none=True)


class CategoryList(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(CategoryOut), required=True)


class ReasonList(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ReasonOut), required=True)


@blp.route("/categories")
@permit(Action.READ_PUBLIC)
@blp.response(200, CategoryList)
def list_categories() -> Response:
    """What can be reported, in the order to show it; a report names a category or a subcategory."""
    return published(CategoryList().dump({"items": tree()}))


@blp.route("/reasons")
@permit(Action.READ_PUBLIC)
@blp.response(200, ReasonList)
def list_reasons() -> Response:
    """The reasons that moves of a report may give."""
    found = [reason for reason in choices().reasons.values() if reason.active]
    return published(ReasonList().dump({"items": found}))
