"""Servers that speak HTTP badly on purpose, byte by byte."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Speak = Callable[[socket.socket], None]


@dataclass
class Wire:
    """A listener and what it was asked."""

    host: str
    port: int = 0
    asked: list[str] = field(default_factory=list)

    def url(self, path: str = "/", name: str | None = None, scheme: str = "http") -> str:
        return f"{scheme}://{name or self.host}:{self.port}{path}"


@contextmanager
def wire(
    speak: Speak, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[Wire]:
    """Read each request's head on a thread of its own, then speak; ends with the block."""
    listener = socket.create_server((host, 0))
    served = Wire(host, listener.getsockname()[1])

    def serve(taken: socket.socket) -> None:
        with suppress(OSError), taken:
            taken.settimeout(10)
            with tls.wrap_socket(taken, server_side=True) if tls else taken as spoken:
                served.asked.append(_head(spoken))
                speak(spoken)

    def accept() -> None:
        with suppress(OSError):
            while True:
                taken, _ = listener.accept()
                threading.Thread(target=serve, args=(taken,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield served
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def says(body: bytes = b"ok", status: str = "200 OK", *headers: str) -> Speak:
    """Answer and close."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return lambda to: to.sendall("\r\n".join([*lines, "", ""]).encode() + body)


def drips(before: bytes, drop: bytes, every: float = 0.05) -> Speak:
    """Say something, then the same again and again until nobody listens."""

    def speak(to: socket.socket) -> None:
        to.sendall(before)
        while True:
            to.sendall(drop)
            time.sleep(every)  # the fault itself, not a wait for something

    return speak


def _head(spoken: socket.socket) -> str:
    read = b""
    while b"\r\n\r\n" not in read and (piece := spoken.recv(65_536)):
        read += piece
    return read.decode("latin-1")
