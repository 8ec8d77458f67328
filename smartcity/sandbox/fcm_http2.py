"""One connection of HTTP/2, as Google's front end treats it: 100 streams, wide windows."""

from __future__ import annotations

import asyncio
from typing import Any

from h2 import events
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes
from hyperframe.frame import GoAwayFrame

from smartcity.sandbox.fcm_hpack import RepeatDecoder
from smartcity.sandbox.fcm_wire import (
    MAX_BODY,
    Answer,
    Connection,
    Ending,
    Handler,
    Request,
    Traffic,
)

MAX_STREAMS = 100
_WINDOW = 1 << 26  # bytes that a connection may send before we say that we have read them
_LINGER = 5  # seconds that a client may take to read its last answers after GOAWAY

# Each of these checks would cost as much as the message itself.
_CONFIG = H2Configuration(
    client_side=False,
    header_encoding=None,
    validate_inbound_headers=False,
    validate_outbound_headers=False,
    normalize_outbound_headers=False,
)


class Http2(Connection):
    """Reads requests, has them handled in the order in which they end, writes the answers."""

    def __init__(self, handle: Handler, traffic: Traffic) -> None:
        super().__init__(handle, traffic)
        self._connection = H2Connection(_CONFIG)
        self._connection.decoder = RepeatDecoder()
        self._requests: dict[int, Request] = {}
        self._answers: dict[int, memoryview] = {}  # what waits for the client's window
        self._unread = self._served = self._highest = 0
        self._last: int | None = None  # stream, once GOAWAY was sent
        self._reactions: dict[type, Any] = {
            events.RequestReceived: self._begin,
            events.DataReceived: self._add,
            events.StreamEnded: self._end,
            events.StreamReset: self._forget,
            events.WindowUpdated: self._send_waiting,
            events.RemoteSettingsChanged: self._send_waiting,
        }

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send our settings."""
        super().connection_made(transport)
        self._connection.update_settings(
            {
                SettingCodes.MAX_CONCURRENT_STREAMS: MAX_STREAMS,
                SettingCodes.INITIAL_WINDOW_SIZE: MAX_BODY,
            }
        )
        self._connection.initiate_connection()
        self._connection.increment_flow_control_window(_WINDOW)
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Handle all that came in one read, and write the answers at once."""
        try:
            for event in self._connection.receive_data(data):
                if self._transport.is_closing():
                    return
                if react := self._reactions.get(type(event)):
                    react(event)
            self._flush()
        except ProtocolError:
            self._flush()
            self._transport.close()

    def go_away(self, last: int | None = None) -> None:
        """GOAWAY: no stream above `last` (default: the highest so far) is processed any more."""
        if self._last is None:
            self._last = self._connection.highest_inbound_stream_id if last is None else last
            self._traffic.goaways += 1
            self._flush()
            frame = GoAwayFrame(0, last_stream_id=self._last, error_code=ErrorCodes.NO_ERROR)
            self._transport.write(frame.serialize())
            self._leave_later()

    def _leave_later(self) -> None:
        asyncio.get_running_loop().call_later(_LINGER, self._leave)

    def _leave(self) -> None:
        if all(self._is_above(stream) for stream in self._requests):
            self._transport.close()
        else:
            self._leave_later()

    def _begin(self, event: events.RequestReceived) -> None:
        if self._is_above(event.stream_id):
            return
        headers = dict(event.headers)
        method, path = headers.get(b":method", b""), headers.get(b":path", b"")
        self._requests[event.stream_id] = Request(method.decode(), path.decode(), headers, b"")
        self._traffic.streams += 1
        at_once = len(self._requests)
        self._traffic.most_streams_at_once = max(self._traffic.most_streams_at_once, at_once)

    def _add(self, event: events.DataReceived) -> None:
        if request := self._requests.get(event.stream_id):
            request.body += event.data
        self._unread += event.flow_controlled_length
        if self._unread > _WINDOW // 2:  # rarely: a frame for every message costs
            self._connection.increment_flow_control_window(self._unread)
            self._unread = 0

    def _end(self, event: events.StreamEnded) -> None:
        stream = event.stream_id
        if self._is_above(stream) or stream not in self._requests:
            return
        answer = self._handle(self._requests[stream])
        if answer.ending is Ending.ANSWERED:
            self._give(stream, answer)
        elif answer.ending is Ending.DROPPED:
            self.break_off()
        else:
            self._withhold(stream, answer.ending)

    def _give(self, stream: int, answer: Answer) -> None:
        self._served += 1
        self._highest = max(self._highest, stream)
        if answer.delay:
            asyncio.get_running_loop().call_later(answer.delay, self._give_late, stream, answer)
        else:
            self._write(stream, answer)
        if self._served == self._traffic.goaway_after:
            self.go_away(self._highest)

    def _give_late(self, stream: int, answer: Answer) -> None:
        if stream in self._requests and not self._transport.is_closing():
            self._write(stream, answer)
            self._flush()

    def _write(self, stream: int, answer: Answer) -> None:
        del self._requests[stream]
        headers = [(":status", str(answer.status)), *answer.headers]
        self._connection.send_headers(stream, headers)
        if len(answer.body) <= self._room(stream):
            self._connection.send_data(stream, answer.body, end_stream=True)
        else:
            self._answers[stream] = memoryview(answer.body)
            self._send_waiting()

    def _room(self, stream: int) -> int:
        window = self._connection.local_flow_control_window(stream)
        return min(window, self._connection.max_outbound_frame_size)

    def _send_waiting(self, _event: object = None) -> None:
        for stream in list(self._answers):
            while stream in self._answers and (room := self._room(stream)) > 0:
                self._send_piece(stream, room)

    def _send_piece(self, stream: int, size: int) -> None:
        answer = self._answers[stream]
        is_last = len(answer) <= size
        self._connection.send_data(stream, answer[:size].tobytes(), end_stream=is_last)
        if is_last:
            del self._answers[stream]
        else:
            self._answers[stream] = answer[size:]

    def _withhold(self, stream: int, ending: Ending) -> None:
        del self._requests[stream]
        if ending is Ending.GONE_AWAY:
            self.go_away(max(self._highest, stream - 2))
        if not self._is_above(stream):
            self._traffic.refused_streams += 1
            self._connection.reset_stream(stream, ErrorCodes.REFUSED_STREAM)

    def _is_above(self, stream: int) -> bool:
        return self._last is not None and stream > self._last

    def _forget(self, event: events.StreamReset) -> None:
        self._requests.pop(event.stream_id, None)
        self._answers.pop(event.stream_id, None)

    def _flush(self) -> None:
        waiting = self._connection.data_to_send()
        if waiting and not self._transport.is_closing():
            self._transport.write(waiting)
