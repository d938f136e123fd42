"""The gate: which addresses are public, and sockets that lead to no others."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import aiohttp

Address = IPv4Address | IPv6Address

_UNICAST = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")
# What `is_global` lets through: metadata of Oracle's and Azure's machines, relays, documentation.
_CLOSED = tuple(
    map(ip_network, ("192.0.0.0/24", "168.63.129.16/32", "192.88.99.0/24", "3fff::/20"))
)


def is_public(address: Address) -> bool:
    """Whether it lies in the open internet, with an IPv4 address inside an IPv6 one unwrapped."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(inner)
        if address not in _UNICAST:
            return False
    is_closed = address.is_multicast or any(address in network for network in _CLOSED)
    return address.is_global and not is_closed


class Private(OSError):
    """A connection that is not made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Makes the sockets of all connections, for addresses that are allowed only."""

    allow: Callable[[Address], bool]

    def __call__(self, wanted: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, place = wanted
        try:
            is_allowed = self.allow(ip_address(str(place[0]).partition("%")[0]))
        except ValueError:  # not a number: the system would ask for it once more
            is_allowed = False
        if not is_allowed:
            raise Private("not a public address")
        return socket.socket(family, kind, protocol)
