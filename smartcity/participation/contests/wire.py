"""What those who take part send and read, and what officers do with a contest."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.participation.contests.grading import AttemptState
from smartcity.participation.eligibility import DeclaredIn

_UUID = {"example": "0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_ENTRANT = {"description": "Stands for an entrant in this contest alone", **_UUID}
_CALLED = {"description": "What the ranking calls him; without it, some digits", "example": "Minh"}
_SHOWN = {"description": "The name he chose, or digits", "example": "Thí sinh ****4821"}
_LETTER = {"description": "Of an option, as this paper has them", "example": "b"}
_ANSWERS = {"description": "Letters of options by question", "example": {"q1": "b", "q7": "d"}}
_RANK = {"description": "Equals share it: 1, 2, 2, 4", "example": 2}
_TOOK = {"description": "Milliseconds, by the server's clock", "example": 312_450}
_NOW = {"description": "The server's clock: count down from it, not from the phone's"}
_ENDS = {"description": "The bell; what comes after it does not count"}
_TITLE = {"example": "Giải nhất"}
_QUESTION = {"example": "Ngày Chuyển đổi số quốc gia là ngày nào hằng năm?"}
_OPTION = {"example": "Ngày 10 tháng 10"}
_SEED = {"description": "Its SHA-256 was public from the start", "example": "5f1d3a…"}
_COMMITMENT = {"description": "SHA-256 of the seed", "example": "9f86d081884c7d65…"}
_REASON = {"example": "Đáp án đúng theo Quyết định 505/QĐ-TTg là ngày 10/10."}
_WHO = {"example": "officer:0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_WARD = {"description": "Code of his commune, where the contest asks for it", "example": "11359"}
_ANSWER = ma.fields.String(validate=validate.Length(max=1), metadata=_LETTER)


class EntryIn(DeclaredIn):
    """What a citizen says of himself with an attempt."""

    called = Text(max=60, load_default=None, allow_none=True, metadata=_CALLED)


class PaperOptionOut(ma.Schema):
    """An option as this paper has it."""

    id = ma.fields.String(required=True, metadata=_LETTER)
    text = ma.fields.String(required=True, metadata=_OPTION)


class PaperQuestionOut(ma.Schema):
    """A question of a paper."""

    id = ma.fields.String(required=True, metadata={"example": "q1"})
    text = ma.fields.String(required=True, metadata=_QUESTION)
    points = ma.fields.Integer(required=True, metadata={"example": 1})
    options = ma.fields.List(ma.fields.Nested(PaperOptionOut), required=True)


class AttemptSummaryOut(ma.Schema):
    """An attempt; points and time once it has ended."""

    id = ma.fields.UUID(required=True, metadata=_UUID)
    number = ma.fields.Integer(required=True, metadata={"example": 1})
    state = ma.fields.Enum(AttemptState, by_value=True, required=True)
    started_at = Instant(required=True)
    ends_at = Instant(required=True, metadata=_ENDS)
    points = ma.fields.Integer(required=True, allow_none=True, metadata={"example": 9})
    took_ms = ma.fields.Integer(required=True, allow_none=True, metadata=_TOOK)


class AttemptOut(AttemptSummaryOut):
    """An attempt with its paper and what is answered so far."""

    contest_id = ma.fields.UUID(required=True, metadata=_UUID)
    most = ma.fields.Integer(
        required=True, metadata={"description": "Points without a mistake", "example": 10}
    )
    now = Instant(required=True, metadata=_NOW)
    questions = ma.fields.List(ma.fields.Nested(PaperQuestionOut), required=True)
    answers = ma.fields.Dict(keys=ma.fields.String(), values=_ANSWER, metadata=_ANSWERS)


class AnswersIn(Schema):
    """Answers to some questions of a paper, or to all."""

    answers = ma.fields.Dict(
        keys=ma.fields.String(validate=validate.Length(max=40)),
        values=_ANSWER,
        required=True,
        validate=validate.Length(max=100),
        metadata=_ANSWERS,
    )


class AnswersOut(ma.Schema):
    """All that is saved."""

    answers = ma.fields.Dict(keys=ma.fields.String(), values=_ANSWER, metadata=_ANSWERS)
    ends_at = Instant(required=True, metadata=_ENDS)
    now = Instant(required=True, metadata=_NOW)


class ContestRankOut(ma.Schema):
    """A place in the ranking."""

    rank = ma.fields.Integer(required=True, metadata=_RANK)
    entrant = ma.fields.UUID(required=True, metadata=_ENTRANT)
    called = ma.fields.String(required=True, metadata=_SHOWN)
    ward = ma.fields.String(required=True, allow_none=True, metadata=_WARD)
    points = ma.fields.Integer(required=True, metadata={"example": 10})
    took_ms = ma.fields.Integer(required=True, metadata=_TOOK)


class LeaderboardOut(ma.Schema):
    """The first 100."""

    items = ma.fields.List(ma.fields.Nested(ContestRankOut), required=True)


class MyContestOut(ma.Schema):
    """One's own part in a contest."""

    contest_id = ma.fields.UUID(required=True, metadata=_UUID)
    entrant = ma.fields.UUID(required=True, metadata=_ENTRANT)
    called = ma.fields.String(required=True, metadata=_SHOWN)
    attempts_left = ma.fields.Integer(required=True, metadata={"example": 1})
    attempts = ma.fields.List(ma.fields.Nested(AttemptSummaryOut), required=True)
    points = ma.fields.Integer(required=True, allow_none=True, metadata={"example": 9})
    took_ms = ma.fields.Integer(required=True, allow_none=True, metadata=_TOOK)
    rank = ma.fields.Integer(required=True, allow_none=True, metadata=_RANK)
    prize = ma.fields.String(required=True, allow_none=True, metadata=_TITLE)


class RightAnswerOut(ma.Schema):
    """A question of the bank with its right answer."""

    id = ma.fields.String(required=True, metadata={"example": "q1"})
    text = ma.fields.String(required=True, metadata=_QUESTION)
    options = ma.fields.List(ma.fields.String(metadata=_OPTION), required=True)
    right = ma.fields.String(required=True, metadata=_OPTION)
    points = ma.fields.Integer(required=True, metadata={"example": 1})
    explains = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"example": "Thủ tướng lấy ngày 10/10 làm Ngày Chuyển đổi số quốc gia."},
    )
    law = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"example": "Quyết định 505/QĐ-TTg ngày 22/4/2022"},
    )


class RightAnswersOut(ma.Schema):
    """The whole bank."""

    items = ma.fields.List(ma.fields.Nested(RightAnswerOut), required=True)


class ContestWinnerOut(ContestRankOut):
    """Who won what."""

    place = ma.fields.Integer(required=True, metadata={"example": 1})
    prize = ma.fields.String(required=True, metadata=_TITLE)


class EqualsOut(ma.Schema):
    """Entrants of equal points and time, in the order of the lot."""

    points = ma.fields.Integer(required=True, metadata={"example": 10})
    took_ms = ma.fields.Integer(required=True, metadata=_TOOK)
    entrants = ma.fields.List(ma.fields.UUID(metadata=_ENTRANT), required=True)


class ContestResultsOut(ma.Schema):
    """The results, and what anybody needs to draw the lot again."""

    told_at = Instant(required=True)
    seed = ma.fields.String(required=True, metadata=_SEED)
    commitment = ma.fields.String(required=True, metadata=_COMMITMENT)
    entrants = ma.fields.Integer(required=True, metadata={"example": 18_204})
    winners = ma.fields.List(ma.fields.Nested(ContestWinnerOut), required=True)
    equals = ma.fields.List(ma.fields.Nested(EqualsOut), required=True)


class SettlementOut(ma.Schema):
    """The winners: settled, or as they would be if it were settled now."""

    version = ma.fields.Integer(required=True, metadata={"example": 1})
    settled_at = Instant(required=True, allow_none=True)
    settled_by = ma.fields.String(required=True, allow_none=True, metadata=_WHO)
    told_at = Instant(required=True, allow_none=True)
    entrants = ma.fields.Integer(required=True, metadata={"example": 18_204})
    winners = ma.fields.List(ma.fields.Nested(ContestWinnerOut), required=True)


class RegradeIn(Schema):
    """Which option of a question is right after all, and how one knows."""

    question = Text(max=40, required=True, metadata={"example": "q1"})
    right = ma.fields.Integer(
        required=True,
        validate=validate.Range(0, 5),
        metadata={"description": "Counted from 0, as in the bank", "example": 2},
    )
    reason = Text(max=500, required=True, lines=True, metadata=_REASON)


class RegradeOut(ma.Schema):
    """A correction, and how many of the entrants are graded anew."""

    question = ma.fields.String(required=True, metadata={"example": "q1"})
    before = ma.fields.Integer(required=True, metadata={"example": 0})
    right = ma.fields.Integer(required=True, metadata={"example": 2})
    reason = ma.fields.String(required=True, metadata=_REASON)
    made_by = ma.fields.String(required=True, metadata=_WHO)
    made_at = Instant(required=True)
    entrants = ma.fields.Integer(required=True, metadata={"example": 18_204})
    done = ma.fields.Integer(required=True, metadata={"example": 4_200})
    ended_at = Instant(required=True, allow_none=True)
