"""A mail server of our own: aiosmtpd with TLS, a password, and faults on demand."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from smartcity.sandbox.tls import server_context

NAME, WORD = "desk@example.vn", "a pass: phrase/with @ signs"


@dataclass
class Postbox:
    """What came in. `rcpt` and `data` answer in place of 250; `cut` drops the line after DATA."""

    host: str = "127.0.0.1"
    port: int = 0
    ca: Path = Path()
    messages: list[EmailMessage] = field(default_factory=list)
    rcpt: str = ""
    data: str = ""
    cut: bool = False

    def url(self, scheme: str = "smtp", user: str = "") -> str:
        return f"{scheme}://{user}{self.host}:{self.port}"

    async def handle_RCPT(
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if not self.rcpt:
            envelope.rcpt_tos.append(address)
        return self.rcpt or "250 OK"

    async def handle_DATA(self, server: Any, _session: Session, envelope: Envelope) -> str:
        if self.cut:
            server.transport.abort()
        if not self.data:
            content = message_from_bytes(envelope.content or b"", policy=policy.default)
            assert isinstance(content, EmailMessage)
            self.messages.append(content)
        return self.data or "250 OK"


class _Server(Controller):
    """A controller that takes any free port."""

    def _create_server(self) -> Any:
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        return self.loop.create_server(self._factory_invoker, sock=listener, ssl=self.ssl_context)


@contextmanager
def postbox(folder: Path, scheme: str = "smtp", *, password: bool = False) -> Iterator[Postbox]:
    """A running mail server that speaks as the scheme says; with a password it wants NAME, WORD."""
    box, tls = Postbox(ca=folder / "ca.pem"), _context(folder)
    told: dict[str, Any] = {"smtp": {"tls_context": tls}, "smtps": {"ssl_context": tls}}
    options = told.get(scheme, {})
    if password:
        options |= {"authenticator": _knows, "auth_required": True}
        options |= {"auth_require_tls": scheme == "smtp"}
    server = _Server(box, hostname="127.0.0.1", **options)
    server.start()
    box.port = server.port
    try:
        yield box
    finally:
        server.stop()


def _context(folder: Path) -> ssl.SSLContext:
    return server_context(folder)


def _knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    assert isinstance(given, LoginPassword)
    good = (given.login, given.password) == (NAME.encode(), WORD.encode())
    return AuthResult(success=good, handled=good)
