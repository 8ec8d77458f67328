"""What can be reported, as services; a subcategory is one, in the group of its category."""

from typing import Any

from smartcity.core.errors import NotFound
from smartcity.core.texts import LANGUAGES, language, text
from smartcity.open311.jurisdiction import Attribute, jurisdiction
from smartcity.reports import service as reports


def services() -> list[dict[str, Any]]:
    """Every service of today, in the app's order and the reader's language."""
    return [_shown(kind) for kind in reports.choices().categories.values() if kind.active]


def service(code: str) -> reports.Category:
    """A service that can be asked for; NotFound."""
    found = reports.choices().categories.get(code)
    if found is None or not found.active:
        raise NotFound("open311.no_service", service=code[:40])
    return found


def name_of(code: str) -> str:
    """A service's name, former ones' too."""
    found = reports.choices().categories.get(code)
    return getattr(found, f"name_{language()}") if found else code


def definition(code: str) -> dict[str, Any]:
    """What a service asks for; NotFound for a service that is not there."""
    asked = jurisdiction().attributes_of(service(code).code)
    shown = [_attribute(attribute, place) for place, attribute in enumerate(asked, 1)]
    return {"service_code": code, "attributes": shown}


def notice(kind: reports.Category) -> str:
    """What happens to a request and by when, and whom to call first in danger."""
    limits = {
        "accept": _in_words(kind.accept_limit()),
        "resolve": _in_words(kind.resolve_limit(False)),
    }
    said = text("open311.notice", **limits)
    return f"{said} {text('open311.hotline', number=kind.hotline)}" if kind.hotline else said


def _shown(kind: reports.Category) -> dict[str, Any]:
    group = reports.choices().categories[kind.parent or kind.code]
    return {
        "service_code": kind.code,
        "service_name": getattr(kind, f"name_{language()}"),
        "description": notice(kind),
        "metadata": bool(jurisdiction().attributes_of(kind.code)),
        "type": "realtime",
        "keywords": ", ".join(_keywords(kind, group)),
        "group": getattr(group, f"name_{language()}"),
    }


def _keywords(kind: reports.Category, group: reports.Category) -> list[str]:
    """The names in all languages, in pieces: a comma parts keywords."""
    names = [getattr(named, f"name_{lang}") for named in (kind, group) for lang in LANGUAGES]
    pieces = [piece.strip().casefold() for name in names for piece in name.split(",")]
    return list(dict.fromkeys(pieces))


def _attribute(attribute: Attribute, place: int) -> dict[str, Any]:
    lang = language()
    shown = {
        "variable": attribute.variable,
        "code": attribute.code,
        "datatype": attribute.datatype,
        "required": attribute.required,
        "datatype_description": getattr(attribute, f"datatype_description_{lang}"),
        "order": place,
        "description": getattr(attribute, f"description_{lang}"),
    }
    if attribute.values:
        shown["values"] = [{"key": v["key"], "name": v[f"name_{lang}"]} for v in attribute.values]
    return shown


def _in_words(limit: reports.Limit) -> str:
    return text(f"open311.limit.{limit.unit}", amount=limit.amount)
