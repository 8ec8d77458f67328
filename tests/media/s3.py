"""A real server of the S3 protocol."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest
import urllib3
from moto.server import ThreadedMotoServer

_REGION = "ap-southeast-1"
_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": _REGION,
}


@contextmanager
def s3_server() -> Iterator[str]:
    """Its address; it holds a bucket `photos`, and boto3 finds credentials for it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _CREDENTIALS.items():
            patch.setenv(name, value)
        urllib3.request("POST", f"http://{host}:{port}/moto-api/reset")  # one process, one state
        _make_bucket(f"http://{host}:{port}")
        yield f"http://{host}:{port}"
    server.stop()


def _make_bucket(endpoint: str) -> None:
    here = {"LocationConstraint": _REGION}
    client = boto3.client("s3", endpoint_url=endpoint)
    client.create_bucket(Bucket="photos", CreateBucketConfiguration=here)
