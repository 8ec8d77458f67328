"""How every route answers: one error shape, one blueprint, one way of conditional requests."""

from collections.abc import Callable
from http import HTTPStatus
from threading import Lock
from typing import Any, TypeVar

import flask_smorest
import marshmallow as ma
import structlog
from flask import Flask, Response, current_app, json, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.exceptions import HTTPException, UnprocessableEntity

from smartcity.core.db import is_held
from smartcity.core.errors import (
    Conflict,
    Malformed,
    PreconditionFailed,
    PreconditionRequired,
    Problem,
    TooMany,
    Unavailable,
    UnsupportedMedia,
)
from smartcity.core.texts import catalogue, language, message, text

View = TypeVar("View", bound=Callable[..., Any])
log = structlog.get_logger(__name__)

_HTTP_DETAILS = {
    404: "request.not_found",
    405: "request.method",
    413: "request.too_large",
    415: "request.unsupported",
    422: "request.invalid",
}
_REFUSALS = {"json": (400, 413, 415, 422), "files": (400, 413, 422), "query": (400, 422)}
_BEYOND = {460: "Checksum Mismatch"}  # of tus 1.0, which HTTP does not register


class ProblemSchema(ma.Schema):
    """`application/problem+json` (RFC 9457); `errors` holds messages by field."""

    type = ma.fields.String(metadata={"example": "urn:problem:report.not_found"})
    title = ma.fields.String(metadata={"example": "Không tìm thấy"})
    status = ma.fields.Integer(metadata={"example": 404})
    detail = ma.fields.String(metadata={"example": "Không có phản ánh này."})
    instance = ma.fields.String(metadata={"example": "/api/v1/reports/0198c0de-4a6e"})
    errors = ma.fields.Dict(metadata={"example": {"latitude": ["Phải là một số hữu hạn."]}})


class Parser(FlaskParser):
    """Reads a request; JSON too deep to read is a bad request, not a crash."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
        "files": ma.RAISE,
    }

    def load_json(self, req: Any, schema: Any) -> Any:
        if not req.is_json and req.get_data():
            raise UnsupportedMedia("request.unsupported")
        if len(req.get_data()) < (req.content_length or 0):  # it broke off
            raise Malformed("request.unreadable")
        try:
            return super().load_json(req, schema)
        except (RecursionError, ValueError):
            raise Malformed("request.unreadable") from None

    def load_files(self, req: Any, schema: Any) -> Any:
        """Files and plain fields of a multipart body, as one location."""
        return self._makeproxy(CombinedMultiDict([req.files, req.form]), schema)

    def _handle_invalid_json_error(self, *_args: Any, **_kwargs: Any) -> Any:
        raise Malformed("request.unreadable")


class Blueprint(flask_smorest.Blueprint):
    """A blueprint whose operations carry their function's name as id, and their errors."""

    ARGUMENTS_PARSER = Parser()

    def arguments(self, schema: Any, *, location: str = "json", **options: Any) -> Any:
        """Read and check arguments; what any of this kind may be refused for is documented.

        The schema is made once here: webargs would make it anew at each request.
        """
        made = schema() if isinstance(schema, type) else schema
        read = super().arguments(made, location=location, **options)
        return lambda view: self.problems(*_REFUSALS[location])(read(view))

    def problems(self, *statuses: int) -> Callable[[View], View]:
        """Document which errors an operation may answer with."""

        def decorator(view: View) -> View:
            documented = getattr(view, "_apidoc", {})
            response = documented.get("response", {})
            problems = {status: [_documented_problem(status)] for status in statuses}
            response = {**response, "responses": {**response.get("responses", {}), **problems}}
            view._apidoc = {**documented, "response": response}  # type: ignore[attr-defined]
            return view

        return decorator

    def add_url_rule(
        self, rule: str, endpoint: Any = None, view_func: Any = None, *args: Any, **options: Any
    ) -> None:
        manual = view_func._apidoc.setdefault("manual_doc", {})
        manual.setdefault("operationId", view_func.__name__)
        self.problems(503)(view_func)
        super().add_url_rule(rule, endpoint, view_func, *args, **options)


def _documented_problem(status: int) -> dict[str, Any]:
    return {
        "schema": ProblemSchema,
        "description": _BEYOND.get(status) or HTTPStatus(status).phrase,
        "content_type": "application/problem+json",
    }


class Api(flask_smorest.Api):
    """The OpenAPI document, with problems as the one error shape."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask) -> None:
        self._undescribed: list[Blueprint] = []
        self._document = b""
        self._describing = Lock()
        super().__init__(app)
        self.ma_plugin.converter.add_attribute_function(_alternatives)

    def _register_responses(self) -> None:
        """Prepare no answers for every status there is: each operation documents its own."""

    def register_blueprint(self, blp: Blueprint) -> None:
        """Serve a blueprint; it is described when somebody first asks for the document.

        Describing takes four times as long as all the rest of a start.
        """
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp)
        self._undescribed.append(blp)
        self._document = b""

    def _openapi_json(self) -> Response:
        """The document (flask-smorest routes here)."""
        with self._describing:
            while self._undescribed:
                blp = self._undescribed.pop(0)
                blp.register_views_in_doc(
                    self, self._app, self.spec, name=blp.name, parameters=None
                )
                self.spec.tag({"name": blp.name, "description": blp.description})
            self._document = self._document or super()._openapi_json().get_data()
        return current_app.response_class(self._document, mimetype="application/json")

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Turn Flask's, Werkzeug's and webargs' own errors into problems."""
        status = error.code or 500
        messages = getattr(error, "data", {}).get("messages", {})
        fields = messages if isinstance(error, UnprocessableEntity) else {}
        default = "request.unreadable" if status < 500 else "request.failed"
        code = _HTTP_DETAILS.get(status, default)
        headers = {k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After")}
        return problem_response(status, code, _flatten(fields), headers)


def _alternatives(converter: Any, field: Any, **_told: Any) -> dict[str, Any]:
    """A field with `alternatives`, which are schemas, holds an object of any of them."""
    found = [converter.resolve_nested_schema(one) for one in getattr(field, "alternatives", ())]
    return {"anyOf": found} if found else {}


def problem_response(
    status: int,
    code: str,
    errors: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
    /,
    **values: Any,
) -> Response:
    """A problem in the reader's language; `errors` holds message keys by field."""
    body = {
        "type": f"urn:problem:{code}",
        "title": _title(status),
        "status": status,
        "detail": text(code, **values),
        "instance": request.path,
    }
    if errors:
        body["errors"] = translated(errors)
    # A field's name may hold a lone surrogate; UTF-8 cannot, JSON's own escape can.
    written = json.dumps(body).encode(errors="backslashreplace")
    response = current_app.response_class(written, status, headers or {})
    response.content_type = "application/problem+json"
    response.headers["Content-Language"] = language()
    return response


def _title(status: int) -> str:
    """A status' own words, or those of its kind: 418 is a bad request too."""
    kind = 400 if status < 500 else 500
    return text(f"status.{status if f'status.{status}' in catalogue() else kind}")


def _flatten(messages: Any) -> dict[str, Any]:
    """webargs keys messages by location first; a caller knows only his fields."""
    if not isinstance(messages, dict):
        return {}
    flat: dict[str, Any] = {}
    for found in messages.values():
        flat.update(found if isinstance(found, dict) else {"_body": found})
    return {"_body" if k == "_schema" else str(k): v for k, v in flat.items()}


def translated(messages: Any) -> Any:
    """Messages by field, their keys put into the words of the reader."""
    if isinstance(messages, dict):
        return {str(k): translated(v) for k, v in messages.items()}
    if isinstance(messages, list):
        return [translated(m) for m in messages]
    return message(str(messages))


def register_problem_handlers(app: Flask) -> None:
    """Map domain errors, and a database that is busy or away, to problems."""
    app.register_error_handler(Problem, _domain_problem)
    app.register_error_handler(OperationalError, _database_problem)
    app.register_error_handler(PoolTimeout, _database_problem)


def keep_private(app: Flask) -> None:
    """Let nobody store an answer that does not say itself who may."""

    @app.after_request
    def not_stored(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _domain_problem(problem: Problem) -> Response:
    values = {k: v for k, v in problem.values.items() if isinstance(v, (str, int, float))}
    return problem_response(problem.status, problem.code, problem.errors, problem.headers, **values)


def _database_problem(error: Exception) -> Response:
    if is_held(error):
        return _domain_problem(Conflict("request.database"))
    reason = type(getattr(error, "orig", None) or error).__name__
    log.error("database.unavailable", reason=reason)
    return _domain_problem(Unavailable("request.database", headers={"Retry-After": "5"}))


def too_many(retry_after: int) -> TooMany:
    """The one answer to a caller over a limit."""
    return TooMany("request.too_many", retry_after=max(1, retry_after))


def version_tag(version: int) -> str:
    """The strong ETag (RFC 9110 §8.8.3) of a thing with a version column."""
    return f'"{version}"'


def expected_version() -> int:
    """The version an officer saw, from If-Match; 428 when absent, 412 when it is no version."""
    raw = request.headers.get("If-Match")
    if raw is None:
        raise PreconditionRequired("precondition.required")
    if not (raw.startswith('"') and raw.strip('"').isdecimal() and len(raw) < 20):
        raise PreconditionFailed("precondition.failed")
    return int(raw.strip('"'))


def conditional(view: Callable[..., Any]) -> Callable[..., Any]:
    """Document that an operation needs If-Match, which `expected_version` reads."""
    header = {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The version that this officer saw, as ETag",
        "schema": {"type": "string", "example": '"3"'},
    }
    documented: Callable[..., Any] = Blueprint.doc(parameters=[header])(view)
    return documented


def tagged(response: Response, tag: str, cache: str) -> Response:
    """Set ETag and Cache-Control; answer 304 when the caller holds this version already."""
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = cache
    response.make_conditional(request)
    return response
