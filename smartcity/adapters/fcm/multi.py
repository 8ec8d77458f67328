"""Campaigns: thousands of messages over a few HTTP/2 connections, by libcurl."""

from collections.abc import Sequence

from smartcity.adapters.fcm.answers import Reply
from smartcity.settings import Settings


class Multi:
    """HTTP/2 connections to FCM for one thread, kept open between windows; close() them."""

    def __init__(self, settings: Settings, connections: int = 10) -> None:
        self._settings = settings
        self._connections = connections

    def send(self, bodies: Sequence[bytes]) -> list[Reply]:
        """Post each body once; a reply for each, in their order. It raises nothing for a reply."""
        raise NotImplementedError

    def close(self) -> None:
        """Let the connections go."""
