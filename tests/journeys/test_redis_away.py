"""Redis stops in the middle of the day: who may come in is still limited, and reports arrive."""

from smartcity.identity.models import OtpChallenge
from smartcity.jobs.models import JobRow
from tests.helpers import bearer, citizen, count, file_report, rows
from tests.identity.officers import made, sign_in
from tests.servers import start_redis

WRONG = "mật khẩu đoán mò số 1"


def ask_code(client):
    return client.post("/api/v1/auth/otp", json={"phone": "0912345678"}).status_code


def guess(client, times):
    return [sign_in(client, password=WRONG).status_code for _ in range(times)]


def test_limits_hold_and_reports_arrive(make_app):
    with start_redis() as redis:
        app = make_app(redis_url=redis, otp_gap=0, otp_hourly=2)
        client, me = app.test_client(), bearer(citizen(app))
        made(app)
        assert ask_code(client) == 202
        assert guess(client, 4) == [401] * 4
        file_report(client, me)
    assert [ask_code(client), ask_code(client)] == [202, 429]
    assert guess(client, 7) == [401] * 6 + [429]  # those before count
    assert sign_in(client).status_code == 429
    report = file_report(client, me)
    [forward] = rows(app, JobRow, JobRow.ordering_key == f"ioc:{report['id']}")
    assert forward.name == "ioc.forward"
    assert count(app, OtpChallenge) == 2
