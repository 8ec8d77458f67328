"""What the public reads of questions: found, synchronised, offered to who asks alike."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from smartcity.changes import service as changes
from smartcity.changes.kept import TAKEN_BACK
from smartcity.core.errors import NotFound
from smartcity.core.paging import newest_first
from smartcity.core.text import fold, shortened
from smartcity.participation.models import Question, QuestionStep
from smartcity.participation.questions.schemas import PublicQuestionOut
from smartcity.participation.questions.states import State
from smartcity.search import service as search

KIND = "question"  # of what appears in `changes` and is found
MOST_ALIKE = 5
_TITLE, _SUMMARY = 300, 400  # bytes
_PUBLIC = PublicQuestionOut()
_SHOWN = Question.state == State.PUBLISHED


def bring_out(session: Session, question: Question) -> None:
    """Show a question that was just published, or changed in public. Call it last."""
    search.put(session, indexed(question))
    changes.appeared(session, KIND, str(question.id))


def take_back(session: Session, question: Question) -> None:
    """Undo `bring_out`."""
    search.remove(session, KIND, str(question.id))
    changes.vanished(session, KIND, str(question.id))


def listed(session: Session, asked: Mapping[str, Any]) -> bytes:
    """A page of published questions as JSON, those published last first."""
    query = select(Question).where(_SHOWN, *_wanted(asked))
    page = newest_first(session, query, (Question.published_at, Question.id), asked)
    items = _told(session, page.items)
    return orjson.dumps({"items": items, "next_cursor": page.next_cursor})


def whole(session: Session, number: str) -> bytes:
    """A published question as JSON; NotFound."""
    question = session.scalar(select(Question).where(_SHOWN, Question.number == number))
    if question is None:
        raise NotFound("question.not_found", headers=TAKEN_BACK)
    return orjson.dumps(_told(session, [question])[0])


def alike(session: Session, words: str) -> bytes:
    """The answered questions most like some words as JSON, the likest first; at most five."""
    hits = search.alike(session, words, {"kind": KIND}, MOST_ALIKE)
    ids = [uuid.UUID(hit) for hit in hits]
    found = {q.id: q for q in session.scalars(select(Question).where(_SHOWN, Question.id.in_(ids)))}
    return orjson.dumps({"items": _told(session, [found[i] for i in ids if i in found])})


def questions_for_phones(session: Session, refs: Collection[str]) -> dict[str, str]:
    """Those of some questions that are public, as JSON by id."""
    ids = Question.id.in_([uuid.UUID(ref) for ref in refs])
    found = session.scalars(select(Question).where(_SHOWN, ids)).all()
    return {told["id"]: orjson.dumps(told).decode() for told in _told(session, found)}


def indexed(question: Question) -> search.Indexed:
    """A public question as the index knows it."""
    assert question.shown
    assert question.answer
    assert question.published_at
    return search.Indexed(
        kind=KIND,
        ref=str(question.id),
        title=shortened(question.shown, _TITLE),
        summary=shortened(question.answer, _SUMMARY),
        body=f"{question.shown}\n{question.answer}",
        link=f"/questions/{question.number}",
        published_at=question.published_at,
        agency=question.agency,
    )


def _wanted(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    for name in ("field", "agency"):
        if asked.get(name):
            yield getattr(Question, name) == asked[name]
    for word in fold(asked.get("q") or "").split():
        yield Question.folded.contains(word, autoescape=True)


def _told(session: Session, questions: Sequence[Question]) -> list[dict[str, Any]]:
    corrections = _corrections(session, questions)
    return [
        _PUBLIC.dump({**_columns(question), "corrections": corrections.get(question.id, [])})
        for question in questions
    ]


def _columns(question: Question) -> dict[str, Any]:
    return {column.key: getattr(question, column.key) for column in Question.__table__.columns}


def _corrections(
    session: Session, questions: Sequence[Question]
) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """What was corrected since each came out, by question."""
    out = {question.id: question.published_at for question in questions}
    steps = select(QuestionStep).where(QuestionStep.question_id.in_(out))
    corrected = steps.where(QuestionStep.step == "correct").order_by(QuestionStep.number)
    found: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for step in session.scalars(corrected):
        published_at = out[step.question_id]
        if published_at and step.at >= published_at:
            note = {"at": step.at, "note": step.reason}
            found.setdefault(step.question_id, []).append(note)
    return found
