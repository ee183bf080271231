"""Which network addresses a feed may live at, checked where the socket is made.

aiohttp calls ``TCPConnector(socket_factory=...)`` with each resolved address just before it connects. A check
there sees literal addresses, which never meet a resolver, and leaves DNS rebinding no gap between check and use.
It does not look at names or ports.
"""

from __future__ import annotations

import socket
from errno import EACCES
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_Address = IPv4Address | IPv6Address

# What ``allow_private_addresses`` opens: the machine itself and networks behind a router or a tunnel.
_PRIVATE = tuple(
    map(
        ip_network,
        (
            "127.0.0.0/8",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",  # carrier-grade NAT, overlay networks
            "169.254.0.0/16",
            "198.18.0.0/15",  # benchmarking; local proxies hand it out
            "::1/128",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
        ),
    )
)
# Never a feed, but credentials for whoever asks: the metadata services of cloud hosts.
_METADATA = frozenset(map(ip_address, ("169.254.169.254", "100.100.100.200", "fd00:ec2::254")))
# Called global by ``ipaddress.is_global`` in one of the Python versions we run on, though they are not, or lead
# to an IPv4 address that would escape the check: IPv4-compatible and -translated, 6to4, Teredo, local NAT64.
_NEVER = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "192.0.0.0/24",
            "192.88.99.0/24",
            "240.0.0.0/4",
            "::/96",
            "::ffff:0:0:0/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2002::/16",
            "3fff::/20",
            "5f00::/16",
        ),
    )
)
_NAT64 = ip_network("64:ff9b::/96")


class AddressRefused(OSError):
    """A connection to ``address`` was refused by the guard, before any packet left.

    The text is the same for every address: aiohttp keeps the type of several errors only when they read alike.
    """

    def __init__(self, address: str) -> None:
        super().__init__(EACCES, "the address is not a public one")
        self.address = address


class Guard:
    """A socket factory for aiohttp that makes no socket for an address a feed may not live at."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private

    def __call__(self, info: Sequence[Any]) -> socket.socket:
        """A socket for ``info``, an entry of ``getaddrinfo``.

        Raises:
            AddressRefused: its address is not allowed.
        """
        family, kind, protocol, _, where = info
        if not self.allows(where[0]):
            raise AddressRefused(where[0])
        return socket.socket(family, kind, protocol)

    def allows(self, address: str) -> bool:
        """Whether a feed may be fetched from this literal IP address."""
        try:
            ip = _unwrapped(ip_address(address))
        except ValueError:
            return False
        if ip in _METADATA:
            return False
        if any(ip in network for network in _PRIVATE):
            return self._allow_private
        if ip.is_multicast or ip.is_reserved or ip.is_unspecified or any(ip in network for network in _NEVER):
            return False
        return ip.is_global


def _unwrapped(ip: _Address) -> _Address:
    """The IPv4 address inside an IPv4-mapped one or one of the well-known NAT64 prefix (RFC 6052 §2.1).

    NAT64 is looked through rather than refused: on a network without IPv4 it is how every IPv4 host appears.
    """
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        if ip in _NAT64:
            return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
