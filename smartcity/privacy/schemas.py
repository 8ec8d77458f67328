"""A person's rights, and the registers, on the wire."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.identity.service import BASES, READING_SIZE, READING_SIZES
from smartcity.privacy.models import ExportState
from smartcity.privacy.requests import OUTCOMES, Kind

_CAMPAIGNS = {"example": "campaigns"}
_NAME = {"example": "Nguyễn Văn An", "description": "What to be called; null for nothing"}
_CODE = {"example": "042917", "description": "The six digits sent to the new number"}
_STORY = {"example": "Một thùng hồ sơ phản ánh bị gửi nhầm địa chỉ."}
_MEASURES = {"example": "Đã thu hồi, đổi quy trình gửi."}
_KINDS = {"example": ["số điện thoại", "nội dung phản ánh"]}
_MOST_PEOPLE = 1_000_000_000


class PurposeOut(ma.Schema):
    """What data is used for."""

    code = ma.fields.String(required=True, metadata=_CAMPAIGNS)
    basis = ma.fields.String(required=True, validate=validate.OneOf(BASES))
    sensitive = ma.fields.Boolean(required=True)
    title_vi = ma.fields.String(required=True, metadata={"example": "Tin tuyên truyền"})
    title_en = ma.fields.String(required=True, metadata={"example": "Announcements"})
    text_vi = ma.fields.String(required=True, metadata={"example": "Vị trí và ảnh của phản ánh."})
    text_en = ma.fields.String(required=True, metadata={"example": "Place and photos of a report."})


class PolicyOut(ma.Schema):
    """The policy of today; consents are given to its `version`."""

    version = ma.fields.Integer(required=True, metadata={"example": 1})
    effective = ma.fields.Date(required=True, metadata={"example": "2026-01-01"})
    title_vi = ma.fields.String(required=True, metadata={"example": "Bảo vệ dữ liệu cá nhân"})
    title_en = ma.fields.String(required=True, metadata={"example": "Personal data policy"})
    text_vi = ma.fields.String(required=True, metadata={"example": "Vị trí và ảnh của phản ánh."})
    text_en = ma.fields.String(required=True, metadata={"example": "Place and photos of a report."})
    purposes = ma.fields.List(ma.fields.Nested(PurposeOut), required=True)


class AnswerOut(ma.Schema):
    """One answer of the citizen."""

    granted = ma.fields.Boolean(required=True)
    policy_version = ma.fields.Integer(required=True)
    language = ma.fields.String(required=True, metadata={"example": "vi"})
    device = ma.fields.String(required=True, metadata={"example": "CitizenApp/3.2 (Android 15)"})
    at = Instant(required=True)


class ConsentOut(ma.Schema):
    """A purpose that asks for consent: how it stands, and every answer, newest first."""

    purpose = ma.fields.String(required=True, metadata=_CAMPAIGNS)
    granted = ma.fields.Boolean(required=True)
    history = ma.fields.List(ma.fields.Nested(AnswerOut), required=True)


class ConsentsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ConsentOut), required=True)


class ConsentIn(Schema):
    granted = ma.fields.Boolean(required=True)
    policy_version = ma.fields.Integer(
        required=True, validate=validate.Range(1, 1_000_000), metadata={"example": 1}
    )


class AccountIn(Schema):
    display_name = Text(max=80, allow_none=True, metadata=_NAME)
    reading_size = ma.fields.String(
        allow_none=True, validate=validate.OneOf(READING_SIZES), metadata=READING_SIZE
    )


class NumberIn(Schema):
    challenge_id = ma.fields.UUID(required=True)
    code = Text(max=6, required=True, metadata=_CODE)


class ErasureOut(ma.Schema):
    erase_at = Instant(required=True)


class ExportOut(ma.Schema):
    """An archive; `progress` in percent, `size` in bytes, `link` opens without signing in."""

    id = ma.fields.UUID(required=True)
    state = ma.fields.String(required=True, validate=validate.OneOf(list(ExportState)))
    progress = ma.fields.Integer(required=True, metadata={"example": 40})
    size = ma.fields.Integer(required=True, allow_none=True)
    asked_at = Instant(required=True)
    expires_at = Instant(required=True, allow_none=True)
    link = ma.fields.Url(required=True, allow_none=True)


class ArchiveQuery(Schema):
    """What makes a link good."""

    expires = ma.fields.Integer(required=True, metadata={"description": "Unix seconds"})
    signature = ma.fields.String(required=True, validate=validate.Length(max=64))


class DataRequestQuery(PageQuery):
    kind = ma.fields.String(validate=validate.OneOf(list(Kind)))
    open = ma.fields.Boolean(metadata={"description": "Only what is not done yet"})
    late = ma.fields.Boolean(metadata={"description": "Only what is answered after its time"})


class DataRequestOut(ma.Schema):
    """What somebody asked for; who, it does not say."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(list(Kind)))
    outcome = ma.fields.String(required=True, allow_none=True, validate=validate.OneOf(OUTCOMES))
    asked_at = Instant(required=True)
    due_at = Instant(required=True, metadata={"description": "Until when it is to be answered"})
    answered_at = Instant(required=True, allow_none=True)
    done_at = Instant(required=True, allow_none=True)


class BreachPatch(Schema):
    """What became known, or was done, since."""

    description = Text(max=5000, lines=True, metadata=_STORY)
    data_kinds = ma.fields.List(Text(max=100), validate=validate.Length(1, 30), metadata=_KINDS)
    people = ma.fields.Integer(
        allow_none=True,
        validate=validate.Range(0, _MOST_PEOPLE),
        metadata={"description": "How many are concerned, as far as known", "example": 12},
    )
    measures = Text(max=5000, lines=True, allow_none=True, metadata=_MEASURES)
    discovered_at = Instant()
    authority_notified_at = Instant(allow_none=True)
    people_notified_at = Instant(allow_none=True)
    closed_at = Instant(allow_none=True)


class BreachIn(BreachPatch):
    """A breach as it is first known."""

    description = Text(max=5000, lines=True, required=True, metadata=_STORY)
    data_kinds = ma.fields.List(
        Text(max=100), required=True, validate=validate.Length(1, 30), metadata=_KINDS
    )
    discovered_at = Instant(required=True)


class BreachOut(ma.Schema):
    """A line of the register; the authority is to be told by `notify_by`."""

    id = ma.fields.UUID(required=True)
    version = ma.fields.Integer(required=True)
    description = ma.fields.String(required=True, metadata=_STORY)
    data_kinds = ma.fields.List(ma.fields.String(), required=True, metadata=_KINDS)
    people = ma.fields.Integer(required=True, allow_none=True)
    measures = ma.fields.String(required=True, allow_none=True)
    discovered_at = Instant(required=True)
    notify_by = Instant(required=True)
    authority_notified_at = Instant(required=True, allow_none=True)
    people_notified_at = Instant(required=True, allow_none=True)
    closed_at = Instant(required=True, allow_none=True)
    recorded_by = ma.fields.String(required=True, metadata={"example": "officer:0198c0de-4a6e"})
    recorded_at = Instant(required=True)


class BreachQuery(PageQuery):
    open = ma.fields.Boolean(metadata={"description": "Only what is not closed"})
