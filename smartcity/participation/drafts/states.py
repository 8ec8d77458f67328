"""The states of a comment on a draft, and the steps between them: the one table of them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.errors import Conflict
from smartcity.core.texts import text
from smartcity.identity.permissions import Principal
from smartcity.participation.models import Comment


class State(StrEnum):
    """How a comment stands; the public reads the published ones."""

    RECEIVED = "received"
    PUBLISHED = "published"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


S = State


class Step(NamedTuple):
    """From these states to that one."""

    sources: frozenset[State]
    target: State


STEPS: Mapping[str, Step] = {
    "take_back": Step(frozenset({S.RECEIVED}), S.TAKEN_BACK),
    "publish": Step(frozenset({S.RECEIVED}), S.PUBLISHED),
    "refuse": Step(frozenset({S.RECEIVED}), S.REFUSED),
    "reconsider": Step(frozenset({S.PUBLISHED, S.REFUSED}), S.RECEIVED),
    "reply": Step(frozenset({S.PUBLISHED}), S.PUBLISHED),
    "drop_reply": Step(frozenset({S.PUBLISHED}), S.PUBLISHED),
}


def step(
    session: Session, comment: Comment, name: str, who: Principal, reason: str | None = None
) -> None:
    """Take a step: a new version, audited. Conflict from a state that it does not lead from."""
    was = comment.state
    if was not in STEPS[name].sources:
        raise Conflict("draft_comment.not_now", state=text(f"draft_comment.state.{was}"))
    comment.state = STEPS[name].target
    comment.version += 1
    comment.changed_by, comment.changed_at = who.key, clock.now()
    session.flush()
    audit.record(
        session,
        who.key,
        f"draft_comment.{name}",
        ("draft_comment", comment.id),
        before={"state": was},
        after={"state": comment.state},
        reason=reason,
    )
