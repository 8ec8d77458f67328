"""What a citizen was told, and a phone in which nobody signed in."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.db import reading, transaction
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.push import devices, inbox
from smartcity.push.device_key import key, names_key
from smartcity.push.inbox import Entry, Reader
from smartcity.push.inbox_schemas import InboxOut, InboxQuery, ReadingIn, UnreadOut

blp = Blueprint("inbox", __name__, url_prefix="/api/v1", description="What a reader was told")
_MINE = "/me/inbox"
_PHONES = "/devices/<uuid:installation_id>/inbox"


@blp.route(_MINE)
@permit(Action.USE_INBOX)
@blp.problems(400, 401, 403, 422)
@blp.arguments(InboxQuery, location="query")
@blp.response(200, page_schema(InboxOut))
def list_inbox(asked: dict[str, Any]) -> Page[Entry]:
    """What the citizen was told, newest first: his own messages, and those for everybody."""
    with reading() as session:
        return inbox.inbox(session, _citizen(session), asked)


@blp.route(f"{_MINE}/unread-count")
@permit(Action.USE_INBOX)
@blp.problems(401, 403)
@blp.response(200, UnreadOut)
def count_unread_messages() -> dict[str, int]:
    """How many messages are neither read nor archived."""
    with reading() as session:
        return {"unread": inbox.unread(session, _citizen(session))}


@blp.route(f"{_MINE}/reading", methods=["PUT"])
@permit(Action.USE_INBOX)
@blp.problems(401, 403)
@blp.arguments(ReadingIn)
@blp.response(200, UnreadOut)
def mark_inbox_read(asked: dict[str, Any]) -> dict[str, int]:
    """Note that all messages up to a time were read."""
    with transaction() as session:
        return {"unread": inbox.mark_until(session, _citizen(session), asked["until"])}


@blp.route(f"{_MINE}/<uuid:message_id>/reading", methods=["PUT"])
@permit(Action.USE_INBOX)
@blp.problems(401, 403, 404)
@blp.response(200, InboxOut)
def mark_inbox_message_read(message_id: uuid.UUID) -> Entry:
    """Note that a message was read."""
    with transaction() as session:
        return inbox.mark(session, _citizen(session), message_id, "read_at")


@blp.route(f"{_MINE}/<uuid:message_id>/archive", methods=["PUT"])
@permit(Action.USE_INBOX)
@blp.problems(401, 403, 404)
@blp.response(200, InboxOut)
def archive_inbox_message(message_id: uuid.UUID) -> Entry:
    """Put a message away."""
    with transaction() as session:
        return inbox.mark(session, _citizen(session), message_id, "archived_at")


@blp.route(f"{_MINE}/<uuid:message_id>/archive", methods=["DELETE"])
@permit(Action.USE_INBOX)
@blp.problems(401, 403, 404)
@blp.response(200, InboxOut)
def restore_inbox_message(message_id: uuid.UUID) -> Entry:
    """Take a message out of the archive."""
    with transaction() as session:
        return inbox.restore(session, _citizen(session), message_id)


@blp.route(_PHONES)
@permit(Action.USE_DEVICE)
@blp.problems(400, 404, 422)
@names_key(required=True)
@blp.arguments(InboxQuery, location="query")
@blp.response(200, page_schema(InboxOut))
def list_device_inbox(asked: dict[str, Any], installation_id: uuid.UUID) -> Page[Entry]:
    """What everybody was told for whom a phone counts, newest first."""
    with transaction() as session:  # it is seen, too
        return inbox.inbox(session, _phone(session, installation_id), asked)


@blp.route(f"{_PHONES}/unread-count")
@permit(Action.USE_DEVICE)
@blp.problems(404, 422)
@names_key(required=True)
@blp.response(200, UnreadOut)
def count_unread_device_messages(installation_id: uuid.UUID) -> dict[str, int]:
    """How many messages are neither read nor archived on a phone."""
    with transaction() as session:
        return {"unread": inbox.unread(session, _phone(session, installation_id))}


@blp.route(f"{_PHONES}/reading", methods=["PUT"])
@permit(Action.USE_DEVICE)
@blp.problems(404)
@names_key(required=True)
@blp.arguments(ReadingIn)
@blp.response(200, UnreadOut)
def mark_device_inbox_read(asked: dict[str, Any], installation_id: uuid.UUID) -> dict[str, int]:
    """Note that all messages up to a time were read on a phone."""
    with transaction() as session:
        reader = _phone(session, installation_id)
        return {"unread": inbox.mark_until(session, reader, asked["until"])}


@blp.route(f"{_PHONES}/<uuid:message_id>/reading", methods=["PUT"])
@permit(Action.USE_DEVICE)
@blp.problems(404, 422)
@names_key(required=True)
@blp.response(200, InboxOut)
def mark_device_message_read(installation_id: uuid.UUID, message_id: uuid.UUID) -> Entry:
    """Note that a message was read on a phone."""
    with transaction() as session:
        reader = _phone(session, installation_id)
        return inbox.mark(session, reader, message_id, "read_at")


@blp.route(f"{_PHONES}/<uuid:message_id>/archive", methods=["PUT"])
@permit(Action.USE_DEVICE)
@blp.problems(404, 422)
@names_key(required=True)
@blp.response(200, InboxOut)
def archive_device_message(installation_id: uuid.UUID, message_id: uuid.UUID) -> Entry:
    """Put a message away on a phone."""
    with transaction() as session:
        reader = _phone(session, installation_id)
        return inbox.mark(session, reader, message_id, "archived_at")


@blp.route(f"{_PHONES}/<uuid:message_id>/archive", methods=["DELETE"])
@permit(Action.USE_DEVICE)
@blp.problems(404, 422)
@names_key(required=True)
@blp.response(200, InboxOut)
def restore_device_message(installation_id: uuid.UUID, message_id: uuid.UUID) -> Entry:
    """Take a message out of a phone's archive."""
    with transaction() as session:
        return inbox.restore(session, _phone(session, installation_id), message_id)


def _citizen(session: Session) -> Reader:
    return inbox.citizen_reader(session, principal())


def _phone(session: Session, installation_id: uuid.UUID) -> Reader:
    return inbox.device_reader(session, devices.keyed(session, installation_id, key()))
