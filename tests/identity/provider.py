"""A person's browser at the sandbox's OpenID provider."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import urllib3

from smartcity.sandbox.oidc import Oidc
from smartcity.sandbox.oidc_grants import Client

APP_LINK = "https://app.example.vn/identity"
CALLBACK = "http://127.0.0.1:8000/console/sso/callback"
CLIENTS = [
    Client("the-console", "a secret/with + signs", (CALLBACK,)),
    Client("the-app", "another secret", (APP_LINK,)),
]
_http = urllib3.PoolManager(retries=False, timeout=10)


def settings_of(provider: Oidc) -> dict[str, str]:
    """Both doors open on one provider."""
    console, app = CLIENTS
    return {
        "officer_oidc_issuer": provider.url,
        "officer_oidc_client": console.id,
        "officer_oidc_secret": console.secret,
        "citizen_oidc_issuer": provider.url,
        "citizen_oidc_client": app.id,
        "citizen_oidc_secret": app.secret,
        "citizen_oidc_redirect": APP_LINK,
    }


def person(provider: Oidc, login: str, /, **claims: Any) -> str:
    """Somebody who can sign in at the provider from now on."""
    _http.request("PUT", f"{provider.url}/people/{login}", json=claims)
    return login


def log_in(url: str, name: str) -> urllib3.BaseHTTPResponse:
    """Open the provider's page, give a name, and do not follow where it sends one."""
    page = _http.request("GET", url, redirect=False)
    if page.status != 200:
        return page
    return _http.request("POST", url, fields={"name": name}, redirect=False)


def sent_back(url: str, name: str) -> dict[str, str]:
    """What the provider tells us through the browser: code, state, iss."""
    answer = log_in(url, name)
    assert answer.status == 302, answer.data
    return queried(answer.headers["Location"])


def queried(url: str) -> dict[str, str]:
    return {name: told[0] for name, told in parse_qs(urlsplit(url).query).items()}
