"""Canned replies on the wire and in the province's file."""

from functools import partial
from urllib.parse import quote

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Schema, Text
from smartcity.reports.desk.replies import VARIABLES, unknown_variables
from smartcity.reports.workflow import MOVES

_MOVE = validate.OneOf(["submit", *MOVES])
_VI = "Kính gửi ông/bà, phản ánh {code} đã chuyển {agency}, trả lời trước {due_at}."
_EN = "Your report {code} was given to {agency}, which will answer by {due_at}."


def _template(written: str) -> None:
    try:
        strange = unknown_variables(written)
    except ValueError:
        raise ma.ValidationError("reply.braces") from None
    if strange:
        known = ", ".join(f"{{{name}}}" for name in VARIABLES)
        named = quote(strange[0] or " ")  # a pair of bare braces has no name
        told = f"name={named}&known={quote(known)}"
        raise ma.ValidationError(f"reply.unknown_variable|{told}")


_TITLE_VI = {"example": "Đã chuyển đơn vị xử lý"}
_TITLE_EN = {"example": "Given to the unit"}


class _Template(Text):
    def _deserialize(self, *args: object, **kwargs: object) -> str:
        written = super()._deserialize(*args, **kwargs)  # type: ignore[arg-type]
        _template(written)
        return written


_Words = partial(_Template, max=2000, lines=True, required=True)


class ReplyIn(Schema):
    """A canned reply; without a move or category it suits any."""

    title_vi = Text(max=200, required=True, metadata=_TITLE_VI)
    title_en = Text(max=200, required=True, metadata=_TITLE_EN)
    text_vi = _Words(metadata={"example": _VI})
    text_en = _Words(metadata={"example": _EN})
    move = ma.fields.String(
        load_default=None, allow_none=True, validate=_MOVE, metadata={"example": "assign"}
    )
    category = Text(
        max=40, load_default=None, allow_none=True, metadata={"example": "traffic_infra"}
    )


class NewReplyIn(ReplyIn):
    """A canned reply and the code that it keeps."""

    code = ma.fields.String(
        required=True,
        validate=validate.Regexp(r"[a-z][a-z0-9_]{0,39}\Z", error="field.invalid"),
        metadata={"example": "given_to_unit"},
    )


class ReplyOut(ma.Schema):
    """A canned reply as it is kept; `version` is what If-Match shows."""

    code = ma.fields.String(required=True, metadata={"example": "given_to_unit"})
    title_vi = ma.fields.String(required=True, metadata=_TITLE_VI)
    title_en = ma.fields.String(required=True, metadata=_TITLE_EN)
    text_vi = ma.fields.String(required=True, metadata={"example": _VI})
    text_en = ma.fields.String(required=True, metadata={"example": _EN})
    move = ma.fields.String(required=True, allow_none=True)
    category = ma.fields.String(required=True, allow_none=True)
    active = ma.fields.Boolean(required=True)
    version = ma.fields.Integer(required=True)


class ReplyList(ma.Schema):
    """All of them: a province has some dozens."""

    items = ma.fields.List(ma.fields.Nested(ReplyOut), required=True)


class ReplyQuery(Schema):
    """Which replies are listed."""

    move = ma.fields.String(validate=_MOVE)
    category = Text(max=40)
    active = ma.fields.Boolean()


class OfferQuery(Schema):
    """The move that the words are for."""

    move = ma.fields.String(validate=_MOVE, metadata={"example": "reject"})


class OfferOut(ma.Schema):
    """A reply filled in for one report."""

    code = ma.fields.String(required=True, metadata={"example": "given_to_unit"})
    title_vi = ma.fields.String(required=True, metadata=_TITLE_VI)
    title_en = ma.fields.String(required=True, metadata=_TITLE_EN)
    text_vi = ma.fields.String(required=True, metadata={"example": _VI})
    text_en = ma.fields.String(required=True, metadata={"example": _EN})


class OfferList(ma.Schema):
    """The most particular first."""

    items = ma.fields.List(ma.fields.Nested(OfferOut), required=True)
