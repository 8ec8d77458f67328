"""Campaigns: which there are, what became of each, and the buttons that hold or end one."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from smartcity.campaigns import service as campaigns
from smartcity.console.csrf import csrf_token
from smartcity.console.pages import form, shows
from smartcity.console.schemas import REASON
from smartcity.core.clock import written
from smartcity.core.db import reading, transaction
from smartcity.core.errors import NotFound
from smartcity.core.texts import language, text
from smartcity.core.web import tagged
from smartcity.identity.permissions import Action, permit, principal

_ONE = "/campaigns/<uuid:campaign_id>"
_SIZE = 30  # campaigns on a page
_DEEDS = {
    "pause": ("pause", campaigns.pause),
    "resumption": ("resume", campaigns.resume),
    "cancellation": ("cancel", campaigns.cancel),
}
_GONE, _NO_AREA = "console.campaign.gone", "console.campaign.no_area"
_ACCEPTED, _UNKNOWN = "accepted", "unknown"
blp = Blueprint("console_campaigns", __name__, url_prefix="/console", template_folder="templates")


@blp.context_processor
def _figures() -> dict[str, Any]:
    return {"number": _number, "share": _share}


@blp.get("/campaigns")
@permit(Action.READ_CAMPAIGNS)
def list_campaigns() -> str:
    """The newest campaigns, or those whose names hold some words."""
    asked = {"limit": _SIZE, "cursor": request.args.get("cursor"), "q": request.args.get("q", "")}
    with reading() as session:
        page = campaigns.listed(session, asked)
    return render_template("campaigns.html", page=page, words=asked["q"])


@blp.get(_ONE)
@permit(Action.READ_CAMPAIGNS)
def campaign(campaign_id: uuid.UUID) -> Response:
    """What became of a campaign; the page asks for itself anew, a 304 where nothing happened."""
    with reading() as session:
        found = campaigns.truth.begin(session, campaign_id)
        seen = campaigns.truth.tag(session, found), csrf_token(), language(), request.query_string
        tag = hashlib.sha256(repr(seen).encode()).hexdigest()[:32]
        known = request.if_none_match.contains(tag)
        page = "" if known else _drawn(campaigns.truth.whole(session, found), tag)
    return tagged(make_response(page), f'"{tag}"', "no-store")


@blp.get(f"{_ONE}/truth.csv")
@permit(Action.READ_CAMPAIGNS)
def campaign_file(campaign_id: uuid.UUID) -> Response:
    """The counts as a CSV file for a spreadsheet."""
    with reading() as session:
        campaigns.truth.begin(session, campaign_id)
    named = {"Content-Disposition": f'attachment; filename="campaign-{campaign_id}.csv"'}
    lines = stream_with_context(campaigns.truth.lines(campaign_id))
    return Response(lines, headers=named, content_type="text/csv; charset=utf-8")


@blp.get(f"{_ONE}/<deed>")
@permit(Action.RUN_CAMPAIGNS)
def confirm_deed(campaign_id: uuid.UUID, deed: str) -> str:
    """Ask whether a campaign is to be held, let go on or ended, and why."""
    action, _ = _known(deed)
    with reading() as session:
        found = campaigns.truth.begin(session, campaign_id)
    return render_template("campaign_deed.html", campaign=found, deed=deed, action=action)


@blp.post(f"{_ONE}/<deed>")
@permit(Action.RUN_CAMPAIGNS)
@shows(lambda: confirm_deed(**(request.view_args or {})))
def take_deed(campaign_id: uuid.UUID, deed: str) -> AnyResponse:
    """Hold a campaign, let it go on, or end it for good."""
    action, take = _known(deed)
    reason = form(REASON)["reason"]
    with transaction() as session:
        take(session, principal(), campaign_id, reason)
    back = url_for("console_campaigns.campaign", campaign_id=campaign_id, done=action)
    return redirect(back, 303)


def _known(deed: str) -> Any:
    if deed not in _DEEDS:
        raise NotFound("request.not_found")
    return _DEEDS[deed]


def _drawn(found: campaigns.truth.Truth, tag: str) -> str:
    may = campaigns.allowed(found.campaign, principal())
    return render_template(
        "campaign.html",
        truth=found,
        tag=tag,
        columns=[name for name in campaigns.truth.COUNTED if _worth_showing(found, name)],
        bars=_bars(found.by_minute),
        minutes=[(written(row["minute"]), row) for row in found.by_minute],
        platforms=[(row["platform"] or text(_GONE), row) for row in found.by_platform],
        areas=[(row["area_name"] or row["area"] or text(_NO_AREA), row) for row in found.by_area],
        deeds=[(noun, action) for noun, (action, _) in _DEEDS.items() if action in may],
        every=None if "still" in request.args else 60 if found.campaign.finished_at else 5,
    )


def _worth_showing(found: campaigns.truth.Truth, name: str) -> bool:
    return bool(found.counts[name]) or name in (_ACCEPTED, *campaigns.truth.RECEIPTS)


def _bars(minutes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A bar for each minute in which somebody had an outcome, in percent of the highest."""
    ended = [(one, number) for one in minutes if (number := _ended(one)) > 0]
    most = max((number for _, number in ended), default=0)
    return [
        {
            "x": place + 0.05,
            "minute": one["minute"],
            "number": number,
            "accepted": 100 * one[_ACCEPTED] / most,
            "known": 100 * (number - one[_UNKNOWN]) / most,
            "all": 100 * number / most,
        }
        for place, (one, number) in enumerate(ended)
    ]


def _ended(counts: Mapping[str, Any]) -> int:
    return sum(counts[name] for name in campaigns.truth.OUTCOMES)


def _number(number: int | None) -> str:
    """As it is written here: 1.284.000."""
    if number is None:
        return "–"
    written = f"{number:,}"
    return written if language() == "en" else written.replace(",", ".")


def _share(share: float) -> str:
    percent = f"{100 * share:.1f} %"
    return percent if language() == "en" else percent.replace(".", ",")
