"""Officers keep the texts of campaigns for use again."""

from typing import Any

from sqlalchemy.orm import Session

from smartcity.campaigns import templates
from smartcity.campaigns.models import Template
from smartcity.campaigns.template_schemas import (
    NewTemplateIn,
    TemplateIn,
    TemplateList,
    TemplateOut,
    TemplateQuery,
)
from smartcity.core.db import reading, transaction
from smartcity.core.idempotency import idempotent
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal

blp = Blueprint(
    "push_templates",
    __name__,
    url_prefix="/api/v1/officer/push-templates",
    description="Texts of campaigns",
)


@blp.route("")
@permit(Action.READ_CAMPAIGNS)
@blp.problems(400, 401, 403, 422)
@blp.arguments(TemplateQuery, location="query")
@blp.response(200, TemplateList)
def list_push_templates(asked: dict[str, Any]) -> dict[str, Any]:
    """Templates by name, the newest version of each."""
    with reading() as session:
        return {"items": templates.listed(session, asked)}


@blp.route("", methods=["POST"])
@permit(Action.DRAFT_CAMPAIGNS)
@blp.problems(401, 403, 409, 422)
@blp.arguments(NewTemplateIn)
@idempotent
@blp.response(201, TemplateOut)
def create_push_template(session: Session, asked: dict[str, Any]) -> Any:
    """Keep a text with variables, in both languages; a name is used once."""
    return _tagged(templates.create(session, principal(), asked), 201)


@blp.route("/<template>")
@permit(Action.READ_CAMPAIGNS)
@blp.problems(401, 403, 404)
@blp.response(200, TemplateOut)
def get_push_template(template: str) -> Any:
    """A template's newest version, which is its ETag."""
    with reading() as session:
        return _tagged(templates.find(session, template))


@blp.route("/<template>/versions/<int(max=1000000):number>")
@permit(Action.READ_CAMPAIGNS)
@blp.problems(401, 403, 404)
@blp.response(200, TemplateOut)
def get_push_template_version(template: str, number: int) -> Template:
    """A version of a template; it never changes."""
    with reading() as session:
        return templates.find(session, template, number)


@blp.route("/<template>", methods=["PUT"])
@permit(Action.DRAFT_CAMPAIGNS)
@conditional
@blp.problems(401, 403, 404, 412, 422, 428)
@blp.arguments(TemplateIn)
@blp.response(200, TemplateOut)
def change_push_template(asked: dict[str, Any], template: str) -> Any:
    """Make the next version of a template; campaigns that were written before stay as they are."""
    version = expected_version()
    with transaction() as session:
        return _tagged(templates.change(session, principal(), template, version, asked))


@blp.route("/<template>", methods=["DELETE"])
@permit(Action.DRAFT_CAMPAIGNS)
@conditional
@blp.problems(401, 403, 404, 409, 412, 428)
@blp.response(200, TemplateOut)
def retire_push_template(template: str) -> Any:
    """Offer a template no more; a restoration takes it back."""
    version = expected_version()
    with transaction() as session:
        return _tagged(templates.retire(session, principal(), template, version))


@blp.route("/<template>/restoration", methods=["PUT"])
@permit(Action.DRAFT_CAMPAIGNS)
@conditional
@blp.problems(401, 403, 404, 409, 412, 428)
@blp.response(200, TemplateOut)
def restore_push_template(template: str) -> Any:
    """Offer a retired template again."""
    version = expected_version()
    with transaction() as session:
        return _tagged(templates.restore(session, principal(), template, version))


def _tagged(template: Template, status: int = 200) -> Any:
    return template, status, {"ETag": version_tag(template.version)}
