"""Guided paths on the wire."""

from typing import Any

import marshmallow as ma

from smartcity.catalogue.records.schemas import Level


def _text(example: str, **options: Any) -> ma.fields.String:
    return ma.fields.String(required=True, metadata={"example": example}, **options)


class PathServiceOut(ma.Schema):
    """A procedure that a path leads to; `GET /services/{code}` has all of it."""

    code = _text("1.001193")
    name = _text("Đăng ký khai sinh")
    name_en = _text("Birth registration", allow_none=True)
    levels = ma.fields.List(_text(Level.COMMUNE), required=True)


class PathAnswerOut(ma.Schema):
    """An answer to choose: `next` is the id of the next question, or `services` help."""

    vi = _text("Trong nước")
    en = _text("In Viet Nam")
    next = _text("which_parent", allow_none=True)
    services = ma.fields.List(ma.fields.Nested(PathServiceOut), required=True)


class PathQuestionOut(ma.Schema):
    """A question and the answers to choose from."""

    id = _text("where_born")
    vi = _text("Bé sinh ở đâu?")
    en = _text("Where was the child born?")
    answers = ma.fields.List(ma.fields.Nested(PathAnswerOut), required=True)


class ServicePathOut(ma.Schema):
    """A path: its first question is the one that `start` names."""

    id = _text("new_child")
    life_event = _text("child")
    vi = _text("Nhà có em bé")
    en = _text("A new baby")
    start = _text("where_born")


class ServicePathWholeOut(ServicePathOut):
    """A path with all of its questions: enough to walk it without a network."""

    questions = ma.fields.List(ma.fields.Nested(PathQuestionOut), required=True)


class ServicePathsOut(ma.Schema):
    """The paths, in the app's order."""

    items = ma.fields.List(ma.fields.Nested(ServicePathOut), required=True)
