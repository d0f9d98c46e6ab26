"""A model server on loopback that speaks the OpenAI protocol, and misbehaves on request."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TEXT = "The night ferry opened on 4 March 2022 [1]. It carries 1 200 passengers a day [1]."


class ModelServer:
    """``pieces`` are streamed; ``behave`` may answer a request in their stead, and returns whether it did."""

    def __init__(self, text: str = TEXT, *, models: tuple[str, ...] = ("tiny:1b",), limit: int | None = None) -> None:
        self.pieces = [text[at : at + 5] for at in range(0, len(text), 5)]
        self.models, self.limit = models, limit
        self.behave: Callable[[Handler], bool] = lambda handler: False
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.let = threading.Event()
        self.gone = threading.Event()
        self.url = ""


class Handler(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        script: ModelServer = self.server.script
        script.keys.append(self.headers["Authorization"])
        extra = {"max_model_len": script.limit} if script.limit else {}
        self.reply(200, {"object": "list", "data": [{"id": name, **extra} for name in script.models]})

    def do_POST(self) -> None:
        script: ModelServer = self.server.script
        script.keys.append(self.headers["Authorization"])
        self.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        script.asked.append(self.asked)
        if script.behave(self):
            return
        self.begin()
        try:
            for piece in script.pieces:
                self.event({"choices": [{"delta": {"content": piece}}]})
            self.event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            script.gone.set()

    def begin(self, kind: str = "text/event-stream") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def event(self, data: object) -> None:
        self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def reply(self, status: int, body: object) -> bool:
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)
        return True

    def cut(self) -> None:
        """As a process that is killed leaves its connections."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.connection.close()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def serving(script: ModelServer) -> Iterator[ModelServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.script = script  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield script
    finally:
        script.let.set()
        server.shutdown()
        server.server_close()
