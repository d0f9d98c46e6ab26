"""One web server for every face: the page, REST and MCP, behind one guard.

What takes long to import is imported by what needs it, so that ``serve`` listens and answers at once.
"""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from rag import __version__
from rag.errors import RagError
from ui.conversations import Conversations
from ui.desk import Desk
from ui.guard import Credentials, Guard, Limits
from ui.opening import WAITING, Opening

if TYPE_CHECKING:
    from fastapi import FastAPI
    from gradio import Blocks

HOST = "127.0.0.1"
PORT = 7860
GRACE_SECONDS = 10  # for answers under way when the server is stopped; documents being added take what they need
_log = logging.getLogger("vouch")


class AddressTaken(RagError):
    """The port is in use, or the address is not of this machine."""


def create_app(
    desk: Desk,
    conversations: Conversations,
    page: Blocks | None = None,
    *,
    auth: Credentials | None = None,
    hosts: Collection[str] = (),
    limits: Limits | None = None,
    page_options: Mapping[str, Any] | None = None,
) -> FastAPI:
    """The app: ``/api`` and ``/openapi.json``, ``/mcp``, and the page at ``/``.

    ``auth`` is asked of every request, whatever it is for. ``hosts`` are the names, besides addresses and localhost,
    by which this server may be asked. ``page_options`` (theme, css, js, head ...) go to ``gr.mount_gradio_app``. The
    desk starts to load its models with the app, and is closed with it, after what is being added.
    """
    from fastapi import FastAPI
    from starlette.concurrency import run_in_threadpool

    from ui import mcp, rest

    limits = limits or Limits()
    tools = mcp.app(desk)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        desk.warm()
        try:
            async with tools.router.lifespan_context(tools):
                yield
        finally:
            await run_in_threadpool(desk.close)

    app = FastAPI(
        title="Vouch",
        version=__version__,
        description="Answers from your documents, with the exact words, the document and the date they rest on.",
        lifespan=lifespan,
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
    )
    app.add_middleware(Guard, credentials=auth, hosts=hosts, limits=limits)
    rest.describe_errors(app)
    app.include_router(rest.routes(desk, conversations, limits))
    app.router.routes.extend(tools.routes)
    if page is not None:
        _mount(app, page, limits, page_options or {})
    return app


def _mount(app: FastAPI, page: Blocks, limits: Limits, options: Mapping[str, Any]) -> None:
    import gradio as gr

    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        show_error=False,
        max_file_size=limits.file_bytes,
        **options,
    )


def serve(
    desk: Desk,
    conversations: Conversations,
    page: Callable[[], Blocks] | None = None,
    *,
    host: str = HOST,
    port: int = PORT,
    auth: Credentials | None = None,
    hosts: Collection[str] = (),
    limits: Limits | None = None,
    page_options: Mapping[str, Any] | None = None,
    waiting: str = WAITING,
    started: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve until stopped (Ctrl-C or SIGTERM); documents that are being added are taken in to the end.

    ``page`` builds the page, and may take its time: until then ``waiting`` is shown. ``started`` is
    called with the address once connections are accepted. Warns where other machines can reach it. Raises
    AddressTaken, and what ``page`` raises.
    """
    import uvicorn

    limits = limits or Limits()
    listening = _listen(host, port)
    if exposed := exposure(host, auth, hosts):
        _log.warning(exposed)
    known = hosts if is_loopback(host) else {*hosts, *_own_names()}

    def build() -> FastAPI:
        shown = page() if page else None
        return create_app(desk, conversations, shown, auth=auth, hosts=known, limits=limits, page_options=page_options)

    def stop() -> None:
        server.should_exit = True

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            opening.end_streams()
            await super().shutdown(sockets)

    opening = Opening(build, stop, auth, known, limits, waiting)
    server = Server(
        uvicorn.Config(
            opening,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    try:
        started(_address(host, listening.getsockname()[1]))
        with contextlib.suppress(KeyboardInterrupt):  # which is how it is stopped
            server.run(sockets=[listening])
    finally:
        listening.close()
    if opening.failure:
        raise opening.failure


def exposure(host: str, auth: Credentials | None, hosts: Collection[str] = ()) -> str:
    """The warning for what other machines can reach, by an address or through a proxy; empty for loopback alone."""
    if is_loopback(host):
        proxied = (
            f"WARNING: whoever gets through the proxy that asks for {' or '.join(hosts)} can read, add and delete "
        )
        return (
            f"{proxied}documents: let it ask for a password, or set --auth USER:PASSWORD" if hosts and not auth else ""
        )
    if auth is None:
        return (
            f"WARNING: {host} can be reached from other machines, and whoever reaches it can read, add and delete "
            "documents: set --auth USER:PASSWORD, or leave out --host"
        )
    return (
        f"WARNING: {host} can be reached from other machines, and the password and every answer travel unencrypted: "
        "put a proxy with HTTPS in front"
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        raise AddressTaken(f"cannot listen on {host}, port {port} ({error}): choose another with --port") from error
    return listening


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    return host in ("localhost", "::1") or host.startswith("127.")


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": HOST, "::": "::1"}.get(host, host)  # noqa: S104 - only compared with
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _own_names() -> set[str]:
    name = socket.gethostname()
    return {name, f"{name.partition('.')[0]}.local", name.partition(".")[0]}
