"""A vault from a web server that wants a password: given, used, and seen by nobody else."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import outside
from isolation import Run
from network import Network
from outside import Call, git

SECRET = "hunter%2"


class _Locked(SimpleHTTPRequestHandler):
    """Files of a folder, for whoever knows the password."""

    def do_GET(self) -> None:
        wanted = "Basic " + base64.b64encode(f"keeper:{SECRET}".encode()).decode()
        if self.headers.get("Authorization") != wanted:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="vaults"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def host(tmp_path: Path, call: Call, home: Path) -> Iterator[str]:
    vault = tmp_path / "vault"
    call("snapshot", outside.write(home, Network(seed=7, people=20)), "--init", "--vault", vault)
    git(tmp_path, "clone", "-q", "--bare", str(vault), str(tmp_path / "web" / "v.git"))
    git(tmp_path / "web" / "v.git", "update-server-info")
    handler = partial(_Locked, directory=str(tmp_path / "web"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_password_in_the_address_is_used_and_seen_by_nobody(
    host: str, run: Run, tmp_path: Path
) -> None:
    trace, target = tmp_path / "trace", tmp_path / "restored"
    url = f"http://keeper:hunter%252@{host}/v.git"
    said = run("restore", url, target, env={"GIT_TRACE": str(trace)})
    assert said.status == 0, said
    assert outside.cards(target) == outside.cards(tmp_path / "vault")
    told = trace.read_text()
    assert "remote-http" in told  # whose arguments everyone can read
    for words in (told, said.out, said.err, (target / ".git" / "config").read_text()):
        assert "hunter" not in words
        assert "keeper" not in words
    assert git(target, "remote", "get-url", "origin").strip() == f"http://{host}/v.git"
    assert "credential helper" in said.err
    found = outside.one_object(run("restore", url, tmp_path / "again", "--json"))
    assert found["url"] == f"http://{host}/v.git"


def test_the_users_own_helper_is_asked(host: str, run: Run, tmp_path: Path) -> None:
    ask = tmp_path / "ask"
    ask.write_text(f"#!/bin/sh\ncase $1 in User*) echo keeper ;; *) echo '{SECRET}' ;; esac\n")
    ask.chmod(0o755)
    for number, who in enumerate(("", "keeper@")):
        target = tmp_path / f"restored-{number}"
        said = run("restore", f"http://{who}{host}/v.git", target, env={"GIT_ASKPASS": str(ask)})
        assert said.status == 0, said
        assert outside.cards(target) == outside.cards(tmp_path / "vault")
        assert "keeper" not in git(target, "remote", "get-url", "origin")
        assert said.err.count("credential helper") == number


@pytest.mark.parametrize("who", ["", "keeper:wr0ng@", "keeper@"])
def test_without_the_right_password_nothing_is_asked_or_left(
    who: str, host: str, run: Run, tmp_path: Path
) -> None:
    said = run("restore", f"http://{who}{host}/v.git", tmp_path / "restored", "--json", timeout=20)
    error = outside.one_object(said)["error"]
    assert said.status == error["status"] == 6
    assert "wr0ng" not in said.out
    assert error["hint"]
    assert not (tmp_path / "restored").exists()
