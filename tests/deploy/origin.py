"""What stands behind nginx in the tests: the application, and answers made for a test."""

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

PUBLIC = "public, max-age=1, stale-if-error=86400"  # the shortest that nginx holds
LONG = json.dumps({"items": ["Cảnh báo lừa đảo"] * 200}, ensure_ascii=False)
Answer = Callable[[Request], Response]


class Origin:
    """Answers at paths as it is told, elsewhere as the application; remembers the requests."""

    def __init__(self, app: Flask) -> None:
        self.asked: list[Request] = []
        self._app = app
        self._told: dict[str, Answer] = {}
        self._server = make_server(_own_host(), 0, self, threaded=True)
        self.place = f"{self._server.host}:{self._server.port}"

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        request = Request(environ)
        self.asked.append(request)
        told = self._told.get(request.path)
        return told(request)(environ, start) if told else self._app(environ, start)

    def tell(self, path: str, answer: Answer) -> None:
        """Answer so at a path from now on."""
        self._told[path] = answer

    def says(self, path: str, body: str, cache: str = PUBLIC, **headers: str) -> None:
        """Answer with a body, under a strong ETag."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Cache-Control": cache, **named}

        def answer(request: Request) -> Response:
            response = Response(body, mimetype="application/json", headers=sent)
            response.add_etag()
            return response.make_conditional(request)

        self.tell(path, answer)

    def fails(self, path: str, status: int, cache: str = "no-store") -> None:
        """Answer with an error from now on."""
        sent = {"Cache-Control": cache, "Vary": "Accept-Language"}
        self.tell(path, lambda _: Response("{}", status, sent))

    def asked_for(self, path: str) -> list[Request]:
        return [request for request in self.asked if request.path == path]

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Answer nobody: who connects is refused."""
        self._server.shutdown()
        self._server.server_close()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Down in the block, and up again after it."""
        host, port = self._server.host, self._server.port
        self.stop()
        try:
            yield
        finally:
            self._server = make_server(host, port, self, threaded=True)
            self.start()


def _own_host() -> str:
    """A loopback address of this process alone: nobody takes a port there while it is down."""
    most, least = divmod(os.getpid() % 65_536, 256)
    return f"127.7.{most}.{least}"
