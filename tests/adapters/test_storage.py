"""Both stores keep one promise: the folder, and a real S3 protocol server."""

import io
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from flask import Flask

from smartcity.adapters.storage import FolderStorage, Missing, Storage, storage
from smartcity.adapters.storage_s3 import S3Storage
from smartcity.core import context
from smartcity.core.errors import Permanent, Temporary
from smartcity.settings import Settings
from tests.media.s3 import s3_server

KEY = "4f/0190a4f-large.jpg"


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    with s3_server() as endpoint:
        yield endpoint


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return FolderStorage(tmp_path / "media")
    return S3Storage("s3://photos/hai-phong", request.getfixturevalue("s3_endpoint"))


def put(store: Storage, content: bytes, key: str = KEY) -> None:
    store.put(key, io.BytesIO(content), "image/jpeg")


def test_what_was_put_is_read_and_replaced_whole(store: Storage) -> None:
    put(store, b"long first content")
    put(store, b"second")
    assert store.read(KEY) == b"second"


def test_what_was_deleted_is_missing_and_deleting_again_is_no_error(store: Storage) -> None:
    put(store, b"x")
    store.delete(KEY)
    store.delete(KEY)
    with pytest.raises(Missing):
        store.read(KEY)


def test_a_stream_is_kept_from_where_it_stands(store: Storage) -> None:
    content = io.BytesIO(b"header:body")
    content.seek(7)
    store.put(KEY, content, "image/jpeg")
    assert store.read(KEY) == b"body"


def test_a_reader_of_the_folder_never_sees_half_a_file(tmp_path: Path) -> None:
    store = FolderStorage(tmp_path)
    whole = {letter * 2_000_000 for letter in (b"a", b"b")}
    put(store, b"a" * 2_000_000)
    done = threading.Event()

    def write() -> None:
        for content in [*whole] * 5:
            put(store, content)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        assert store.read(KEY) in whole
    writer.join()
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["0190a4f-large.jpg"]


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    class Torn(io.BytesIO):
        def read(self, *_size: object) -> bytes:
            raise OSError(5, "the client went away")

    with pytest.raises(Temporary):
        FolderStorage(tmp_path).put(KEY, Torn(), "image/jpeg")
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_what_a_killed_process_left_half_written_is_destroyed(tmp_path: Path) -> None:
    unfinished = tmp_path / "unfinished"
    unfinished.mkdir()
    for name, age in (("old", 3700), ("being-written", 10)):
        (unfinished / name).write_text("half a photo")
        os.utime(unfinished / name, (time.time() - age,) * 2)
    FolderStorage(tmp_path)
    assert [file.name for file in unfinished.iterdir()] == ["being-written"]


def test_files_of_the_folder_are_for_this_account_only(tmp_path: Path) -> None:
    put(FolderStorage(tmp_path), b"x")
    assert (tmp_path / KEY).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a/../../x", "a//b", ".x", "a b", "ạ", ""])
def test_a_key_never_leaves_the_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a storage key"):
        put(FolderStorage(tmp_path), b"x", key)


def test_a_folder_that_cannot_be_written_is_a_temporary_fault(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file stands where the folder should")
    with pytest.raises(Temporary):
        put(FolderStorage(tmp_path / "media"), b"x")


def test_objects_lie_below_the_prefix_with_their_type(s3_endpoint: str) -> None:
    put(S3Storage("s3://photos/hai-phong/", s3_endpoint), b"x")
    client = boto3.client("s3", endpoint_url=s3_endpoint)
    found = client.get_object(Bucket="photos", Key=f"hai-phong/{KEY}")
    assert (found["ContentType"], found["Body"].read()) == ("image/jpeg", b"x")


def test_a_store_that_is_away_is_a_temporary_fault(s3_endpoint: str) -> None:
    with pytest.raises(Temporary):
        S3Storage("s3://photos", "http://127.0.0.1:9").read(KEY)


def test_a_bucket_that_does_not_exist_is_a_permanent_fault(s3_endpoint: str) -> None:
    with pytest.raises(Permanent):
        put(S3Storage("s3://no-such-bucket", s3_endpoint), b"x")


@pytest.mark.parametrize(("named", "kind"), [("", FolderStorage), ("s3://photos", S3Storage)])
def test_the_setting_picks_the_store(
    tmp_path: Path, s3_endpoint: str, named: str, kind: type
) -> None:
    app = Flask(__name__)
    context.attach(app, Settings(var_dir=tmp_path, media_store=named, s3_endpoint=s3_endpoint))
    with app.app_context():
        assert isinstance(storage(), kind)
        assert storage() is storage()
        put(storage(), b"x")
        assert storage().read(KEY) == b"x"
        assert (named == "") == os.path.exists(tmp_path / "media" / KEY)
