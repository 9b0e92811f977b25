"""A vault from real servers on loopback: a forge on the web, a git daemon, sshd."""

from __future__ import annotations

from pathlib import Path

import pytest

import forging
import outside
import servers
from isolation import Run
from outside import Call, git

PLACES = {"private": 0, "public": 0, "moved": 0, "hidden": 6, "forbidden": 6, "down": 6, "wall": 5}


@pytest.fixture
def served(call: Call, home: Path, tmp_path: Path) -> Path:
    """A folder to serve, with `v.git` in it."""
    root = tmp_path / "served"
    root.mkdir()
    forging.bare_vault(call, home, tmp_path).rename(root / "v.git")
    return root


@pytest.mark.parametrize("place", PLACES)
def test_from_a_forge(place: str, served: Path, run: Run, tmp_path: Path) -> None:
    login = f"quill:{servers.PASSWORD}@" if place == "private" else ""
    target = tmp_path / "new" / "restored"
    with servers.forge(served) as forge:
        host = forge.address.removeprefix("http://")
        said = run("restore", f"http://{login}{host}/{place}/v.git", target, "--json")
    assert said.status == PLACES[place], said
    found = outside.one_object(said)
    assert servers.PASSWORD not in said.out + said.err
    if PLACES[place]:
        assert found["error"]["hint"]
        assert not (tmp_path / "new").exists()
        return
    assert git(target, "rev-parse", "main") == git(served / "v.git", "rev-parse", "main")
    told = " ".join(found["warnings"])
    assert ("Strangers can read" in told) == (place != "private")


def test_from_a_git_daemon(served: Path, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "restored"
    with servers.git_daemon(served, "--export-all") as port:
        said = run("restore", f"git://127.0.0.1:{port}/v.git", target)
    assert said.status == 0, said
    assert outside.cards(target) == outside.cards(tmp_path / "vault")
    assert "Warning: Strangers can read this remote" in said.err


def test_by_ssh(served: Path, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "restored"
    with servers.ssh_host(tmp_path / "host") as shell:
        url = shell.url(str(served / "v.git"))
        said = run("restore", url, target, env={"GIT_SSH_COMMAND": shell.command})
        lost = run("restore", shell.url("/nothing"), tmp_path / "x",
                   env={"GIT_SSH_COMMAND": shell.command})  # fmt: skip
    assert said.status == 0, said
    assert outside.cards(target) == outside.cards(tmp_path / "vault")
    assert git(target, "remote", "get-url", "origin").strip() == url
    assert lost.status == 6
    assert not (tmp_path / "x").exists()
