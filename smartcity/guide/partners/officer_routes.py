"""Officers see how often partners are gone to."""

import re
from datetime import date
from typing import Any

import marshmallow as ma
from flask import Response

from smartcity.audit import service as audit
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.fields import Schema
from smartcity.core.paging import Page, PageQuery, page_schema
from smartcity.core.web import Blueprint
from smartcity.guide.partners import figures
from smartcity.guide.partners.partner import PARTNER
from smartcity.identity.permissions import Action, permit, principal

blp = Blueprint(
    "partner_figures", __name__, url_prefix="/api/v1/officer/partners", description=PARTNER.title
)
_MONTH = {"description": "Year and month", "example": "2026-11"}
_ID = {"example": "0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}


class Month(ma.fields.String):
    """A month as `2026-11`, read as its first day."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        written = super()._deserialize(value, attr, data, **options)
        if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", written, re.ASCII):
            raise ma.ValidationError("guide.partner.not_month")
        return date.fromisoformat(f"{written}-01")


class FigureFilter(Schema):
    """Which month."""

    month = Month(required=True, metadata=_MONTH)


class FigureQuery(PageQuery, FigureFilter):
    """A page of it."""


class PartnerFigureOut(ma.Schema):
    """How often a partner was gone to in a month."""

    id = ma.fields.UUID(required=True, metadata=_ID)
    month = ma.fields.String(required=True, metadata=_MONTH)
    key = ma.fields.String(required=True, allow_none=True, metadata={"example": "xanh-sm"})
    title = ma.fields.String(required=True, metadata={"example": "Taxi điện Xanh SM"})
    category = ma.fields.String(required=True, metadata={"example": "taxi"})
    disclosure = ma.fields.String(required=True, metadata={"example": "none"})
    opened = ma.fields.Integer(required=True, metadata={"example": 412})


@blp.route("/openings")
@permit(Action.READ_GUIDE)
@blp.problems(400, 401, 403, 422)
@blp.arguments(FigureQuery, location="query")
@blp.response(200, page_schema(PartnerFigureOut))
def list_partner_openings(asked: dict[str, Any]) -> Page[figures.Figure]:
    """How often each partner was gone to in a month; nobody knows by whom."""
    with reading() as session:
        return figures.listed(session, asked)


@blp.route("/openings.csv")
@permit(Action.READ_GUIDE)
@blp.problems(400, 401, 403, 422)
@blp.arguments(FigureFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_partner_openings(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "partner_opening", asked)
    return csv_file("partner-openings", figures.lines(asked))
