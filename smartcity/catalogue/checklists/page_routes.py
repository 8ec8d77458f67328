"""The sheet to print, as a web page: the same to everybody who asks for the same."""

from flask import Blueprint, Response, request

from smartcity.catalogue.checklists import pages
from smartcity.catalogue.reading import listing
from smartcity.changes.kept import shared
from smartcity.core.db import reading
from smartcity.core.errors import Invalid, NotFound
from smartcity.core.texts import LANGUAGES
from smartcity.identity.permissions import Action, permit

blp = Blueprint("service_pages", __name__, url_prefix="/services", template_folder="templates")


@blp.route("/<code>/checklist")
@permit(Action.READ_PUBLIC)
def show_checklist(code: str) -> Response | tuple[str, int, dict[str, str]]:
    """The papers of a procedure to tick off, in `lang`, with the office of `ward`."""
    wanted, ward = request.args.get("lang"), request.args.get("ward")
    language = wanted if wanted in LANGUAGES else LANGUAGES[0]
    try:
        with reading() as session:
            whole = listing.whole(session, code, ward)
    except NotFound as problem:
        return pages.problem_page(problem.code, language), problem.status, problem.headers
    except Invalid:
        return pages.problem_page("catalogue.unknown_ward", language), Invalid.status, {}
    return shared(pages.checklist_page(whole, language).encode(), "text/html")
