"""The feed that a web page names, for somebody who gave the page's address."""

from html.parser import HTMLParser

from smartcity.news.sources.links import absolute

_LOOKED_AT = 200_000  # characters
_KINDS = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
}


def alternate(page: str, url: str) -> str | None:
    """The first feed that a page of HTML names as its alternate."""
    reader = _Links()
    reader.feed(page[:_LOOKED_AT])
    return next(filter(None, (absolute(url, link) for link in reader.found)), None)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        kind = (told.get("type") or "").lower()
        if tag == "link" and "alternate" in (told.get("rel") or "").lower() and kind in _KINDS:
            self.found.append(told.get("href"))
