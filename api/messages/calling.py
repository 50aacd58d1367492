"""Calling the system of an HDS: one POST to an address that was looked at first, with a limit to all of it.

The name is resolved once and the connection goes to the address that was judged, so that a name that changes its
meaning in between (DNS rebinding) leads nowhere else. Redirects are not followed and proxies not used.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from functools import cache
from urllib.parse import SplitResult, urlsplit

from api.messages.delivering import Undelivered
from api.messages.public_address import is_public

SECONDS = 10.0
_PORTS = {"http": 80, "https": 443}
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def fault_of(url: str, *, development: bool, inside: bool) -> str | None:
    """Why no webhook may have this URL, as a key of the texts `messages`; None when it may.

    https only, but for the own machine in development; an address in numbers must be a public one unless `inside`.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "unsafe_url"
    printable = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if not printable or not host or parts.username is not None or parts.password is not None or parts.fragment:
        return "unsafe_url"
    is_local = development and host in _LOCAL
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local):
        return "unsafe_url"
    with contextlib.suppress(ValueError):
        if not (is_local or inside or is_public(host)):
            return "inside_url"
    return None


def post(url: str, body: bytes, headers: Mapping[str, str], *, development: bool, inside: bool) -> None:
    """POST to a system; any answer of 2xx is a yes, everything else raises Undelivered."""
    if fault := fault_of(url, development=development, inside=inside):
        raise Undelivered(fault)
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or _PORTS[parts.scheme]
    address = _resolved(host, port, any_address=inside or (development and host in _LOCAL))
    try:
        status = _asked(parts, host, port, address, body, headers)
    except ssl.SSLError:
        raise Undelivered("tls") from None
    except TimeoutError:
        raise Undelivered("timeout") from None
    except (OSError, http.client.HTTPException) as error:
        raise Undelivered(f"no answer: {type(error).__name__}") from None
    if not 200 <= status < 300:
        raise Undelivered(f"http {status}")


def _resolved(host: str, port: int, *, any_address: bool) -> str:
    """The address that a name stands for; raises Undelivered when any of them is inside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Undelivered("unknown host") from None
    addresses = [str(one[4][0]) for one in found]
    if not any_address and not all(is_public(one) for one in addresses):
        raise Undelivered("inside_url")
    return addresses[0]


def _asked(
    parts: SplitResult, host: str, port: int, address: str, body: bytes, headers: Mapping[str, str]
) -> int:  # fmt: skip
    """The status of the answer; raises TimeoutError when it takes too long in all."""
    late = threading.Event()
    bare = socket.create_connection((address, port), timeout=SECONDS)
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    connection.sock = bare
    watchdog = threading.Timer(SECONDS, _cut, (connection, late))
    watchdog.daemon = True
    watchdog.start()
    try:
        if parts.scheme == "https":
            # the handshake comes after the watchdog knows the socket
            safe = _trusted().wrap_socket(bare, server_hostname=host, do_handshake_on_connect=False)
            connection.sock = safe
            safe.do_handshake()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        default = port == _PORTS[parts.scheme]
        shown = f"[{host}]" if ":" in host else host
        connection.request("POST", target, body, {"Host": shown if default else f"{shown}:{port}", **headers})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        watchdog.cancel()
        connection.close()
        bare.close()
    return status


def _cut(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    late.set()
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
