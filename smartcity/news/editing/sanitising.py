"""What may stand in an article's body, and the same as plain text.

nh3 parses as browsers do (HTML5) and writes anew what is allowed. What a browser might still read
otherwise than nh3 wrote it (mutation XSS) is caught by cleaning until nothing changes.
"""

import re
from html import escape
from html.parser import HTMLParser

import nh3

from smartcity.core.text import clean

LONGEST = 200_000  # characters
MOST_TAGS = 10_000  # nh3's time grows with the square of how deep they are nested
_ROUNDS = 6
_WEB = re.compile(r"https?://[^/]", re.IGNORECASE)
_BLOCKS = {"p", "h2", "h3", "h4", "li", "blockquote", "tr", "caption", "figcaption"}
_AROUND = {"ul", "ol", "hr", "br", "figure", "table", "thead", "tbody", "tfoot", "th", "td"}
_INLINE = {"strong", "em", "u", "sub", "sup", "a"}
# What feeds and word processors write for the same; renamed after nh3, when tags are well-formed.
_RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em"} | dict.fromkeys(
    ("div", "section", "article", "center", "pre", "address", "dd", "dt"), "p"
)
_ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_VALUES = re.compile(r"[1-9]\d{0,2}|row|col|rowgroup|colgroup", re.ASCII)
_DROPPED_WHOLE = {
    *("script", "style", "svg", "math", "template", "noscript", "noembed", "noframes", "iframe"),
    *("object", "embed", "applet", "audio", "video", "canvas", "select", "button", "textarea"),
    *("title", "xmp", "plaintext", "frameset", "dialog"),
}


def fits(html: str) -> bool:
    """Whether markup is small and simple enough to be an article's body."""
    return len(html) <= LONGEST and html.count("<") <= MOST_TAGS


def clean_html(html: str, base: str | None = None) -> str:
    """The part of some HTML that news may hold, in NFC; cleaning it again changes nothing.

    Links lead to http, https, mailto and tel; relative ones are made absolute against `base`, or
    lose their target. Pictures, styles and classes are left out. ValueError for what does not
    `fits`, and for a lone surrogate.
    """
    if not fits(html):
        raise ValueError("too long or too complicated")
    cleaned = _once(html, _cleaner(base) if base and _WEB.match(base) else _CLEANER)
    for _ in range(_ROUNDS):
        before, cleaned = cleaned, _once(cleaned, _CLEANER)
        if cleaned == before:
            return cleaned
    return f"<p>{escape(plain(cleaned), quote=False)}</p>"


def plain(html: str) -> str:
    """What `clean_html` gave, as text: a line for a paragraph, • or a number for a list's item."""
    lines = _Lines()
    lines.feed(html)
    lines.close()
    return lines.text()


def one_line(text: str) -> str:
    """A title's or lead's words: NFC, without control characters, on one line."""
    return " ".join(clean(text, lines=True).split())


def _cleaner(base: str | None) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_BLOCKS | _AROUND | _INLINE | set(_RENAMED),
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_ATTRIBUTES,
        attribute_filter=_allowed_value,
        url_schemes={"http", "https", "mailto", "tel"},
        url_relative=("rewrite_with_base", base) if base else "deny",
    )


def _allowed_value(_tag: str, name: str, value: str) -> str | None:
    return value if name in ("href", "rel") or _VALUES.fullmatch(value) else None


_CLEANER = _cleaner(None)


def _once(html: str, cleaner: nh3.Cleaner) -> str:
    written = cleaner.clean(clean(html, lines=True))
    for old, new in _RENAMED.items():
        written = written.replace(f"<{old}>", f"<{new}>").replace(f"</{old}>", f"</{new}>")
    return written.replace("<p></p>", "")


class _Lines(HTMLParser):
    """Collects lines; of well-formed markup only."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = [""]
        self._bullet = ""  # of an item whose first words are to come
        self._lists: list[int | None] = []  # the number of each open list's item; None: bullets

    def text(self) -> str:
        lines = (" ".join(line.split()) for line in self._lines)
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ul", "ol"):
            start = dict(attrs).get("start") or "1"
            self._lists.append(int(start) if tag == "ol" and start.isdecimal() else None)
        if tag in _BLOCKS or tag in ("br", "hr"):
            self._lines.append("")
        if tag == "li":
            self._bullet = self._next_bullet()
        if tag in ("td", "th") and self._lines[-1]:
            self._lines[-1] += ", "

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        if tag in _BLOCKS or tag in ("ul", "ol", "table"):
            self._lines.append("")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._lines[-1] += self._bullet
            self._bullet = ""
        self._lines[-1] += data

    def _next_bullet(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "• "
        self._lists[-1] = number + 1
        return f"{number}. "
