"""How the officers' pages are drawn, problems too: the form again with what is wrong with it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

import marshmallow as ma
from flask import Blueprint, Response, g, render_template, request

from smartcity.console import csrf
from smartcity.console.cookies import keep_visit
from smartcity.core.clock import LOCAL
from smartcity.core.errors import Invalid
from smartcity.core.texts import language, text
from smartcity.identity import service as identity
from smartcity.identity.permissions import Action, Role, principal

View = TypeVar("View", bound=Callable[..., Any])
Page = Callable[[], str]


def furnish(blp: Blueprint) -> None:
    """Give every page of the console its words, guard its forms, and draw its problems."""
    blp.before_app_request(csrf.guard)
    blp.after_app_request(_finish)
    blp.app_context_processor(_furniture)


def shows(page: Page) -> Callable[[View], View]:
    """On a problem, draw this page again with what is wrong; `problem` is its template's."""

    def decorator(view: View) -> View:
        @wraps(view)
        def shown(*args: Any, **kwargs: Any) -> Any:
            g.page = page
            return view(*args, **kwargs)

        return shown  # type: ignore[return-value]

    return decorator


def form(schema: ma.Schema) -> dict[str, Any]:
    """What was typed into a form; Invalid by field."""
    typed = {name: value for name, value in request.form.items() if name != "csrf"}
    try:
        read: dict[str, Any] = schema.load(typed)
    except ma.ValidationError as error:
        raise Invalid(**{name: found[0] for name, found in error.messages_dict.items()}) from None
    return read


def _furniture() -> dict[str, Any]:
    return {
        "t": text,
        "csrf": csrf.csrf_token,
        "local": _local,
        "lang": language(),
        "officer": principal(),
        "signed_in": "session_id" in g,
        "newcomer": principal().role is Role.NEWCOMER,
        "problem": g.get("problem"),
        "may_watch": bool(principal().scope(Action.READ_DELIVERIES)),
        "may_see_campaigns": bool(principal().scope(Action.READ_CAMPAIGNS)),
    }


def _local(at: datetime) -> str:
    return at.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y")


def _finish(answer: Response) -> Response:
    if not identity.at_console():
        return answer
    if answer.mimetype == "application/problem+json":
        g.problem = answer.json
        answer.set_data(_page(answer.status_code))
        answer.content_type = "text/html; charset=utf-8"
    keep_visit(answer)
    return answer


def _page(status: int) -> str:
    if status == 401:
        return render_template("sign_in.html")
    again: Page | None = g.get("page")
    return again() if again and status < 500 else render_template("problem.html")
