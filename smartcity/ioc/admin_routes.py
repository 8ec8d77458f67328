"""An admin keeps the destinations of reports.

No `Idempotency-Key` is taken where a secret is made: it would store the answer, and so the secret.
A secret whose answer was lost is rotated.
"""

from datetime import timedelta
from typing import Any

from smartcity.core.db import reading, transaction
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal
from smartcity.ioc import administration, destinations
from smartcity.ioc.destination_schemas import (
    DestinationChangeIn,
    DestinationIn,
    DestinationList,
    DestinationOut,
    NewSecretOut,
    RetirementIn,
    SecretIn,
)
from smartcity.ioc.models import Destination

blp = Blueprint(
    "destinations",
    __name__,
    url_prefix="/api/v1/admin/destinations",
    description="Destinations of reports",
)


@blp.route("")
@permit(Action.MANAGE_DESTINATIONS)
@blp.problems(401, 403)
@blp.response(200, DestinationList)
def list_destinations() -> dict[str, Any]:
    """Destinations by name, those that are retired too."""
    with reading() as session:
        return {"items": destinations.known(session)}


@blp.route("", methods=["POST"])
@permit(Action.MANAGE_DESTINATIONS)
@blp.problems(401, 403, 409, 422)
@blp.arguments(DestinationIn)
@blp.response(201, NewSecretOut)
def create_destination(asked: dict[str, Any]) -> Any:
    """Let a destination hear of reports; its secret is shown in this answer and never again."""
    with transaction() as session:
        made, secret = administration.create(session, principal().key, **asked)
    return {"destination": made, "secret": secret}, 201, {"ETag": version_tag(made.version)}


@blp.route("/<destination>")
@permit(Action.MANAGE_DESTINATIONS)
@blp.problems(401, 403, 404)
@blp.response(200, DestinationOut)
def get_destination(destination: str) -> Any:
    """A destination, its version as ETag."""
    with reading() as session:
        return _tagged(destinations.find(session, destination))


@blp.route("/<destination>", methods=["PATCH"])
@permit(Action.MANAGE_DESTINATIONS)
@conditional
@blp.problems(401, 403, 404, 412, 422, 428)
@blp.arguments(DestinationChangeIn)
@blp.response(200, DestinationOut)
def change_destination(asked: dict[str, Any], destination: str) -> Any:
    """Change what a destination hears, where it is and how fast; it holds within 5 seconds."""
    version = expected_version()
    with transaction() as session:
        changed = administration.change(session, principal().key, destination, version, asked)
    destinations.forget(destination)
    return _tagged(changed)


@blp.route("/<destination>/secret", methods=["POST"])
@permit(Action.MANAGE_DESTINATIONS)
@conditional
@blp.problems(401, 403, 404, 412, 422, 428)
@blp.arguments(SecretIn)
@blp.response(201, NewSecretOut)
def rotate_destination_secret(asked: dict[str, Any], destination: str) -> Any:
    """Make a second secret; both sign, and both are accepted, for some hours."""
    version, grace = expected_version(), timedelta(hours=asked["grace_hours"])
    with transaction() as session:
        who, given = principal().key, asked.get("secret")
        rotated, secret = administration.rotate(session, who, destination, version, grace, given)
    destinations.forget(destination)
    tag = {"ETag": version_tag(rotated.version)}
    return {"destination": rotated, "secret": secret}, 201, tag


@blp.route("/<destination>/retirement", methods=["PUT"])
@permit(Action.MANAGE_DESTINATIONS)
@conditional
@blp.problems(401, 403, 404, 412, 422, 428)
@blp.arguments(RetirementIn)
@blp.response(200, DestinationOut)
def retire_destination(asked: dict[str, Any], destination: str) -> Any:
    """Let a destination hear nothing any more, for good; what it has not got is superseded."""
    version, reason = expected_version(), asked["reason"]
    with transaction() as session:
        retired = administration.retire(session, principal().key, destination, version, reason)
    destinations.forget(destination)
    return _tagged(retired)


def _tagged(destination: Destination) -> Any:
    return destination, 200, {"ETag": version_tag(destination.version)}
