"""Pictures and files of an article: tied to it as it is written, public while it is."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.errors import Invalid
from smartcity.identity.permissions import Principal
from smartcity.media import service as media
from smartcity.news.editing.contents import content_of, file_ids, picture_ids, subject
from smartcity.news.models import Article
from smartcity.news.reading.rendering import Attached, Picture


def attach(
    session: Session,
    who: Principal,
    article_id: uuid.UUID,
    content: Mapping[str, Any],
    before: Mapping[str, Any],
) -> None:
    """Tie an article's new pictures and files to it; Invalid names the field of another's.

    What is left out later stays tied, since earlier versions show it.
    """
    thing, new = subject(article_id), picture_ids(content)
    new = {ident: field for ident, field in new.items() if ident not in picture_ids(before)}
    tied = {photo["id"] for photo in media.of_thing(session, [thing])} if new else set()
    for field in ("cover", "gallery"):
        ids = [ident for ident, named in new.items() if named == field and ident not in tied]
        _named(field, "media_ids", media.attach, session, ids, who.key, thing)
    for ident in file_ids(content) if content["attachments"] != before["attachments"] else ():
        _named("attachments", "file_id", media.attach_file, session, ident, who.key, thing)


def check(session: Session, article: Article) -> None:
    """Raise Invalid naming `cover` or `gallery` for a picture that is not ready to be shown."""
    wanted = picture_ids(content_of(article))
    photos = media.of_thing(session, [subject(article.id)]) if wanted else []
    ready = {photo["id"] for photo in photos if photo["ready"]}
    for ident, field in wanted.items():
        if ident not in ready:
            raise Invalid(**{field: "article.picture_not_ready"})


def show(session: Session, article: Article) -> dict[str, Any]:
    """Make the pictures and files of an article public, and no other of its; as readers see them.

    The names are those of `rendering.whole`.
    """
    check(session, article)
    content, things = content_of(article), [subject(article.id)]
    media.show(session, things, picture_ids(content))
    shown = {str(p["id"]): p["links"] for p in media.shown_of(session, things).get(things[0], ())}
    pictures = [Picture(links=shown[p["media_id"]], alt=p["alt"]) for p in content["gallery"]]
    cover = content["cover"]
    return {
        "cover": cover and Picture(links=shown[cover["media_id"]], alt=cover["alt"]),
        "gallery": pictures,
        "attachments": _files(session, content),
    }


def hide(session: Session, article: Article) -> None:
    """Take the pictures and files of an article from the public."""
    media.show(session, [subject(article.id)], ())
    for ident in file_ids(content_of(article)):
        media.hide_file(session, ident)


def of_article(session: Session, article: Article) -> dict[str, Any]:
    """The pictures and files that an article has or had, for its editors."""
    files = media.files_of(session, file_ids(content_of(article))).values()
    names = ("id", "name", "content_type", "bytes")
    return {
        "pictures": media.of_thing(session, [subject(article.id)]),
        "files": [
            {**{n: getattr(file, n) for n in names}, "link": media.private_file_link(file)}
            for file in files
        ],
    }


def _files(session: Session, content: Mapping[str, Any]) -> list[Attached]:
    files = media.files_of(session, file_ids(content))
    for ident in files:
        media.show_file(session, ident)
    return [
        Attached(
            title=asked["title"],
            link=media.file_link(file),
            mimetype=file.content_type,
            bytes=file.bytes,
        )
        for asked in content["attachments"]
        if (file := files.get(uuid.UUID(asked["file_id"])))
    ]


def _named(field: str, theirs: str, attach: Any, *told: Any) -> None:
    """Call, and let a refusal name the article's field."""
    try:
        attach(*told)
    except Invalid as refused:
        raise Invalid(**{field: refused.errors[theirs][0]}) from None
