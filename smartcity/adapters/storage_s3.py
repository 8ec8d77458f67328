"""Photos in an S3-compatible store; the one file that knows boto3.

Credentials come from where boto3 looks for them (`AWS_ACCESS_KEY_ID` …, or the machine's role).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from smartcity.adapters.storage import PIECE, Missing
from smartcity.core.errors import Permanent, Temporary

_CONFIG = Config(
    connect_timeout=5,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 3},
    s3={"addressing_style": "path"},  # stores of one's own have no name per bucket
    # Others than AWS refuse the checksum trailers that boto3 sends by default.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
_ABSENT = {"NoSuchKey", "404"}
_REFUSED = {401, 403}
_LATER = {408, 429}


class S3Storage:
    """Objects of one bucket, below an optional prefix."""

    def __init__(self, address: str, endpoint: str) -> None:
        """`address` is `s3://bucket[/prefix]`, `endpoint` empty for AWS."""
        parts = urlsplit(address)
        self._bucket, self._prefix = parts.netloc, parts.path.strip("/")
        self._client = boto3.client("s3", endpoint_url=endpoint or None, config=_CONFIG)

    def put(self, key: str, content: BinaryIO, content_type: str) -> None:
        with _said_simply():
            self._client.put_object(
                Bucket=self._bucket, Key=self._name(key), Body=content, ContentType=content_type
            )

    def read(self, key: str) -> bytes:
        with _said_simply():
            found = self._client.get_object(Bucket=self._bucket, Key=self._name(key))
            content: bytes = found["Body"].read()
            return content

    def stream(self, key: str) -> Iterator[bytes]:
        with _said_simply():
            found = self._client.get_object(Bucket=self._bucket, Key=self._name(key))
        pieces: Iterator[bytes] = found["Body"].iter_chunks(PIECE)
        return pieces

    def delete(self, key: str) -> None:
        with _said_simply():
            self._client.delete_object(Bucket=self._bucket, Key=self._name(key))

    def _name(self, key: str) -> str:
        return f"{self._prefix}/{key}" if self._prefix else key


@contextmanager
def _said_simply() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        raise _by_answer(error) from error
    except BotoCoreError as error:
        raise Temporary(f"S3: {type(error).__name__}") from error


def _by_answer(error: ClientError) -> Temporary | Permanent:
    code = error.response["Error"]["Code"]
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    if code in _ABSENT:
        return Missing(code)
    if status in _REFUSED:
        return Temporary(f"S3: {code}", opens_breaker=True)
    if status >= 500 or status in _LATER:
        return Temporary(f"S3: {code}")
    return Permanent(f"S3: {code}")
