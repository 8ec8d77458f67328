"""The job of the home screen: a card's window opens or closes."""

import uuid

from sqlalchemy import select

from smartcity.core.db import lock_row, transaction
from smartcity.home import cards
from smartcity.home.models import Card
from smartcity.jobs.service import Lease, handler


@handler(cards.TURN)
def turn(lease: Lease) -> None:
    """Show or hide a card at its time; nothing if it was changed since: then another job does."""
    card_id, version = uuid.UUID(lease.payload["card"]), lease.payload["version"]
    with transaction() as session:
        card = lock_row(session, select(Card), Card.id == card_id, Card.version == version)
        if card is not None:
            cards.settle(session, card, edited=False)
        lease.finish(session)
