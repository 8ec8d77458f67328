"""A client that sees every frame of HTTP/2, which libcurl and httpx keep to themselves."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from h2 import events
from h2.config import H2Configuration
from h2.connection import H2Connection
from hpack import NeverIndexedHeaderTuple

SEND = "/v1/projects/smartcity-sandbox/messages:send"


class Client:
    """One connection to the port on this machine; closed at the end of the `with`."""

    def __init__(self, port: int, ca_file: Path, bearer: str) -> None:
        context = ssl.create_default_context(cafile=str(ca_file))
        context.set_alpn_protocols(["h2"])
        plain = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._socket = context.wrap_socket(plain, server_hostname="127.0.0.1")
        self._bearer = bearer
        self.connection = H2Connection(H2Configuration(header_encoding="utf-8"))
        self.connection.initiate_connection()
        self.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def begin(self, path: str = SEND, body: object = None) -> int:
        """Write a request, which goes out with the next flush; its stream."""
        stream = self.connection.get_next_available_stream_id()
        method = "GET" if body is None else "POST"
        headers = [(":method", method), (":path", path)]
        headers += [(":scheme", "https"), NeverIndexedHeaderTuple(":authority", "127.0.0.1")]
        headers += [("authorization", self._bearer)]
        self.connection.send_headers(stream, headers, end_stream=body is None)
        if body is not None:
            self.connection.send_data(stream, json.dumps(body).encode(), end_stream=True)
        return stream

    def send(self, *addresses: str) -> list[int]:
        """Post a message to each address, all in one write."""
        message = {"notification": {"title": "x"}}
        streams = [self.begin(body={"message": message | {"fid": to}}) for to in addresses]
        self.flush()
        return streams

    def flush(self) -> None:
        self._socket.sendall(self.connection.data_to_send())

    def events(self) -> Iterator[Any]:
        """What the server sends, until it closes."""
        while data := self._received():
            for event in self.connection.receive_data(data):
                yield event
                if isinstance(event, events.DataReceived):
                    self.connection.acknowledge_received_data(
                        event.flow_controlled_length, event.stream_id
                    )
            self.flush()

    def _received(self) -> bytes:
        try:
            return self._socket.recv(65_536)
        except ConnectionResetError:
            return b""

    def outcomes(self, count: int) -> list[tuple[int, str]]:
        """The first `count` ends of streams: stream, and its status or the reset's code."""
        found: list[tuple[int, str]] = []
        for event in self.events():
            if isinstance(event, events.ResponseReceived):
                found.append((event.stream_id, dict(event.headers)[":status"]))
            elif isinstance(event, events.StreamReset):
                found.append((event.stream_id, f"reset {int(event.error_code)}"))
            if len(found) == count:
                break
        return found
