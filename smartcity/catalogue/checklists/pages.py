"""A procedure as a sheet of A4 to print and tick off: no script, no style of its own."""

from datetime import date
from typing import Any

import orjson
from flask import render_template

from smartcity.areas import service as areas
from smartcity.core.context import settings
from smartcity.core.texts import LANGUAGES, text


def checklist_page(whole: str, language: str) -> str:
    """The sheet of a procedure, given as its text by ServiceOut with its office."""
    service = orjson.loads(whole)
    address = f"{settings().public_url.rstrip('/')}/services/{service['code']}/checklist"
    return _drawn("service_checklist.html", language, service=service, address=address)


def problem_page(problem: str, language: str) -> str:
    """What is said of a procedure that is not public."""
    return _drawn("service_gone.html", language, problem=problem)


def _drawn(template: str, language: str, **values: Any) -> str:
    province = areas.reference().province
    site = province.name_vi if language == LANGUAGES[0] else province.name_en
    return render_template(template, lang=language, site=site, t=text, day=_day, **values)


def _day(written: str) -> str:
    return f"{date.fromisoformat(written):%d/%m/%Y}"
