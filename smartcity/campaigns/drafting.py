"""Campaigns as officers write them."""

from smartcity.campaigns.models import Campaign
from smartcity.core.texts import LANGUAGES


def content_of(campaign: Campaign, locale: str) -> dict[str, str]:
    """The title and body that a phone of this language shows; Vietnamese where it has no other."""
    found: dict[str, str] = campaign.content.get(locale) or campaign.content[LANGUAGES[0]]
    return found
