"""Which network addresses a stranger's URL may lead us to: public ones only.

IANA's special-purpose registries (RFC 6890) say what is not public; forms that wrap one address
in another are unwrapped or refused, since a router may unwrap them after us.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

_REFUSED_V4 = [
    ip_network(block)
    for block in (
        "192.0.0.0/24",  # protocol assignments; a cloud's metadata at .192
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # a cloud's machine agent behind a public address
    )
]
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_REFUSED_V6 = [
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo and benchmarks among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
]
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_INTERNAL = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "home.arpa",
    "svc",
    "onion",
)


def is_public(address: str) -> bool:
    """Whether an address, as a resolver writes it, is one public machine's; False for a word."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return _public_v4(found) if isinstance(found, IPv4Address) else _public_v6(found)


def is_public_name(host: str) -> bool:
    """Whether a host may be looked up: an address in its one usual form, or a name with dots.

    `127.1`, `0x7f000001` and `2130706433` are addresses to some resolvers and names to others.
    """
    try:
        ip_address(host)
    except ValueError:
        return bool(_NAME.fullmatch(host)) and not f".{host}".endswith(_suffixes())
    return True


def _public_v4(address: IPv4Address) -> bool:
    if address.is_multicast or not address.is_global:
        return False
    return not any(address in block for block in _REFUSED_V4)


def _public_v6(address: IPv6Address) -> bool:
    if address.scope_id:
        return False
    if address.ipv4_mapped:
        return _public_v4(address.ipv4_mapped)
    if address in _NAT64:
        return _public_v4(IPv4Address(address.packed[-4:]))
    return address in _GLOBAL_UNICAST and not any(address in block for block in _REFUSED_V6)


def _suffixes() -> tuple[str, ...]:
    return tuple(f".{name}" for name in _INTERNAL)
