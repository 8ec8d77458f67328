"""A feed's bytes as text that an XML parser may see: one encoding, no DTD, no forbidden character.

What a server or the document says of its encoding is often wrong. UTF-8 that holds is UTF-8; what
is not and names nothing better was written by an old Vietnamese program, in Windows-1258.
"""

import codecs
import re
from html.entities import name2codepoint

from smartcity.news.sources.entries import Unfit

_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_OLD = "cp1258"
_WESTERN = {"cp1252", "iso8859-1", "ascii"}  # what says so here means Windows-1258 or nothing
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w.-]+)", re.IGNORECASE)
_ROOT = re.compile(r"<(?:rss|(?:\w{1,20}:)?feed|(?:\w{1,20}:)?RDF)[\s>]", re.IGNORECASE)
_FORBIDDEN = {code: None for code in (*range(32), 0xFFFE, 0xFFFF) if chr(code) not in "\t\n\r"}
_PAIR = re.compile(r"&#x(d[89ab][0-9a-f]{2});&#x(d[c-f][0-9a-f]{2});", re.IGNORECASE)
_NUMBER = re.compile(r"&#(?:x([0-9a-f]{1,12})|([0-9]{1,12}));", re.IGNORECASE)
_NAME = re.compile(r"&(\w{2,8});", re.ASCII)
_HTML_NAMES = {
    name: chr(code)
    for name, code in name2codepoint.items()
    if name not in ("amp", "lt", "gt", "quot", "apos")
}
_BARE_AND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#x[0-9a-f]+|#[0-9]+);)", re.IGNORECASE)
_BARE_LESS = re.compile(r"<(?=[\s\d])")
_CDATA = "<![CDATA["


def decoded(content: bytes, content_type: str | None) -> str:
    """The text of some bytes, by what they are more than by what is said of them."""
    for bom, encoding in _BOMS.items():
        if content.startswith(bom):
            return content[len(bom) :].decode(encoding, "replace")
    if b"\0" in content[:4]:
        return content.decode("utf-16-be" if content[0] == 0 else "utf-16-le", "replace")
    text = content.decode("utf-8", "replace")
    if text.count("\ufffd") * 5 <= sum(not char.isascii() for char in text):
        return text
    return content.decode(_declared(content, content_type), "replace")


def document(text: str) -> str:
    """The feed's element as well-formed as can be, without what stands before it.

    Unfit for a page of HTML, for a DTD with entities (which may expand without end), and for what
    is no feed.
    """
    root = _ROOT.search(text)
    head = (text[: root.start()] if root else text[:100_000]).lower()
    if "<!entity" in head:
        raise Unfit("source.fault.entities")
    if "<html" in head or "<!doctype html" in head or root is None:
        raise Unfit("source.fault.page" if "<html" in head else "source.fault.unreadable")
    return _mended(text[root.start() :].translate(_FORBIDDEN))


def _declared(content: bytes, content_type: str | None) -> str:
    in_xml = _XML_ENCODING.search(content[:1_000])
    in_header = _CHARSET.search(content_type or "")
    for told in (in_xml and in_xml[1].decode(), in_header and in_header[1]):
        try:
            name = codecs.lookup(told or "").name
            b"".decode(name)  # some codecs give no text
        except (LookupError, ValueError):
            continue
        if name != "utf-8" and name not in _WESTERN:
            return name
    return _OLD


def _mended(text: str) -> str:
    """The text with what stands outside of CDATA made well-formed."""
    pieces, at = [], 0
    while (begins := text.find(_CDATA, at)) >= 0 and (ends := text.find("]]>", begins)) >= 0:
        pieces += [_well_formed(text[at:begins]), text[begins:ends]]
        at = ends
    return "".join([*pieces, _well_formed(text[at:])])


def _well_formed(text: str) -> str:
    """References as XML knows them, halves of a character put together; no bare & and <."""
    joined = _NUMBER.sub(_sound, _PAIR.sub(_joined, text))
    return _BARE_LESS.sub("&lt;", _BARE_AND.sub("&amp;", _NAME.sub(_character, joined)))


def _joined(pair: re.Match[str]) -> str:
    return bytes.fromhex(pair[1] + pair[2]).decode("utf-16-be")


def _sound(told: re.Match[str]) -> str:
    code = int(told[1], 16) if told[1] else int(told[2])
    surrogate = 0xD800 <= code <= 0xDFFF
    return "" if code in _FORBIDDEN or surrogate or code > 0x10FFFF else told[0]


def _character(told: re.Match[str]) -> str:
    """What HTML calls by a name that XML does not know."""
    name = told[1]
    return _HTML_NAMES[name] if name in _HTML_NAMES else told[0]
