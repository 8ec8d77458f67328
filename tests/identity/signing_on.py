"""An officer's browser, between the console and the sandbox's OpenID provider."""

from smartcity.audit.models import AuditEntry
from smartcity.core.ids import new_id
from smartcity.identity.service import SESSION_COOKIE
from tests.helpers import rows
from tests.identity.provider import person, sent_back

START, BACK = "/console/sso", "/console/sso/callback"


def officer(provider, login, *groups, **claims):
    """Somebody of these groups; a new one, whatever earlier tests made of the name."""
    told = {"sub": f"{login}-{new_id()}", "groups": list(groups), "amr": ["pwd", "mfa"], **claims}
    return person(provider, login, **told)


def begun(client):
    answer = client.get(START)
    assert answer.status_code == 302
    return answer.headers["Location"]


def signing_in(client, login):
    """All the way, in one browser."""
    return client.get(BACK, query_string=sent_back(begun(client), login))


def came_in(answer):
    cookies = answer.headers.getlist("Set-Cookie")
    return answer.status_code == 303 and any(c.startswith(f"{SESSION_COOKIE}=") for c in cookies)


def refused(answer, status, words):
    told = answer.get_data(as_text=True)
    return answer.status_code == status and words in told and 'lang="vi"' in told


def deeds(app, *actions):
    return [entry for entry in rows(app, AuditEntry) if entry.action in actions]
