"""Codes of procedures (mã thủ tục): a procedure is known by the first two parts of its code."""

import re

# 1.001612.000.00.00.H01 is the local form used until 2021; 1.013542 what all of them begin with.
_CODE = re.compile(r"(?P<sort>\d)\.?(?P<number>\d{6})(?:\.[0-9A-Z]{1,4}){0,6}", re.ASCII)


def canonical(written: str) -> str | None:
    """`1.001612` of any form of it, with its dot or without; None for what is no code."""
    found = _CODE.fullmatch(written.strip().upper())
    return f"{found['sort']}.{found['number']}" if found else None
