"""A portal of public services whose pages can be missing in every way that real ones are.

`PUT /pages/ID` with `{"as": …}` puts a procedure's page there, in one of the forms below;
`GET /thu-tuc-hanh-chinh/ID` gives it, 404 for an id that nobody put. `PUT /faults` with `error`
(and a status, and Retry-After) or `slow` breaks all of them, and `DELETE /faults` mends them.
`GET /asked` tells which ids were asked for, and how many at once at most.

    page        the page of the procedure
    absent      200, and a page that says that there is none
    wall        200, and what a firewall shows programs
    home        302 to the front page
    moved       302 to the page's new address, on the same host
    elsewhere   302 to another host
    gone        410
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Response, abort, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from smartcity.sandbox.faults import ERROR, Fault, Faults
from smartcity.sandbox.server import Server

SLOW = "slow"
_PAGE = "<!DOCTYPE html><html lang=vi><title>{0}</title><script>'{1}'</script><h1>{0}</h1></html>"
_ABSENT = "Không tìm thấy thủ tục"
_WALL = "<html><script src='/TSPD/?type=25'></script>Please enable JavaScript</html>"
_FORMS: dict[str, Callable[[str], ResponseReturnValue]] = {
    "page": lambda ident: _PAGE.format(f"Thủ tục {ident}", _ABSENT),  # its program knows the words
    "absent": lambda ident: _PAGE.format(_ABSENT, ident),
    "wall": lambda _ident: _WALL,
    "home": lambda _ident: redirect("/"),
    "moved": lambda ident: redirect(f"/moi/{ident}"),
    "elsewhere": lambda ident: redirect(f"http://127.0.0.1:9/{ident}"),
    "gone": lambda _ident: ("", 410),
}


class Portal(Server):
    """The server; pages are put there by HTTP, or by `put`."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self._pages: dict[str, str] = {}
        self._asked: list[str] = []
        self._now = self._most = 0
        self._lock = threading.Lock()
        self._faults = Faults(ERROR, SLOW)
        self.app.register_blueprint(self._faults.routes())
        self.app.put("/pages/<ident>")(self._put)
        self.app.get("/", endpoint="front")(lambda: "<h1>Cổng dịch vụ công</h1>")
        self.app.get("/thu-tuc-hanh-chinh/<ident>")(self._get)
        self.app.get("/moi/<ident>", endpoint="moved")(_FORMS["page"])
        self.app.get("/asked", endpoint="asked")(
            lambda: jsonify(asked=self.asked(), at_once=self.at_once())
        )

    def put(self, ident: str, form: str = "page") -> None:
        """Put a page of one of the forms; KeyError for another."""
        _FORMS[form]
        with self._lock:
            self._pages[ident] = form

    def suffer(self, mode: str, **fault: object) -> None:
        """Begin a fault, as `PUT /faults` does; "none" mends."""
        self._faults.suffer({"mode": mode, **fault})

    def asked(self) -> list[str]:
        """The ids that were asked for, the first first."""
        with self._lock:
            return list(self._asked)

    def at_once(self) -> int:
        """How many requests for pages were under way at once, at most."""
        return self._most

    def _put(self, ident: str) -> ResponseReturnValue:
        form = (request.get_json(silent=True) or {}).get("as", "page")
        if form not in _FORMS:
            abort(400, f"as is one of {sorted(_FORMS)}")
        self.put(ident, form)
        return "", 204

    def _get(self, ident: str) -> ResponseReturnValue:
        with self._noted(ident):
            fault = self._faults.strike()
            if fault is not None:
                return _suffered(fault)
            form = self._pages.get(ident)
            return _FORMS[form](ident) if form else ("", 404)

    @contextmanager
    def _noted(self, ident: str) -> Iterator[None]:
        with self._lock:
            self._asked.append(ident)
            self._now += 1
            self._most = max(self._most, self._now)
        try:
            yield
        finally:
            with self._lock:
                self._now -= 1


def _suffered(fault: Fault) -> ResponseReturnValue:
    if fault.mode == SLOW:
        return Response(_drops())
    return "", fault.status, fault.headers()


def _drops() -> Iterator[bytes]:
    while True:
        yield b" "
        time.sleep(1.0)  # the fault itself
