"""Nothing that opens an account, and no number, gets into a log."""

import json
import re
import subprocess
import sys
from pathlib import Path

from smartcity.core.signing import decrypt, encrypt
from tests.identity.conftest import PHONE

ROOT = Path(__file__).parents[2]


def test_no_log_holds_what_is_secret(sqlite_url, gateway, tmp_path):
    command = [sys.executable, "-m", "tests.identity.signing_in"]
    run = subprocess.run(
        [*command, sqlite_url, gateway.url, str(tmp_path)],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
    )
    code, access_token, refresh_token = json.loads(run.stdout)
    assert run.stderr.count("/api/v1/auth/tokens") >= 4  # two requests, before and after the mask
    assert not re.search(rf"(?<![\w.]){code}(?![\w.])", run.stderr)
    for secret in (PHONE[3:], access_token[-40:], refresh_token[-40:]):
        assert secret not in run.stderr


def test_what_is_encrypted_for_one_use_is_refused_for_another(make_app):
    with make_app().app_context():
        sealed = encrypt("otp", "042917")
        assert "042917" not in sealed
        assert encrypt("otp", "042917") != sealed
        assert decrypt("otp", sealed) == "042917"
        assert decrypt("totp", sealed) is None
        assert decrypt("otp", "x") is None
    with make_app(secret_key="another").app_context():
        assert decrypt("otp", sealed) is None
