"""Campaigns: thousands of messages over a few HTTP/2 connections, by libcurl."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from smartcity.adapters.fcm.answers import TOKEN_REFUSED, Answer, Reply
from smartcity.adapters.fcm.credentials import credentials
from smartcity.core.errors import Temporary
from smartcity.settings import Settings

if TYPE_CHECKING:
    from smartcity.adapters.fcm.exchange import Exchange

STREAMS = 100  # requests at a time on one connection
_TICK = 0.1  # seconds; libcurl looks after its time-outs so often
# Seconds. A look goes through all handles, whether one answer has come or many, so they gather: a
# third of the CPU (measured with answers after 50 to 150 ms).
_GATHER = 0.05


class Multi:
    """HTTP/2 connections to FCM for one thread, kept open between windows; close() them.

    Made within an application's context, whose access token it shares.
    """

    def __init__(self, settings: Settings, connections: int = 10) -> None:
        from smartcity.adapters.fcm import exchange

        self._settings = settings
        self._credentials = credentials()
        self._connections = exchange.connections(connections, STREAMS)
        self._exchange = exchange.Exchange
        self._idle: list[Exchange] = []

    def send(self, bodies: Sequence[bytes]) -> list[Reply]:
        """Post each body once; a reply for each, in their order. No reply raises."""
        try:
            token = self._credentials.token()
        except Temporary as error:
            return [Reply(Answer.NOT_SENT, str(error))] * len(bodies)
        replies = self._posted(bodies, token)
        if any(reply.detail == TOKEN_REFUSED for reply in replies):
            self._credentials.refused(token)
        return replies

    def close(self) -> None:
        """Let the connections go."""
        self._connections.close()
        for exchange in self._idle:
            exchange.easy.close()
        self._idle.clear()

    def _posted(self, bodies: Sequence[bytes], token: str) -> list[Reply]:
        replies: list[Any] = [None] * len(bodies)
        for place, body in enumerate(bodies):
            exchange = self._idle.pop() if self._idle else self._new()
            self._connections.add_handle(exchange.load(place, body, token))
        running = len(bodies)
        while running:
            _, running = self._connections.perform()
            for exchange, reply in self._finished():
                replies[exchange.place] = reply
            if running:
                self._connections.select(_TICK)
                time.sleep(_GATHER)
        return replies

    def _finished(self) -> list[tuple["Exchange", Reply]]:
        """The requests that are over since the last look, their handles free again."""
        _, answered, failed = self._connections.info_read()
        over = [(easy.exchange, easy.exchange.answered()) for easy in answered]
        over += [(easy.exchange, easy.exchange.failed(code, text)) for easy, code, text in failed]
        for exchange, _ in over:
            self._connections.remove_handle(exchange.easy)
            self._idle.append(exchange)
        return over

    def _new(self) -> "Exchange":
        return self._exchange(self._credentials.url, self._settings)
