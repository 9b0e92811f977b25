"""A health check on loopback, that writes down how it was told that things are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from typing import ClassVar, Literal, NamedTuple

import servers


class Ping(NamedTuple):
    """A ping: method, path, and what was sent with it."""

    method: str
    path: str
    body: str


class Monitor(NamedTuple):
    """A health check: its address, and the pings so far."""

    address: str
    pings: list[Ping]


Trouble = Literal["", "hangs", "drips", "drips headers", "drips hints", "sends on"]


class _Check(BaseHTTPRequestHandler):
    pings: ClassVar[list[Ping]]
    status: ClassVar[int]
    trouble: ClassVar[Trouble]

    def do_POST(self) -> None:
        """Take a ping."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        self.pings.append(Ping(self.command, self.path, body))
        if self.trouble == "hangs":
            time.sleep(2)
        if self.trouble in servers.DRIPS:
            servers.drip(self, servers.DRIPS[self.trouble])
            return
        self.send_response(302 if self.trouble == "sends on" else self.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "50" if self.trouble == "drips" else "0")
        self.end_headers()
        with suppress(OSError):
            for _ in range(50 if self.trouble == "drips" else 0):
                time.sleep(0.1)
                self.wfile.write(b"x")

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def monitor(status: int = 200, trouble: Trouble = "") -> Iterator[Monitor]:
    """A health check that answers with a status, or in no good way."""

    class Check(_Check):
        pass

    Check.pings, Check.status, Check.trouble = [], status, trouble
    with servers.listening(Check) as address:
        yield Monitor(f"{address}/uuid-of-nobody", Check.pings)
