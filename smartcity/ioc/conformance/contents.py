"""What an event may hold: large, in Vietnamese, with more than is known today."""

import unicodedata

from smartcity.ioc.conformance.findings import Failed
from smartcity.ioc.conformance.receiver import Receiver

LARGEST = 19_990  # bytes; under 20 kB is promised
_TEXTS = {
    "composed letters (NFC)": "Ổ gà lớn, nguy hiểm; ngập nước ở ngõ Nguyễn Huệ.",
    "decomposed letters (NFD)": unicodedata.normalize("NFD", "Ổ gà lớn, ngập nước."),
    "đ and Đ": "Đường đi đầy đất đá",
    "letters of four bytes": "Cây đổ 🌳, cháy 🔥",
}


def large(receiver: Receiver) -> None:
    """An event of just under 20 kB is taken whole."""
    empty = receiver.probes.event(data={"description": ""})
    filled = {"description": "x" * (LARGEST - len(empty.body))}
    probe = receiver.probes.event(empty.report, data=filled)
    receiver.takes(probe, as_what=f"for {len(probe.body):,} bytes")
    receiver.holds(probe.report, probe, bytewise=True)


def vietnamese(receiver: Receiver) -> None:
    """Vietnamese text in UTF-8 is kept byte by byte."""
    for name, words in _TEXTS.items():
        data = {"description": words, "status_label": "Chờ tiếp nhận"}
        probe = receiver.probes.event(ascii_only=False, data=data)
        receiver.takes(probe, as_what=f"for {name}")
        try:
            receiver.holds(probe.report, probe, bytewise=True)
        except Failed as failed:
            raise Failed(f"{name} kept; {failed.expected}", failed.came) from None


def unknown_parts(receiver: Receiver) -> None:
    """Attributes, fields and moves that it does not know are no reason to refuse."""
    probes = receiver.probes
    for name, probe in {
        "an attribute that it does not know": probes.event(kiemtra="x"),
        "a field in data that it does not know": probes.event(data={"kiem_tra": {"a": [1]}}),
        "a move that it does not know": probes.event(
            type="vn.smartcity.report.kiem_tra", data={"move": "kiem_tra", "status": "kiem_tra"}
        ),
    }.items():
        receiver.takes(probe, as_what=f"for {name}")
        receiver.holds(probe.report, probe)


def other_content_type(receiver: Receiver) -> None:
    """Another content type is refused, or taken as one event; nothing breaks."""
    probe = receiver.probes.event()
    reply = receiver.send(probe, headers={"Content-Type": "text/plain"})
    if reply.status is None or not 200 <= reply.status < 500:
        raise Failed("2xx or 4xx", str(reply))
    receiver.holds(probe.report, *([probe] if reply.good else []))
