"""Suggestions while somebody types."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.search.matching import numbers
from smartcity.search.models import Entry
from smartcity.search.tiers import of_titles
from smartcity.search.words import asked_words

MOST = 8


def suggest(session: Session, typed: str) -> list[str]:
    """Titles that hold the words typed so far, the last one perhaps unfinished; at most 8."""
    asked = asked_words(typed)
    if not asked:
        return []
    found = numbers(session, of_titles(asked), (), first=0, most=3 * MOST)
    query = select(Entry.number, Entry.title).where(Entry.number.in_(found))
    titles = {row.number: row.title for row in session.execute(query)}
    return list(dict.fromkeys(titles[number] for number in found if number in titles))[:MOST]
