"""Officers write campaigns, look at them, and try them."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.campaigns import drafting, lint, listing, scheduling, successors, test_sends
from smartcity.campaigns.models import Campaign
from smartcity.campaigns.schemas import (
    CampaignDetailOut,
    CampaignFilter,
    CampaignIn,
    CampaignOut,
    CampaignQuery,
    StepList,
)
from smartcity.campaigns.trial_schemas import DryRunOut, LintOut, TestAnswerList, TestSendIn
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal

_ONE = "/campaigns/<uuid:campaign_id>"
blp = Blueprint("campaigns", __name__, url_prefix="/api/v1/officer", description="Campaigns")


@blp.route("/campaigns", methods=["POST"])
@permit(Action.DRAFT_CAMPAIGNS)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(CampaignIn)
@idempotent
@blp.response(201, CampaignDetailOut)
def create_campaign(session: Session, asked: dict[str, Any]) -> Any:
    """Soạn chiến dịch: draft a message to an audience, in its own words or a template's."""
    return _tagged(drafting.create(session, principal(), asked), 201)


@blp.route("/campaigns")
@permit(Action.READ_CAMPAIGNS)
@blp.problems(400, 401, 403, 422)
@blp.arguments(CampaignQuery, location="query")
@blp.response(200, page_schema(CampaignOut))
def list_campaigns(asked: dict[str, Any]) -> Page[Campaign]:
    """Campaigns, newest first."""
    with reading() as session:
        return listing.listed(session, asked)


@blp.route("/campaigns.csv")
@permit(Action.READ_CAMPAIGNS)
@blp.problems(400, 401, 403, 422)
@blp.arguments(CampaignFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_campaigns(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet, 100,000 campaigns at most; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "campaign", asked)
    return csv_file("campaigns", listing.lines(asked))


@blp.route(_ONE)
@permit(Action.READ_CAMPAIGNS)
@blp.problems(401, 403, 404)
@blp.response(200, CampaignDetailOut)
def get_campaign(campaign_id: uuid.UUID) -> Any:
    """A campaign, its version as ETag, and `hash`: what an approval of it binds."""
    with reading() as session:
        return _tagged(listing.find(session, campaign_id))


@blp.route(_ONE, methods=["PUT"])
@permit(Action.DRAFT_CAMPAIGNS)
@conditional
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@blp.arguments(CampaignIn)
@blp.response(200, CampaignDetailOut)
def change_campaign(asked: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Sửa bản nháp: write a draft anew, all of it; what was submitted is withdrawn first."""
    version = expected_version()
    with transaction() as session:
        return _tagged(drafting.change(session, principal(), campaign_id, version, asked))


@blp.route(f"{_ONE}/steps")
@permit(Action.READ_CAMPAIGNS)
@blp.problems(401, 403, 404)
@blp.response(200, StepList)
def list_campaign_steps(campaign_id: uuid.UUID) -> dict[str, Any]:
    """Who moved a campaign, when and why; first to last."""
    with reading() as session:
        return {"items": listing.steps(session, campaign_id)}


@blp.route(f"{_ONE}/lint", methods=["POST"])
@permit(Action.READ_CAMPAIGNS)
@blp.problems(401, 403, 404)
@blp.response(200, LintOut)
def lint_campaign(campaign_id: uuid.UUID) -> dict[str, Any]:
    """Soát nội dung: what is wrong with a message, and what phones show of it; changes nothing."""
    with reading() as session:
        return lint.report(listing.find(session, campaign_id))


@blp.route(f"{_ONE}/dry-run", methods=["POST"])
@permit(Action.READ_CAMPAIGNS)
@blp.problems(401, 403, 404)
@blp.response(200, DryRunOut)
def dry_run_campaign(campaign_id: uuid.UUID) -> Any:
    """Ước lượng: count whom a campaign would reach, and how long it would take; sends nothing."""
    with reading() as session:
        return scheduling.dry_run(session, listing.find(session, campaign_id))


@blp.route(f"{_ONE}/test-send", methods=["POST"])
@permit(Action.DRAFT_CAMPAIGNS)
@blp.problems(401, 403, 404, 422)
@blp.arguments(TestSendIn)
@blp.response(200, TestAnswerList)
def test_send_campaign(asked: dict[str, Any], campaign_id: uuid.UUID) -> dict[str, Any]:
    """Gửi thử: send it, marked as a test, to some phones at once; FCM's answer for each."""
    with reading() as session:
        trials = test_sends.prepared(session, campaign_id, asked["devices"])
    answers = test_sends.send(trials)
    with transaction() as session:
        return {"items": test_sends.noted(session, principal(), campaign_id, answers)}


def _offer_successor(
    noun: str, make: Callable[..., Campaign], operation: str, promise: str
) -> None:
    """Register `POST /campaigns/{id}/<noun>`, which makes a draft of another campaign."""

    @idempotent
    @blp.response(201, CampaignDetailOut)
    def view(session: Session, campaign_id: uuid.UUID) -> Any:
        return _tagged(make(session, principal(), campaign_id), 201)

    view.__name__, view.__doc__ = operation, promise
    documented = blp.problems(401, 403, 404, 409, 422)(view)
    blp.route(f"{_ONE}/{noun}", methods=["POST"])(permit(Action.DRAFT_CAMPAIGNS)(documented))


_offer_successor(
    "copy", successors.copy, "copy_campaign", "Sao chép: draft another with the same message."
)
_offer_successor(
    "recall",
    successors.recall,
    "recall_campaign",
    "Đính chính: draft what takes an ended campaign's place on the phones that may have got it.",
)


def _tagged(campaign: Campaign, status: int = 200) -> Any:
    return campaign, status, {"ETag": version_tag(campaign.version)}
