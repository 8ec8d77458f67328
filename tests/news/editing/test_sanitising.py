"""What may stand in a body: no payload passes, nothing changes on a second cleaning."""

import re
import unicodedata

import pytest

from smartcity.news.editing.sanitising import LONGEST, clean_html, fits, one_line, plain

# From the XSS and mutation-XSS literature: OWASP's sheet, the bypasses of DOMPurify and bleach
# through namespaces, foster parenting, raw-text elements and comments.
PAYLOADS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<IMG SRC=`javascript:alert(1)`>",
    "<p onclick=alert(1)>x</p>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript&colon;alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='//evil.test/x'>x</a>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml;base64,x'/></svg>",
    "<svg><foreignObject><p onclick=alert(1)>x</p></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 "
    "onerror=alert(1)&gt;'>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><img src=x onerror=alert(1)></template>",
    "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
    "<title><a title='</title><img src=x onerror=alert(1)>'></title>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<noembed><img src=x onerror=alert(1)></noembed>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe><!--</iframe><img src=x onerror=alert(1)>-->",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<table><caption><svg><title><style><!--</title><img src=x onerror=alert(1)>",
    "<a><table><td><a href='javascript:alert(1)'>x",
    "<object data='javascript:alert(1)'></object><embed src='javascript:alert(1)'>",
    "<base href='https://evil.test/'><a href='x'>x</a>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action='javascript:alert(1)'><button formaction='javascript:alert(1)'>x</button></form>",
    "<details open ontoggle=alert(1)>x</details>",
    "<select><style></select><img src=x onerror=alert(1)></style>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<p class=x id=y data-z=1 style=color:red slot=a is=b>x</p>",
    "<td colspan='9999999' rowspan='1;alert(1)'>x</td>",
    "<p\u0338 onclick=alert(1)>x</p>",
    "<h1\u0338><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x00<scr\x00ipt>alert(1)</script>",
    "<\u200bscript>alert(1)</script>",
    "<p>" * 400 + "<b>" * 400 + "<script>",
    "<br>\n<section><p>",  # settles in the third round only
]
_TAG = re.compile(r"<(/?)([a-z0-9]+)((?: [a-z]+=\"[^\"]*\")*)>")
_NAMES = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "a", "strong", "em", "u", "sub"),
    *("sup", "br", "hr", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("figure", "figcaption"),
}
_ATTRIBUTES = {"href", "rel", "colspan", "rowspan", "scope", "start"}


def _check(html: str) -> None:
    """Every < begins a tag of the list, with attributes of the list, and links lead to the web."""
    tags = list(_TAG.finditer(html))
    assert len(tags) == html.count("<")
    assert {tag[2] for tag in tags} <= _NAMES
    told = [pair for tag in tags for pair in re.findall(r'([a-z]+)="([^"]*)"', tag[3])]
    assert {name for name, _ in told} <= _ATTRIBUTES
    for name, value in told:
        assert name != "href" or re.match(r"(https?|mailto|tel):", value), value


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("around", ["{}", "<p>a {} b</p>", "<table><tr><td>{}", "<ul><li><b>{}"])
def test_no_payload_passes(payload: str, around: str) -> None:
    cleaned = clean_html(around.format(payload))
    _check(cleaned)
    assert clean_html(cleaned) == cleaned


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>Một <b>hai</b> <i>ba</i></p>", "<p>Một <strong>hai</strong> <em>ba</em></p>"),
        ("<h1>A</h1><h6>B</h6>", "<h2>A</h2><h4>B</h4>"),
        ("<div>a<div>b</div></div>", "<p>a</p><p>b</p>"),
        ("a</br>b<br/>c", "a<br>b<br>c"),
        ("<p align=center>x<p>y", "<p>x</p><p>y</p>"),
        ("<img src=x alt=y>z", "z"),
        (
            "<figure><img src=x><figcaption>Ảnh: AP</figcaption></figure>",
            "<figure><figcaption>Ảnh: AP</figcaption></figure>",
        ),
        ("<a href=tel:1022>1022</a>", '<a href="tel:1022" rel="noopener noreferrer">1022</a>'),
        ("<ol start=3><li>x</ol>", '<ol start="3"><li>x</li></ol>'),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("", ""),
    ],
)
def test_what_news_is_written_with_stays(html: str, kept: str) -> None:
    assert clean_html(html) == kept


@pytest.mark.parametrize(
    ("base", "href"),
    [
        (None, None),
        ("javascript:alert(1)", None),
        ("https://bao.vn/tin/1.html", "https://bao.vn/tin/2.html?a=1&amp;b=2"),
    ],
)
def test_relative_links_lead_from_their_page(base: str | None, href: str | None) -> None:
    cleaned = clean_html("<a href='2.html?a=1&b=2'>x</a>", base)
    found = re.search('href="([^"]*)"', cleaned)
    assert (found and found[1]) == href


def test_words_are_composed_and_emoji_stay_whole() -> None:
    family, title = "👨\u200d👩\u200d👧", unicodedata.normalize("NFD", "Cảnh báo lừa đảo")
    cleaned = clean_html(f"<p>{title} {family} \u202eabc\u200b &#x202e;</p>")
    assert cleaned == f"<p>Cảnh báo lừa đảo {family} abc </p>"
    assert one_line(f" {title}\n\t{family} \u202e ") == f"Cảnh báo lừa đảo {family}"


def test_what_is_no_article_is_refused() -> None:
    assert not fits("x" * (LONGEST + 1))
    assert not fits("<b>" * 10_001)
    for html in ("x" * 20_000_000, "<ul><li>" * 10_000, "\ud800"):
        with pytest.raises(ValueError, match=r"too|surrogates"):
            clean_html(html)


def test_the_plain_form_keeps_paragraphs_lists_and_links() -> None:
    html = (
        "<h2>Lịch  cấp\nnước</h2><p>Xem <a href='https://x.vn'>trang này</a>.<br>Gọi 1022 &amp; "
        "hỏi.</p><ul><li>Một<ul><li><p>Trong</p></li></ul></li><li></li><li>Hai</li></ul>"
        "<ol start=3><li>Ba</li><li>Bốn</li></ol>"
        "<table><tr><th>Phường</th><th>Giờ</th></tr><tr><td>An Biên</td><td>8</td></tr></table>sau"
    )
    assert plain(clean_html(html)).splitlines() == [
        "Lịch cấp nước",
        "Xem trang này.",
        "Gọi 1022 & hỏi.",
        "• Một",
        "• Trong",
        "• Hai",
        "3. Ba",
        "4. Bốn",
        "Phường, Giờ",
        "An Biên, 8",
        "sau",
    ]
    assert plain("") == ""
