"""The pages of an invented forge: what its places answer, and `git http-backend` behind them."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

_TELLING = ("Authorization", "Cookie", "Proxy-Authorization", "User-Agent")


class Page(BaseHTTPRequestHandler):
    """Answers by the first folder of a path; the rest names a repository.

    `/public` shows itself to everyone and takes pushes with the password, `/private` asks who it
    is, `/hidden` says 404 to strangers, `/forbidden` 403, `/down` 503, `/busy` 429; `/page` leads
    to a log-in and `/wall` is one; `/moved` and `/lost` lead to the same place in `/public` and
    `/private`, `/away` to another host; `/round` to itself; `/hang` never answers; `/dumb` serves
    files; `/tell` repeats what it was sent.
    """

    folder: ClassVar[Path]
    password: ClassVar[str]
    asked: ClassVar[list[tuple[str, str, dict[str, str]]]]
    over: ClassVar[threading.Event] = threading.Event()
    timeout = 30

    def do_GET(self) -> None:
        """Look."""
        self._answer(b"")

    def do_POST(self) -> None:
        """Fetch or push."""
        self._answer(self._body())

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        parts = []
        while size := int(self.rfile.readline().strip() or b"0", 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, body: bytes) -> None:
        told = {name: self.headers[name] for name in _TELLING if self.headers.get(name)}
        self.asked.append((self.command, self.path, told))
        kind, _, rest = self.path.lstrip("/").partition("/")
        login = base64.b64encode(f"quill:{self.password}".encode()).decode()
        is_known = self.headers.get("Authorization") == f"Basic {login}"
        is_push = "git-receive-pack" in self.path
        codes = {"forbidden": 403, "down": 503, "busy": 429}
        onward = {
            "page": "/login",
            "moved": f"/public/{rest}",
            "lost": f"/private/{rest}",
            "away": f"http://localhost:{_port(self.server.server_address)}/public/{rest}",
            "round": self.path,
        }
        if kind in codes:
            self.send_error(codes[kind])
        elif kind in onward:
            self.send_response(302)
            self.send_header("Location", onward[kind])
            self.send_header("Set-Cookie", "who=stranger")
            self.end_headers()
        elif kind in ("login", "wall"):
            self._say(b"<html>who are you?</html>", "text/html")
        elif kind == "hang":
            self.over.wait(30)
        elif kind == "tell":
            self.send_error(418, self.headers.get("Authorization", "nobody"))
        elif kind == "hidden" and not is_known and not self._asks_first():
            self.send_error(404)
        elif (kind == "private" or is_push) and not is_known:
            self._ask()
        elif kind == "dumb":
            self._file(rest)
        elif kind in ("public", "private", "hidden"):
            self._serve(rest, body, is_known=is_known)
        else:
            self.send_error(404)

    def _asks_first(self) -> bool:
        """Pushes are asked who they are even where nothing shows itself, as GitHub does."""
        if "git-receive-pack" in self.path:
            self._ask()
            return True
        return False

    def _ask(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="forge"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _file(self, rest: str) -> None:
        path = self.folder / rest.partition("?")[0]
        if path.is_file():
            self._say(path.read_bytes(), "text/plain")
        else:
            self.send_error(404)

    def _say(self, data: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _serve(self, rest: str, body: bytes, *, is_known: bool) -> None:
        parts = urlsplit(f"//forge/{rest}")
        done = subprocess.run(
            ("git", "http-backend"),
            input=body,
            capture_output=True,
            check=False,
            env={
                "PATH": os.environ["PATH"],
                "HOME": os.environ["HOME"],
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_PROJECT_ROOT": str(self.folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": parts.path,
                "QUERY_STRING": parts.query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REMOTE_ADDR": "127.0.0.1",
            }
            | ({"REMOTE_USER": "quill"} if is_known else {}),
        )
        head, _, data = done.stdout.partition(b"\r\n\r\n")
        headers = [line.partition(": ") for line in head.decode().split("\r\n") if line]
        status = next((value for key, _, value in headers if key == "Status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for key, _, value in headers:
            if key != "Status":
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def log_error(self, *args: object) -> None:
        """Say nothing."""


def _port(address: Any) -> int:
    return int(address[1])
