"""The console's first page: who is signed in, and what he may do."""

from flask import Blueprint, render_template

from smartcity.areas import service as areas
from smartcity.console.pages import furnish
from smartcity.core.db import reading
from smartcity.core.texts import catalogue, language
from smartcity.identity import service as identity
from smartcity.identity.permissions import Action, permit, principal

blp = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")
furnish(blp)


@blp.get("/")
@permit(Action.SECURE_ACCOUNT)
def front() -> str:
    """The front page."""
    with reading() as session:
        account = identity.officers.shown(session, principal())
    return render_template(
        "start.html", account=account, agency=_agency(account["agency"]), may=_may()
    )


def _may() -> list[str]:
    """The texts of what this officer may do."""
    mine = [action for action in Action if principal().scope(action)]
    return [key for action in mine if (key := f"console.may.{action}") in catalogue()]


def _agency(code: str | None) -> str | None:
    known = areas.reference().agencies.get(code or "")
    return getattr(known, f"name_{language()}") if known else code
