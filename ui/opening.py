"""How the server begins and ends: it answers at once, while the page's packages are still being imported, and when it
is stopped it lets go of the pages that are open, and of nothing that somebody asked for or sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

from ui.guard import PAGE, Credentials, Guard, Limits

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Message, Receive, Scope, Send

WAITING = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="1">'
    "<title>Vouch</title><style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;"
    'display:grid;place-items:center;min-height:90vh}</style></head><body><p role="status">Vouch is opening …</p>'
    "</body></html>"
)


class Opening:
    """An ASGI app that builds another in the background and says so meanwhile, behind the same guard."""

    def __init__(
        self,
        build: Callable[[], FastAPI],
        failed: Callable[[], None],
        credentials: Credentials | None,
        hosts: Collection[str],
        limits: Limits,
        waiting: str = WAITING,
    ) -> None:
        """``failed`` is called where the app could not be built or started; ``failure`` then says why.

        ``waiting`` is the page that is shown meanwhile.
        """
        self._build, self._failed = build, failed
        self.failure: Exception | None = None
        self._waiting = Guard(partial(_wait, waiting), credentials, hosts, limits)
        self._app: FastAPI | None = None
        self._stopping = asyncio.Event()

    def end_streams(self) -> None:
        """To an open page the server listens for ever; from now on it takes all of them for closed."""
        self._stopping.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope.get("method") == "GET":
            await (self._app or self._waiting)(scope, partial(self._unless_stopping, receive), send)
        else:
            await (self._app or self._waiting)(scope, receive, send)

    async def _unless_stopping(self, receive: Receive) -> Message:
        """What comes next of a request, or that its sender is gone."""
        coming, stopping = asyncio.ensure_future(receive()), asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({coming, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return coming.result() if coming.done() else {"type": "http.disconnect"}
        finally:
            coming.cancel()
            stopping.cancel()

    async def _live(self, receive: Receive, send: Send) -> None:
        """Up at once; down when the app, if there is one by then, has closed."""
        await receive()
        stopped = asyncio.Event()
        running = asyncio.create_task(self._run(stopped))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        stopped.set()
        await running
        await send({"type": "lifespan.shutdown.complete"})

    async def _run(self, stopped: asyncio.Event) -> None:
        """Builds the app and keeps it open; one task begins and ends its lifespan, as that needs."""
        try:
            app = await asyncio.to_thread(self._build)
            async with app.router.lifespan_context(app):
                self._app = app
                await stopped.wait()
        except Exception as error:  # whatever it is, the server must not wait for ever; it is raised once it has ended
            self.failure = error
            self._failed()
        finally:
            self._app = None


async def _wait(page: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        await receive()
        await send({"type": "websocket.close", "code": 1013})
        return
    shown = scope["path"] == PAGE
    body = page if shown else '{"error": "Opening", "message": "Vouch is opening: try again in a moment"}'
    headers = [
        (b"content-type", b"text/html; charset=utf-8" if shown else b"application/json"),
        (b"content-length", str(len(body.encode())).encode()),
        (b"retry-after", b"1"),
    ]
    start: Message = {"type": "http.response.start", "status": 200 if shown else 503, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body.encode()})
