"""A health check on loopback, that writes down how it was told that things are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import ClassVar, NamedTuple

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


class _Check(BaseHTTPRequestHandler):
    pings: ClassVar[list[Ping]]
    status: ClassVar[int]

    def do_POST(self) -> None:
        """Take a ping."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        self.pings.append(Ping(self.command, self.path, body))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def monitor(status: int = 200) -> Iterator[Monitor]:
    """A health check that answers with a status."""

    class Check(_Check):
        pass

    Check.pings, Check.status = [], status
    with servers.listening(Check) as address:
        yield Monitor(f"{address}/uuid-of-nobody", Check.pings)
