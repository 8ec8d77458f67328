"""What the sandbox servers share: an address on this machine, a life, and errors in JSON."""

from __future__ import annotations

import ssl
import threading
from types import TracebackType
from typing import Self

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    def make_environ(self) -> dict[str, object]:
        """Werkzeug leaves out headers with an underscore; Zalo has such."""
        return super().make_environ() | {"sandbox.headers": dict(self.headers)}

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: what a sandbox received is read in its journal."""


class Server:
    """One sandbox on 127.0.0.1, one thread a request; port 0 takes a free one.

    A stopped server starts again at the same address with what it held: that is an outage.
    """

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self.port = port
        self._tls = tls
        self._listener: BaseWSGIServer | None = None
        self.app = Flask(__name__)
        self.app.register_error_handler(HTTPException, _in_json)
        self.app.get("/healthz")(lambda: {"status": "ok"})

    @property
    def url(self) -> str:
        """The base address, without a slash at the end; the port is known once started."""
        return f"{'https' if self._tls else 'http'}://{HOST}:{self.port}"

    def start(self) -> Self:
        """Listen before returning; exits the process when the port is taken."""
        listener = make_server(
            HOST, self.port, self.app, threaded=True, request_handler=_Quiet, ssl_context=self._tls
        )
        if isinstance(listener.socket, ssl.SSLSocket):
            # Else a client that is slow to shake hands would hold up everybody's accept.
            listener.socket.do_handshake_on_connect = False  # type: ignore[attr-defined]
        self.port, self._listener = listener.server_port, listener
        threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Take no more connections; answers under way may be lost, as in a crash."""
        if self._listener:
            self._listener.shutdown()
            self._listener.server_close()
            self._listener = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _in_json(error: HTTPException) -> ResponseReturnValue:
    answer = error.get_response()
    return (
        jsonify(error=error.description),
        error.code or 500,
        {name: value for name, value in answer.headers if name in {"Allow", "Retry-After"}},
    )
