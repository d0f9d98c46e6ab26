"""Pages from the web: ``http`` and ``https``, public addresses only, within limits of size and time.

Whoever names a URL must not reach what only this machine can reach. So the host is resolved here, every address it
resolves to must be public, and the connection goes to the very address that was checked: a name that resolves
differently the second time gains nothing. Each redirect is checked in the same way. Proxies are not used.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from rag.errors import AddressRefused, FetchFailed, SourceTooLarge

MAX_BYTES = 20 * 2**20
"""The largest page that is taken, before and after unpacking."""
TOTAL_SECONDS = 60.0
"""The longest a fetch may take, redirects included."""
STEP_SECONDS = 10.0
"""The longest wait for a connection, or for the next bytes."""
MAX_REDIRECTS = 5

PORTS = {"http": 80, "https": 443}

_SAVE_IT = "open it in a browser, save the page, and index the file"


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of a page or file, and a page's ``Content-Type`` header."""

    data: bytes
    content_type: str | None


Resolve = Callable[[str, int], Sequence[str]]
"""Host and port to the addresses that may be connected to; raises AddressRefused or FetchFailed."""


def public_addresses(host: str, port: int) -> tuple[str, ...]:
    """What a host resolves to. Raises AddressRefused unless each address is public and the port is 80 or 443."""
    if port not in PORTS.values():
        raise AddressRefused(f"port {port} is not fetched from, only 80 and 443: {_SAVE_IT}.")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchFailed(f"the host {host} cannot be found ({error}): check the address and the network.") from error
    addresses = tuple(dict.fromkeys(str(info[4][0]) for info in found))
    for address in addresses:
        if not is_public(address):
            raise AddressRefused(f"{host} leads to {address}, which is not a public address: {_SAVE_IT}.")
    return addresses


def fetch(url: str, resolve: Resolve = public_addresses, total_seconds: float = TOTAL_SECONDS) -> Fetched:
    """The page at a URL. Raises AddressRefused, FetchFailed and SourceTooLarge."""
    deadline = time.monotonic() + total_seconds
    for _ in range(MAX_REDIRECTS + 1):
        parts = _checked(url)
        answer = _ask(parts, resolve, deadline)
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(parts.geturl(), answer)
    raise FetchFailed(f"it redirects more than {MAX_REDIRECTS} times: find the page's final address and index that.")


# ------------------------------------------------------------------------------------------------------- addresses

_REFUSED = tuple(
    ipaddress.ip_network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # public by its number, but it answers only inside a cloud, to its own machines
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")  # all else is local, multicast, reserved or wraps an IPv4 address


def is_public(address: str) -> bool:
    """True for an address anyone on the internet can reach. ``address`` is numeric, as resolved."""
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return False
    if number.version == 6 and number not in _GLOBAL_V6:
        return False
    return number.is_global and not any(number in block for block in _REFUSED)


def _checked(url: str) -> SplitResult:
    """The parts of a URL that may be asked for, with its host in ASCII and its path quoted."""
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise AddressRefused("the address holds a space, a backslash or a control character: write it as %20, %5C …")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise AddressRefused(f"it is not a usable address ({error}): check it.") from error
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise AddressRefused(f"it leads to {scheme or 'no'}:, but only http and https are fetched: {_SAVE_IT}.")
    if "@" in parts.netloc:
        raise AddressRefused(f"it carries a user name or password, which is not sent: {_SAVE_IT}.")
    if not host or "%" in host:
        raise AddressRefused("it names no usable host: check the address.")
    netloc = _ascii_host(host) if port is None else f"{_ascii_host(host)}:{port}"
    path = quote(parts.path or "/", safe="/%:=&+!$,;'()*~@-._")
    return SplitResult(scheme, netloc, path, quote(parts.query, safe="/%:=&+!$,;'()*~@-._?[]"), "")


def _ascii_host(host: str) -> str:
    if ":" in host:
        return f"[{host}]"
    try:
        return host.removesuffix(".").encode("idna").decode()
    except UnicodeError as error:
        raise AddressRefused(f"{host} is not a host name ({error}): check the address.") from error


# ------------------------------------------------------------------------------------------------------ one request


def _ask(parts: SplitResult, resolve: Resolve, deadline: float) -> Fetched | str:
    """One request: the page, or the address it redirects to."""
    port = parts.port or PORTS[parts.scheme]
    try:
        with _connection(parts, port, _resolved(resolve, parts.hostname or "", port, deadline), deadline) as connection:
            connection.request("GET", _target(parts), headers=_HEADERS)
            response = connection.getresponse()
            if response.status in (301, 302, 303, 307, 308) and (location := response.getheader("Location")):
                return location.encode("latin-1").decode(errors="replace").strip()  # headers come as Latin-1
            if response.status != http.client.OK:
                raise FetchFailed(f"it answered {response.status} {response.reason}: check the address, or {_SAVE_IT}.")
            data = _unpacked(_body(response), (response.getheader("Content-Encoding") or "").strip().lower())
            return Fetched(data, response.getheader("Content-Type"))
    except (OSError, http.client.HTTPException, ValueError) as error:
        _check_time(deadline)
        reason = str(error) or type(error).__name__
        raise FetchFailed(f"{parts.hostname} did not answer properly ({reason}): try later, or {_SAVE_IT}.") from error


_HEADERS = {"User-Agent": "Vouch (document indexer)", "Accept": "text/html, */*;q=0.8", "Accept-Encoding": "identity"}


def _target(parts: SplitResult) -> str:
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _resolved(resolve: Resolve, host: str, port: int, deadline: float) -> Sequence[str]:
    """The addresses, in time: the system's resolver has no time limit of its own, so it runs beside."""
    outcome: list[Sequence[str] | Exception] = []

    def ask() -> None:
        try:
            outcome.append(resolve(host, port))
        except Exception as error:  # handed over to the waiting side
            outcome.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(min(STEP_SECONDS, max(0.0, deadline - time.monotonic())))
    if not outcome:
        raise FetchFailed(f"the host {host} was not found in time: check the network, and try later.")
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]


@contextmanager
def _connection(
    parts: SplitResult, port: int, addresses: Sequence[str], deadline: float
) -> Iterator[http.client.HTTPConnection]:
    """A connection to one of the checked addresses, which is cut off at the deadline whatever it is doing."""
    host = parts.hostname or ""
    connected = _connected(addresses, port, deadline)
    try:
        if parts.scheme == "https":
            connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
        connection = http.client.HTTPConnection(host, port)
        connection.default_port = PORTS[parts.scheme]  # so that the Host header names only an unusual port
        connection.sock = connected  # given a socket, http.client neither resolves nor connects
        connected.settimeout(STEP_SECONDS)
        cut = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, [connected])
        cut.daemon = True
        cut.start()
        try:
            yield connection
            _check_time(deadline)
        finally:
            cut.cancel()
            connection.close()
    finally:
        connected.close()


def _connected(addresses: Sequence[str], port: int, deadline: float) -> socket.socket:
    failure: OSError | None = None
    for address in addresses:
        _check_time(deadline)
        try:
            return socket.create_connection((address, port), min(STEP_SECONDS, deadline - time.monotonic()))
        except OSError as error:
            failure = error
    raise failure or OSError("it has no address")


def _cut(connected: socket.socket) -> None:
    with suppress(OSError):  # already closed
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _check_time(deadline: float) -> None:
    if time.monotonic() >= deadline:
        raise FetchFailed(f"it took too long to arrive: try later, or {_SAVE_IT}.")


def _body(response: http.client.HTTPResponse) -> bytes:
    data = response.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _too_large()
    if response.length:  # http.client does not mind a body that stops short
        raise http.client.IncompleteRead(data, response.length)
    return data


def _unpacked(data: bytes, encoding: str) -> bytes:
    if encoding in ("", "identity"):
        return data
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchFailed(f"it came packed as {encoding}, which was not asked for: {_SAVE_IT}.")
    unpacker = zlib.decompressobj(wbits=47)  # gzip or zlib, by its header
    try:
        unpacked = unpacker.decompress(data, MAX_BYTES + 1)
    except zlib.error as error:
        raise FetchFailed(f"it arrived damaged ({error}): try again, or {_SAVE_IT}.") from error
    if len(unpacked) > MAX_BYTES:
        raise _too_large()
    if not unpacker.eof:
        raise FetchFailed(f"it arrived incomplete: try again, or {_SAVE_IT}.")
    return unpacked


def _too_large() -> SourceTooLarge:
    return SourceTooLarge(
        f"it is over the limit of {MAX_BYTES / 2**20:.0f} MB for a page: download it, split it, index that."
    )
