"""Admins tell the app how to behave."""

from typing import Any

from smartcity.core.db import reading, transaction
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.home import app_config
from smartcity.home.config_schemas import (
    AppConfigIn,
    AppConfigVersionList,
    AppConfigVersionOut,
    RestorationIn,
    VersionsQuery,
)
from smartcity.home.models import AppConfig
from smartcity.identity.permissions import Action, permit, principal

blp = Blueprint(
    "app_config", __name__, url_prefix="/api/v1/officer/app-config", description="App configuration"
)


@blp.route("")
@permit(Action.READ_CONTENT)
@blp.problems(401, 403)
@blp.response(200, AppConfigVersionOut)
def get_app_config_version() -> Any:
    """What the app is told now, its version as ETag."""
    with reading() as session:
        return _tagged(app_config.current(session))


@blp.route("", methods=["PUT"])
@permit(Action.CONFIGURE_APP)
@conditional
@blp.problems(401, 403, 412, 422, 428)
@blp.arguments(AppConfigIn)
@blp.response(200, AppConfigVersionOut)
def change_app_config(asked: dict[str, Any]) -> Any:
    """Cấu hình ứng dụng: tell the app anew, all of it; every version is kept."""
    seen, reason = expected_version(), asked.pop("reason")
    with transaction() as session:
        return _tagged(app_config.put(session, principal(), seen, asked, reason))


@blp.route("/versions")
@permit(Action.READ_CONTENT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(VersionsQuery, location="query")
@blp.response(200, AppConfigVersionList)
def list_app_config_versions(asked: dict[str, Any]) -> dict[str, Any]:
    """Every version, newest first: who told the app what, and why."""
    with reading() as session:
        return {"items": app_config.versions(session, asked.get("before"), asked["limit"])}


@blp.route("/restoration", methods=["PUT"])
@permit(Action.CONFIGURE_APP)
@conditional
@blp.problems(401, 403, 404, 412, 422, 428)
@blp.arguments(RestorationIn)
@blp.response(200, AppConfigVersionOut)
def restore_app_config(asked: dict[str, Any]) -> Any:
    """Khôi phục: put what an earlier version said in force again, as the next version."""
    seen = expected_version()
    with transaction() as session:
        return _tagged(app_config.restore(session, principal(), seen, **asked))


def _tagged(config: AppConfig) -> Any:
    return config, 200, {"ETag": version_tag(config.version)}
