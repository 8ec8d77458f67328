"""Links on the wire."""

import marshmallow as ma
from marshmallow import validate

from smartcity.catalogue.opening.links import PLATFORMS
from smartcity.catalogue.opening.portals import VERSION
from smartcity.core.fields import Schema

_PLATFORM = {"example": "android", "description": "One of web, android, ios"}
_KIND = {"example": "store", "description": "`web` page, page in an `app`, or the app's `store`"}
_URL = {
    "example": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd-3fac-7489-b53b-a15eb239a6fe"
}
_MINIMUM = {"example": "2.1.0", "description": "Version of that app from which its link opens"}
_APP = {"example": "com.vnid", "description": "The app's id: Android package, App Store number"}
_VERSION = {
    "example": "2.1.6",
    "description": "Version of the portal's app on this phone; left out without that app",
}
_STRING = ma.fields.String


class OpenQuery(Schema):
    """On what somebody goes there; where to is not his to say."""

    platform = _STRING(
        load_default="web", validate=validate.OneOf(PLATFORMS), metadata={"example": "android"}
    )
    app_version = _STRING(
        load_default=None,
        validate=validate.Regexp(VERSION.pattern + r"\Z", VERSION.flags, error="field.invalid"),
        metadata=_VERSION,
    )


class LinkOut(ma.Schema):
    """A way to where the procedure is handed in; those of a platform come best first."""

    platform = _STRING(required=True, metadata=_PLATFORM)
    kind = _STRING(required=True, validate=validate.OneOf(["web", "app", "store"]), metadata=_KIND)
    url = _STRING(required=True, metadata=_URL)
    minimum_version = _STRING(required=True, allow_none=True, metadata=_MINIMUM)
    app = _STRING(required=True, allow_none=True, metadata=_APP)
