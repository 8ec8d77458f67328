"""Questions on the wire, as officers see them: nobody's name."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.participation.marking import MarkOut
from smartcity.participation.questions.schemas import (
    AGENCY,
    ANSWER,
    FIELD,
    NOTE,
    REASON,
    SHOWN,
    STEP,
    OwnQuestionOut,
    Q,
)
from smartcity.participation.questions.states import State

_WHO = {"example": "officer:0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}


class QuestionFilter(Schema):
    """How officers narrow the queue; without `state` it is all that waits for somebody."""

    state = ma.fields.List(
        ma.fields.Enum(State, by_value=True, metadata={"example": "forwarded"}),
        validate=validate.Length(max=len(State)),
    )
    agency = Text(max=40, metadata=AGENCY)
    field = Text(max=40, metadata=FIELD)
    overdue = ma.fields.Boolean(metadata={"description": "Unanswered past its day, or not"})
    q = Text(max=100, metadata=Q)


class QuestionQuery(PageQuery, QuestionFilter):
    """The queue, page by page."""


class ForwardingIn(Schema):
    """To which agency, in which words."""

    agency = Text(max=40, required=True, metadata=AGENCY)
    shown = Text(max=4_000, lines=True, required=True, metadata=SHOWN)


class QuestionReasonIn(Schema):
    """Why."""

    reason = Text(max=500, lines=True, required=True, metadata=REASON)


class AgencyAnswerIn(Schema):
    """What the agency answers."""

    answer = Text(max=10_000, lines=True, required=True, metadata=ANSWER)


class CorrectionIn(AgencyAnswerIn):
    """A better answer, and what was amiss."""

    note = Text(max=500, lines=True, required=True, metadata=NOTE)


class QuestionPublicationIn(Schema):
    """Other words for the question, where those of the forwarding do not do."""

    shown = Text(max=4_000, lines=True, metadata=SHOWN)


class QuestionOut(OwnQuestionOut):
    """A question in the queue; `allowed` are the steps that the reader may take now."""

    demo = ma.fields.Boolean(required=True)
    changed_by = ma.fields.String(required=True, metadata=_WHO)
    changed_at = Instant(required=True)
    allowed = ma.fields.List(ma.fields.String(metadata=STEP), required=True)


class QuestionStepOut(ma.Schema):
    """A step with who took it; `answer` as it was from then on."""

    number = ma.fields.Integer(required=True, metadata={"example": 2})
    step = ma.fields.String(required=True, metadata=STEP)
    actor = ma.fields.String(required=True, metadata=_WHO)
    at = Instant(required=True)
    agency = ma.fields.String(required=True, allow_none=True, metadata=AGENCY)
    reason = ma.fields.String(required=True, allow_none=True, metadata=REASON)
    answer = ma.fields.String(required=True, allow_none=True, metadata=ANSWER)


class QuestionWholeOut(QuestionOut):
    """A question with its steps, and what to look at twice in its text."""

    marks = ma.fields.List(ma.fields.Nested(MarkOut), required=True)
    suggested = ma.fields.String(required=True, metadata=SHOWN)
    steps = ma.fields.List(ma.fields.Nested(QuestionStepOut), required=True)
