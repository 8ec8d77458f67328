"""The catalogue of the open data: DCAT in the JSON of Project Open Data (DCAT-US) 1.1.

https://resources.data.gov/resources/dcat-us/ – without the fields that only United States federal
agencies have (bureauCode, programCode).
"""

from datetime import date
from typing import Any

from smartcity.areas import service as areas
from smartcity.core.context import settings
from smartcity.core.texts import text
from smartcity.reports.statistics.downloads import XLSX
from smartcity.reports.statistics.figures import GROUPS
from smartcity.reports.statistics.period import today
from smartcity.reports.statistics.publisher import Publisher, publisher

_SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
_DAILY = "R/P1D"
_FORMS = {"csv": "text/csv", "json": "application/json", "xlsx": XLSX}
Entry = dict[str, Any]


def catalogue() -> Entry:
    """The data sets with their distributions, as `/data.json` shows them."""
    base = settings().public_url.rstrip("/")
    days = today()
    years = range(publisher().first_year, days.year + 1)
    return {
        "@context": f"{_SCHEMA}/catalog.jsonld",
        "@id": f"{base}/data.json",
        "@type": "dcat:Catalog",
        "conformsTo": _SCHEMA,
        "describedBy": f"{_SCHEMA}/catalog.json",
        "dataset": [
            _dataset(base, days, "reports", [e for year in years for e in _reports(base, year)]),
            _dataset(base, days, "statistics", [_statistics(base, group) for group in GROUPS]),
            _dataset(base, days, "scoreboard", [_scoreboard(base, year) for year in years]),
        ],
    }


def _dataset(base: str, day: date, name: str, distributions: list[Entry]) -> Entry:
    ours = publisher()
    return {
        "@type": "dcat:Dataset",
        "identifier": f"{base}/data.json#{name}",
        "title": _both(f"opendata.{name}"),
        "description": _both(f"opendata.{name}.about"),
        "keyword": [word for lang in ("vi", "en") for word in _keywords(lang)],
        "modified": day.isoformat(),
        "accrualPeriodicity": _DAILY,
        "publisher": {"@type": "org:Organization", "name": ours.publisher_vi},
        "contactPoint": _contact(ours),
        "accessLevel": "public",
        "license": ours.licence,
        "language": ["vi", "en"],
        "spatial": areas.reference().province.name_vi,
        "temporal": f"{ours.first_year}-01-01/{day.isoformat()}",
        "describedBy": f"{base}/api/v1/public/open-data/dictionary.json",
        "describedByType": "application/json",
        "distribution": distributions,
    }


def _contact(ours: Publisher) -> Entry:
    return {"@type": "vcard:Contact", "fn": ours.contact, "hasEmail": f"mailto:{ours.email}"}


def _reports(base: str, year: int) -> list[Entry]:
    of_year = f"since={year}-01-01&until={year}-12-31"
    address = f"{base}/api/v1/public/open-data/reports"
    return [
        _file(f"{address}.{form}?{of_year}", f"{text('opendata.reports', 'vi')} {year}", form)
        for form in _FORMS
    ]


def _statistics(base: str, group: str) -> Entry:
    address = f"{base}/api/v1/public/statistics.csv?group={group}"
    return _file(address, text(f"opendata.group.{group}", "vi"), "csv")


def _scoreboard(base: str, year: int) -> Entry:
    address = f"{base}/api/v1/public/scoreboard?period={year}"
    return _file(address, f"{text('opendata.scoreboard', 'vi')} {year}", "json")


def _file(address: str, title: str, form: str) -> Entry:
    return {
        "@type": "dcat:Distribution",
        "downloadURL": address,
        "title": title,
        "mediaType": _FORMS[form],
        "format": form.upper(),
    }


def _both(key: str) -> str:
    return f"{text(key, 'vi')} / {text(key, 'en')}"


def _keywords(lang: str) -> list[str]:
    return text("opendata.keywords", lang).split(", ")
