"""Where the officers' pages will stand; today one page that says where to work instead."""

from flask import Blueprint, render_template

blp = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")


@blp.get("/")
def front() -> str:
    """The front page."""
    return render_template("console.html")
