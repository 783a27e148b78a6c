"""Which addresses the site may call when somebody else names them: those outside, never those of its own network.

Addresses that carry an IPv4 address inside (mapped, 6to4, Teredo, NAT64) are judged by that one too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

IpAddress = IPv4Address | IPv6Address

NAT64 = IPv6Network("64:ff9b::/96")
DEFAULT_PORTS = {"http": 80, "https": 443}
SAFE_IN_TARGET = "/?:@!$&'()*+,;=-._~%#[]"


class NotAllowed(Exception):
    """Says in a word what is wrong with an address, without the address."""


@dataclass(frozen=True, slots=True)
class Target:
    """A web address taken apart; `host` is ASCII, `path` goes from the first slash and has the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(address: str, *, ports: Collection[int]) -> Target:
    """Takes an address apart; raises `NotAllowed` where it is not plain http(s) to one of the ports."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise NotAllowed("not an address") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise NotAllowed("neither http nor https")
    if not host or any(sign <= " " or sign == "\x7f" for sign in address):
        raise NotAllowed("not an address")
    if "@" in parts.netloc:
        raise NotAllowed("a name or password in it")
    if port is None:
        port = DEFAULT_PORTS[parts.scheme]
    if port not in ports:
        raise NotAllowed("a port that is not allowed")
    try:
        ascii_host = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise NotAllowed("not an address") from None
    path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=SAFE_IN_TARGET)
    return Target(parts.scheme, ascii_host, port, path)


def is_outside(ip: IpAddress) -> bool:
    """Whether an address lies on the public network, with all that is carried inside it."""
    return all(_is_public(one) for one in (ip, *_carried(ip)))


def may_call(ip: IpAddress, *, allows_private: bool) -> bool:
    """Public addresses; with the setting also private ones and this machine, never a neighbour without a router."""
    if is_outside(ip):
        return True
    return allows_private and all(_is_private(one) for one in _innermost(ip))


def literal(host: str) -> IpAddress | None:
    """The address where the host is written as one, `127.0.0.1` or `::1`."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _is_public(ip: IpAddress) -> bool:
    if isinstance(ip, IPv6Address) and (ip.ipv4_mapped is not None or ip in NAT64):
        return True  # judged by the address inside
    return ip.is_global and not _is_special(ip)


def _is_private(ip: IpAddress) -> bool:
    return ip.is_loopback or (ip.is_private and not _is_special(ip))


def _is_special(ip: IpAddress) -> bool:
    """For no conversation with one host: everyone, nobody, the next cable."""
    is_site_local = isinstance(ip, IPv6Address) and ip.is_site_local
    return ip.is_multicast or ip.is_unspecified or ip.is_link_local or ip.is_reserved or is_site_local


def _carried(ip: IpAddress) -> Iterator[IPv4Address]:
    if isinstance(ip, IPv4Address):
        return
    if ip.ipv4_mapped is not None:
        yield ip.ipv4_mapped
    if ip.sixtofour is not None:
        yield ip.sixtofour
    if ip.teredo is not None:
        yield from ip.teredo
    if ip in NAT64:
        yield IPv4Address(int(ip) & 0xFFFFFFFF)


def _innermost(ip: IpAddress) -> list[IpAddress]:
    return list(_carried(ip)) or [ip]
