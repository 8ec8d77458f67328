"""HTTP connections whose answer is read in a given time as a whole, by urllib3."""

import http.client
import io
import socket
from time import monotonic
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection


class _TimedReader(io.RawIOBase):
    """Reads from a socket until a moment: a timeout of each read alone would let it drip on."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase, ends: float) -> None:
        self._sock, self._raw, self._ends = sock, raw, ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError("the time for the whole exchange is over")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _timed_answer(
    connection: HTTPConnection, sock: socket.socket, **options: Any
) -> http.client.HTTPResponse:
    """An answer read within the connection's timeout.

    urllib3 has set that to what is left of the total when it begins to read.
    """
    assert isinstance(connection.timeout, float)
    answer: Any = http.client.HTTPResponse(sock, **options)
    reader = _TimedReader(sock, answer.fp.detach(), monotonic() + connection.timeout)
    answer.fp = io.BufferedReader(reader)
    return answer  # type: ignore[no-any-return]


class _HttpConnection(HTTPConnection):
    response_class = _timed_answer  # type: ignore[assignment]


class _HttpsConnection(HTTPSConnection):
    response_class = _timed_answer  # type: ignore[assignment]


class TimedHttp(urllib3.HTTPConnectionPool):
    """urllib3's pool, where `timeout` bounds the whole exchange."""

    ConnectionCls = _HttpConnection


class TimedHttps(urllib3.HTTPSConnectionPool):
    """The same over TLS."""

    ConnectionCls = _HttpsConnection
