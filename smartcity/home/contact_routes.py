"""Editors keep the numbers that citizens call."""

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
from smartcity.home import contacts, entries, listing
from smartcity.home.card_schemas import WithdrawalIn
from smartcity.home.contact_schemas import (
    ContactChangeIn,
    ContactFilter,
    ContactIn,
    ContactOut,
    ContactQuery,
)
from smartcity.home.models import Contact
from smartcity.identity.permissions import Action, permit, principal

_ONE = "/contacts/<uuid:contact_id>"
blp = Blueprint("contacts", __name__, url_prefix="/api/v1/officer", description="Numbers to call")


@blp.route("/contacts", methods=["POST"])
@permit(Action.MANAGE_HOME)
@blp.problems(401, 403, 409, 422)
@blp.arguments(ContactIn)
@idempotent
@blp.response(201, ContactOut)
def create_contact(session: Session, asked: dict[str, Any]) -> Any:
    """Thêm số điện thoại: publish a number that citizens may call."""
    return _tagged(contacts.create(session, principal(), asked), 201)


@blp.route("/contacts")
@permit(Action.READ_CONTENT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(ContactQuery, location="query")
@blp.response(200, page_schema(ContactOut))
def list_contacts(asked: dict[str, Any]) -> Page[Contact]:
    """Numbers to call, newest first."""
    with reading() as session:
        return listing.listed(session, Contact, asked)


@blp.route("/contacts.csv")
@permit(Action.READ_CONTENT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(ContactFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_contacts(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet, 100,000 numbers at most; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "contact", asked)
    return csv_file("contacts", listing.lines(Contact, asked))


@blp.route(_ONE)
@permit(Action.READ_CONTENT)
@blp.problems(401, 403, 404)
@blp.response(200, ContactOut)
def get_contact(contact_id: uuid.UUID) -> Any:
    """A number to call, and its version as ETag."""
    with reading() as session:
        return _tagged(entries.find(session, Contact, contact_id))


@blp.route(_ONE, methods=["PATCH"])
@permit(Action.MANAGE_HOME)
@conditional
@blp.problems(401, 403, 404, 412, 422, 428)
@blp.arguments(ContactChangeIn)
@blp.response(200, ContactOut)
def change_contact(asked: dict[str, Any], contact_id: uuid.UUID) -> Any:
    """Sửa: change a number or its words."""
    version = expected_version()
    with transaction() as session:
        return _tagged(contacts.change(session, principal(), contact_id, version, asked))


@blp.route(f"{_ONE}/withdrawal", methods=["PUT"])
@permit(Action.MANAGE_HOME)
@conditional
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@blp.arguments(WithdrawalIn)
@blp.response(200, ContactOut)
def withdraw_contact(asked: dict[str, Any], contact_id: uuid.UUID) -> Any:
    """Gỡ: take a number away, for a reason; a restoration brings it back."""
    version, reason = expected_version(), asked["reason"]
    with transaction() as session:
        return _tagged(contacts.withdraw(session, principal(), contact_id, version, reason))


@blp.route(f"{_ONE}/restoration", methods=["PUT"])
@permit(Action.MANAGE_HOME)
@conditional
@blp.problems(401, 403, 404, 409, 412, 428)
@blp.response(200, ContactOut)
def restore_contact(contact_id: uuid.UUID) -> Any:
    """Khôi phục: give a withdrawn number back."""
    version = expected_version()
    with transaction() as session:
        return _tagged(contacts.restore(session, principal(), contact_id, version))


def _tagged(contact: Contact, status: int = 200) -> Any:
    return contact, status, {"ETag": version_tag(contact.version)}
