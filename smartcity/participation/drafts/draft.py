"""The register of drafts that people comment on (góp ý dự thảo)."""

import uuid
from typing import Any

import marshmallow as ma
from marshmallow import validate
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core.errors import Invalid
from smartcity.core.fields import Instant, Schema, Text
from smartcity.identity.permissions import Action
from smartcity.media import service as media
from smartcity.participation.models import Comment
from smartcity.registers import service as registers
from smartcity.registers.service import Entry, Kind, Record, State

_ID = validate.Regexp(r"[a-z0-9][a-z0-9_-]{0,39}\Z", error="field.invalid")
_CLAUSE = {"description": "Names the clause within the draft, for good", "example": "d4"}
_HEADING = {"example": "Điều 4. Ngày và giờ thu gom"}
_WORDS = {"example": "Rác thực phẩm được thu gom hằng ngày từ 18 giờ đến 22 giờ."}
_AGENCY = {"description": "Who replies: code of an agency", "example": "so-nong-nghiep-moi-truong"}
_DRAFTING = {"description": "Who wrote it, as people know him", "example": "Tổ soạn thảo của Sở"}
_OPENS = {"example": "2026-11-22T08:00:00+07:00"}
_CLOSES = {"description": "Comments are taken until then", "example": "2026-12-22T17:00:00+07:00"}
_FILE = {"description": "Of POST /officer/files", "example": "0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}


class DraftClauseSchema(Schema):
    """A clause (điều, khoản) that a comment may be about."""

    id = ma.fields.String(required=True, validate=_ID, metadata=_CLAUSE)
    heading = Text(max=300, required=True, metadata=_HEADING)
    text = Text(max=20_000, lines=True, required=True, metadata=_WORDS)


class DraftDocumentSchema(Schema):
    """An official document beside the draft: a link, or a file that an officer uploaded."""

    title = Text(max=300, required=True, metadata={"example": "Tờ trình dự thảo"})
    link = registers.address(
        load_default=None,
        allow_none=True,
        metadata={"example": "https://haiphong.gov.vn/du-thao/to-trinh.pdf"},
    )
    file_id = ma.fields.UUID(load_default=None, allow_none=True, metadata=_FILE)

    @ma.validates_schema
    def _one_of_both(self, document: dict[str, Any], **_: Any) -> None:
        if (document["link"] is None) is (document["file_id"] is None):
            raise ma.ValidationError("draft.link_or_file", "link")


class DraftDocumentOut(ma.Schema):
    """An official document, and where everybody opens it."""

    title = ma.fields.String(required=True, metadata={"example": "Tờ trình dự thảo"})
    link = ma.fields.String(
        required=True, metadata={"example": "https://haiphong.gov.vn/du-thao/to-trinh.pdf"}
    )


class DraftIn(registers.RecordIn):
    """A draft. A clause that somebody commented on stays, under its id."""

    agency = Text(max=40, required=True, metadata=_AGENCY)
    drafting = Text(max=300, required=True, metadata=_DRAFTING)
    opens = Instant(required=True, metadata=_OPENS)
    closes = Instant(required=True, metadata=_CLOSES)
    clauses = ma.fields.List(
        ma.fields.Nested(DraftClauseSchema), required=True, validate=validate.Length(1, 300)
    )
    documents = ma.fields.List(
        ma.fields.Nested(DraftDocumentSchema), load_default=list, validate=validate.Length(max=20)
    )

    @ma.validates_schema
    def _different(self, draft: dict[str, Any], **_: Any) -> None:
        ids = [clause["id"] for clause in draft["clauses"]]
        if len(set(ids)) < len(ids):
            raise ma.ValidationError("draft.repeated", "clauses")


def _check(session: Session, entry: Entry, record: Record | None) -> None:
    """Invalid names `agency`, `clauses` or `documents`; the files it names are now this entry's."""
    if record is None:
        return
    areas.agency(record["agency"])
    _keep_files(session, entry, record)
    here = {clause["id"] for clause in record["clauses"]}
    if entry.published_at and commented_clauses(session, entry) - here:
        raise Invalid(clauses="draft.clause_commented")


def _keep_files(session: Session, entry: Entry, record: Record) -> None:
    """What an earlier version had stays, hidden: somebody may put that version back."""
    wanted = _files(record)
    found = media.files_of(session, wanted)
    if len(found) < len(wanted):
        raise Invalid(documents="draft.no_such_file")
    for file in found.values():  # whoever knows its id was given it by who uploaded it
        media.attach_file(session, file.id, file.owner, f"register:{entry.id}")
    for gone in _files(entry.record or {"documents": []}) - wanted:
        media.hide_file(session, gone)


def _show_files(session: Session, entry: Entry) -> None:
    show = media.show_file if entry.state == State.PUBLISHED else media.hide_file
    for file_id in _files(entry.record):
        show(session, file_id)


def commented_clauses(session: Session, entry: Entry) -> set[str]:
    """The ids of the clauses that somebody commented on, whatever became of the comment."""
    clauses = select(Comment.clause).where(Comment.draft_id == entry.id).distinct()
    return {clause for clause in session.scalars(clauses) if clause}


def _files(record: Record) -> set[uuid.UUID]:
    return {uuid.UUID(one["file_id"]) for one in record["documents"] if one["file_id"]}


def _links(session: Session, entry: Entry) -> dict[str, Any]:
    """Where everybody opens the documents."""
    files = media.files_of(session, _files(entry.record)).values()
    links = {str(file.id): media.file_link(file) for file in files}
    told = [
        (one["title"], one["link"] or links[one["file_id"]]) for one in entry.record["documents"]
    ]
    return {"documents": [{"title": title, "link": link} for title, link in told]}


DRAFT = Kind(
    name="draft",
    path="drafts",
    one="draft",
    many="drafts",
    title="Góp ý dự thảo",
    schema=DraftIn,
    in_card=("title", "title_en", "about", "about_en", "agency", "drafting", "opens", "closes"),
    read=Action.READ_PARTICIPATION,
    manage=Action.MANAGE_PARTICIPATION,
    window=("opens", "closes"),
    beside=_links,
    more_fields={"documents": ma.fields.List(ma.fields.Nested(DraftDocumentOut), required=True)},
    body=("about", "about_en", "drafting"),
    check=_check,
    follow=_show_files,
)
