"""Deliveries to operations centres: how each stands, what is stuck, and what to do about it."""

import uuid

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from smartcity.console.pages import form, shows
from smartcity.console.schemas import REASON
from smartcity.core.db import reading, transaction
from smartcity.identity.permissions import Action, permit, principal
from smartcity.ioc import service as ioc

_NEWEST = {"open": True, "limit": 50}
_HERE = "/deliveries/<destination>"
blp = Blueprint("console_deliveries", __name__, url_prefix="/console", template_folder="templates")


@blp.get("/deliveries")
@permit(Action.READ_DELIVERIES)
def deliveries() -> str:
    """Every destination, and the newest deliveries that are not settled."""
    with reading() as session:
        found = ioc.standings(session)
        waiting = ioc.list_deliveries(session, _NEWEST).items
    may = bool(principal().scope(Action.MANAGE_DELIVERIES))
    return render_template("deliveries.html", found=found, waiting=waiting, may=may)


@blp.post(f"{_HERE}/pause")
@permit(Action.MANAGE_DELIVERIES)
@shows(deliveries)
def pause_destination(destination: str) -> Response:
    """Send a destination nothing until it is resumed."""
    reason = form(REASON)["reason"]
    with transaction() as session:
        ioc.pause(session, principal().key, destination, reason)
    return _back("pause")


@blp.post(f"{_HERE}/resumption")
@permit(Action.MANAGE_DELIVERIES)
@shows(deliveries)
def resume_destination(destination: str) -> Response:
    """Send to it again."""
    reason = form(REASON)["reason"]
    with transaction() as session:
        ioc.resume(session, principal().key, destination, reason)
    return _back("resume")


@blp.post(f"{_HERE}/<uuid:event_id>/replay")
@permit(Action.MANAGE_DELIVERIES)
@shows(deliveries)
def replay_delivery(destination: str, event_id: uuid.UUID) -> Response:
    """Send a delivery once more."""
    with transaction() as session:
        ioc.replay(session, principal().key, destination, event_id)
    return _back("replay")


@blp.post(f"{_HERE}/<uuid:event_id>/skip")
@permit(Action.MANAGE_DELIVERIES)
@shows(deliveries)
def skip_delivery(destination: str, event_id: uuid.UUID) -> Response:
    """Give a delivery up, and let the next of its report go."""
    reason = form(REASON)["reason"]
    with transaction() as session:
        ioc.skip(session, principal().key, destination, event_id, reason)
    return _back("skip")


def _back(done: str) -> Response:
    return redirect(url_for("console_deliveries.deliveries", done=done), 303)
