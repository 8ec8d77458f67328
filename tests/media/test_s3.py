"""The way of a photo when the store is S3."""

import boto3

from smartcity.core import clock
from smartcity.media import jobs
from smartcity.media.links import PICTURES
from tests.conftest import MakeApp
from tests.identity.people import bearer, citizen
from tests.media.conftest import do_media_jobs, send
from tests.media.pictures import jpeg
from tests.media.s3 import s3_server
from tests.media.test_retention import DAY


def test_a_photo_is_kept_shown_and_destroyed_in_s3(make_app: MakeApp) -> None:
    with s3_server() as endpoint:
        app = make_app(media_store="s3://photos/hai-phong", s3_endpoint=endpoint)
        client = app.test_client()
        photo = send(client, bearer(citizen(app)), jpeg()).json
        do_media_jobs(app)
        shown = client.get(photo["links"]["small"].removeprefix("http://127.0.0.1:8000"))
        assert (shown.status_code, shown.data[:2]) == (200, b"\xff\xd8")
        assert len(_objects(endpoint)) == len(PICTURES) + 1
        with app.app_context(), clock.frozen(clock.now() + 2 * DAY):
            jobs.sweep()
        assert _objects(endpoint) == []


def _objects(endpoint: str) -> list[str]:
    listed = boto3.client("s3", endpoint_url=endpoint).list_objects_v2(Bucket="photos")
    return [found["Key"] for found in listed.get("Contents", [])]
