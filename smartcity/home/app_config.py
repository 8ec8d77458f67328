"""How the app is told to behave: versions, maintenance, features. Each version is kept."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.changes import service as changes
from smartcity.core import clock
from smartcity.core.db import one_at_a_time
from smartcity.core.errors import NotFound, PreconditionFailed
from smartcity.core.texts import LANGUAGES
from smartcity.home import contacts
from smartcity.home.home_file import defaults, features
from smartcity.home.models import AppConfig
from smartcity.identity import service as identity
from smartcity.identity.permissions import Principal

CHANGED, REF = "app_config", "current"  # in the log of public changes
_SUBJECT = ("app_config", None)


def current(session: Session) -> AppConfig:
    """The version in force; version 0, which the province's file gives, until there is one."""
    newest = select(AppConfig).order_by(AppConfig.version.desc()).limit(1)
    found = session.scalar(newest)
    if found is not None:
        return found
    return AppConfig(version=0, content=dict(defaults()), made_by="system:system", made_at=None)


def versions(session: Session, before: int | None, most: int) -> Sequence[AppConfig]:
    """The versions that were kept, newest first, those below `before`."""
    query = select(AppConfig).order_by(AppConfig.version.desc()).limit(most)
    if before is not None:
        query = query.where(AppConfig.version < before)
    return session.scalars(query).all()


def put(
    session: Session, who: Principal, seen: int, content: Mapping[str, Any], reason: str
) -> AppConfig:
    """The next version, in force at once; 412 when the officer saw another than stands."""
    one_at_a_time(session, CHANGED)
    before = current(session)
    if before.version != seen:
        raise PreconditionFailed("precondition.failed")
    return _next(session, who, "change", before, _stored(content), reason)


def restore(session: Session, who: Principal, seen: int, version: int, reason: str) -> AppConfig:
    """Put what an earlier version said in force again, as the next; 412 as `put`."""
    one_at_a_time(session, CHANGED)
    before, kept = current(session), session.get(AppConfig, version)
    if before.version != seen:
        raise PreconditionFailed("precondition.failed")
    if kept is None:
        raise NotFound("app_config.not_found")
    return _next(session, who, "restore", before, kept.content, reason)


def told(session: Session) -> dict[str, Any]:
    """What the app is told: every feature that is known, those never mentioned switched on."""
    config = current(session)
    switches = {name: config.content["features"].get(name, True) for name in features()}
    return {"version": config.version, **config.content, "features": switches}


def whole(session: Session) -> dict[str, Any]:
    """The same with what the app needs beside: emergency numbers, the policy's version."""
    numbers = [c for c in contacts.showing(session) if c.kind == contacts.Kind.EMERGENCY]
    return {
        **told(session),
        "emergency": [contacts.public(contact) for contact in numbers],
        "privacy_policy": identity.policy().version,
        "languages": list(LANGUAGES),
    }


def for_phones(session: Session, refs: Collection[str]) -> dict[str, str]:
    """What the app is told, as JSON."""
    return dict.fromkeys(refs, orjson.dumps(told(session)).decode()) if refs else {}


def _stored(content: Mapping[str, Any]) -> dict[str, Any]:
    """What an officer asked, as JSON holds it."""
    notice = content["maintenance"]
    if notice is None:
        return dict(content)
    start, end = (
        notice[name].isoformat(timespec="milliseconds") for name in ("starts_at", "until")
    )
    words = {"vi": notice["vi"], "en": notice["en"]}
    return {**content, "maintenance": {**words, "from": start, "until": end}}


def _next(
    session: Session,
    who: Principal,
    deed: str,
    before: AppConfig,
    content: Mapping[str, Any],
    reason: str,
) -> AppConfig:
    made = {"made_by": who.key, "made_at": clock.now(), "reason": reason}
    config = AppConfig(version=before.version + 1, content=dict(content), **made)
    session.add(config)
    changes.appeared(session, CHANGED, REF)
    was, now = {"version": before.version, **before.content}, {"version": config.version, **content}
    record(session, who.key, f"app_config.{deed}", _SUBJECT, before=was, after=now, reason=reason)
    return config
