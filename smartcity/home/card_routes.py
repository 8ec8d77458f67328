"""Editors keep the banners and announcements of the phone's first screen."""

import uuid
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.home import card_views, cards, entries, listing
from smartcity.home.card_schemas import (
    CardChangeIn,
    CardFilter,
    CardIn,
    CardOut,
    CardQuery,
    WithdrawalIn,
)
from smartcity.home.models import Card
from smartcity.identity.permissions import Action, permit, principal

_ONE = "/home-cards/<uuid:card_id>"
blp = Blueprint("home_cards", __name__, url_prefix="/api/v1/officer", description="Home screen")


@blp.route("/home-cards", methods=["POST"])
@permit(Action.MANAGE_HOME)
@blp.problems(401, 403, 409, 422)
@blp.arguments(CardIn)
@idempotent
@blp.response(201, CardOut)
def create_home_card(session: Session, asked: dict[str, Any]) -> Any:
    """Đăng banner, thông báo: show a card on the phone's first screen within its window."""
    return _tagged(session, cards.create(session, principal(), asked), 201)


@blp.route("/home-cards")
@permit(Action.READ_CONTENT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(CardQuery, location="query")
@blp.response(200, page_schema(CardOut))
def list_home_cards(asked: dict[str, Any]) -> Page[dict[str, Any]]:
    """Cards, newest first."""
    with reading() as session:
        page = listing.listed(session, Card, asked)
        return Page(card_views.for_officers(session, page.items), page.next_cursor)


@blp.route("/home-cards.csv")
@permit(Action.READ_CONTENT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(CardFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_home_cards(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet, 100,000 cards at most; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "card", asked)
    return csv_file("home-cards", listing.lines(Card, asked))


@blp.route(_ONE)
@permit(Action.READ_CONTENT)
@blp.problems(401, 403, 404)
@blp.response(200, CardOut)
def get_home_card(card_id: uuid.UUID) -> Any:
    """A card, and its version as ETag."""
    with reading() as session:
        return _tagged(session, entries.find(session, Card, card_id))


@blp.route(_ONE, methods=["PATCH"])
@permit(Action.MANAGE_HOME)
@conditional
@blp.problems(401, 403, 404, 412, 422, 428)
@blp.arguments(CardChangeIn)
@blp.response(200, CardOut)
def change_home_card(asked: dict[str, Any], card_id: uuid.UUID) -> Any:
    """Sửa: change a card; what shows is shown anew, and its window is watched anew."""
    version = expected_version()
    with transaction() as session:
        return _tagged(session, cards.change(session, principal(), card_id, version, asked))


@blp.route(f"{_ONE}/withdrawal", methods=["PUT"])
@permit(Action.MANAGE_HOME)
@conditional
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@blp.arguments(WithdrawalIn)
@blp.response(200, CardOut)
def withdraw_home_card(asked: dict[str, Any], card_id: uuid.UUID) -> Any:
    """Gỡ: hide a card, for a reason; a restoration brings it back."""
    version, reason = expected_version(), asked["reason"]
    with transaction() as session:
        return _tagged(session, cards.withdraw(session, principal(), card_id, version, reason))


@blp.route(f"{_ONE}/restoration", methods=["PUT"])
@permit(Action.MANAGE_HOME)
@conditional
@blp.problems(401, 403, 404, 409, 412, 428)
@blp.response(200, CardOut)
def restore_home_card(card_id: uuid.UUID) -> Any:
    """Khôi phục: let a withdrawn card's window hold again."""
    version = expected_version()
    with transaction() as session:
        return _tagged(session, cards.restore(session, principal(), card_id, version))


def _tagged(session: Session, card: Card, status: int = 200) -> Any:
    (seen,) = card_views.for_officers(session, [card])
    return seen, status, {"ETag": version_tag(card.version)}
