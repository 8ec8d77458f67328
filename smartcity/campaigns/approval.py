"""A second person's word for exactly one message to exactly one audience."""

import hashlib
import json

from smartcity.campaigns.models import Campaign

_BOUND = ("content", "link", "tag", "category", "audience", "resend")


def fingerprint(campaign: Campaign) -> str:
    """SHA-256, in hexadecimal, of what an approval binds: the message, to whom, and how often.

    Over canonical JSON: keys in order, no spaces, UTF-8.
    """
    bound = {name: getattr(campaign, name) for name in _BOUND}
    bound["recall_of"] = str(campaign.recall_of) if campaign.recall_of else None
    written = json.dumps(bound, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
