"""Programs of other people that use a vault or what is exported from it, set up and run.

Each has its configuration in the test's own home; servers listen on loopback and end with the test.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import servers
from isolation import CHECKOUT

USER, PASSWORD = "quill", "pa55-of-quill"


def config_home() -> Path:
    """Where programs look for their configuration."""
    return Path(os.environ["XDG_CONFIG_HOME"])


def run(*command: str | Path, stdin: str = "", folder: Path | None = None) -> str:
    """Run a program; its standard output. It must end with 0."""
    done = subprocess.run(
        [os.fspath(part) for part in command],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-4000:])
    return done.stdout


def khard(*args: str, stdin: str = "") -> str:
    """Run khard; its standard output."""
    return run("khard", *args, stdin=stdin)


def configure(text: str, *path: str) -> Path:
    """Write a program's configuration, at a path below the place for such."""
    found = config_home().joinpath(*path)
    found.parent.mkdir(parents=True, exist_ok=True)
    found.write_text(text, encoding="utf-8")
    return found


class CardDav(NamedTuple):
    """A CardDAV server as a telephone sees it.

    Attributes:
        url: Its address, with a slash at the end.
    """

    url: str

    def ask(self, path: str, method: str, body: str = "", **headers: str) -> str:
        """One request as the user; the answer."""
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.url + path.lstrip("/"),
            body.encode() or None,
            {"Authorization": f"Basic {token}", **headers},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            return str(answer.read().decode())

    def cards(self, collection: str) -> dict[str, str]:
        """The cards of a collection, by path."""
        listing = self.ask(f"{USER}/{collection}/", "PROPFIND", Depth="1")
        paths = re.findall(r"<(?:\w+:)?href>([^<]+\.vcf)</", listing)
        return {path: self.ask(path, "GET") for path in paths}

    def put(self, path: str, card: str) -> None:
        """Put a card there, as a telephone does after its user typed something."""
        self.ask(path, "PUT", card, **{"Content-Type": "text/vcard; charset=utf-8"})


@contextmanager
def radicale(folder: Path) -> Iterator[CardDav]:
    """A real Radicale, empty, of one user."""
    servers.need("radicale")
    folder.mkdir()
    port = servers.free_port()
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n", "ascii")
    (folder / "config").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {folder}/users\n"
        "htpasswd_encryption = plain\ndelay = 0\n"
        f"[storage]\nfilesystem_folder = {folder}/collections\n"
        "[logging]\nlevel = warning\n",
        "utf-8",
    )
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            (sys.executable, "-m", "radicale", "--config", str(folder / "config")),
            stdout=log,
            stderr=log,
        )
        try:
            servers.await_port(port)
            yield CardDav(f"http://127.0.0.1:{port}/")
        finally:
            server.terminate()
            server.wait(20)


def vdirsyncer(*args: str, stdin: str = "") -> str:
    """Run vdirsyncer; its standard output."""
    return run("vdirsyncer", *args, stdin=stdin)


@contextmanager
def datasette(database: Path) -> Iterator[str]:
    """A real Datasette that serves a database; its address."""
    servers.need("datasette")
    port = servers.free_port()
    server = subprocess.Popen(
        ("datasette", "serve", str(database), "--port", str(port), "--host", "127.0.0.1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        servers.await_port(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(20)


def fetched(url: str) -> Any:
    """The JSON at an address on loopback."""
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - loopback
        return json.load(answer)


_READERS = Path(__file__).parents[1] / "readers"
_MODULES = CHECKOUT / ".venv" / "readers" / "node_modules"


def read_elsewhere(reader: str, *paths: Path) -> list[Any]:
    """What a reader in JavaScript makes of each file: `ical.js` of vCards, `papaparse` of CSV.

    ical.js is Thunderbird's own; for each card it tells name, parameters, type and values of each
    property. papaparse gives a row an object, by the header's names.
    """
    servers.need("node")
    if not (_MODULES / reader).is_dir():
        servers.missing(f"{reader} (npm)")
    said = run("node", _READERS / "read.mjs", _MODULES, reader, *paths)
    return [json.loads(line) for line in said.splitlines()]
