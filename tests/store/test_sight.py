from __future__ import annotations

import base64
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from li_vault.store import addresses, sight
from store import invented
from store.invented import plain


class _Site(BaseHTTPRequestHandler):
    """A forge: an open repository, a closed one, and one behind a page to log in."""

    root: ClassVar[Path]
    seen: ClassVar[list[str]]

    def do_GET(self) -> None:
        """Answer git's dumb protocol."""
        self.seen.append(self.headers.get("Authorization", ""))
        kind, _, rest = self.path.partition("?")[0].lstrip("/").partition("/")
        if kind == "closed":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="forge"')
            self.end_headers()
        elif kind == "page":
            self.send_response(302)
            self.send_header("Location", "/login")
            self.end_headers()
        elif kind == "login":
            self._say(b"<html>who are you?</html>", "text/html")
        elif kind == "down":
            self.send_error(503)
        elif kind == "open" and (self.root / rest).is_file():
            self._say((self.root / rest).read_bytes(), "text/plain")
        else:
            self.send_error(404)

    def _say(self, data: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def log_error(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(tmp_path: Path, vault_dir: Path) -> Iterator[str]:
    invented.begin(vault_dir)
    plain(tmp_path, "clone", "-q", "--bare", str(vault_dir), "served.git")
    plain(tmp_path / "served.git", "update-server-info")
    _Site.root = tmp_path / "served.git"
    _Site.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("place", "visible"),
    [("open", True), ("closed", False), ("page", False), ("none", False), ("down", None)],
)
def test_the_web(site: str, home: Path, place: str, visible: bool | None) -> None:
    """No credentials of the user's are used, however they are kept."""
    for key, value in (
        ("credential.helper", "!f() { echo username=me; echo password=secret; }; f"),
        (f"url.{site}/open.insteadOf", f"{site}/closed"),
        ("http.extraHeader", "Authorization: Basic c2VjcmV0"),
    ):
        plain(home, "config", "--global", key, value)
    (home / ".netrc").write_text("machine 127.0.0.1 login me password secret\n", "ascii")
    address = site.replace("//", "//me:secret@") + f"/{place}"
    found = sight.look(address)
    assert found.visible is visible
    assert "secret" not in found.how
    assert "me@" not in found.how
    assert set(_Site.seen) == {""}
    assert base64.b64encode(b"me:secret").decode() not in str(_Site.seen)


def test_a_host_that_is_not_there() -> None:
    assert sight.look("http://127.0.0.1:9/a").visible is None


def test_what_need_not_be_looked_at() -> None:
    assert sight.look("git://host.example/a").visible is True
    assert sight.look("git@host.example:a").visible is False
    assert sight.look("ssh://git@host.example/a").visible is False
    assert sight.look("gcrypt::https://host.example/a").visible is False


@pytest.mark.parametrize(
    "url",
    [
        "git@github.com:quill/vault.git",
        "ssh://git@github.com/quill/vault.git",
        "ssh://git@ssh.github.com:443/quill/vault.git",
        "github.com:/quill/vault.git",
    ],
)
def test_a_forge_behind_ssh_is_looked_at_on_the_web(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def look(address: str) -> sight.Sight:
        asked.append(address)
        return sight.Sight(True, "seen")

    monkeypatch.setattr(sight, "_look_at_web", look)
    assert sight.look(url).visible is True
    assert asked == ["https://github.com/quill/vault.git"]


def test_folders(tmp_path: Path) -> None:
    folder = tmp_path / "outer" / "vault.git"
    folder.mkdir(parents=True)
    parents = [tmp_path, *tmp_path.parents]
    closed = any(not parent.stat().st_mode & 0o001 for parent in parents)
    folder.chmod(0o755)
    (tmp_path / "outer").chmod(0o755)
    assert sight._look_at_folder(folder, above=tmp_path).visible is True
    assert sight.look(str(folder)).visible is (not closed)
    folder.chmod(0o700)
    assert sight._look_at_folder(folder, above=tmp_path).visible is False
    folder.chmod(0o755)
    (tmp_path / "outer").chmod(0o700)
    assert sight._look_at_folder(folder, above=tmp_path).visible is False
    assert sight.look(f"file://{folder}").visible is False
    assert sight.look(str(tmp_path / "nothing")).visible is None


def test_a_slow_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object, **kwargs: object) -> None:
        raise subprocess.TimeoutExpired("git", 20)

    monkeypatch.setattr(subprocess, "run", never)
    assert sight.look("https://me:secret@host.example/a") == sight.Sight(
        None, "https://host.example/a did not answer within 20 seconds"
    )


def test_forges_are_spelled_as_hosts() -> None:
    for host in sight.FORGES:
        assert addresses.scp_parts(f"git@{host}:a/b") == (host, "a/b")
