"""Times and fees in plain words, in either language."""

from smartcity.catalogue.records.fees import Fee
from smartcity.catalogue.records.fees import Kind as FeeKind
from smartcity.catalogue.records.limits import Kind as LimitKind
from smartcity.catalogue.records.limits import Length, Limit
from smartcity.core.texts import LANGUAGES, text


def limit_words(limit: Limit, lang: str, depends: str = "case") -> str:
    """How long it takes. `depends` names on what, where it varies: case or way."""
    if limit.kind in (LimitKind.UNSPECIFIED, LimitKind.WITHIN_DAY):
        return text(f"service.time.{limit.kind}", lang)
    said = _length_words(limit, lang)
    return _depending(said, lang, depends) if limit.kind is LimitKind.VARIES else said


def fee_words(fee: Fee, lang: str, depends: str = "case") -> str:
    """What it costs, in đồng."""
    if fee.kind in (FeeKind.UNSPECIFIED, FeeKind.FREE):
        return text(f"service.fee.{fee.kind}", lang)
    if fee.least == 0 and not fee.most:
        return text("service.fee.free_for_some", lang)
    said = _sum_words(fee, lang)
    return _depending(said, lang, depends) if fee.kind is FeeKind.VARIES else said


def _depending(said: str, lang: str, depends: str) -> str:
    key = f"service.depends.{depends}" if said else "service.depends.only"
    return text(key, lang, said=said)


def _length_words(limit: Limit, lang: str) -> str:
    least, most = limit.least, limit.most
    if least is None:
        return text("service.time.up_to", lang, most=_length(most, lang)) if most else ""
    if least == most:
        return _length(least, lang)
    today = least.amount == 0
    if most is None:
        key = "today_or_longer" if today else "from"
        return text(f"service.time.{key}", lang, least=_length(least, lang))
    key = "today_or_up_to" if today else "between"
    shown = _number(least.amount, lang) if least.unit is most.unit else _length(least, lang)
    return text(f"service.time.{key}", lang, least=shown, most=_length(most, lang))


def _length(length: Length, lang: str) -> str:
    if length.amount == 0:
        return text("service.time.today", lang)
    count = "one" if length.amount <= 1 else "many"
    return text(f"service.{length.unit}.{count}", lang, n=_number(length.amount, lang))


def _number(amount: float, lang: str) -> str:
    if amount == 0.5:
        return "1/2"
    written = f"{amount:.4g}"
    return written.replace(".", ",") if lang == LANGUAGES[0] else written


def _sum_words(fee: Fee, lang: str) -> str:
    if fee.least is None:
        return text("service.fee.up_to", lang, most=_sum(fee.most, lang)) if fee.most else ""
    if fee.least == 0 and fee.most:
        return text("service.fee.free_up_to", lang, most=_sum(fee.most, lang))
    if fee.least == fee.most:
        return _sum(fee.least, lang)
    key = "from" if fee.most is None else "between"
    return text(
        f"service.fee.{key}", lang, least=_sum(fee.least, lang), most=_sum(fee.most or 0, lang)
    )


def _sum(dong: int, lang: str) -> str:
    written = f"{dong:,}"
    return f"{written.replace(',', '.')} đ" if lang == LANGUAGES[0] else f"{written} VND"
