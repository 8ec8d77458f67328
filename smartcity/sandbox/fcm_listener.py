"""One TLS port, served by one thread; each client picks HTTP/2 or HTTP/1.1 by ALPN."""

from __future__ import annotations

import asyncio
import ssl
import threading
from typing import cast

from smartcity.sandbox.fcm_http1 import Http1
from smartcity.sandbox.fcm_http2 import Http2
from smartcity.sandbox.fcm_wire import Handler, Traffic

_BACKLOG = 1024  # connections that wait to be accepted


class Listener:
    """Hands every request to `handle`, in its own thread, which therefore must not wait."""

    def __init__(self, handle: Handler, tls: ssl.SSLContext) -> None:
        self._handle, self._tls = handle, tls
        self._tls.set_alpn_protocols(["h2", "http/1.1"])
        self.traffic = Traffic()

    def start(self, host: str, port: int) -> int:
        """The port, which is listened on when this returns; OSError when it is taken."""
        self._loop = asyncio.new_event_loop()
        try:
            self._server = self._loop.run_until_complete(self._listen(host, port))
        except OSError:
            self._loop.close()
            raise
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return cast(int, self._server.sockets[0].getsockname()[1])

    def stop(self) -> None:
        """Break all connections off, as a crash would, and free the port."""
        self._loop.call_soon_threadsafe(self._break_off)
        self._thread.join()
        self._loop.close()
        self.traffic.open.clear()

    def go_away(self) -> None:
        """GOAWAY on every connection of HTTP/2 that is open now."""
        self._loop.call_soon_threadsafe(self._send_away)

    async def _listen(self, host: str, port: int) -> asyncio.Server:
        return await self._loop.create_server(
            lambda: _Greeting(self._handle, self.traffic),
            host,
            port,
            ssl=self._tls,
            backlog=_BACKLOG,
        )

    def _send_away(self) -> None:
        for connection in list(self.traffic.open):
            connection.go_away()

    def _break_off(self) -> None:
        self._server.close()
        for connection in list(self.traffic.open):
            connection.break_off()
        self._loop.call_soon(self._loop.stop)


class _Greeting(asyncio.Protocol):
    """A connection whose handshake has just said which protocol it speaks."""

    def __init__(self, handle: Handler, traffic: Traffic) -> None:
        self._handle, self._traffic = handle, traffic

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Leave the connection to that protocol."""
        chosen = transport.get_extra_info("ssl_object").selected_alpn_protocol()
        speaker = Http2 if chosen == "h2" else Http1
        connection = speaker(self._handle, self._traffic)
        cast(asyncio.Transport, transport).set_protocol(connection)
        connection.connection_made(transport)
