"""The installation of the app that a report came from, as a keyed digest and nothing else."""

import uuid
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from flask import request

from smartcity.core.envelope import blind

HEADER = "X-Installation-Id"
_PURPOSE = "report.device"
_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "description": "The random id of the app's installation, as at sign-in",
    "schema": {"type": "string", "format": "uuid"},
}


def device() -> str | None:
    """The digest of the installation that sends the present request; None when it names none."""
    try:
        return blind(_PURPOSE, uuid.UUID(request.headers.get(HEADER, "")).hex)
    except ValueError:
        return None


def names_device(view: Callable[..., Any]) -> Callable[..., Any]:
    """Document that an operation reads the installation's header."""
    documented = deepcopy(getattr(view, "_apidoc", {}))
    manual = documented.setdefault("manual_doc", {})
    manual["parameters"] = [*manual.get("parameters", []), _PARAMETER]
    view._apidoc = documented  # type: ignore[attr-defined]
    return view
