"""Partners for tests."""

from typing import Any

GOOD: dict[str, Any] = {
    "key": "xanh-sm",
    "title": "Taxi điện Xanh SM",
    "category": "taxi",
    "phones": ["1900 2088"],
    "web": "https://www.xanhsm.com/",
    "android": "https://play.google.com/store/apps/details?id=com.gsm.customer",
    "disclosure": "none",
}


def partner(**fields: Any) -> dict[str, Any]:
    """A good one, but for these fields."""
    return {**GOOD, **fields}
