"""Links on the wire."""

import marshmallow as ma
from marshmallow import validate

_PLATFORM = {"example": "android", "description": "One of web, android, ios"}
_KIND = {"example": "store", "description": "`web` page, page in an `app`, or the app's `store`"}
_URL = {
    "example": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd-3fac-7489-b53b-a15eb239a6fe"
}
_MINIMUM = {"example": "2.1.0", "description": "Version of that app from which its link opens"}
_APP = {"example": "com.vnid", "description": "The app's id: Android package, App Store number"}
_STRING = ma.fields.String


class LinkOut(ma.Schema):
    """A way to where the procedure is handed in; those of a platform come best first."""

    platform = _STRING(required=True, metadata=_PLATFORM)
    kind = _STRING(required=True, validate=validate.OneOf(["web", "app", "store"]), metadata=_KIND)
    url = _STRING(required=True, metadata=_URL)
    minimum_version = _STRING(required=True, allow_none=True, metadata=_MINIMUM)
    app = _STRING(required=True, allow_none=True, metadata=_APP)
