"""Zalo Notification Service: a registered template to a phone's Zalo account, one POST a message.

https://developers.zalo.me/docs/zalo-notification-service. Answers come with HTTP 200 and say in
`error` how it went. The access token is changed for the next by a refresh token good once.
"""

from dataclasses import dataclass
from typing import Any

from smartcity.adapters.outbound import Answer, TrustedPool
from smartcity.core.context import per_app
from smartcity.core.errors import Permanent, Temporary
from smartcity.settings import Settings

_SECONDS = 10
_LARGEST = 64 << 10  # bytes of an answer
TOKEN_REFUSED = -124
# https://zalo.cloud/zns/guidelines/handle-error-code. What is in neither set concerns this number
# (no account, refuses us, old version) or this message, and will not go better later.
_REFUSES_US = {-101, -102, -103, -104, -105, -109, -117, -120, -125, -131, -135, -1351, -136, -137}
_REFUSES_US |= {-115, -138, -145, -146, -1241}  # -115, -137: the account is empty
_LATER = {-32, -100, -126, -144, -147}  # a fault of Zalo's, too many a minute or a day


@dataclass(frozen=True)
class Renewed:
    """A pair of tokens; `expires_in` is the access token's, in seconds."""

    access: str
    refresh: str
    expires_in: int


class TokenRefused(Temporary):
    """The access token is not good (any more)."""


class Zns:
    """One application at Zalo."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = TrustedPool("ZNS", seconds=_SECONDS, largest=_LARGEST)

    def send(self, access: str, to: str, code: str, reference: str) -> None:
        """Send a code to a number in E.164.

        Raises Permanent when this number gets nothing by Zalo, TokenRefused, or Temporary.
        """
        message = {
            "phone": to.removeprefix("+"),
            "template_id": self._settings.zns_template,
            "template_data": {"otp": code},
            "tracking_id": reference,
        }
        url = f"{self._settings.zns_url}/message/template"
        answer = self._pool.request("POST", url, json=message, headers={"access_token": access})
        _check(_read(answer).get("error"))

    def renew(self, refresh: str) -> Renewed:
        """Change a refresh token for the next pair; it is good for nothing afterwards.

        Raises Permanent when it was not good, Temporary when no answer came: it may be spent.
        """
        asked = {
            "app_id": self._settings.zns_app_id,
            "grant_type": "refresh_token",
            "refresh_token": refresh,
        }
        told = _read(
            self._pool.request(
                "POST",
                f"{self._settings.zns_oauth_url}/v4/oa/access_token",
                headers={"secret_key": self._settings.zns_secret},
                fields=asked,
                encode_multipart=False,
            )
        )
        try:
            lifetime = int(told["expires_in"])  # a text of digits, in seconds
            return Renewed(str(told["access_token"]), str(told["refresh_token"]), lifetime)
        except (KeyError, ValueError, TypeError):
            raise Permanent(f"ZNS: no token, error {told.get('error')}") from None


@per_app
def zns(settings: Settings) -> Zns:
    """The application at Zalo of the settings."""
    return Zns(settings)


def _read(answer: Answer) -> dict[str, Any]:
    if not answer.good:
        raise Temporary(
            f"ZNS: HTTP {answer.status}",
            retry_after=answer.retry_after,
            opens_breaker=answer.status in (401, 403),
        )
    try:
        told = answer.json()
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Temporary("ZNS: no JSON object")
    return told


def _check(error: object) -> None:
    if error == 0:
        return
    reason = f"ZNS: error {error}"
    if error == TOKEN_REFUSED:
        raise TokenRefused(reason, opens_breaker=True)
    if error in _LATER or error in _REFUSES_US:
        raise Temporary(reason, opens_breaker=error in _REFUSES_US)
    raise Permanent(reason)
