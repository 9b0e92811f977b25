"""Encrypted copies by git-remote-gcrypt: they may lie in the open, and are never replaced."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import outside
import servers
from network import Network
from outside import Call, git


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A gpg key of one's own. Its folder is short: gpg-agent's socket lies in it."""
    servers.need("git-remote-gcrypt", "gpg", "gpgconf")
    with tempfile.TemporaryDirectory(prefix="g") as name:
        folder = Path(name) / "keys"
        servers.gpg_key(folder)
        monkeypatch.setenv("GNUPGHOME", str(folder))
        yield folder
        servers.end_gpg(folder)


@pytest.fixture
def network() -> Network:
    return Network(seed=36, people=25)


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path, network: Network) -> Path:
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    return vault_dir


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _names(vault: Path) -> list[bytes]:
    return [path.stem.encode() for path in (vault / "contacts").glob("*.vcf")]


def test_an_encrypted_copy_in_the_open(
    call: Call, vault: Path, keys: Path, open_folder: Path, network: Network, home: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    bare, at = servers.bare(open_folder / "public.git"), ("--vault", vault)
    bare.chmod(0o755)
    said = call("remote", "add", "safe", f"gcrypt::{bare}", *at)
    assert "encrypted" in said.err
    assert "cost" in said.err
    assert call("remote", "check", *at, status=7).out.startswith("safe: has nothing yet")
    assert call("push", *at).out == "safe: pushed\n"
    assert call("push", *at).out == "safe: up to date\n"
    assert call("remote", "check", *at).out == "safe: has everything\n"
    network.advance()
    found = outside.one_object(call("snapshot", outside.write(home, network), "--json", *at))
    assert found["remotes"]["safe"] == {"state": "pushed", "reason": None}
    objects = git(bare, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split()
    blobs = b"".join(
        subprocess.run(
            ("git", "cat-file", "-p", one), cwd=bare, capture_output=True, check=True
        ).stdout
        for one in objects
    )
    assert blobs
    assert not any(name in blobs for name in _names(vault))
    assert b"VCARD" not in blobs
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "-b", "main", f"gcrypt::{bare}", str(clone))
    assert outside.cards(clone) == outside.cards(vault)
    git(vault, "commit", "-q", "--allow-empty", "-m", "By the user's own git")
    git(vault, "push", "-q", "safe", "main")
    assert call("remote", "check", *at).out == "safe: has everything\n"


def test_what_others_pushed_is_not_replaced(
    call: Call, vault: Path, keys: Path, tmp_path: Path
) -> None:
    """git-remote-gcrypt forces every push by itself; li-vault looks before."""
    bare, at = servers.bare(tmp_path / "copy.git"), ("--vault", vault)
    call("remote", "add", "safe", f"gcrypt::{bare}", *at)
    call("push", *at)
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", "-b", "main", f"gcrypt::{bare}", str(other))
    git(other, "commit", "-q", "--allow-empty", "-m", "Theirs")
    git(other, "push", "-q", "origin", "main")
    git(vault, "commit", "-q", "--allow-empty", "-m", "Ours")
    said = outside.one_object(call("push", "--json", *at, status=7))["remotes"]["safe"]
    assert said["state"] == "refused"
    assert "not here" in said["reason"]
    assert (
        git(other, "ls-remote", "origin", "main").split()[0]
        == git(other, "rev-parse", "HEAD").strip()
    )
    assert "not here" in call("remote", "check", *at, status=7).out


def test_a_copy_that_is_gone_is_not_begun_anew(
    call: Call, vault: Path, keys: Path, tmp_path: Path
) -> None:
    """A disk that is not mounted must not become a second copy beside it."""
    bare, at = servers.bare(tmp_path / "copy.git"), ("--vault", vault)
    call("remote", "add", "safe", f"gcrypt::{bare}", *at)
    call("push", *at)
    git(vault, "commit", "-q", "--allow-empty", "-m", "More")
    bare.rename(tmp_path / "unplugged.git")
    said = outside.one_object(call("push", "--json", *at, status=7))["remotes"]["safe"]
    assert said["state"] == "failed"
    assert "no folder" in said["reason"]
    assert not bare.exists()
    servers.bare(bare)
    said = outside.one_object(call("push", "--json", *at, status=7))["remotes"]["safe"]
    assert said["state"] == "failed"
    assert "not found" in said["reason"]
    call("remote", "remove", "safe", *at)
    call("remote", "add", "safe", f"gcrypt::{bare}", *at)
    call("push", *at)


def test_created_over_ssh(
    call: Call, vault: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers.ssh_host(tmp_path / "host") as shell:
        monkeypatch.setenv("GIT_SSH_COMMAND", shell.command)
        url = f"gcrypt::{shell.url('/~/enc.git')}"
        at = ("--vault", vault)
        call("remote", "add", "safe", url, "--create", *at)
        call("remote", "add", "here", f"gcrypt::{tmp_path}/enc.git", "--create", *at)
        for _ in range(2):  # git-remote-gcrypt replaces what it has pushed
            assert call("push", *at).out == "here: pushed\nsafe: pushed\n"
            git(vault, "commit", "-q", "--allow-empty", "-m", "More")
        for made in (shell.home / "enc.git", tmp_path / "enc.git"):
            assert made.stat().st_mode & 0o777 == 0o700
            assert not (made / "hooks" / "pre-receive").exists()


def test_without_a_key(call: Call, vault: Path, tmp_path: Path, keys: Path, home: Path) -> None:
    empty = home / "nokeys"
    empty.mkdir(mode=0o700)
    os.environ["GNUPGHOME"] = str(empty)
    bare, at = servers.bare(tmp_path / "copy.git"), ("--vault", vault)
    call("remote", "add", "safe", f"gcrypt::{bare}", *at)
    said = outside.one_object(call("push", "--json", *at, status=7))["remotes"]["safe"]
    assert said["state"] in {"failed", "refused"}
    assert "gpg" in said["reason"] or "gcrypt" in said["reason"]
    servers.end_gpg(empty)


@pytest.mark.parametrize("inner", ["ext::sh -c x", "-x", "https://a.example:p\x01@b/", "", "fd::3"])
def test_what_is_inside_is_looked_at(call: Call, vault: Path, inner: str) -> None:
    call("remote", "add", "--vault", vault, "--", "safe", f"gcrypt::{inner}", status=2)
