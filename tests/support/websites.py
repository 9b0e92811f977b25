"""LinkedIn's portability API and a health check, on loopback."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import ClassVar, Literal, NamedTuple
from urllib.parse import parse_qs, urlsplit

import servers
from li_vault.formats.linkedin import api_pages
from network import Network

TOKEN = "AQX-invented-token-of-nobody_0123456789"
END = b'{"message":"No data found for this memberId","status":404}'


def pages(network: Network, size: int = 50) -> list[bytes]:
    """Everyone whom the network shows, as the API's pages."""
    rows = list(_rows(network))
    parts = [rows[at : at + size] for at in range(0, len(rows), size)]
    return [page(number, part, is_last=number == len(parts) - 1) for number, part in
            enumerate(parts)]  # fmt: skip


def page(
    start: int, rows: Sequence[object], *, is_last: bool = False, onward: str | None = None
) -> bytes:
    """One page; the link to the next one is missing behind the last, as it can be anywhere."""
    if onward is None:
        onward = (
            f"/rest/memberSnapshotData?count=10&domain=CONNECTIONS&q=criteria&start={start + 1}"
        )
    link = {"type": "application/json", "rel": "next", "href": onward}
    found = {
        "paging": {"start": start, "count": 10, "links": [] if is_last else [link], "total": 2},
        "elements": [{"snapshotDomain": "CONNECTIONS", "snapshotData": rows}],
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _rows(network: Network) -> Iterator[dict[str, str]]:
    import csv
    import io

    text = network.connections().decode().partition("\n\n")[2]
    for row in csv.DictReader(io.StringIO(text)):
        yield {column: row[column] for column in api_pages.COLUMNS}


Trouble = Callable[["Handler", int], bool]
"""Answers a call in place of the site, if it likes: told the page's number; whether it did."""


@dataclass
class Member:
    """The site, and what it was asked.

    Attributes:
        address: Its base address.
        pages: What it has.
        trouble: What goes wrong.
        asked: The number of each page that was asked for, and the headers.
    """

    address: str = ""
    pages: list[bytes] = field(default_factory=list)
    trouble: Trouble = lambda _handler, _start: False
    asked: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    @property
    def env(self) -> dict[str, str]:
        """The environment that leads there."""
        return {"LI_VAULT_API": self.address, "LI_VAULT_TOKEN": TOKEN}


class Handler(BaseHTTPRequestHandler):
    """One call of the API."""

    member: ClassVar[Member]
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        """Answer a page, the end, or trouble."""
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        start = int(query.get("start", ["-1"])[0])
        self.member.asked.append((start, {k.lower(): v for k, v in self.headers.items()}))
        if self.member.trouble(self, start):
            return
        wanted = {"q": ["criteria"], "domain": ["CONNECTIONS"], "start": [str(start)]}
        if parts.path != "/rest/memberSnapshotData" or query != wanted:
            self.say(400, b"{}")
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.say(401, b'{"status":401,"code":"INVALID_ACCESS_TOKEN"}')
        elif self.headers.get("LinkedIn-Version") != "202312":
            self.say(426, b'{"status":426}')
        elif start < len(self.member.pages):
            self.say(200, self.member.pages[start])
        else:
            self.say(404, END)

    def say(self, status: int, data: bytes, **headers: str) -> None:
        """Answer; a header's name may be written with `_`."""
        self.send_response(status)
        known = {"content-type": "application/json", "content-length": str(len(data))}
        for name, value in (known | {k.replace("_", "-"): v for k, v in headers.items()}).items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(member: Member, certificate: Path | None = None) -> Iterator[Member]:
    """The site on a port of loopback; over TLS with a certificate (and its key)."""

    class Site(Handler):
        pass

    Site.member = member
    with servers.listening(Site, certificate) as address:
        member.address = address
        yield member


def answering(status: int, data: bytes = b"{}", *, at: int = 1, **headers: str) -> Trouble:
    """Trouble from one page on."""

    def trouble(handler: Handler, start: int) -> bool:
        if start >= at:
            handler.say(status, data, **headers)
        return start >= at

    return trouble


class Ping(NamedTuple):
    """A ping: method, path, and what was sent with it."""

    method: str
    path: str
    body: str


class Monitor(NamedTuple):
    """A health check: its address, and the pings so far."""

    address: str
    pings: list[Ping]


MonitorTrouble = Literal["", "hangs", "drips", "drips headers", "drips hints", "sends on"]


class _Check(BaseHTTPRequestHandler):
    pings: ClassVar[list[Ping]]
    status: ClassVar[int]
    trouble: ClassVar[MonitorTrouble]

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
def monitor(status: int = 200, trouble: MonitorTrouble = "") -> Iterator[Monitor]:
    """A health check that answers with a status, or in no good way."""

    class Check(_Check):
        pass

    Check.pings, Check.status, Check.trouble = [], status, trouble
    with servers.listening(Check) as address:
        yield Monitor(f"{address}/uuid-of-nobody", Check.pings)
