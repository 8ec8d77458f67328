"""From a stranger's feed to articles: asked on a condition, each story once, at its own pace."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.jobs.perform import perform
from smartcity.news.models import Article, Published, State
from smartcity.news.sources import jobs
from smartcity.news.sources.ingesting import ingest
from smartcity.news.sources.models import Item, Source
from smartcity.news.sources.parsing import parse
from smartcity.sandbox.feeds import Feeds
from tests.helpers import count, rows, take, work
from tests.jobs.conftest import lapse
from tests.news.sources.feeds_made import ARTICLE, LONG, item, rss

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SourceOf = Callable[[str], Source]


def polled(app: Flask) -> None:
    """Let time come, and all that is due be asked."""
    with app.app_context():
        jobs.enqueue_due()
    assert work(app, "sources") > 0


def states(app: Flask) -> dict[str, str]:
    return {article.title: article.state for article in rows(app, Article)}


def test_from_a_feed_to_the_public_and_on(app, feeds: Feeds, add, source_of) -> None:
    """A source that is trusted: published at once, corrected at once, nothing asked twice."""
    with clock.frozen(NOON):
        ident = add(
            "tin", item("Dọn kênh", "1"), item("Chợ đêm", "2", "Mở cửa."), auto_publish=True
        )
        assert work(app, "sources") == 1
    assert states(app) == {"Dọn kênh": State.PUBLISHED, "Chợ đêm": State.PUBLISHED}
    assert count(app, Published) == 2
    source = source_of(ident)
    assert (source.failures, source.succeeded_at, source.newest_at) == (0, NOON, NOON)

    feeds.put("tin", rss(item("Dọn kênh T2", "1"), item("Chợ đêm", "2", "Mở cửa.")))
    with clock.frozen(NOON + timedelta(hours=7)):
        polled(app)
    assert set(states(app)) == {"Dọn kênh T2", "Chợ đêm"}
    corrected = rows(app, Article, Article.title == "Dọn kênh T2")[0]
    assert corrected.corrected_at is not None
    assert '"Dọn kênh T2"' in rows(app, Published, Published.article_id == corrected.id)[0].card

    with clock.frozen(NOON + timedelta(hours=14)):
        polled(app)
    asked = feeds.asked()[-1]
    assert asked["match"]
    assert asked["since"]
    assert source_of(ident).succeeded_at == NOON + timedelta(hours=14)  # a 304 is a success
    assert count(app, Article) == 2


def test_news_wait_for_a_review_unless_the_source_is_trusted(app, add) -> None:
    add("doi-duyet", item("Dọn kênh", "1"))
    work(app, "sources")
    assert states(app) == {"Dọn kênh": State.IN_REVIEW}
    assert count(app, Published) == 0


@SQLITE
@pytest.mark.parametrize(
    ("licence", "lead", "body"), [("full", 30, True), ("summary", 300, False), ("link", 0, False)]
)
def test_no_more_is_shown_than_the_licence_lets(app, add, licence: str, lead: int, body) -> None:
    add("quyen", item("Dọn kênh", "1", f"{LONG} {LONG}"), licence=licence, auto_publish=True)
    work(app, "sources")
    article = rows(app, Article)[0]
    assert bool(article.body) is body
    assert len(article.lead) <= 300
    assert (len(article.lead) >= lead) if licence == "full" else (len(article.lead) > lead - 15)
    assert article.source_link == "https://tin.example.vn/1.html"


def take_over(app: Flask, source: Source, *items: str) -> int:
    feed = parse(rss(*items), None, "https://tin.example.vn/rss")
    with app.app_context(), transaction() as session:
        return ingest(session, session.merge(source), feed.entries)


@SQLITE
def test_a_story_is_told_once(app, add, source_of) -> None:
    """By guid, by link, by words that are the same, and by nearly the same words."""
    first = source_of(add("a"))
    other = source_of(add("b"))
    assert take_over(app, first, item("Dọn kênh", "1", ARTICLE)) == 1
    again = (
        (first, item("Dọn kênh", "1", ARTICLE)),  # as it was
        (first, item("Dọn kênh", "x", ARTICLE, "http://www.tin.example.vn/1.html?utm_source=z")),
        (other, item("Dọn kênh", "1", ARTICLE)),
        (other, item("Dọn kênh", "2", ARTICLE)),  # another link, the same words
        (other, item("Dọn kênh", "3", ARTICLE.replace("một nửa", "phân nửa"))),
    )
    assert [take_over(app, *told) for told in again] == [0] * len(again)
    assert count(app, Article) == 1
    assert len(rows(app, Item, Item.article_id.is_(None))) == 3  # recorded, not published


@SQLITE
def test_what_only_looks_alike_is_told(app, add, source_of) -> None:
    first, other = source_of(add("a")), source_of(add("b"))
    told = (
        (first, item("Dọn kênh ngày 21/11", "1")),
        (other, item("Dọn kênh ngày 28/11", "2")),  # the same words of another day
        (first, item("Thông báo", "3", "Mời họp.")),
        (other, item("Thông báo", "4", "Mời họp.")),  # too short to tell
    )
    assert [take_over(app, *one) for one in told] == [1, 1, 1, 1]
    front = "https://tin.example.vn/"  # a feed whose links all lead to the first page
    assert (
        take_over(app, first, item("Tin A", "5", "A.", front), item("Tin B", "6", "B.", front)) == 2
    )


@SQLITE
def test_the_same_words_may_come_back_after_a_fortnight(app, add, source_of) -> None:
    first, other = source_of(add("a")), source_of(add("b"))
    with clock.frozen(NOON):
        assert take_over(app, first, item("Dọn kênh", "1")) == 1
    with clock.frozen(NOON + timedelta(days=13)):
        assert take_over(app, other, item("Dọn kênh", "2")) == 0
    with clock.frozen(NOON + timedelta(days=28)):
        assert take_over(app, other, item("Dọn kênh", "3")) == 1


def test_a_worker_that_dies_half_way_leaves_no_double_article(app, feeds, add, source_of) -> None:
    """The first batch is in; the lease lapses, another worker polls again, the first wakes."""
    ident = add("dai", *(item(f"Tin {n}", str(n), f"Việc {n}.") for n in range(25)))
    with app.app_context():
        [dying] = take("sources")
    half = parse(rss(*(item(f"Tin {n}", str(n), f"Việc {n}.") for n in range(20))), None, feeds.url)
    with app.app_context(), transaction() as session:
        dying.hold(session)
        ingest(session, session.merge(source_of(ident)), half.entries)
    with app.app_context():
        lapse(dying)
    assert work(app, "sources") == 1
    assert count(app, Article) == 25
    feeds.put("dai", rss(item("Tin mới", "mới", "Việc mới.")))
    with app.app_context():
        perform(dying)  # it wakes, sees what is new, and is fenced out
    assert count(app, Article) == count(app, Item) == 25


@SQLITE
def test_nobody_is_asked_before_his_time_or_twice_at_once(app, feeds, add, source_of) -> None:
    with clock.frozen(NOON):
        ident = add("mot", item("Tin", "1"))
        with app.app_context():
            jobs.enqueue_due()
            jobs.enqueue_due()
        assert work(app, "sources") == 1
    with clock.frozen(source_of(ident).due_at - timedelta(seconds=1)), app.app_context():
        jobs.enqueue_due()
    assert work(app, "sources") == 0


@SQLITE
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"mode": "inside"}, "source.fault.not_public"),
        ({"mode": "bomb"}, "source.fault.too_large"),
        ({"mode": "endless"}, "source.fault.too_large"),
        ({"mode": "broken"}, "source.fault.silent"),
        ({"mode": "page"}, "source.fault.page_names"),
        ({"mode": "error", "status": 404}, "source.fault.http|status=404"),
    ],
)
def test_servers_that_go_wrong(app, feeds, add, source_of, fault: dict, told: str) -> None:
    ident = add("xau", item("Tin", "1"))
    feeds.suffer(**fault)
    work(app, "sources")
    source = source_of(ident)
    assert (source.fault or "").startswith(told)
    assert (source.failures, source.due_at is not None) == (1, True)
    assert count(app, Article) == 0


@SQLITE
def test_what_is_gone_is_paused_and_what_has_moved_is_told(app, feeds, add, source_of) -> None:
    ident = add("di", item("Tin", "1"))
    feeds.suffer("moved")
    work(app, "sources")
    assert source_of(ident).moved_to == f"{feeds.url}/moved/di"
    assert count(app, Article) == 1
    feeds.suffer("error", status=410)
    with clock.frozen(source_of(ident).due_at):
        polled(app)
    source = source_of(ident)
    assert (source.paused, source.due_at, source.version) == (True, None, 2)
    assert source.fault == "source.fault.gone"
