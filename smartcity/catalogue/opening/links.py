"""Where one goes to hand a procedure in: a portal's template with its gaps filled."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from smartcity.catalogue.opening.portals import PATTERNS, Portal, portals

Link = Mapping[str, Any]  # of a record: LinkIn
PLATFORMS = ("web", "android", "ios")


def check(link: Link | None) -> list[str]:
    """What is wrong with a record's link, in English words for a report; none with no link."""
    if link is None:
        return []
    portal = portals().get(link["template"])
    if portal is None:
        return [f"link.template: there is no portal {link['template']}"]
    return list(_faults(portal, link["values"]))


def address(link: Link | None) -> str | None:
    """The web page of a link; None without a link, and for one that `check` finds fault with."""
    return _filled(portals()[link["template"]].web, link) if link and not check(link) else None


def links_of(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where a record's link leads, platform by platform, the best first (`schemas.LinkOut`)."""
    link = record.get("link")
    if link is None or check(link):
        return []
    portal = portals()[link["template"]]
    web = {"kind": "web", "url": _filled(portal.web, link), "minimum_version": None, "app": None}
    return [
        {"platform": platform, **led}
        for platform in PLATFORMS
        for led in (*_into_app(portal, platform, link), web)
    ]


def _into_app(portal: Portal, platform: str, link: Link) -> Iterator[dict[str, Any]]:
    app = portal.apps.get(platform)
    if app is None:
        return
    if app.link:
        url = _filled(app.link, link)
        yield {"kind": "app", "url": url, "minimum_version": app.minimum, "app": app.id}
    yield {"kind": "store", "url": app.store, "minimum_version": app.minimum, "app": app.id}


def _faults(portal: Portal, values: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(portal.values.keys() | values.keys()):
        if name not in values:
            yield f"link.values.{name}: is missing"
        elif name not in portal.values:
            yield f"link.values.{name}: {portal.id} has no such gap"
        elif not PATTERNS[portal.values[name]].fullmatch(values[name]):
            yield f"link.values.{name}: is no {portal.values[name]}"


def _filled(template: str, link: Link) -> str:
    return template.format(
        **{name: quote(value, safe="") for name, value in link["values"].items()}
    )
