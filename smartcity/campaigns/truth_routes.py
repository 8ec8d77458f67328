"""What became of a campaign, for officers: a page that is polled, and the numbers as a file."""

import uuid

from flask import Response, jsonify, request

from smartcity.campaigns import truth
from smartcity.campaigns.truth_schemas import TruthOut
from smartcity.core.db import reading
from smartcity.core.export import csv_file
from smartcity.core.web import Blueprint, tagged
from smartcity.identity.permissions import Action, permit

_ONE = "/campaigns/<uuid:campaign_id>"
blp = Blueprint(
    "campaign_truth", __name__, url_prefix="/api/v1/officer", description="Results of campaigns"
)


@blp.route(f"{_ONE}/truth")
@permit(Action.READ_CAMPAIGNS)
@blp.problems(401, 403, 404)
@blp.response(200, TruthOut)
@blp.alt_response(304, description="Nothing happened since the page with this ETag")
def get_campaign_truth(campaign_id: uuid.UUID) -> Response:
    """What became of a campaign, counted to the last recipient; poll it with If-None-Match."""
    with reading() as session:
        campaign = truth.begin(session, campaign_id)
        tag = truth.tag(session, campaign)
        known = request.if_none_match.contains(tag.strip('"'))
        told = None if known else TruthOut().dump(truth.whole(session, campaign))
    return tagged(jsonify(told), tag, "no-store")


@blp.route(f"{_ONE}/truth.csv")
@permit(Action.READ_CAMPAIGNS)
@blp.problems(401, 403, 404)
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_campaign_truth(campaign_id: uuid.UUID) -> Response:
    """The counts as a CSV file for a spreadsheet: by minute, area, platform and outcome."""
    with reading() as session:
        truth.begin(session, campaign_id)
    return csv_file(f"campaign-{campaign_id}", truth.lines(campaign_id))
