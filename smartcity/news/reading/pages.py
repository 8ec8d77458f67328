"""News as web pages, for shared links: no script, no style of their own, the same for everybody."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from flask import render_template

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.texts import LANGUAGES, text

_LOCALES = {"vi": "vi_VN", "en": "en_US"}  # as Open Graph writes them


def article_page(whole: str) -> str:
    """The page of an article, given as its text by NewsOut, in its own language."""
    article = orjson.loads(whole)
    return _drawn(
        "news_article.html",
        article["language"],
        article=article,
        locale=_LOCALES[article["language"]],
        published=clock.written(datetime.fromisoformat(article["published_at"])),
        app_link=_in_the_app(f"/news/{article['id']}"),
    )


def list_page(wholes: Iterable[str]) -> str:
    """The page of the newest articles."""
    page = f"{settings().public_url.rstrip('/')}/news"
    articles = list(map(orjson.loads, wholes))
    return _drawn("news_list.html", LANGUAGES[0], articles=articles, page=page)


def problem_page(problem: str, language: str) -> str:
    """What is said of an article that is not public."""
    return _drawn("news_gone.html", language, problem=problem)


def _drawn(template: str, language: str, **values: Any) -> str:
    province = areas.reference().province
    site = province.name_vi if language == LANGUAGES[0] else province.name_en
    return render_template(template, language=language, site=site, t=text, **values)


def _in_the_app(path: str) -> str | None:
    """A link that opens the app, where the operator named its scheme."""
    scheme = settings().app_scheme
    return f"{scheme}:/{path}" if scheme else None
