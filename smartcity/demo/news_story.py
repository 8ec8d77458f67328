"""News, told step by step: from a department's feed to a phone's first screen, and corrected."""

import uuid
from functools import partial
from typing import Any
from urllib.parse import quote

from smartcity.core import clock
from smartcity.demo.client import Caller, Desk, wait_for
from smartcity.demo.telling import Story

TITLE = "Tiêm vắc-xin cúm mùa miễn phí cho người trên 65 tuổi"
SOURCES, ARTICLES = "/api/v1/officer/sources", "/api/v1/officer/articles"
# As departments write them: no guid, a time zone in letters, HTML that nobody checked.
FEED = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Sở Y tế</title><link>https://soyte.example.vn/</link>
<description>Tin của Sở</description>
<item><title>{TITLE}</title><link>https://soyte.example.vn/tin/tiem-cum?utm_source=rss</link>
<pubDate>Sun, 22 Nov 2026 08:30:00 GMT+7</pubDate>
<description><![CDATA[<p onclick="alert(1)">Các trạm y tế tiêm từ 8 giờ.<script>alert(2)</script>
<p>Mang theo căn cước công dân.]]></description></item>
</channel></rss>
"""


def tell_news(story: Story, editor: Desk, lead: Desk, phone: Caller, feeds: Caller) -> None:
    """Tell it; `phone` is anybody's, not signed in."""
    url = f"{feeds.base}/feeds/so-y-te"
    story.step("Sở Y tế đăng tin trên RSS", lambda: _put(feeds, url))
    story.step("Biên tập viên thêm nguồn tin", partial(_add, editor, url))
    article = story.step("Tin về hàng chờ duyệt, mã độc đã bỏ", lambda: _waiting(editor))
    story.step("Lãnh đạo duyệt, tin được đăng", lambda: _approve(lead, article))
    tag = story.step("Màn hình chính của điện thoại có tin", lambda: _on_first_screen(phone))
    story.step("Hỏi lại: chưa có gì mới (304)", lambda: _unchanged(phone, tag))
    story.step("Tìm không dấu vẫn thấy: tiem cum mua", lambda: _found(phone, "tiem cum mua"))
    since = phone.ask("GET", "/api/v1/sync?limit=100")["next"]
    note = story.step("Đính chính, người thứ hai duyệt", lambda: _correct(editor, lead, article))
    story.step("Điện thoại thấy lời đính chính", lambda: _corrected(phone, article, note, since))


def _put(feeds: Caller, url: str) -> None:
    sent = {"Content-Type": "application/rss+xml"}
    answer = feeds.http.request("PUT", url, body=FEED.encode(), headers=sent)
    assert answer.status == 204, answer.status


def _add(editor: Desk, url: str) -> None:
    known = editor.ask("GET", f"{SOURCES}?limit=100")["items"]
    if url not in [source["url"] for source in known]:
        told = {"name": "Sở Y tế", "url": url, "category": "health", "licence": "full"}
        editor.ask("POST", SOURCES, told, Idempotency_Key=str(uuid.uuid4()))


def _waiting(editor: Desk) -> str:
    """The id of the article, once a worker has fetched it."""
    query = f"{ARTICLES}?q={quote(TITLE)}"
    (article,) = wait_for(lambda: editor.ask("GET", query)["items"])
    body = editor.ask("GET", f"{ARTICLES}/{article['id']}")["body"]
    assert "alert" not in body, body
    return str(article["id"])


def _step(desk: Desk, article: str, noun: str, method: str = "PUT", **told: Any) -> None:
    """One step on the version that stands now."""
    path = f"{ARTICLES}/{article}"
    tag = desk.answer("GET", path).headers["ETag"]
    desk.ask(method, f"{path}/{noun}".rstrip("/"), told or None, If_Match=tag)


def _approve(lead: Desk, article: str) -> None:
    """Publish it, unless an earlier demonstration did."""
    if lead.ask("GET", f"{ARTICLES}/{article}")["state"] == "in_review":
        _step(lead, article, "approval")


def _on_first_screen(phone: Caller) -> str:
    """The tag of the first screen that shows the article."""

    def shown() -> str | None:
        answer = phone.answer("GET", "/api/v1/home")
        titles = [card["title"] for card in answer.json()["latest"]]
        return answer.headers["ETag"] if TITLE in titles else None

    return wait_for(shown, seconds=10)


def _unchanged(phone: Caller, tag: str) -> None:
    answer = phone.answer("GET", "/api/v1/home", If_None_Match=tag)
    assert (answer.status, answer.data) == (304, b""), answer.status


def _found(phone: Caller, words: str) -> None:
    found = phone.ask("GET", f"/api/v1/search?q={quote(words)}")["items"]
    titles = ["".join(piece["text"] for piece in thing["title"]) for thing in found]
    assert TITLE in titles, titles


def _correct(editor: Desk, lead: Desk, article: str) -> str:
    note = f"Đã sửa giờ tiêm: từ 7 giờ 30 ({clock.now().astimezone(clock.LOCAL):%H:%M:%S %d/%m})."
    words = "Các trạm y tế tiêm từ 7 giờ 30. Mang theo căn cước công dân."
    told = {"lead": words, "body": f"<p>{words}</p>", "correction": note}
    _step(editor, article, "", "PATCH", **told)
    _step(lead, article, "correction")
    return note


def _corrected(phone: Caller, article: str, note: str, since: Any) -> None:
    """It stands in the article, and is all that a phone fetches which had the rest."""
    read = f"/api/v1/news/{article}"
    wait_for(lambda: phone.ask("GET", read)["correction"] == note, seconds=10)
    delta = phone.ask("GET", f"/api/v1/sync?since={since}")["items"]
    assert [(change["kind"], change["id"]) for change in delta] == [("news", article)], delta
