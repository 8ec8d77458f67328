"""Keys change and nobody is signed out, nothing is lost."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from smartcity.cli import main
from smartcity.core import envelope
from smartcity.core.db import reading
from smartcity.core.signing import decrypt, encrypt, seal, unseal
from smartcity.core.vault import PersonKey
from smartcity.identity import citizens
from smartcity.settings import Settings
from tests.conftest import MakeApp
from tests.helpers import bearer, citizen

OLD, NEW = (f"{name}:{envelope.to_text(os.urandom(32))}" for name in ("old", "new"))
PHONE = "+84912345678"


def signing_key(folder: Path, name: str) -> Path:
    file = folder / f"{name}.pem"
    file.write_bytes(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


def test_no_change_of_keys_signs_anybody_out(make_app: MakeApp, tmp_path: Path) -> None:
    first, second = (signing_key(tmp_path, name) for name in "ab")
    before = make_app(secret_key="s" * 32, signing_keys=(first,))
    tokens = citizen(before)
    during = make_app(
        secret_key="t" * 32, old_secret_keys=("s" * 32,), signing_keys=(second, first)
    ).test_client()
    assert during.get("/api/v1/me", headers=bearer(tokens)).status_code == 200
    refreshed = during.post("/api/v1/auth/refresh", json={"refresh_token": tokens.refresh_token})
    assert refreshed.status_code == 200
    after = make_app(secret_key="t" * 32, signing_keys=(second,)).test_client()
    shown = {"Authorization": f"Bearer {refreshed.json['access_token']}"}
    assert after.get("/api/v1/me", headers=shown).status_code == 200
    assert after.get("/api/v1/me", headers=bearer(tokens)).status_code == 401
    again = {"refresh_token": refreshed.json["refresh_token"]}
    assert after.post("/api/v1/auth/refresh", json=again).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_signed_or_encrypted_holds_under_the_next_key(make_app: MakeApp) -> None:
    with make_app(secret_key="s" * 32).app_context():
        sealed, secret = seal("cursor", [1]), encrypt("otp", "042917")
    with make_app(secret_key="t" * 32, old_secret_keys=("s" * 32,)).app_context():
        assert unseal("cursor", sealed) == [1]
        assert decrypt("otp", secret) == "042917"
    with make_app(secret_key="t" * 32).app_context():
        assert unseal("cursor", sealed) is None
        assert decrypt("otp", secret) is None


def test_values_are_sealed_anew_and_the_old_key_may_go(
    make_app: MakeApp, database_url: str, tmp_path: Path
) -> None:
    def run(*words: str, keys: str):
        env = {
            "SMARTCITY_DATABASE_URL": database_url,
            "SMARTCITY_VAR_DIR": str(tmp_path),
            "SMARTCITY_DATA_KEYS": keys,
        }
        return CliRunner().invoke(main, words, env=env)

    citizen(make_app(data_keys=(OLD,)), PHONE)
    assert run("keys", "status", keys=OLD).output == "old: 1\n"
    refused = run("keys", "renew", keys=NEW)
    assert refused.exit_code == 1
    assert "its data key is not given" in refused.output
    renewed = run("keys", "renew", keys=f"{NEW} {OLD}")
    assert renewed.exit_code == 0
    assert "person_keys: 1" in renewed.output
    assert run("keys", "status", keys=NEW).output == "new: 1\n"
    app = make_app(data_keys=(NEW,))
    with app.app_context(), reading() as session:
        known = session.scalars(select(PersonKey.person_id)).one()
        assert citizens.phone_of(session, known) == PHONE


def test_made_keys_are_good(monkeypatch: pytest.MonkeyPatch) -> None:
    made = CliRunner().invoke(main, ["keys", "make"]).output
    settings = Settings.from_env(dict(line.split("=", 1) for line in made.splitlines()))
    assert settings.secret_key != settings.lookup_key
    assert len(settings.data_keys) == 1
