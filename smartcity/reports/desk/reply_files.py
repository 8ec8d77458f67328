"""Loading `replies.yaml`: what officers have changed or taken away since stays so."""

from pathlib import Path
from typing import Any

import marshmallow as ma
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.datafile import read_yaml, refuse, repeated
from smartcity.core.db import insert_if_absent
from smartcity.core.fields import Schema
from smartcity.reports.categories import CategoryRow
from smartcity.reports.desk.models import Reply
from smartcity.reports.desk.reply_schemas import NewReplyIn


class _RepliesFile(Schema):
    replies = ma.fields.List(ma.fields.Nested(NewReplyIn), required=True)


def load_replies(session: Session, folder: Path) -> None:
    """Add the replies of a province's folder that are new, after its categories.

    BadFile names what is wrong.
    """
    file = folder / "replies.yaml"
    replies: list[dict[str, Any]] = read_yaml(file, _RepliesFile)["replies"]
    known = set(session.scalars(select(CategoryRow.code)))
    stray = sorted({r["category"] for r in replies if r["category"]} - known)
    refuse(file, (f"no {category} in categories.yaml" for category in stray))
    refuse(file, repeated(reply["code"] for reply in replies))
    for reply in replies:
        insert_if_absent(session, Reply, **reply, active=True, version=1)
