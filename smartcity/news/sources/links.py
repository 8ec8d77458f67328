"""Addresses in feeds: absolute, without what only tells who clicked, and equal where they agree."""

import hashlib
import re
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

LONGEST = 1_000  # characters
_TRACKING = re.compile(
    r"(utm_.*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|gidzl|zarsrc)(=.*)?",
    re.IGNORECASE,
)
_BLANK = re.compile(r"[\x00-\x20\x7f]+")
_DEFAULT = {"http": 80, "https": 443}


def absolute(base: str, link: str | None) -> str | None:
    """A link as http or https, canonical; None for what leads elsewhere or nowhere."""
    try:
        parts = urlsplit(urljoin(base, _BLANK.sub("", link or "")))
        if not link or parts.scheme not in _DEFAULT or not parts.hostname:
            return None
        found = urlunsplit(_canonical(parts))
    except ValueError:  # a port or an IPv6 address that is none
        return None
    return found if len(found) <= LONGEST else None


def key(name: str) -> str:
    """SHA-256 of a guid or a link, in hexadecimal."""
    return hashlib.sha256(name.encode()).hexdigest()


def link_key(link: str) -> str | None:
    """The same for every way to write a canonical link: by http or https, with www. or without.

    None for a site's first page.
    """
    parts = urlsplit(link)
    if parts.path == "/" and not parts.query:
        return None
    host = parts.netloc.removeprefix("www.")
    return key(f"{host}{parts.path.rstrip('/')}?{parts.query}")


def _canonical(parts: SplitResult) -> SplitResult:
    host = parts.hostname or ""
    if parts.port not in (None, _DEFAULT[parts.scheme]):
        host = f"{host}:{parts.port}"
    kept = [part for part in parts.query.split("&") if not _TRACKING.fullmatch(part)]
    path, query = (quote(part, safe="/%:@!$&'()*+,;=~?") for part in (parts.path, "&".join(kept)))
    return SplitResult(parts.scheme, host, path or "/", query, "")
