"""Which addresses we call: of the public network, and the one that was checked is the one called.

Source: OWASP, Server-Side Request Forgery prevention; IANA special-purpose address registries, as
Python's `ipaddress` knows them.
"""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
"""Source: IANA, Internet Protocol Version 6 Address Space: of all else nothing is global unicast,
whatever an older Python says of site-local addresses and networks' own translation."""


class Refused(Exception):
    """An address that is not called; the text is a code."""


@dataclass(frozen=True)
class Target:
    """Where to connect, and under which name."""

    scheme: str
    host: str
    port: int
    path: str
    ip: str


def target_of(url: str) -> Target:
    """Look an address up, once, and say where exactly to connect.

    Whoever owns a name may answer something else the next time; hence the caller connects to
    `ip` and never asks for the name again.

    Raises:
        Refused: the form is wrong, nobody has the name, or it leads where we do not call.
    """
    target = _parsed(url)
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused("unknown_name") from error
    addresses = [ipaddress.ip_address(entry[4][0]) for entry in found]
    if not addresses or not all(_may_call(one, target.scheme) for one in addresses):
        raise Refused("address_refused")
    return Target(target.scheme, target.host, target.port, target.path, str(addresses[0]))


def check_form(url: str) -> None:
    """Refuse what could never be called, without asking anybody.

    Raises:
        Refused: the form is wrong, or the address stands there in figures and is refused.
    """
    target = _parsed(url)
    try:
        address = ipaddress.ip_address(target.host)
    except ValueError:
        return
    if not _may_call(address, target.scheme):
        raise Refused("address_refused")


def _parsed(url: str) -> Target:
    try:
        parts = urlsplit(url)
        said = parts.port
    except ValueError as error:
        raise Refused("bad_form") from error
    port = (443 if parts.scheme == "https" else 80) if said is None else said
    is_plain = parts.scheme == "http" and bool(_allowed())
    if not (parts.scheme == "https" or is_plain) or not parts.hostname or port < 1:
        raise Refused("bad_form")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("bad_form")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or any(sign <= " " for sign in path):
        raise Refused("bad_form")
    return Target(parts.scheme, parts.hostname, port, path, "")


def _may_call(address: Address, scheme: str) -> bool:
    plain = _unwrapped(address)
    if any(plain in network for network in _allowed() if network.version == plain.version):
        return True
    is_public = plain.is_global and not plain.is_multicast and not plain.is_reserved
    is_assigned = plain.version == 4 or plain in _GLOBAL_IPV6
    return is_public and is_assigned and scheme == "https"


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is None and address.teredo:
            inner = address.teredo[1]
        return inner or address
    return address


def _allowed() -> Sequence[Network]:
    named = settings.ENV.webhook_networks
    return [ipaddress.ip_network(each.strip()) for each in named.split(",") if each.strip()]
