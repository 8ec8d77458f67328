"""What the public reads of an article: written when it is brought out, gone when it is taken back.

Both are part of the transaction that moves the article.
"""

from sqlalchemy.orm import Session

from smartcity.news.models import Article


def bring_out(session: Session, article: Article) -> None:
    """Let the public read an article as it stands here, in place of what was public of it.

    Invalid names `cover`, `gallery` or `attachments` for a picture or file that cannot be shown.
    """
    raise NotImplementedError


def take_back(session: Session, article: Article) -> None:
    """Take an article, its pictures and files from the public."""
    raise NotImplementedError
