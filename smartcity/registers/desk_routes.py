"""The routes by which officers keep a register; every kind has the same."""

import uuid
from typing import Any

from flask import Response

from smartcity.audit import service as audit
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import Page, PageQuery, page_schema
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import permit, principal
from smartcity.registers import keeping, listing
from smartcity.registers.exchange.import_routes import importing
from smartcity.registers.kind import Kind
from smartcity.registers.models import Entry, EntryVersion
from smartcity.registers.schemas import (
    DeskFilter,
    DeskQuery,
    EntryVersionOut,
    RegisterReasonIn,
)
from smartcity.registers.states import DISCARD, PUBLISH, WITHDRAW, Deed

_REFUSED = (401, 403, 404, 409, 412, 422, 428)


def desk_of(kind: Kind) -> Blueprint:
    """The officers' blueprint of a kind, under /api/v1/officer/<path>."""
    title = f"{kind.title} (cán bộ)"
    blp = Blueprint(f"{kind.name}_desk", __name__, url_prefix="/api/v1/officer", description=title)
    for routes in (_lists, _reads, _entering, _changing, _moves, importing):
        routes(blp, kind)
    return blp


def _lists(blp: Blueprint, kind: Kind) -> None:
    out = kind.entry_schema

    @blp.route(f"/{kind.path}", endpoint="listed")
    @permit(kind.read)
    @blp.problems(400, 401, 403, 422)
    @blp.arguments(DeskQuery, location="query")
    @blp.response(200, page_schema(out))
    @_named(f"list_{kind.many}_register")
    def listed(asked: dict[str, Any]) -> Page[Entry]:
        """Entries in every state, changed last first."""
        with reading() as session:
            return listing.listed(session, kind, asked)

    @blp.route(f"/{kind.path}.csv", endpoint="exported")
    @permit(kind.read)
    @blp.problems(400, 401, 403, 422)
    @blp.arguments(DeskFilter, location="query")
    @blp.response(200, {"type": "string"}, content_type="text/csv")
    @_named(f"export_{kind.many}_register")
    def exported(asked: dict[str, Any]) -> Response:
        """The list as a CSV file for a spreadsheet, 100,000 at most; recorded each time."""
        with transaction() as session:
            audit.record_export(session, principal().key, kind.name, asked)
        return csv_file(kind.path, listing.lines(kind, asked))


def _reads(blp: Blueprint, kind: Kind) -> None:
    out = kind.entry_schema

    @blp.route(f"/{kind.path}/<uuid:entry_id>", endpoint="found")
    @permit(kind.read)
    @blp.problems(401, 403, 404)
    @blp.response(200, out)
    @_named(f"get_{kind.one}_entry")
    def found(entry_id: uuid.UUID) -> Any:
        """An entry with its record, its version as ETag."""
        with reading() as session:
            return _tagged(listing.found(session, kind, entry_id))

    @blp.route(f"/{kind.path}/<uuid:entry_id>/versions", endpoint="versions")
    @permit(kind.read)
    @blp.problems(400, 401, 403, 404, 422)
    @blp.arguments(PageQuery, location="query")
    @blp.response(200, page_schema(EntryVersionOut))
    @_named(f"list_{kind.one}_versions")
    def versions(asked: dict[str, Any], entry_id: uuid.UUID) -> Page[EntryVersion]:
        """What an entry was, the newest version first: who made it, when and why."""
        with reading() as session:
            return listing.versions(session, kind, entry_id, asked)


def _entering(blp: Blueprint, kind: Kind) -> None:
    out, taken = kind.entry_schema, kind.schema()

    @blp.route(f"/{kind.path}", methods=["POST"], endpoint="entered")
    @permit(kind.manage)
    @blp.problems(401, 403, 409, 422)
    @blp.arguments(kind.schema)
    @idempotent
    @blp.response(201, out)
    @_named(f"create_{kind.one}")
    def entered(session: Any, asked: dict[str, Any]) -> Any:
        """Thêm bản nháp: a draft, which the public does not see before it is published."""
        entry = keeping.enter(session, kind, principal(), taken.dump(asked))
        return entry, 201, {"ETag": version_tag(entry.version)}


def _changing(blp: Blueprint, kind: Kind) -> None:
    out, taken = kind.entry_schema, kind.schema()

    @blp.route(f"/{kind.path}/<uuid:entry_id>", methods=["PUT"], endpoint="changed")
    @permit(kind.manage)
    @conditional
    @blp.problems(*_REFUSED)
    @blp.arguments(RegisterReasonIn, location="query")
    @blp.arguments(kind.schema)
    @blp.response(200, out)
    @_named(f"change_{kind.one}")
    def changed(why: dict[str, Any], asked: dict[str, Any], entry_id: uuid.UUID) -> Any:
        """Sửa: put another record in its place; what is published changes in public."""
        version, record = expected_version(), taken.dump(asked)
        with transaction() as session:
            made = keeping.change(session, kind, principal(), entry_id, version, record, **why)
        return _tagged(made)

    @blp.route(
        f"/{kind.path}/<uuid:entry_id>/versions/<int:number>/restoration",
        methods=["POST"],
        endpoint="reverted",
    )
    @permit(kind.manage)
    @conditional
    @blp.problems(*_REFUSED)
    @blp.arguments(RegisterReasonIn)
    @blp.response(200, out)
    @_named(f"restore_{kind.one}_version")
    def reverted(asked: dict[str, Any], entry_id: uuid.UUID, number: int) -> Any:
        """Khôi phục phiên bản: put the record of an earlier version back."""
        version = expected_version()
        with transaction() as session:
            made = keeping.revert(session, kind, principal(), entry_id, version, number, **asked)
        return _tagged(made)


def _moves(blp: Blueprint, kind: Kind) -> None:
    """The deeds of the table of states, each a route of its own."""
    _move(blp, kind, PUBLISH, "publication", "Công bố: let everybody see it.")
    _move(blp, kind, WITHDRAW, "withdrawal", "Gỡ xuống: kept, and shown to officers alone.")
    _move(blp, kind, DISCARD, "discarding", "Bỏ bản nháp: give a draft up.")


def _move(blp: Blueprint, kind: Kind, deed: Deed, path: str, promise: str) -> None:
    def moved(asked: dict[str, Any], entry_id: uuid.UUID) -> Any:
        version = expected_version()
        with transaction() as session:
            made = keeping.move(session, kind, principal(), entry_id, version, deed, **asked)
        return _tagged(made)

    moved.__doc__ = promise
    view = _named(f"{deed.name}_{kind.one}")(moved)
    view = blp.response(200, kind.entry_schema)(view)
    view = blp.arguments(RegisterReasonIn)(view)
    view = permit(kind.manage)(conditional(blp.problems(*_REFUSED)(view)))
    blp.route(f"/{kind.path}/<uuid:entry_id>/{path}", methods=["POST"], endpoint=deed.name)(view)


def _named(name: str) -> Any:
    """Give a view the name that its operation has in the API document."""

    def decorator(view: Any) -> Any:
        view.__name__ = name
        return view

    return decorator


def _tagged(entry: Entry) -> Any:
    return entry, 200, {"ETag": version_tag(entry.version)}
