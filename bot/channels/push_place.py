"""Where a signal may go: only to push services that the settings list, and never into a private network."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field

import httpx

LONGEST = 2_000  # characters of an address; those of browsers have a few hundred
HTTPS = 443
NAT64 = ipaddress.ip_network("64:ff9b::/96")
_PLAIN = re.compile(r"https://[!-~]+")
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class UnsafePlace(Exception):  # noqa: N818 -- says what was found, like the others
    """A listed name leads into a private network, or nowhere."""


@dataclass(frozen=True, slots=True)
class Place:
    """One browser's address at a push service that is listed."""

    url: httpx.URL = field(repr=False)
    ours: bool = False  # listed with its port: a service of one's own, which may stand in a private network

    @property
    def host(self) -> str:
        """The name to look up."""
        return self.url.host

    @property
    def port(self) -> int:
        """The port to reach."""
        return self.url.port or HTTPS

    @property
    def audience(self) -> str:
        """The push service itself, as its tickets name it."""
        return f"https://{self.url.netloc.decode('ascii')}"


def find(address: str, listed: Iterable[str]) -> Place | None:
    """The place of an address, or None where no signal may go: another scheme, an unlisted host, a password."""
    if len(address) > LONGEST or not _PLAIN.fullmatch(address) or "\\" in address:
        return None
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        return None
    if url.scheme != "https" or url.userinfo or url.fragment or not url.host:
        return None
    netloc, listed = url.netloc.decode("ascii").lower(), tuple(listed)
    if f"{netloc}:{HTTPS}" in listed or (url.port is not None and netloc in listed):
        return Place(url, ours=True)
    if url.port is None and any(_serves(entry, netloc) for entry in listed):
        return Place(url)
    return None


def _serves(entry: str, host: str) -> bool:
    return host.endswith(entry[1:]) if entry.startswith("*.") else host == entry


async def resolve(place: Place) -> list[str]:
    """The addresses to connect to, looked up once so that they cannot change between the look and the call.

    UnsafePlace when one of them is not public; OSError when the name is not found now.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not addresses:
        raise UnsafePlace("no address")
    if not place.ours and not all(is_public(one) for one in addresses):
        raise UnsafePlace("not public")
    return addresses


def is_public(address: str) -> bool:
    """Whether an IP address is of the open internet, also behind the ways in which one can be wrapped in another."""
    ip = ipaddress.ip_address(address)
    return all(one.is_global and not one.is_multicast for one in (ip, *_wrapped(ip)))


def _wrapped(ip: IPAddress) -> Iterable[IPAddress]:
    if isinstance(ip, ipaddress.IPv4Address):
        return
    if ip.ipv4_mapped is not None:
        yield ip.ipv4_mapped
    if ip.sixtofour is not None:
        yield ip.sixtofour
    if ip.teredo is not None:
        yield from ip.teredo
    if ip in NAT64:
        yield ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
