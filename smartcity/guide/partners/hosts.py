"""The hosts that links out may lead to, as `partner_hosts.yaml` says: read once.

BadFile names every line that is no plain host.
"""

import re
from collections.abc import Collection
from urllib.parse import urlencode

import marshmallow as ma

from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml, refuse, repeated
from smartcity.core.fields import Schema
from smartcity.settings import Settings

FILE = "guide/partner_hosts.yaml"
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.ASCII)
_ADDRESS = re.compile(r"https://([^\s/?#\\@:]+)(/[!-~]*)?\Z")  # no port, user or letter to encode


class _File(Schema):
    hosts = ma.fields.List(ma.fields.String(), required=True)


@per_app
def hosts(settings: Settings) -> Collection[str]:
    """The application's hosts."""
    file = settings.province_dir / FILE
    found = read_yaml(file, _File)["hosts"]
    refuse(file, [f"{host} is no host" for host in found if not _HOST.fullmatch(host)])
    refuse(file, repeated(found))
    return frozenset(found)


def host_of(address: str) -> str | None:
    """The host of an https address without port and user; None for any other."""
    plain = _ADDRESS.match(address)
    return plain and plain[1]


def fault(address: str) -> str | None:
    """The key of what is wrong with an address, naming its host; None for one that is allowed.

    The host is told in ASCII: a look-alike of a listed one shows itself.
    """
    host = host_of(address)
    if host is None:
        return "guide.partner.not_plain"
    if host in hosts():
        return None
    shown = host.encode("ascii", "backslashreplace").decode()
    return f"guide.partner.host_not_listed|{urlencode({'host': shown})}"
