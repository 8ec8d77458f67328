"""Where photos lie: a folder of this machine, or an S3-compatible store.

Its errors say only whether to try again: Temporary, Permanent, and Missing for a key that is not
there.
"""

import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO, Protocol

from smartcity.core.context import per_app
from smartcity.core.errors import Permanent, Temporary
from smartcity.settings import Settings

_WORD = r"[0-9a-z][0-9a-z_-]*(\.[0-9a-z]+)*"
PIECE = 256 * 1024  # bytes
_KEY = re.compile(rf"{_WORD}(/{_WORD})*", re.ASCII)


class Missing(Permanent):
    """Nothing is kept under this key."""


class Storage(Protocol):
    """Keeps bytes under keys such as `4f/0190…4f-large.jpg`."""

    def put(self, key: str, content: BinaryIO, content_type: str) -> None:
        """Keep what the stream holds from where it stands; whole or not at all, replacing."""

    def read(self, key: str) -> bytes:
        """All that is kept under a key; Missing when there is nothing."""

    def stream(self, key: str) -> Iterator[bytes]:
        """What is kept under a key, in pieces; Missing, at once, when there is nothing."""

    def delete(self, key: str) -> None:
        """Destroy what is kept under a key; nothing there is no error."""


class FolderStorage:
    """Files below one folder, readable by this account only."""

    def __init__(self, folder: Path) -> None:
        """Destroys what a process that was killed left half written, an hour ago or earlier."""
        self._folder = folder
        self._unfinished = folder / "unfinished"
        for file in self._unfinished.glob("*"):
            if file.stat().st_mtime < time.time() - 3600:
                file.unlink(missing_ok=True)

    def put(self, key: str, content: BinaryIO, content_type: str) -> None:  # noqa: ARG002
        file = self._file(key)
        with _said_as_temporary():
            for folder in (file.parent, self._unfinished):
                folder.mkdir(parents=True, exist_ok=True)
            _write_whole(file, content, self._unfinished)

    def read(self, key: str) -> bytes:
        with _said_as_temporary():
            try:
                return self._file(key).read_bytes()
            except FileNotFoundError:
                raise Missing(key) from None

    def stream(self, key: str) -> Iterator[bytes]:
        with _said_as_temporary():
            try:
                return _pieces(self._file(key).open("rb"))
            except FileNotFoundError:
                raise Missing(key) from None

    def delete(self, key: str) -> None:
        file = self._file(key)
        with _said_as_temporary():
            file.unlink(missing_ok=True)

    def _file(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a storage key: {key!r}")
        return self._folder / key


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _write_whole(file: Path, content: BinaryIO, unfinished_in: Path) -> None:
    """A reader sees the old file or the new one, also after a power cut."""
    descriptor, name = tempfile.mkstemp(dir=unfinished_in)
    try:
        with os.fdopen(descriptor, "wb") as unfinished:
            copyfileobj(content, unfinished)
            unfinished.flush()
            os.fsync(descriptor)
        os.replace(name, file)
    except BaseException:
        os.unlink(name)
        raise
    _sync(file.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _said_as_temporary() -> Iterator[None]:
    """A full or unmounted disk is mended by an operator; what waits is then done."""
    try:
        yield
    except OSError as error:
        raise Temporary(f"media folder: {error.strerror}") from error


@per_app
def storage(settings: Settings) -> Storage:
    """The store that `media_store` names: a folder, or `s3://bucket/prefix`."""
    if not settings.media_root.startswith("s3://"):
        return FolderStorage(Path(settings.media_root))
    from smartcity.adapters.storage_s3 import S3Storage

    return S3Storage(settings.media_root, settings.s3_endpoint)
