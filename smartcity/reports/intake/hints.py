"""What a machine may notice of a report: the codes of hints, and how officers read them.

A hint is kept as `{"code", "reports"}`. It decides nothing.
"""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.texts import text
from smartcity.identity.permissions import Action, Principal, Scope
from smartcity.reports.models import Report

SAME_PHOTO, SCREEN = "bad_evidence.same_photo", "bad_evidence.screen"
DUPLICATE, SENDER = "possible_duplicate", "watched_sender"
HINTS = (SAME_PHOTO, SCREEN, DUPLICATE, SENDER)
MISSING_PHOTO = "missing_photo"  # noted by who relays, not by looking: it stays
REVIEW = "review"  # the lane of reports at which somebody looks twice

Hint = dict[str, Any]


class HintOut(ma.Schema):
    """What a machine noticed; it decides nothing."""

    code = ma.fields.String(required=True, validate=validate.OneOf([*HINTS, MISSING_PHOTO]))
    label = ma.fields.String(required=True, metadata={"example": "Ảnh đã có trong phản ánh khác."})
    reports = ma.fields.List(
        ma.fields.String(), required=True, metadata={"example": ["HP-2026-000122"]}
    )


class IntakeOut(ma.Schema):
    """How a report came in, as officers know it; lane and hints are for the centre's staff."""

    channel = ma.fields.String(
        required=True, validate=validate.OneOf(["app", "hotline", "open311", "split"])
    )
    suggested_agency = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Whom `assign` takes when it names nobody", "example": "cong-an"},
    )
    area_uncertain = ma.fields.Boolean(
        required=True,
        metadata={"description": "Near a boundary, and nobody has confirmed the commune"},
    )
    lane = ma.fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([REVIEW]),
        metadata={"description": "`review`: look twice"},
    )
    hints = ma.fields.List(ma.fields.Nested(HintOut), required=True)


def intake(officer: Principal, report: Report) -> dict[str, Any]:
    """How a report came in, as far as it is this officer's to know."""
    ours = officer.scope(Action.SEE_REPORTER) is not Scope.NONE
    hints = report.hints if ours else []
    return {
        "channel": report.channel,
        "suggested_agency": report.suggested_agency,
        "area_uncertain": report.area_uncertain,
        "lane": report.lane if ours else None,
        "hints": [{**hint, "label": text(f"hint.{hint['code']}")} for hint in hints],
    }
