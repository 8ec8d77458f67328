"""A phone, an officer and an onlooker: what speaks to the API as outsiders do."""

import json
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import urllib3

T = TypeVar("T")


class Refused(Exception):
    """The API answered with an error; the text holds its status and body."""


class Caller:
    """Speaks JSON to one base address, with a bearer token once signed in."""

    def __init__(self, base: str, http: urllib3.PoolManager | None = None) -> None:
        self.base = base
        self.http = http or urllib3.PoolManager(maxsize=8, retries=False, timeout=30)
        self.token = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The parsed answer; Refused when it is an error."""
        answer = self.answer(method, path, body, **headers)
        if answer.status >= 400:
            raise Refused(f"{method} {path}: {answer.status} {answer.data.decode()}")
        return json.loads(answer.data) if answer.data else None

    def answer(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> urllib3.BaseHTTPResponse:
        """The raw answer; underscores in header names stand for hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        options: dict[str, Any] = {"json": body} if body is not None else {}
        return self.http.request(method, self.base + path, headers=sent, **options)


class Phone(Caller):
    """A citizen's phone; many threads may use it."""

    def __init__(self, base: str, http: urllib3.PoolManager | None = None) -> None:
        super().__init__(base, http)
        self._refresh = ""
        self._renewing = threading.Lock()

    def sign_in(self, number: str, sms: Caller) -> None:
        """Ask for a code, read it from the sandbox gateway, and trade it for tokens."""
        known = len(_codes(sms, number))
        challenge = self.ask("POST", "/api/v1/auth/otp", {"phone": number})["challenge_id"]
        code = wait_for(lambda: _codes(sms, number)[known:])[-1]
        self._keep(
            self.ask("POST", "/api/v1/auth/tokens", {"challenge_id": challenge, "code": code})
        )

    def renew(self, expired: str) -> None:
        """Trade the refresh token for the next tokens, unless another thread has done so."""
        with self._renewing:
            if self.token == expired:
                told = {"refresh_token": self._refresh}
                self._keep(self.ask("POST", "/api/v1/auth/refresh", told))

    def _keep(self, tokens: dict[str, str]) -> None:
        self.token, self._refresh = tokens["access_token"], tokens["refresh_token"]

    def upload(self, name: str, photo: bytes) -> str:
        """The id of an uploaded photo."""
        answer = self.http.request(
            "POST",
            f"{self.base}/api/v1/media",
            fields={"file": (name, photo, "application/octet-stream")},
            headers={
                "Authorization": f"Bearer {self.token}",
                "Idempotency-Key": str(uuid.uuid4()),
            },
        )
        if answer.status != 201:
            raise Refused(f"photo: {answer.status} {answer.data.decode()}")
        return str(answer.json()["id"])

    def file(self, report: dict[str, Any], key: str | None = None) -> dict[str, Any]:
        """File a report under an idempotency key."""
        filed: dict[str, Any] = self.ask(
            "POST", "/api/v1/reports", report, Idempotency_Key=key or str(uuid.uuid4())
        )
        return filed


class Desk(Caller):
    """An officer at work."""

    def sign_in(self, username: str, password: str) -> None:
        """Trade a password for tokens."""
        body = {"username": username, "password": password}
        self.token = self.ask("POST", "/api/v1/officer/auth/tokens", body)["access_token"]

    def move(self, report: str, noun: str, **told: str) -> dict[str, Any]:
        """Do a move on the version that stands now."""
        path = f"/api/v1/officer/reports/{report}"
        seen = self.answer("GET", path)
        moved: dict[str, Any] = self.ask(
            "PUT", f"{path}/{noun}", told, If_Match=seen.headers.get("ETag", "")
        )
        return moved


def wait_for(look: Callable[[], T | None], seconds: float = 30) -> T:
    """What `look` finds, as soon as it finds something; TimeoutError otherwise."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise TimeoutError("waited in vain")


def _codes(sms: Caller, number: str) -> list[str]:
    """The codes that a number was sent, the newest last."""
    messages = sms.ask("GET", f"/messages?phone={number.replace('+', '%2B')}")
    return [message["code"] for message in messages]
