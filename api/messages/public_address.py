"""Which addresses are of the public internet, by lists of our own: those of Python change with its release.

Source: the special-purpose address registries of IANA for IPv4 and IPv6 (RFC 6890 and what followed).
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_SPECIAL_V4 = tuple(
    ip_network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/3",
    )
)  # fmt: skip
_ROUTED_V6 = ip_network("2000::/3")
"""All that was ever given out; everything else of IPv6 is local, mapped, or nobody's."""
_SPECIAL_V6 = tuple(ip_network(one) for one in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
"""Of `_ROUTED_V6`: tunnels, which hold an address of IPv4 that nobody sees, and examples."""
_NAT64 = ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; raises ValueError for what is no address.

    An IPv4 address in IPv6 counts as what it is: mapped (`::ffff:`), or translated by the well-known prefix of NAT64,
    which is how a network without IPv4 reaches it.
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return _is_public_v4(found.ipv4_mapped)
        if found in _NAT64:
            return _is_public_v4(IPv4Address(int(found) & 0xFFFFFFFF))
        return found in _ROUTED_V6 and not any(found in special for special in _SPECIAL_V6)
    return _is_public_v4(found)


def _is_public_v4(address: IPv4Address) -> bool:
    return not any(address in special for special in _SPECIAL_V4)
