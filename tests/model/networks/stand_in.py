"""A server in the place of one that gives weights: with parts of files, redirects, and connections that end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class StandIn:
    """What the server gives, and what it was asked."""

    content: bytes
    sha256: str = ""  # told by the redirect, as Hugging Face tells it
    breaks_after: int = 0  # bytes of each answer; 0: none breaks
    parts: bool = True  # whether it gives parts of the file
    asked: list[str] = field(default_factory=list)  # the Range of each request for the file
    url: str = ""


@contextmanager
def serve(given: StandIn) -> Iterator[StandIn]:
    """Serve ``given.content`` at ``given.url`` until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/file":
                self.send_response(302)
                self.send_header("Location", "/file")
                if given.sha256:
                    self.send_header("X-Linked-Etag", f'"{given.sha256}"')
                self.end_headers()
                return
            asked = self.headers.get("Range", "")
            given.asked.append(asked)
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and given.parts else 0
            if start and start >= len(given.content):
                self.send_error(416)
                return
            rest = given.content[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            self.wfile.write(rest[: given.breaks_after] if given.breaks_after else rest)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        given.url = f"http://127.0.0.1:{server.server_port}/model"
        try:
            yield given
        finally:
            server.shutdown()
            thread.join()
