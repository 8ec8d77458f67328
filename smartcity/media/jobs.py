"""The worker's part: pictures from originals, and the end of what is no longer needed."""

import uuid

from smartcity.core.db import transaction
from smartcity.jobs.service import Lease, handler, periodic
from smartcity.media import assembly, derivatives, files, redaction, retention


@handler("media.derive", queue="media", lease=120)
def derive(lease: Lease) -> None:
    """Make a photo's pictures, or say that it is broken."""
    media_id = uuid.UUID(lease.payload["media"])
    try:
        rendered = derivatives.derive(media_id, lease.payload["format"])
    except derivatives.Broken as broken:
        with transaction() as session:
            derivatives.mark_rejected(session, media_id, str(broken))
            lease.finish(session)
        return
    with transaction() as session:
        wanted = derivatives.mark_ready(session, media_id, rendered)
        lease.finish(session)
    if not wanted:
        derivatives.destroy(media_id)


@handler("media.assemble", queue="media", lease=120)
def assemble(lease: Lease) -> None:
    """Put a photo together that arrived in parts."""
    media_id = uuid.UUID(lease.payload["media"])
    found = assembly.assemble(media_id)
    with transaction() as session:
        assembly.conclude(session, media_id, found)
        lease.finish(session)


@handler("media.redact", queue="media", lease=120)
def redact(lease: Lease) -> None:
    """Make what the public sees of a photo after its regions changed."""
    media_id = uuid.UUID(lease.payload["media"])
    made = redaction.make_pictures(media_id)
    with transaction() as session:
        redaction.mark_redacted(session, media_id, made)
        lease.finish(session)


@periodic("media.sweep", every=600)
def sweep() -> None:
    """Destroy uploads that nobody used, files too, and originals whose time is over."""
    assembly.destroy_parts()
    retention.destroy_unused()
    retention.destroy_originals()
    files.destroy_unused_files()
