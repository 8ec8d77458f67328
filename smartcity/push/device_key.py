"""The key by which an app in which nobody signed in shows that an installation is its own."""

import hashlib
import hmac
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from flask import request

from smartcity.core.errors import Invalid

HEADER = "Device-Key"
_LETTERS = "^[A-Za-z0-9_-]{32,128}$"
_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "description": "A random word that the installation makes once and tells nobody else",
    "schema": {
        "type": "string",
        "pattern": _LETTERS,
        "example": "kR2mP0v7ZqX4cT9wLf1sYbN6hJ3eUa8D",
    },
}


def names_key(*, required: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Document that an operation reads the key."""

    def decorator(view: Callable[..., Any]) -> Callable[..., Any]:
        documented = deepcopy(getattr(view, "_apidoc", {}))
        manual = documented.setdefault("manual_doc", {})
        parameter = {**_PARAMETER, "required": required}
        manual["parameters"] = [*manual.get("parameters", []), parameter]
        view._apidoc = documented  # type: ignore[attr-defined]
        return view

    return decorator


def key() -> str:
    """The key of the present request; Invalid names the header when it is missing or no key."""
    found = key_if_any()
    if found is None:
        raise Invalid(**{HEADER: "field.required"})
    return found


def key_if_any() -> str | None:
    """The key of the present request, or None; Invalid when it is no key."""
    found = request.headers.get(HEADER)
    if found is not None and not re.fullmatch(_LETTERS, found):
        raise Invalid(**{HEADER: "push.bad_key"})
    return found


def digest(key: str) -> str:
    """What is kept of a key: it is random and long, so no salt and no slow hash are needed."""
    return hashlib.sha256(key.encode()).hexdigest()


def fits(key: str | None, kept: str | None) -> bool:
    """Whether a key is the one of a digest; in the same time whatever it is."""
    return key is not None and kept is not None and hmac.compare_digest(digest(key), kept)
