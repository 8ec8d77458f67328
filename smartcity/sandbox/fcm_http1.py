"""One connection of HTTP/1.1: what the SDK's `requests`, urllib3 and curl speak (RFC 9112)."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from smartcity.sandbox.fcm_wire import (
    MAX_BODY,
    UNPROCESSED,
    Answer,
    Connection,
    Ending,
    Handler,
    Request,
    Traffic,
)

_MAX_HEAD = 65_536  # bytes


class Http1(Connection):
    """Reads one request after the other, each answered before the next is handled."""

    def __init__(self, handle: Handler, traffic: Traffic) -> None:
        super().__init__(handle, traffic)
        self._received = bytearray()
        self._is_busy = self._has_continued = False

    def data_received(self, data: bytes) -> None:
        """Handle the requests that are whole."""
        self._received += data
        try:
            self._proceed()
        except ValueError:
            self._write(Answer(400), ends=True)

    def _proceed(self) -> None:
        while not self._is_busy and (request := self._next()):
            self._traffic.streams += 1
            answer = self._handle(request)
            if answer.ending is Ending.DROPPED:
                self.break_off()
                return
            if answer.ending is not Ending.ANSWERED:
                answer = UNPROCESSED
            self._is_busy = True
            ends = request.headers.get(b"connection", b"").lower() == b"close"
            if answer.delay:
                asyncio.get_running_loop().call_later(answer.delay, self._resume, answer, ends)
            else:
                self._write(answer, ends=ends)

    def _resume(self, answer: Answer, ends: bool) -> None:
        self._write(answer, ends=ends)
        self.data_received(b"")

    def _next(self) -> Request | None:
        """The next request, taken out of what was received; ValueError when it is none."""
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            if len(self._received) > _MAX_HEAD:
                raise ValueError("no end of the headers")
            return None
        method, path, headers = _head(bytes(self._received[:end]))
        body, rest = self._body(headers, end + 4)
        if rest is None:
            self._continue(headers)
            return None
        del self._received[:rest]
        self._has_continued = False
        return Request(method, path, headers, body)

    def _body(self, headers: dict[bytes, bytes], start: int) -> tuple[bytes, int | None]:
        """The body, and where it ends: None while it has not all come."""
        if headers.get(b"transfer-encoding", b"").lower() == b"chunked":
            return self._chunks(start)
        end = start + int(headers.get(b"content-length", 0))
        if not 0 <= end - start <= MAX_BODY:
            raise ValueError("a body that is too long")
        return bytes(self._received[start:end]), end if len(self._received) >= end else None

    def _chunks(self, at: int) -> tuple[bytes, int | None]:
        body = b""
        while (line := self._received.find(b"\r\n", at)) > 0:
            size = int(self._received[at:line].split(b";")[0], 16)
            at = line + 4 + size
            if not 0 <= len(body) + size <= MAX_BODY:
                raise ValueError("a body that is too long")
            if len(self._received) < at:
                break
            body += self._received[line + 2 : at - 2]
            if size == 0:
                return body, at
        return b"", None

    def _continue(self, headers: dict[bytes, bytes]) -> None:
        is_waiting = headers.get(b"expect", b"").lower() == b"100-continue"
        if is_waiting and not self._has_continued:
            self._has_continued = True
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _write(self, answer: Answer, *, ends: bool) -> None:
        self._is_busy = False
        lines = [f"HTTP/1.1 {answer.status} {_phrase(answer.status)}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        lines += [f"content-length: {len(answer.body)}"] * (answer.status != HTTPStatus.NO_CONTENT)
        lines += ["connection: close"] * ends
        self._transport.write("\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body)
        if ends:
            self._transport.close()


def _head(text: bytes) -> tuple[str, str, dict[bytes, bytes]]:
    first, *lines = text.split(b"\r\n")
    method, path, _version = first.decode("latin-1").split(" ")
    fields = (line.partition(b":") for line in lines)
    return method, path, {name.lower(): value.strip() for name, _, value in fields}


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Fault"
