"""Officers move campaigns: each step of the table of states is a sub-resource.

What is decided is so of one version, which If-Match names. A stop needs none: it is right whatever
became of the campaign meanwhile.
"""

import uuid
from collections.abc import Callable
from typing import Any

from smartcity.campaigns import approval, drafting, scheduling
from smartcity.campaigns.models import Campaign
from smartcity.campaigns.schemas import ApprovalIn, CampaignDetailOut, StepReasonIn
from smartcity.campaigns.states import STEPS
from smartcity.core.db import transaction
from smartcity.core.fields import Schema
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal

Take = Callable[..., Campaign]
blp = Blueprint(
    "campaign_steps",
    __name__,
    url_prefix="/api/v1/officer/campaigns/<uuid:campaign_id>",
    description="Campaigns: approval, sending",
)

# Of one version: the method and path, what it does, what is told with it.
DECISIONS: dict[tuple[str, str], tuple[str, Take, type[Schema] | None, str]] = {
    ("DELETE", ""): ("discard", drafting.discard, None, "Bỏ bản nháp: give a draft up."),
    ("PUT", "/submission"): (
        "submit",
        approval.submit,
        None,
        "Trình duyệt: ask for approval; refused while lint finds errors or nobody would get it.",
    ),
    ("DELETE", "/submission"): (
        "withdraw",
        approval.withdraw,
        None,
        "Rút lại: take a campaign out of review, to write on.",
    ),
    ("PUT", "/approval"): (
        "approve",
        approval.approve,
        ApprovalIn,
        "Duyệt: let it go out as its `hash` was seen; not by whoever wrote or submitted it.",
    ),
    ("PUT", "/correction"): (
        "send_back",
        approval.send_back,
        StepReasonIn,
        "Trả lại: give it back to be written on; one that was approved loses its approval.",
    ),
    ("PUT", "/emergency"): (
        "break_glass",
        approval.break_glass,
        StepReasonIn,
        "Gửi khẩn cấp: send an urgent warning at once on one person's word, to be reviewed after.",
    ),
}
STOPS: dict[str, tuple[str, Take, str]] = {
    "/review": (
        "review",
        approval.review,
        "Xem xét sau khi gửi: what another person finds of an emergency's sending.",
    ),
    "/pause": ("pause", scheduling.pause, "Tạm dừng: hold a campaign until it is resumed."),
    "/resumption": (
        "resume",
        scheduling.resume,
        "Tiếp tục: go on where a pause or a halt was.",
    ),
    "/cancellation": ("cancel", scheduling.cancel, "Hủy: end a campaign for good."),
}


def _decide(
    place: tuple[str, str], action: str, take: Take, schema: type[Schema] | None, promise: str
) -> None:
    """Register a step on the version that the officer saw."""

    def view(*asked: dict[str, Any], campaign_id: uuid.UUID) -> Any:
        version = expected_version()
        with transaction() as session:
            told = asked[0] if asked else {}
            return _tagged(take(session, principal(), campaign_id, version, **told))

    answers = blp.response(200, CampaignDetailOut)(_named(view, action, promise))
    read = blp.arguments(schema)(answers) if schema else answers
    documented = blp.problems(401, 403, 404, 409, 412, 422, 428)(conditional(read))
    _route(place, action, documented)


def _stop(noun: str, action: str, take: Take, promise: str) -> None:
    """Register a step on whatever version there is, with its reason."""

    @blp.arguments(StepReasonIn)
    @blp.response(200, CampaignDetailOut)
    def view(asked: dict[str, Any], campaign_id: uuid.UUID) -> Any:
        with transaction() as session:
            return _tagged(take(session, principal(), campaign_id, asked["reason"]))

    documented = blp.problems(401, 403, 404, 409, 422)(_named(view, action, promise))
    _route(("PUT", noun), action, documented)


def _named(view: Callable[..., Any], action: str, promise: str) -> Callable[..., Any]:
    view.__name__, view.__doc__ = f"{action}_campaign", promise
    return view


def _route(place: tuple[str, str], action: str, view: Callable[..., Any]) -> None:
    needs = STEPS[action].needs
    assert isinstance(needs, Action)
    method, path = place
    blp.route(path, methods=[method])(permit(needs)(view))


def _tagged(campaign: Campaign) -> Any:
    return campaign, 200, {"ETag": version_tag(campaign.version)}


for _place, _decision in DECISIONS.items():
    _decide(_place, *_decision)
for _noun, _row in STOPS.items():
    _stop(_noun, *_row)
