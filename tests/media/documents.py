"""Small documents of every sort, and what is wrong with some."""

import io
import zipfile
import zlib

OFFICE_PARTS = {
    "docx": "wordprocessingml.document.main+xml",
    "xlsx": "spreadsheetml.sheet.main+xml",
    "pptx": "presentationml.presentation.main+xml",
}
OPEN_TYPES = {"odt": "text", "ods": "spreadsheet"}
_OFFICE = "application/vnd.openxmlformats-officedocument"


def pdf(objects: bytes = b"", trailer: bytes = b"") -> bytes:
    """A PDF of one empty page, with more objects and more in its trailer."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        + objects
        + b"\ntrailer<</Size 9/Root 1 0 R"
        + trailer
        + b">>\nstartxref\n0\n%%EOF\n"
    )


def packed(content: bytes) -> bytes:
    """An object stream, compressed as most writers do."""
    stream = zlib.compress(content)
    named = b"5 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\r\n"
    return named % len(stream) + stream + b"\nendstream endobj\n"


def archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return buffer.getvalue()


def office(sort: str, more: dict[str, bytes] | None = None, types: str = "") -> bytes:
    override = f'<Override ContentType="{_OFFICE}.{OFFICE_PARTS[sort]}"/>{types}'
    index = {"[Content_Types].xml": f"<Types>{override}</Types>".encode()}
    return archive({**index, "word/document.xml": b"<w:document/>", **(more or {})})


def open_document(sort: str, more: dict[str, bytes] | None = None, manifest: str = "") -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{OPEN_TYPES[sort]}".encode()
    listed = {
        "META-INF/manifest.xml": f"<manifest:manifest>{manifest}</manifest:manifest>".encode()
    }
    return archive({"mimetype": mimetype, **listed, "content.xml": b"<office/>", **(more or {})})


def locked_zip() -> bytes:
    """A document whose members are said to be encrypted."""
    content = bytearray(office("docx"))
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def endless_index() -> bytes:
    """A document of so many empty members that their index alone takes more than a megabyte."""
    return office("docx", {f"word/{number:0200}": b"" for number in range(4_500)})


def bomb() -> bytes:
    """A kilobyte a megabyte: its index of contents unpacks to 50 MB."""
    return archive({"[Content_Types].xml": b" " * 50_000_000})


GOOD = {
    "pdf": pdf(),
    **{sort: office(sort) for sort in OFFICE_PARTS},
    **{sort: open_document(sort) for sort in OPEN_TYPES},
}
_JS = b"<</S/JavaScript/JS(app.alert(1))>>"
# What is wrong with each, as the key of its text.
BAD = {
    "empty": (b"", "unknown_sort"),
    "html": (b"<!doctype html><script>alert(1)</script>", "unknown_sort"),
    "program": (b"MZ" + bytes(100), "unknown_sort"),
    "plain zip": (archive({"a.txt": b"x"}), "unknown_sort"),
    "zip in name only": (b"PK\3\4" + bytes(100), "broken"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_or_locked"),
    "open drawing": (
        archive({"mimetype": b"application/x-krita", "META-INF/manifest.xml": b""}),
        "unknown_sort",
    ),
    "cut off pdf": (pdf()[:-20], "broken"),
    "cut off docx": (office("docx")[:-30], "broken"),
    "pdf with a script": (pdf(b"4 0 obj" + _JS + b"endobj"), "active"),
    "pdf with a script spelt otherwise": (
        pdf(b"4 0 obj<</S/J#61va#53cript/JS(1)>>endobj"),
        "active",
    ),
    "pdf with a packed script": (pdf(packed(b"4 0 " + _JS)), "active"),
    "pdf that launches": (pdf(b"4 0 obj<</S/Launch/F(cmd.exe)>>endobj"), "active"),
    "pdf with a file in it": (pdf(b"4 0 obj<</Type/EmbeddedFile>>endobj"), "active"),
    "pdf with a password": (pdf(trailer=b"/Encrypt 7 0 R"), "locked"),
    "pdf with a broken object stream": (
        pdf(packed(b"x").replace(zlib.compress(b"x"), b"not compressed")),
        "broken",
    ),
    "pdf bomb": (pdf(packed(bytes(70_000_000))), "broken"),
    "docx with macros": (office("docx", {"word/vbaProject.bin": b"x"}), "active"),
    "docm": (
        office("docx", types='<Override ContentType="application/x.macroEnabled.main+xml"/>'),
        "active",
    ),
    "xlsx with old macros": (office("xlsx", {"xl/macrosheets/sheet1.xml": b"x"}), "active"),
    "docx with an object": (office("docx", {"word/embeddings/oleObject1.bin": b"x"}), "active"),
    "docx with a program": (office("docx", {"word/media/setup.exe": b"MZ"}), "active"),
    "odt with macros": (open_document("odt", {"Basic/Standard/Module1.xml": b"x"}), "active"),
    "odt with a password": (
        open_document("odt", manifest="<manifest:encryption-data/>"),
        "locked",
    ),
    "docx with a password": (locked_zip(), "locked"),
    "docx of an endless index": (endless_index(), "broken"),
    "docx bomb": (bomb(), "broken"),
}
