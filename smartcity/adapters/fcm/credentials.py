"""Access tokens of our service account, for both transports (RFC 7523, by google-auth)."""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from smartcity.core.context import per_app
from smartcity.core.errors import Temporary
from smartcity.settings import Settings

if TYPE_CHECKING:
    from google.oauth2 import service_account

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
GOOGLE = "https://fcm.googleapis.com"
_TIMEOUT = 10  # seconds


class Credentials:
    """The service account of `fcm_credentials`; safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._account: service_account.Credentials | None = None

    @property
    def url(self) -> str:
        """Where messages of the account's project are posted."""
        host = self._settings.fcm_url or GOOGLE
        return f"{host}/v1/projects/{self._loaded().project_id}/messages:send"

    def token(self) -> str:
        """An access token good for three minutes at least; Temporary where none is to be had."""
        with self._lock:
            account = self._loaded()
            if not account.valid:
                self._refresh(account)
            return str(account.token)

    def refused(self, token: str) -> None:
        """FCM does not know the token: fetch another when one is next asked for."""
        with self._lock:
            if self._loaded().token == token:
                self._loaded().token = None

    def _loaded(self) -> service_account.Credentials:
        if self._account is None:
            from google.oauth2 import service_account

            load: Any = service_account.Credentials.from_service_account_file
            self._account = load(str(self._settings.fcm_credentials), scopes=[SCOPE])
        return self._account

    def _refresh(self, account: Any) -> None:
        from google.auth.exceptions import GoogleAuthError, RefreshError
        from google.auth.transport.requests import Request

        try:
            account.refresh(partial(Request(_session(self._settings)), timeout=_TIMEOUT))
        except RefreshError as error:
            raise Temporary("FCM refuses our credentials", opens_breaker=True) from error
        except GoogleAuthError:
            raise Temporary("no access token could be fetched", arrived=False) from None


@per_app
def credentials(settings: Settings) -> Credentials:
    """The application's service account."""
    return Credentials(settings)


def trusting(settings: Settings) -> Any:
    """How requests reaches FCM: no second post, and a CA of its own where one is named."""
    from requests.adapters import HTTPAdapter

    class Trusting(HTTPAdapter):
        """Trusts one CA file, whatever REQUESTS_CA_BUNDLE says."""

        def send(self, request: Any, *args: Any, **options: Any) -> Any:
            trusted = {"verify": str(settings.fcm_ca)} if settings.fcm_ca else {}
            return super().send(request, *args, **{**options, **trusted})

    return Trusting(max_retries=0)


def _session(settings: Settings) -> Any:
    from requests import Session

    session = Session()
    session.mount("https://", trusting(settings))
    return session
