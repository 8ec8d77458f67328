"""Officers keep the register of procedures."""

from typing import Any

from flask import Response

from smartcity.audit import service as audit
from smartcity.catalogue.desk import register
from smartcity.catalogue.desk.schemas import (
    RegisteredOut,
    RegisteredWholeOut,
    RegisterFilter,
    RegisterQuery,
    ServiceReasonIn,
    ServiceVersionOut,
)
from smartcity.catalogue.models import Procedure, ProcedureVersion
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.paging import Page, PageQuery, page_schema
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal

_ONE = "/services/<code>"
blp = Blueprint(
    "service_desk", __name__, url_prefix="/api/v1/officer", description="Danh mục thủ tục"
)


@blp.route("/services")
@permit(Action.READ_CATALOGUE)
@blp.problems(400, 401, 403, 422)
@blp.arguments(RegisterQuery, location="query")
@blp.response(200, page_schema(RegisteredOut))
def list_registered_services(asked: dict[str, Any]) -> Page[Procedure]:
    """Procedures in every state, changed last first."""
    with reading() as session:
        return register.listed(session, asked)


@blp.route("/services.csv")
@permit(Action.READ_CATALOGUE)
@blp.problems(400, 401, 403, 422)
@blp.arguments(RegisterFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_registered_services(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet, 100,000 procedures at most; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "service", asked)
    return csv_file("services", register.lines(asked))


@blp.route(_ONE)
@permit(Action.READ_CATALOGUE)
@blp.problems(401, 403, 404)
@blp.response(200, RegisteredWholeOut)
def get_registered_service(code: str) -> Any:
    """A procedure with its record, its version as ETag, and what the look at its link gave."""
    with reading() as session:
        procedure = register.find(session, code)
        return register.whole(session, procedure), 200, _tag(procedure)


@blp.route(f"{_ONE}/versions")
@permit(Action.READ_CATALOGUE)
@blp.problems(400, 401, 403, 404, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(ServiceVersionOut))
def list_service_versions(asked: dict[str, Any], code: str) -> Page[ProcedureVersion]:
    """What a procedure was, the newest version first: who made it, why, from which file."""
    with reading() as session:
        return register.versions(session, code, asked)


@blp.route(f"{_ONE}/withdrawal", methods=["PUT"])
@permit(Action.MANAGE_CATALOGUE)
@conditional
@blp.problems(401, 403, 404, 412, 422, 428)
@blp.arguments(ServiceReasonIn)
@blp.response(200, RegisteredOut)
def withdraw_service(asked: dict[str, Any], code: str) -> Any:
    """Gỡ thủ tục: take it out of the public's sight; it is kept and can be shown again."""
    version = expected_version()
    with transaction() as session:
        procedure = register.withdraw(session, principal(), code, version, **asked)
    return procedure, 200, _tag(procedure)


@blp.route(f"{_ONE}/withdrawal", methods=["DELETE"])
@permit(Action.MANAGE_CATALOGUE)
@conditional
@blp.problems(401, 403, 404, 412, 422, 428)
@blp.arguments(ServiceReasonIn, location="query")
@blp.response(200, RegisteredOut)
def restore_service(asked: dict[str, Any], code: str) -> Any:
    """Khôi phục thủ tục: show a withdrawn procedure again, as it was."""
    version = expected_version()
    with transaction() as session:
        procedure = register.restore(session, principal(), code, version, **asked)
    return procedure, 200, _tag(procedure)


def _tag(procedure: Procedure) -> dict[str, str]:
    return {"ETag": version_tag(procedure.version)}
