"""What is wrong with a message before it goes out: errors stop it, warnings do not.

What a phone shows before it cuts a text off is no standard. iOS shows some 180 characters, in four
lines, on a locked screen (doc.batch.com, "optimal length for push notifications"); 178, and for
Android 65 of the title and 240 of the opened body, is what senders commonly count with.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from smartcity.adapters.fcm.envelope import MOST, encode
from smartcity.campaigns.drafting import notification
from smartcity.campaigns.models import Campaign
from smartcity.core.clock import LOCAL
from smartcity.core.text import clean
from smartcity.core.texts import LANGUAGES
from smartcity.push import service as push

ERROR, WARNING = "error", "warning"
SHOWN = {"ios": {"title": 50, "body": 178}, "android": {"title": 65, "body": 240}}
_ENDINGS = "vn|com|net|org|info|biz|xyz|top|me|ly|gl|io|app|link|site|online|shop|club|cc|tk|icu"
_URL = re.compile(
    rf"(?:https?://|www\.)[^\s<>\"]+|\b[\w-]+(?:\.[\w-]+)*\.(?:{_ENDINGS})\b(?:[/:?#][^\s<>\"]*)?",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\d)(?:(?:\+?84|0)(?:[ .-]?\d){9}|1[89]00(?:[ .-]?\d){4,6})(?!\d)")
_FEW_LETTERS = 10  # below which capitals are an abbreviation


@dataclass(frozen=True)
class Finding:
    """One fault: `message` is a text's key, with its values as in `core.fields`."""

    severity: str
    field: str
    message: str


def report(campaign: Campaign) -> dict[str, Any]:
    """All that lint tells an officer of a campaign."""
    left, shown = bytes_left(campaign), preview(campaign)
    return {"findings": findings(campaign), "bytes_left": left, "preview": shown}


def findings(campaign: Campaign) -> list[Finding]:
    """All that is to be said of a campaign's message, errors first."""
    found = [*_of_link(campaign), *_of_plan(campaign)]
    for lang, words in campaign.content.items():
        for part, text in words.items():
            found += _of_text(f"content.{lang}.{part}", part, text)
        found += _of_size(lang, campaign)
    return sorted(found, key=lambda finding: finding.severity)


def bytes_left(campaign: Campaign) -> dict[str, int]:
    """What FCM's 4,096 bytes leave in each language; below 0 is too much."""
    return {lang: MOST - encode(notification(campaign, lang)).size for lang in campaign.content}


def preview(campaign: Campaign) -> dict[str, Any]:
    """What each platform shows of the text before it cuts it off, by language."""
    return {
        lang: {
            platform: {part: _cut(words[part], most[part]) for part in ("title", "body")}
            for platform, most in SHOWN.items()
        }
        for lang, words in campaign.content.items()
    }


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _of_link(campaign: Campaign) -> Iterator[Finding]:
    if campaign.link and not push.link_allowed(campaign.link):
        yield Finding(ERROR, "link", "lint.link")


def _of_plan(campaign: Campaign) -> Iterator[Finding]:
    """Everybody sends at the quarters: firebase.google.com/docs/cloud-messaging/scale-fcm."""
    if campaign.starts_at and not campaign.starts_at.astimezone(LOCAL).minute % 15:
        yield Finding(WARNING, "starts_at", "lint.quarter_hour")
    for lang in LANGUAGES:
        if lang not in campaign.content:
            yield Finding(WARNING, f"content.{lang}", "lint.no_language")


def _of_size(lang: str, campaign: Campaign) -> Iterator[Finding]:
    over = encode(notification(campaign, lang)).size - MOST
    if over > 0:
        yield Finding(ERROR, f"content.{lang}", f"lint.too_large|most={MOST}&over={over}")


def _of_text(field: str, part: str, text: str) -> Iterator[Finding]:
    for key in _errors(text):
        yield Finding(ERROR, field, key)
    for key in _warnings(part, text):
        yield Finding(WARNING, field, key)


def _errors(text: str) -> Iterator[str]:
    if not text.strip():
        yield "lint.empty"
    if not unicodedata.is_normalized("NFC", text):
        yield "lint.not_nfc"
    if clean(text, lines=True) != unicodedata.normalize("NFC", text).strip():
        yield "lint.control"
    if set(text) & set("{}"):
        yield "lint.braces"
    for url in _URL.findall(text):
        if not _official(url):
            yield f"lint.url|url={quote(url)}"


def _official(url: str) -> bool:
    """Judged as a phone would open it: without what ends the sentence, and whatever its scheme."""
    return push.link_allowed("https://" + _SCHEME.sub("", url.rstrip(".,;:!?)]}\"'”…"), 1))


def _warnings(part: str, text: str) -> Iterator[str]:
    letters = [char for char in text if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    if len(letters) >= _FEW_LETTERS and capitals > 0.7 * len(letters):
        yield "lint.capitals"
    if _PHONE.search(text):
        yield "lint.phone"
    for platform, most in SHOWN.items():
        if len(text) > most[part]:
            yield f"lint.cut_off|platform={platform}&most={most[part]}"
