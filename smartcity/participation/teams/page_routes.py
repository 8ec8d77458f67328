"""Where the QR of a code leads a phone without the app: a page that shows the code."""

from flask import Blueprint, Response, render_template

from smartcity.areas import service as areas
from smartcity.changes.kept import shared
from smartcity.core.context import settings
from smartcity.core.texts import LANGUAGES, text
from smartcity.identity.permissions import Action, permit
from smartcity.participation.teams import codes

blp = Blueprint("referral_pages", __name__, url_prefix="/r", template_folder="templates")


@blp.route("/<code>")
@permit(Action.READ_PUBLIC)
def show_referral(code: str) -> Response | tuple[str, int]:
    """The code to type into the app; whether anybody gave it out is not told."""
    read = codes.read(code[:20])
    scheme = settings().app_scheme
    page = render_template(
        "referral.html",
        site=areas.reference().province.name_vi,
        t=text,
        lang=LANGUAGES[0],
        code=codes.shown(read) if read else None,
        app_link=f"{scheme}://r/{read}" if scheme and read else None,
    )
    return shared(page.encode(), "text/html") if read else (page, 404)
