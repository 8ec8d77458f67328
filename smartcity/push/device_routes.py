"""Phones: registered by whoever is signed in on them or, where nobody is, by their own key."""

import uuid
from typing import Any

from flask import Response

from smartcity.core.cache import published
from smartcity.core.context import settings
from smartcity.core.db import transaction
from smartcity.core.ratelimit import by_address, limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.push import choices, devices
from smartcity.push.categories import rules
from smartcity.push.device_key import key, key_if_any, names_key
from smartcity.push.device_schemas import CategoriesOut, DeviceIn, DeviceOut, DevicePreferencesIn
from smartcity.push.hours import written

blp = Blueprint("devices", __name__, url_prefix="/api/v1", description="Phones")


@blp.route("/push/categories")
@permit(Action.READ_PUBLIC)
@blp.response(200, CategoriesOut)
def list_push_categories() -> Response:
    """What may be switched off, the topics that may be followed, and the province's quiet hours."""
    known = rules()
    told = {
        "categories": known.categories.values(),
        "topics": known.topics.values(),
        "quiet_hours": written(known.quiet_hours),
    }
    return published(CategoriesOut().dump(told))


@blp.route("/me/devices/<uuid:installation_id>", methods=["PUT"])
@permit(Action.USE_INBOX)
@blp.problems(401, 403, 422)
@names_key(required=False)
@blp.arguments(DeviceIn)
@blp.response(200, DeviceOut)
def register_device(asked: dict[str, Any], installation_id: uuid.UUID) -> dict[str, Any]:
    """Register where a phone is reached, or tell its new address.

    A phone that was registered before with a key names that key.
    """
    with transaction() as session:
        device = devices.register(session, _citizen(), installation_id, key_if_any(), asked)
        return choices.shown(session, device)


@blp.route("/me/devices/<uuid:installation_id>", methods=["DELETE"])
@permit(Action.USE_INBOX)
@blp.problems(401, 403, 404)
@blp.response(204)
def unregister_device(installation_id: uuid.UUID) -> None:
    """Send nothing more to a phone."""
    with transaction() as session:
        session.delete(devices.owned(session, _citizen(), installation_id))


@blp.route("/me/devices/<uuid:installation_id>/preferences", methods=["PUT"])
@permit(Action.USE_INBOX)
@blp.problems(401, 403, 404)
@blp.arguments(DevicePreferencesIn)
@blp.response(200, DeviceOut)
def set_device_preferences(asked: dict[str, Any], installation_id: uuid.UUID) -> dict[str, Any]:
    """Switch categories off or on, follow topics, set quiet hours."""
    with transaction() as session:
        device = devices.owned(session, _citizen(), installation_id)
        return choices.choose(session, device, asked)


@blp.route("/devices/<uuid:installation_id>", methods=["PUT"])
@permit(Action.USE_DEVICE)
@limiter.limit(lambda: settings().device_limit_address, key_func=by_address)
@blp.problems(403, 422, 429)
@names_key(required=True)
@blp.arguments(DeviceIn)
@blp.response(200, DeviceOut)
def register_anonymous_device(asked: dict[str, Any], installation_id: uuid.UUID) -> dict[str, Any]:
    """Register where a phone is reached on which nobody is signed in.

    The first to register an installation chooses its key.
    """
    with transaction() as session:
        device = devices.register(session, None, installation_id, key(), asked)
        return choices.shown(session, device)


@blp.route("/devices/<uuid:installation_id>")
@permit(Action.USE_DEVICE)
@blp.problems(403, 404, 422)
@names_key(required=True)
@blp.response(200, DeviceOut)
def read_anonymous_device(installation_id: uuid.UUID) -> dict[str, Any]:
    """A phone on which nobody is signed in, as it registered."""
    with transaction() as session:
        return choices.shown(session, devices.keyed(session, installation_id, key()))


@blp.route("/devices/<uuid:installation_id>", methods=["DELETE"])
@permit(Action.USE_DEVICE)
@blp.problems(403, 404, 422)
@names_key(required=True)
@blp.response(204)
def unregister_anonymous_device(installation_id: uuid.UUID) -> None:
    """Send nothing more to a phone on which nobody is signed in."""
    with transaction() as session:
        session.delete(devices.keyed(session, installation_id, key()))


@blp.route("/devices/<uuid:installation_id>/preferences", methods=["PUT"])
@permit(Action.USE_DEVICE)
@blp.problems(403, 404)
@names_key(required=True)
@blp.arguments(DevicePreferencesIn)
@blp.response(200, DeviceOut)
def set_anonymous_device_preferences(
    asked: dict[str, Any], installation_id: uuid.UUID
) -> dict[str, Any]:
    """Switch categories off or on, follow topics, set quiet hours; nobody is signed in."""
    with transaction() as session:
        device = devices.keyed(session, installation_id, key())
        return choices.choose(session, device, asked)


def _citizen() -> uuid.UUID:
    return uuid.UUID(principal().id)
