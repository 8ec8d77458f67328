"""Procedures on the wire, as the public reads them; the texts of `rendering` are by these."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.catalogue.opening.schemas import LinkOut
from smartcity.catalogue.records.fees import Kind as FeeKind
from smartcity.catalogue.records.limits import Kind as LimitKind
from smartcity.catalogue.records.limits import Unit
from smartcity.catalogue.records.schemas import Degree, Level, Way
from smartcity.core.fields import Instant

_ADDRESS = "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfa-8678-770b-8917-1872078767cd"


def _text(example: str, *, maybe: bool = False, **metadata: Any) -> ma.fields.String:
    return ma.fields.String(
        required=True, allow_none=maybe, metadata={"example": example, **metadata}
    )


def _choice(kind: Any) -> ma.fields.String:
    return ma.fields.String(required=True, validate=validate.OneOf(list(kind)))


def _many(item: Any, **metadata: Any) -> ma.fields.List[Any]:
    return ma.fields.List(item, required=True, metadata=metadata)


def _texts(example: str, **metadata: Any) -> ma.fields.List[Any]:
    return _many(_text(example), **metadata)


def _nested(schema: type[ma.Schema], *, maybe: bool = False) -> Any:
    return ma.fields.Nested(schema, required=True, allow_none=maybe)


class LengthOut(ma.Schema):
    """So long; 0 working days: within the day."""

    amount = ma.fields.Float(required=True, metadata={"example": 3})
    unit = _choice(Unit)


class LimitOut(ma.Schema):
    """How long it takes. Null bounds are not known: the words of the law stand beside."""

    kind = _choice(LimitKind)
    least = _nested(LengthOut, maybe=True)
    most = _nested(LengthOut, maybe=True)
    vi = _text("từ 1 đến 3 ngày làm việc, tùy trường hợp")
    en = _text("1 to 3 working days, depending on the case")


class FeeOut(ma.Schema):
    """What it costs, in đồng. Null bounds are not known: the words of the law stand beside."""

    kind = _choice(FeeKind)
    least = ma.fields.Integer(required=True, allow_none=True, metadata={"example": 50000})
    most = ma.fields.Integer(required=True, allow_none=True, metadata={"example": 120000})
    vi = _text("50.000 đ – 120.000 đ, tùy trường hợp")
    en = _text("50,000 – 120,000 VND, depending on the case")


class ServiceSourceOut(ma.Schema):
    """Where the facts were read, and the day."""

    address = _text(_ADDRESS)
    checked_on = ma.fields.Date(required=True, metadata={"example": "2026-07-20"})


class OfficeOut(ma.Schema):
    """Who takes papers in; `at` tells whether each commune has one, or the province."""

    vi = _text("Trung tâm Phục vụ hành chính công phường Lê Chân")
    en = _text("Public service centre, Le Chan Ward")
    at = _choice(["commune", "province"])
    ward = _text("11383", description="The commune that was asked")


class ServiceCardOut(ma.Schema):
    """A procedure in a list; ids are those of `GET /services/facets`."""

    code = _text("1.001193")
    name = _text("Đăng ký khai sinh")
    name_en = _text("Birth registration", maybe=True)
    degree = _choice(Degree)
    levels = _many(_choice(Level))
    field = _text("Hộ tịch")
    agency = _text("Ủy ban nhân dân cấp xã", description="That handles it")
    subjects = _texts("citizen")
    life_events = _texts("child")
    essential = _many(
        ma.fields.Integer(metadata={"example": 1}),
        description="Numbers of the essential services that it fulfils",
    )
    time = _nested(LimitOut)
    fee = _nested(FeeOut)
    demo = ma.fields.Boolean(
        required=True, metadata={"description": "Its facts carry no source: never rely on them"}
    )
    source = _nested(ServiceSourceOut, maybe=True)
    served_by = _nested(OfficeOut, maybe=True)  # set in by `offices`, when a ward is asked


class ChannelOut(ma.Schema):
    """A way to hand papers in: its limit and fee as the law writes them, and as understood."""

    way = _choice(Way)
    time = _nested(LimitOut)
    time_limit = _text("03 ngày làm việc", maybe=True)
    fee = _nested(FeeOut)
    fee_text = _text("8.000 đồng/trường hợp", maybe=True)
    note = _text("Khi có tài khoản định danh mức 2", maybe=True)


class ServiceDocumentOut(ma.Schema):
    """A paper to bring; `case` says when, if not always. The id stays while the name does."""

    id = _text("4f1c09ab7e")
    name = _text("Tờ khai đăng ký khai sinh")
    form = _text("Mẫu số 01", maybe=True)
    originals = ma.fields.Integer(required=True, metadata={"example": 1})
    copies = ma.fields.Integer(required=True, metadata={"example": 0})
    case = _text("Khi cha mẹ chưa đăng ký kết hôn", maybe=True)


class ServiceFormOut(ma.Schema):
    """A form, and the papers that are written on it."""

    name = _text("Mẫu số 01")
    documents = _texts("4f1c09ab7e")


class LegalBasisOut(ma.Schema):
    """What it stands on."""

    number = _text("60/2014/QH13")
    extract = _text("Luật Hộ tịch", maybe=True)
    dated = ma.fields.Date(required=True, allow_none=True, metadata={"example": "2014-11-20"})


class RelatedOut(ma.Schema):
    """Another procedure that is public."""

    code = _text("1.004873")
    name = _text("Cấp giấy xác nhận tình trạng hôn nhân")


class ServiceNoticeOut(ma.Schema):
    """What has to be said beside it."""

    vi = _text("Dữ liệu minh họa, chưa đối chiếu với nguồn chính thức.")
    en = _text("For demonstration; not checked against an official source.")


class ServiceOut(ServiceCardOut):
    """A procedure, whole."""

    kind = _text("TTHC được luật giao quy định chi tiết", maybe=True)
    decision = _text("163/QĐ-BTP", maybe=True, description="That announced it")
    decided_by = _text("Ủy ban nhân dân cấp xã", maybe=True)
    coordinated_by = _texts("Công an cấp xã")
    place = _text("Trung tâm Phục vụ hành chính công cấp xã", maybe=True)
    notice = _nested(ServiceNoticeOut, maybe=True)
    channels = _many(ma.fields.Nested(ChannelOut))
    documents = _many(ma.fields.Nested(ServiceDocumentOut))
    forms = _many(ma.fields.Nested(ServiceFormOut))
    steps = _texts("Nộp hồ sơ trên Cổng Dịch vụ công quốc gia.")
    results = _texts("Giấy khai sinh")
    conditions = _texts("Người yêu cầu là cha, mẹ hoặc người thân thích.")
    legal_bases = _many(ma.fields.Nested(LegalBasisOut))
    keywords = _texts("khai sinh")
    links = _many(ma.fields.Nested(LinkOut))
    version = ma.fields.Integer(required=True, metadata={"example": 3})
    changed_at = Instant(required=True)
    related = _many(ma.fields.Nested(RelatedOut))  # set in by `listing`, as they are now
