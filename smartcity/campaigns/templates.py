"""Texts kept for use again, with variables such as `{name}`; every change is a new version.

A template's newest version stands for it. One that is retired has `retired_at` in its newest
version, and one that is restored has it in none that is newer.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.campaigns.models import Template
from smartcity.core import clock
from smartcity.core.db import one_at_a_time
from smartcity.core.errors import Conflict, Invalid, NotFound, PreconditionFailed
from smartcity.core.text import fold
from smartcity.identity.permissions import Principal
from smartcity.push import service as push

VARIABLE = re.compile(r"\{([a-z][a-z0-9_]{0,29})\}")
_TEXT = ("category", "content", "link")
Content = dict[str, dict[str, str]]


def create(session: Session, who: Principal, asked: Mapping[str, Any]) -> Template:
    """A new template; Conflict for a name that was ever taken, Invalid for a text that is none."""
    name = asked["name"]
    one_at_a_time(session, f"template:{name}")
    if _newest(session, name):
        raise Conflict("template.exists", name=name)
    return _add(session, who, "create", name, 1, asked)


def change(
    session: Session, who: Principal, name: str, version: int, asked: Mapping[str, Any]
) -> Template:
    """The next version of a template; of one that was retired too, which is back then."""
    _hold(session, name, version)
    return _add(session, who, "change", name, version + 1, asked)


def retire(session: Session, who: Principal, name: str, version: int) -> Template:
    """Offer a template no more, until it is restored; Conflict when it is retired already."""
    held = _hold(session, name, version)
    if held.retired_at:
        raise Conflict("template.retired", name=name)
    return _add(session, who, "retire", name, version + 1, _text(held), retired_at=clock.now())


def restore(session: Session, who: Principal, name: str, version: int) -> Template:
    """Offer a retired template again; Conflict when it is not retired."""
    held = _hold(session, name, version)
    if not held.retired_at:
        raise Conflict("template.not_retired", name=name)
    return _add(session, who, "restore", name, version + 1, _text(held))


def find(session: Session, name: str, version: int | None = None) -> Template:
    """A version of a template, the newest when none is named; NotFound."""
    found = (
        session.get(Template, (name, version)) if version is not None else _newest(session, name)
    )
    if found is None:
        raise NotFound("template.not_found")
    return found


def listed(session: Session, asked: Mapping[str, Any]) -> list[Template]:
    """The newest version of each template, by name; `q` is looked for in names and texts."""
    rows = session.scalars(select(Template).order_by(Template.name, Template.version))
    newest = {row.name: row for row in rows}
    return [row for row in newest.values() if _wanted(row, asked)]


def rendered(
    session: Session, name: str, version: int | None, values: Mapping[str, str]
) -> tuple[Template, Content]:
    """A template in words of today; Invalid names each variable that is missing or unknown."""
    newest = find(session, name)
    if newest.retired_at:
        raise Invalid(template="template.is_retired")
    template = find(session, name, version) if version else newest
    _check_values(template.content, values)
    return template, {
        lang: {part: VARIABLE.sub(lambda m: values[m[1]], text) for part, text in words.items()}
        for lang, words in template.content.items()
    }


def variables(words: Mapping[str, str]) -> set[str]:
    """The names in one language's title and body."""
    return {name for text in words.values() for name in VARIABLE.findall(text)}


def _add(
    session: Session,
    who: Principal,
    deed: str,
    name: str,
    version: int,
    text: Mapping[str, Any],
    **more: Any,
) -> Template:
    _check_text(text)
    made = {"name": name, "version": version, "made_by": who.key, "made_at": clock.now(), **more}
    template = Template(**{field: text[field] for field in _TEXT}, **made)
    session.add(template)
    after = {"name": name, "version": version, **_text(template)}
    record(session, who.key, f"template.{deed}", ("template", None), after=after)
    return template


def _hold(session: Session, name: str, version: int) -> Template:
    one_at_a_time(session, f"template:{name}")
    held = find(session, name)
    if held.version != version:
        raise PreconditionFailed("precondition.failed")
    return held


def _newest(session: Session, name: str) -> Template | None:
    query = select(Template).where(Template.name == name).order_by(Template.version.desc())
    return session.scalar(query.limit(1))


def _text(template: Template) -> dict[str, Any]:
    return {field: getattr(template, field) for field in _TEXT}


def _wanted(template: Template, asked: Mapping[str, Any]) -> bool:
    if asked.get("category") not in (None, template.category):
        return False
    if bool(template.retired_at) != asked["retired"]:
        return False
    words = (text for words in template.content.values() for text in words.values())
    return fold(asked.get("q", "")) in fold(" ".join([template.name, *words]))


def _check_text(text: Mapping[str, Any]) -> None:
    """Raise Invalid for a text that no campaign could be made of, field by field."""
    if text["category"] not in push.categories():
        raise Invalid(category="campaign.unknown_category")
    if text["link"] and not push.link_allowed(text["link"]):
        raise Invalid(link="lint.link")
    if faults := dict(_faults(text["content"])):
        raise Invalid(**faults)


def _faults(content: Content) -> Iterator[tuple[str, str]]:
    """Braces that are no variable's, and variables that one language has and another lacks."""
    for lang, words in content.items():
        for part, text in words.items():
            if set(VARIABLE.sub("", text)) & set("{}"):
                yield f"content.{lang}.{part}", "template.bad_brace"
    each = {lang: variables(words) for lang, words in content.items()}
    for lang, names in each.items():
        if lacking := set().union(*each.values()) - names:
            yield f"content.{lang}", f"template.lacks|names={quote(', '.join(sorted(lacking)))}"


def _check_values(content: Content, values: Mapping[str, str]) -> None:
    wanted = set().union(*map(variables, content.values()))
    faults = dict.fromkeys(wanted - values.keys(), "template.value_missing")
    faults |= dict.fromkeys(values.keys() - wanted, "template.value_unknown")
    if faults:
        raise Invalid(
            **{f"template.values.{name}": f"{key}|name={name}" for name, key in faults.items()}
        )
