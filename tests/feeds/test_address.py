"""Which addresses a feed may live at."""

from __future__ import annotations

import socket

import pytest

from bot.feeds.address import AddressRefused, Guard

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
PRIVATE = [
    "127.0.0.1", "127.255.255.254", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
    "169.254.1.1", "198.18.0.1", "::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
]  # fmt: skip
NEVER = [
    "169.254.169.254", "100.100.100.200", "fd00:ec2::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
    "0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "ff02::1",
    "::127.0.0.1", "::ffff:0:7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:10::1", "2001:db8::1",
    "192.88.99.1", "192.0.0.8", "192.0.2.1", "198.51.100.1", "203.0.113.9", "100::1", "3fff::1", "5f00::1",
    "4000::1", "not-an-address", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("allow_private", [True, False])
def test_public_addresses_are_allowed(address: str, allow_private: bool) -> None:
    """Feeds live on the internet."""
    assert Guard(allow_private).allows(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_need_the_setting(address: str) -> None:
    """Loopback and private networks are reached only when the admin says so, in whatever notation."""
    assert not Guard(False).allows(address)
    assert Guard(True).allows(address)


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_are_never_allowed(address: str) -> None:
    """No setting opens cloud metadata, multicast, reserved ranges and tunnels that hide another address."""
    assert not Guard(False).allows(address)
    assert not Guard(True).allows(address)


def test_no_socket_is_made_for_a_refused_address() -> None:
    """The refusal comes before the socket and names the address."""
    info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))

    with pytest.raises(AddressRefused) as refused:
        Guard(False)(info)
    with Guard(True)(info) as made:
        assert made.family == socket.AF_INET
    assert refused.value.address == "127.0.0.1"
