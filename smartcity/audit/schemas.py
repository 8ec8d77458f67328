"""What the API says of the audit record."""

import marshmallow as ma

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery


class AuditFilter(Schema):
    """Which entries."""

    actor = Text(max=80, metadata={"example": "officer:0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"})
    action = Text(
        max=60, metadata={"description": "what the action begins with", "example": "report."}
    )
    subject_kind = Text(max=30, metadata={"example": "report"})
    subject_id = ma.fields.UUID()
    address = Text(
        max=45,
        metadata={
            "description": "network address of officers and operators; those of citizens are"
            " sealed and cannot be searched",
            "example": "203.0.113.7",
        },
    )
    since = Instant(metadata={"example": "2026-11-22T00:00:00+07:00"})
    until = Instant(metadata={"description": "before this instant"})


class AuditQuery(AuditFilter, PageQuery):
    """A page of the record."""


class AuditEntryOut(ma.Schema):
    """One deed."""

    number = ma.fields.Integer(required=True, metadata={"example": 4711})
    at = Instant(required=True)
    actor = ma.fields.String(
        required=True,
        metadata={
            "description": "citizen, officer, operator, system …: and who of them",
            "example": "officer:0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e",
        },
    )
    action = ma.fields.String(required=True, metadata={"example": "report.reject"})
    subject_kind = ma.fields.String(required=True, metadata={"example": "report"})
    subject_id = ma.fields.UUID(required=True, allow_none=True)
    detail = ma.fields.Dict(required=True, metadata={"example": {"reason": "spam"}})
    before = ma.fields.Dict(required=True, allow_none=True)
    after = ma.fields.Dict(required=True, allow_none=True)
    private = ma.fields.Dict(
        required=True,
        allow_none=True,
        metadata={
            "description": "personal values; null when there are none, or the person was erased",
            "example": {"address": "203.0.113.7"},
        },
    )
    request_id = ma.fields.String(required=True, allow_none=True)
    address = ma.fields.String(required=True, allow_none=True, metadata={"example": "203.0.113.7"})
