"""Many accounts that begin by one code on one network: told to officers, refused to nobody.

A team at a stand shares one network honestly; what looks odd is for a person to judge.
"""

from sqlalchemy.orm import Session

from smartcity.core.context import settings
from smartcity.core.quota import take
from smartcity.core.signing import mac
from smartcity.identity import service as identity
from smartcity.identity.permissions import Role
from smartcity.notices import service as notices
from smartcity.participation.models import ReferralCode
from smartcity.participation.teams import codes

_HOUR = 3_600
_OVERSEERS = (Role.IOC_LEAD, Role.CONTENT_EDITOR, Role.ADMIN)


def look(session: Session, code: ReferralCode, network: str) -> None:
    """Count one more, and tell officers where there are too many: once an hour for a code."""
    most = settings().referral_flagged
    place = mac("referral", f"{code.code} {network}")  # the network itself stands nowhere
    if take(session, f"referral:{place}", most, _HOUR) == 0:
        return
    if take(session, f"referral-told:{code.code}", 1, _HOUR) == 0:
        _tell(session, code, most)


def _tell(session: Session, code: ReferralCode, most: int) -> None:
    officers = [ident for ident, _, _ in identity.active_officers(session, _OVERSEERS)]
    values = {"code": codes.shown(code.code), "holder": code.holder, "most": most}
    link, subject = f"/teams/{code.team_id}", f"team:{code.team_id}"
    told = notices.Told(officers, "notice.referral.many", values, link, subject)
    notices.tell(session, [told])
