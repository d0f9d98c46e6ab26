"""What stands before every face, mounted apps and websockets included: who may come in, how much they may bring,
and what a browser is told to do with what it gets.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import ipaddress
import json
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.errors import RagError
from rag.sources import MAX_BYTES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

UPLOADS = ("/api/index", "/gradio_api/upload")
PAGE = "/"
WRONG_PASSWORD_SECONDS = 0.5  # wrong guesses wait, one after the other: a password is not found by trying
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_HOST = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[^\[\]:@/]+))(?::\d+)?")
_SCRIPT = re.compile(rb"<script\b([^>]*>.*?</script\s*>)", re.IGNORECASE | re.DOTALL)  # whole: its text is no markup


class AuthError(RagError):
    """A user and password that cannot be used."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The one user who may come in, by HTTP Basic."""

    user: str
    password: str

    @classmethod
    def parse(cls, text: str) -> Credentials:
        """From ``user:password``. Raises AuthError."""
        user, colon, password = text.partition(":")
        if not (user and colon and password):
            raise AuthError("give a user and a password with a colon between them, such as anna:a-long-password")
        return cls(user, password)

    def admit(self, header: str) -> bool:
        """Whether an Authorization header holds them; takes the same time whatever it holds."""
        scheme, _, given = header.partition(" ")
        try:
            decoded = base64.b64decode(given.strip(), validate=True)
        except (binascii.Error, ValueError):
            decoded = b""
        wanted = f"{self.user}:{self.password}".encode()
        same = hmac.compare_digest(hashlib.sha256(decoded).digest(), hashlib.sha256(wanted).digest())
        return same and scheme.lower() == "basic"


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one request may bring: files, bytes of a file, of all its files, and of any other body."""

    files: int = 200
    file_bytes: int = MAX_BYTES
    upload_bytes: int = 2**30
    body_bytes: int = 16 * 2**20


class Guard:
    """An ASGI app around another.

    Refuses names that a web page elsewhere could have made to lead here (DNS rebinding), requests that such a page
    sends, whoever has no credentials where some are asked for, and bodies over the limits. Adds security headers;
    the page's own scripts get a nonce, and no other script runs.
    """

    def __init__(self, app: ASGIApp, credentials: Credentials | None, hosts: Collection[str], limits: Limits) -> None:
        self._app = app
        self._credentials = credentials
        self._hosts = {host.lower() for host in hosts}
        self._limits = limits
        self._guessing = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(headers)
        if refusal:
            if refusal.status == 401 and "authorization" in headers:
                async with self._guessing:
                    await asyncio.sleep(WRONG_PASSWORD_SECONDS)
            await _refuse(refusal, scope, receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send, headers)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, headers: dict[str, str]) -> _Refusal | None:
        host = headers.get("host", "")
        if not self._is_ours(host):
            return _Refusal(
                421, "HostRefused", "this server does not answer to that name: use its address, or localhost"
            )
        if not _is_from_here(headers, host):
            return _Refusal(403, "OriginRefused", "requests from pages of other sites are refused")
        if self._credentials and not self._credentials.admit(headers.get("authorization", "")):
            return _Refusal(401, "Unauthorized", "a user and a password are needed (HTTP Basic)")
        return None

    def _is_ours(self, host: str) -> bool:
        """An address, which no name server can turn elsewhere, or a name that is known to be of this machine."""
        parsed = _HOST.fullmatch(host.lower())
        if parsed is None:
            return False
        if parsed["name"] in ("localhost", *self._hosts):
            return True
        try:
            ipaddress.ip_address(parsed["v6"] or parsed["name"])
        except ValueError:
            return False
        return True

    async def _serve(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]) -> None:
        most = self._limits.upload_bytes if scope["path"] in UPLOADS else self._limits.body_bytes
        bounded = _Bounded(receive, _Dressed(send, scope["path"]), most)
        if headers.get("content-length", "0").isdigit() and int(headers.get("content-length", "0")) > most:
            bounded.exceeded = True
        else:
            try:
                await self._app(scope, bounded.receive, bounded.send)
            except Exception:
                if not bounded.exceeded:
                    raise
        if bounded.exceeded and not bounded.begun:
            refusal = _Refusal(413, "TooLarge", f"more than {most / 2**20:,.0f} MB: send less at a time")
            await _refuse(refusal, scope, receive, send)


@dataclass(frozen=True, slots=True)
class _Refusal:
    status: int
    error: str
    message: str


async def _refuse(refusal: _Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with JSON; a websocket in the same words where the server can, or else by closing it."""
    if scope["type"] == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": refusal.error})
        return
    kind = "websocket.http.response" if scope["type"] == "websocket" else "http.response"
    headers = {"content-type": "application/json", "cache-control": "no-store", "content-security-policy": _NOTHING}
    if refusal.status == 401:
        headers["www-authenticate"] = 'Basic realm="Vouch", charset="UTF-8"'
    if refusal.status == 413:
        headers["connection"] = "close"  # what is left of the body is not read
    encoded = [(name.encode(), value.encode()) for name, value in (_HEADERS | headers).items()]
    await send({"type": f"{kind}.start", "status": refusal.status, "headers": encoded})
    body = json.dumps({"error": refusal.error, "message": refusal.message}).encode()
    await send({"type": f"{kind}.body", "body": body})


def _is_from_here(headers: dict[str, str], host: str) -> bool:
    """Whether no page of another site sends this; a link that is followed to the page is no such thing."""
    origin = headers.get("origin")
    if origin is None:
        site, mode = headers.get("sec-fetch-site"), headers.get("sec-fetch-mode")
        return site in (None, "same-origin", "none") or mode == "navigate"
    if origin == "null":  # what a form of this page sends under no-referrer
        return headers.get("sec-fetch-site") == "same-origin"
    return urlsplit(origin).netloc.lower() == host.lower()


class _Bounded:
    """Counts what a request brings; past the limit the app sees the sender gone, and says nothing more."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self._left = receive, send, most
        self.exceeded = False
        self.begun = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.exceeded = True
            return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        if not self.exceeded or self.begun:
            self.begun = True
            await self._send(message)


class _Dressed:
    """Adds the security headers to a response, and a nonce to the scripts of the page."""

    def __init__(self, send: Send, path: str) -> None:
        self._send, self._path = send, path
        self._page: bytearray | None = None
        self._start: Message = {}
        self._nonce = secrets.token_urlsafe(18)

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif message["type"] != "http.response.body" or self._page is None:
            await self._send(message)
        else:
            self._page += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(bytes(self._page))

    async def _begin(self, message: Message) -> None:
        headers = {bytes(name).lower(): bytes(value) for name, value in message.get("headers", ())}
        if self._path == PAGE and headers.get(b"content-type", b"").startswith(b"text/html"):
            self._start, self._page = message, bytearray()
            return
        message["headers"] = self._dressed(message, _NOTHING)
        await self._send(message)

    async def _finish(self, page: bytes) -> None:
        nonce = self._nonce.encode()
        page = _SCRIPT.sub(lambda script: b'<script nonce="%s"%s' % (nonce, script[1]), page)
        headers = self._dressed(self._start, page_policy(self._nonce))
        kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
        kept.append((b"content-length", str(len(page)).encode()))
        await self._send({**self._start, "headers": kept})
        await self._send({"type": "http.response.body", "body": page})

    def _dressed(self, message: Message, policy: str) -> list[tuple[bytes, bytes]]:
        ours = _HEADERS | {"content-security-policy": policy}
        if self._path == PAGE or self._path.startswith("/api/"):
            ours["cache-control"] = "no-store"
        theirs = [(n, v) for n, v in message.get("headers", ()) if n.decode("latin-1").lower() not in ours]
        return [*theirs, *((name.encode(), value.encode()) for name, value in ours.items())]


def page_policy(nonce: str) -> str:
    """The content security policy of the page: what it needs, all of it from here.

    Gradio writes styles into elements, hence ``unsafe-inline`` for styles; scripts need the nonce or our own address.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
