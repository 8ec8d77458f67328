"""The one table of a campaign's states, and of who may change them.

An action is named by the trade's verb; the step in the history and the audit carry the same word.
Nothing changes a state but a row of `STEPS`. Those that need SYSTEM are the engine's.
"""

import uuid
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.campaigns.models import Campaign, State, Step
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, Forbidden, NotFound, PreconditionFailed
from smartcity.core.texts import text
from smartcity.identity.permissions import SYSTEM, Action, Principal, Scope

S = State
_MADE = ("create", "recur")  # the first step of a draft
ENDED = frozenset({S.CANCELLED, S.FINISHED})
_SENDING = frozenset({S.CANARY, S.RUNNING})
_LAUNCHED = frozenset({S.SCHEDULED, S.FREEZING, S.PAUSED, S.HALTED}) | _SENDING | ENDED


class Row(NamedTuple):
    """From these states to that one (None: `resume` back to where it was, others stay).

    `needs`: the right of a person, or SYSTEM.
    """

    sources: frozenset[State]
    target: State | None
    needs: Action | Principal


def _row(sources: State | frozenset[State], target: State | None, needs: Action | Principal) -> Row:
    return Row(frozenset({sources}) if isinstance(sources, State) else sources, target, needs)


STEPS: dict[str, Row] = {
    "create": _row(S.DRAFT, None, Action.DRAFT_CAMPAIGNS),
    "recur": _row(S.DRAFT, None, SYSTEM),
    "edit": _row(S.DRAFT, None, Action.DRAFT_CAMPAIGNS),
    "discard": _row(S.DRAFT, S.CANCELLED, Action.DRAFT_CAMPAIGNS),
    "submit": _row(S.DRAFT, S.IN_REVIEW, Action.DRAFT_CAMPAIGNS),
    "withdraw": _row(S.IN_REVIEW, S.DRAFT, Action.DRAFT_CAMPAIGNS),
    "send_back": _row(frozenset({S.IN_REVIEW, S.SCHEDULED}), S.DRAFT, Action.APPROVE_CAMPAIGNS),
    "approve": _row(S.IN_REVIEW, S.SCHEDULED, Action.APPROVE_CAMPAIGNS),
    "break_glass": _row(frozenset({S.DRAFT, S.IN_REVIEW}), S.SCHEDULED, Action.SEND_WARNINGS),
    "review": _row(_LAUNCHED, None, Action.APPROVE_CAMPAIGNS),
    "launch": _row(S.SCHEDULED, S.FREEZING, SYSTEM),
    "begin_canary": _row(S.FREEZING, S.CANARY, SYSTEM),
    "run": _row(frozenset({S.FREEZING, S.CANARY}), S.RUNNING, SYSTEM),
    "pause": _row(_SENDING | {S.SCHEDULED}, S.PAUSED, Action.RUN_CAMPAIGNS),
    "resume": _row(frozenset({S.PAUSED, S.HALTED}), None, Action.RUN_CAMPAIGNS),
    "halt": _row(_SENDING | {S.SCHEDULED, S.FREEZING}, S.HALTED, SYSTEM),
    "cancel": _row(frozenset(S) - ENDED - {S.DRAFT}, S.CANCELLED, Action.RUN_CAMPAIGNS),
    "finish": _row(_SENDING | {S.FREEZING}, S.FINISHED, SYSTEM),
}


def step(
    session: Session,
    campaign: Campaign,
    action: str,
    principal: Principal,
    reason: str = "",
    **told: Any,
) -> None:
    """Take a step: checked, written into the history, audited with what is `told` beside.

    The caller holds the campaign's row. Forbidden without the right, Conflict in a wrong state;
    either way nothing was changed.
    """
    check(campaign, action, principal)
    was = campaign.state
    campaign.state = _next(campaign, action)
    campaign.resumes_to = was if campaign.state in (S.PAUSED, S.HALTED) else None
    campaign.version += 1
    _remember(session, campaign, action, principal, reason)
    subject, told = ("campaign", campaign.id), {"reason": reason, **told}
    before, after = {"state": was}, {"state": campaign.state}
    record(
        session, principal.key, f"campaign.{action}", subject, before=before, after=after, **told
    )


def hold(session: Session, campaign_id: uuid.UUID, version: int | None = None) -> Campaign:
    """A campaign, held until the transaction ends; 412 when it is at another version."""
    campaign = lock_row(session, select(Campaign), Campaign.id == campaign_id)
    if campaign is None:
        raise NotFound("campaign.not_found")
    if version is not None and campaign.version != version:
        raise PreconditionFailed("precondition.failed")
    return campaign


def allowed(campaign: Campaign, principal: Principal) -> list[str]:
    """The steps that a person's rights let him take now, in the table's order.

    Who wrote a campaign may not approve it all the same: see `approval.py`.
    """
    offered = (name for name, row in STEPS.items() if campaign.state in row.sources)
    return [name for name in offered if name not in _MADE and may(principal, name)]


def may(principal: Principal, action: str) -> bool:
    """Whether somebody has the right that a step needs."""
    needs = STEPS[action].needs
    if isinstance(needs, Principal):
        return principal == needs
    return principal.scope(needs) is not Scope.NONE


def check(campaign: Campaign, action: str, principal: Principal) -> None:
    """Raise Forbidden without the right to a step, Conflict where the state has no such step."""
    if not may(principal, action):
        raise Forbidden("identity.forbidden")
    if campaign.state not in STEPS[action].sources:
        told = text(f"campaign.action.{action}"), text(f"campaign.state.{campaign.state}")
        raise Conflict("campaign.not_now", action=told[0], state=told[1])


def _next(campaign: Campaign, action: str) -> str:
    if action == "resume":
        return campaign.resumes_to or State.RUNNING
    return STEPS[action].target or campaign.state


def _remember(
    session: Session, campaign: Campaign, action: str, principal: Principal, reason: str
) -> None:
    """Every step makes a version, so the version numbers the steps."""
    taken = {"action": action, "state": campaign.state, "actor": principal.key}
    session.add(
        Step(
            campaign_id=campaign.id,
            number=campaign.version,
            at=clock.now(),
            reason=reason,
            **taken,
        )
    )
