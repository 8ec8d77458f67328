"""The portals that one is sent to, as `portals.yaml` says: read once, or refused whole.

BadFile names every template that could lead elsewhere than to a host of its portal.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import marshmallow as ma
from marshmallow import validate

from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml, refuse, repeated
from smartcity.core.fields import Schema, Text
from smartcity.settings import Settings

FILE = "portals.yaml"
PATTERNS = {
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "code": re.compile(r"[0-9]\.[0-9]{6}"),
    "slug": re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"),
}
VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}", re.ASCII)
_STORES = {
    "android": "https://play.google.com/store/apps/details?id={id}",
    "ios": "https://apps.apple.com/vn/app/id{id}",
}
_IDS = {
    "android": re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+", re.ASCII),
    "ios": re.compile(r"[0-9]{6,12}"),
}
_GAP = re.compile(r"\{([a-z_]+)\}")
_STEP = re.compile(r"(?<=[/=])\{[a-z_]+\}(?=[/?&]|\Z)")  # a gap that fills a whole step
_APPS_OWN = re.compile(r"[a-z][a-z0-9.+-]{2,30}", re.ASCII)
_BROWSERS_OWN = {
    *("http", "javascript", "vbscript", "data", "file", "blob", "about", "intent", "content"),
    *("view-source", "ftp", "ws", "wss", "tel", "sms", "mailto"),
}


@dataclass(frozen=True)
class App:
    """A portal's application on a platform; `link` opens it from the version `minimum` on."""

    platform: str
    id: str
    link: str | None = None
    minimum: str | None = None

    @property
    def store(self) -> str:
        """The page of its store."""
        return _STORES[self.platform].format(id=self.id)


@dataclass(frozen=True)
class Portal:
    """Where procedures are handed in; `values` names what fills each gap of its templates."""

    id: str
    vi: str
    en: str
    hosts: Sequence[str]
    web: str
    values: Mapping[str, str]
    apps: Mapping[str, App]
    absent: Sequence[str]
    walls: Sequence[str]


def _like(pattern: re.Pattern[str]) -> validate.Regexp:
    return validate.Regexp(pattern.pattern + r"\Z", re.ASCII, error="field.invalid")


class _App(Schema):
    id = ma.fields.String(required=True)
    link = Text(max=300, load_default=None)
    minimum = ma.fields.String(load_default=None, validate=_like(VERSION))


class _Portal(Schema):
    id = ma.fields.String(required=True, validate=_like(re.compile(r"[a-z][a-z0-9_]{1,39}")))
    vi = Text(max=200, required=True)
    en = Text(max=200, required=True)
    hosts = ma.fields.List(Text(max=200), required=True, validate=validate.Length(1, 10))
    web = Text(max=500, required=True)
    values = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(validate=validate.OneOf(list(PATTERNS))),
        required=True,
    )
    app = ma.fields.Dict(
        keys=ma.fields.String(validate=validate.OneOf(list(_STORES))),
        values=ma.fields.Nested(_App),
        load_default=dict,
    )
    absent = ma.fields.List(Text(max=200), load_default=list)
    walls = ma.fields.List(Text(max=200), load_default=list)


class _File(Schema):
    portals = ma.fields.List(ma.fields.Nested(_Portal), required=True)


@per_app
def portals(settings: Settings) -> Mapping[str, Portal]:
    """The application's portals by id."""
    return read(settings)


def read(settings: Settings) -> Mapping[str, Portal]:
    """The portals of the province's file; BadFile."""
    file = settings.province_dir / FILE
    found = [_portal(raw) for raw in read_yaml(file, _File)["portals"]]
    faults = [f"{portal.id}: {fault}" for portal in found for fault in _faults(portal)]
    homely = [f"{p.id}: 127.0.0.1 is for development" for p in found if any(map(at_home, p.hosts))]
    refuse(file, [*repeated(p.id for p in found), *faults, *homely * settings.production])
    return {portal.id: portal for portal in found}


def _portal(raw: Mapping[str, Any]) -> Portal:
    apps = {platform: App(platform, **app) for platform, app in raw["app"].items()}
    return Portal(**{name: value for name, value in raw.items() if name != "app"}, apps=apps)


def _faults(portal: Portal) -> Iterator[str]:
    yield from (f"{host} is no host" for host in portal.hosts if not _plain(host))
    yield from _web_faults(portal, portal.web)
    if set(_GAP.findall(portal.web)) != set(portal.values):
        yield "values does not name the gaps of web"
    for app in portal.apps.values():
        yield from (f"{app.platform}: {fault}" for fault in _app_faults(portal, app))


def _app_faults(portal: Portal, app: App) -> Iterator[str]:
    if not _IDS[app.platform].fullmatch(app.id):
        yield f"{app.id} is no id of its store"
    if app.minimum and not app.link:
        yield "a minimum version without a link"
    if app.link is None:
        return
    scheme = app.link.partition("://")[0]
    if scheme == "https":
        yield from _web_faults(portal, app.link)
    elif not _APPS_OWN.fullmatch(scheme) or scheme in _BROWSERS_OWN or "://" not in app.link:
        yield f"{app.link} is no link into an app"
    else:
        yield from _shape_faults(app.link)
    if not set(_GAP.findall(app.link)) <= set(portal.values):
        yield "values does not name the gaps of its link"


def _web_faults(portal: Portal, template: str) -> Iterator[str]:
    yield from _shape_faults(template)
    parts = urlsplit(template)
    if parts.netloc not in portal.hosts:
        yield f"{template}: its host is not among hosts"
    elif not parts.path.startswith("/"):
        yield f"{template} has no path"
    elif parts.scheme != "https" and not (parts.scheme == "http" and at_home(parts.netloc)):
        yield f"{template} is not https"


def _shape_faults(template: str) -> Iterator[str]:
    if not re.fullmatch(r"[a-z0-9.+-]+://[^\s\"'<>\\#@]*", template, re.ASCII):
        yield f"{template} holds a fragment, a user or what no address holds"
    if any(letter in _STEP.sub("", template) for letter in "{}"):
        yield f"{template}: a gap is not a whole step of the path or value of the query"


def _plain(host: str) -> bool:
    named = re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", host, re.ASCII)
    return bool(named) or at_home(host)


def at_home(host: str) -> bool:
    """Whether it is a developer's own, with its port."""
    return re.fullmatch(r"127\.0\.0\.1(:[0-9]{1,5})?", host, re.ASCII) is not None
