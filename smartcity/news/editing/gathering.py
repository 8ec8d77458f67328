"""Articles that come from sources: new ones, and those whose source changed its text."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from smartcity.news.models import Article


@dataclass(frozen=True)
class Gathered:
    """What a source says; `body` is HTML as it came, `picture` a link for the editors.

    `licence` is one of `Licence`. A `published_at` that lies ahead counts as now, one that is
    absent or before 2000 as the day it was seen.
    """

    language: str
    title: str
    lead: str
    body: str
    author: str | None
    agency: str | None
    categories: Sequence[str]
    source_id: uuid.UUID
    source_name: str
    source_link: str | None
    licence: str
    published_at: datetime | None
    picture: str | None


def gather(session: Session, content: Gathered, *, auto_publish: bool) -> Article:
    """A new article from a source, no more of it than its licence allows.

    Published by the program, or else waiting in review.
    """
    raise NotImplementedError


def renew(
    session: Session, article_id: uuid.UUID, content: Gathered, *, auto_publish: bool
) -> Article:
    """Take over what a source changed in its text; what an editor changed stays as he wrote it.

    A public article is corrected at once if `auto_publish`; else it stays public as it was, and
    the change waits for an editor's `correct`.
    """
    raise NotImplementedError
