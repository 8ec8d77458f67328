"""A province whose procedures are handed in at a portal on this machine."""

import uuid
from pathlib import Path
from typing import Any

import yaml

from smartcity.settings import ROOT

_PROVINCE = ROOT / "config" / "province"
IDS = [str(uuid.UUID(int=number)) for number in range(0xA0, 0x100)]


def national(**changes: Any) -> dict[str, Any]:
    """A portal as the file writes it."""
    return {
        "id": "national_portal",
        "vi": "Cổng",
        "en": "Portal",
        "hosts": ["dichvucong.gov.vn"],
        "web": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/{id}",
        "values": {"id": "uuid"},
        **changes,
    }


def province(folder: Path, *portals: dict[str, Any]) -> Path:
    """The province's folder, but for its portals."""
    folder.mkdir(parents=True)
    for file in _PROVINCE.iterdir():
        if file.name != "portals.yaml":
            (folder / file.name).symlink_to(file)
    written = yaml.safe_dump({"portals": list(portals)}, allow_unicode=True)
    (folder / "portals.yaml").write_text(written, "utf-8")
    return folder


def link(ident: str = IDS[0], template: str = "national_portal") -> dict[str, Any]:
    """A record's link."""
    return {"template": template, "values": {"id": ident}}
