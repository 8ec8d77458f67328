"""Which addresses and hosts a stranger may send us to."""

import pytest

from smartcity.adapters.addresses import is_public, is_public_name
from smartcity.adapters.outbound import Guard, system_resolver
from smartcity.core.errors import Permanent

PUBLIC = """
    1.1.1.1 8.8.8.8 93.184.216.34 103.21.244.1 113.160.0.1 203.162.4.190 223.255.255.254
    2400:cb00::1 2606:4700:4700::1111 2001:4860:4860::8888 2405:4800::1
    ::ffff:8.8.8.8 64:ff9b::8.8.8.8 64:ff9b::808:808
"""
PRIVATE = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
    127.255.255.254 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1
    192.0.0.192 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1
    198.19.255.255 198.51.100.1 203.0.113.7 224.0.0.1 224.0.1.1 239.255.255.255 240.0.0.1
    255.255.255.255 168.63.129.16
    :: ::1 ::2 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1
    ::ffff:169.254.169.254 ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe
    64:ff9b::10.0.0.1 64:ff9b:1::8.8.8.8 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2
    2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 2002:a9fe:a9fe::1 2002:808:808::1
    3fff::1 5f00::1 4000::1 fc00::1 fd00:ec2::254 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1
    2606:4700:4700::1111%eth0 ff02::1 ff0e::1
"""
# Spellings of this machine, its neighbours and a cloud's metadata, each as a URL's host.
SPELLINGS = """
    127.0.0.1 127.0.0.1. 127.1 127.0.1 0 0.0.0.0 0x7f.0.0.1 0x7f000001 0X7F000001 2130706433
    017700000001 0177.0.0.1 0177.0.0.01 127.0.0.0x1 127.0x000001 4294967297
    10.1 012.0.0.1 0xa.0.0.1 192.168.1 3232235777 0xc0a80101 0300.0250.0.1
    169.254.169.254 169.254.169.254. 169.254.43518 0xa9fea9fe 2852039166 0251.0376.0251.0376
    0xA9.254.0251.254 169.16689662 ①②⑦.0.0.1 １２７.0.0.1 127。0。0。1 127%2e0%2e0%2e1
    [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:1]
    [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1%25lo] [fe80::1%25eth0] [fd00:ec2::254]
    localhost LOCALHOST localhost. localhost.. foo.localhost localhost.localdomain ｌocalhost
    metadata metadata.google.internal METADATA.GOOGLE.INTERNAL. instance-data.ec2.internal
    printer.local nas.lan router.home.arpa kubernetes.default.svc kubernetes.default.svc. db
    x..example.vn .example.vn example..vn -.vn example.vn%00.evil.vn example.vn%23
"""


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE.split())
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("word", ["", "localhost", "127.1", "0x7f000001", "1.2.3.4.5", "::g"])
def test_what_is_no_address_is_not_public(word: str) -> None:
    assert not is_public(word)


@pytest.mark.parametrize("host", SPELLINGS.split())
def test_no_spelling_leads_inside(host: str) -> None:
    """By this machine's own resolver, which knows the numeric forms."""
    guard = Guard(frozenset({"http", "https"}))
    for scheme in ("http", "https"):
        with pytest.raises(Permanent):
            guard.fetch(f"{scheme}://{host}/latest/meta-data", seconds=2)


@pytest.mark.parametrize("host", SPELLINGS.split())
def test_even_a_host_that_passed_as_a_name_is_judged_by_its_addresses(host: str) -> None:
    bare = host.strip("[]").rstrip(".")
    try:
        found = system_resolver(bare, 80)
    except (OSError, UnicodeError):
        return
    assert not all(map(is_public, found))


@pytest.mark.parametrize(
    "host", ["example.vn", "tin-tuc.example.com.vn", "a_b.example.vn", "8.8.8.8"]
)
def test_names_that_may_be_looked_up(host: str) -> None:
    assert is_public_name(host)
