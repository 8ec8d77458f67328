"""What officers read of a link, in their language."""

from urllib.parse import parse_qsl

from smartcity.core.texts import text


def fault_told(fault: str | None) -> str | None:
    """What the last look found wrong, in the reader's language."""
    if fault is None:
        return None
    key, _, values = fault.partition("|")
    return text(key, **dict(parse_qsl(values)))
