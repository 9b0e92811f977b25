"""`sync` through real servers: the web with a password, ssh, gcrypt; and ones that never answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

import machines
import outside
import servers
from li_vault.store.remotes import transfer
from machines import Machines, add_line, is_whole, sync, take, tip
from network import Network
from outside import Call, git


@pytest.fixture
def two(call: Call, tmp_path: Path, home: Path) -> Machines:
    root = tmp_path / "served"
    root.mkdir()
    return machines.made(call, root, machines.four_months(home, Network(seed=23, people=40)))


@contextmanager
def _web(two: Machines, _: Path, __: pytest.MonkeyPatch) -> Iterator[str]:
    git(two.bare, "config", "http.receivepack", "true")
    with servers.forge(two.bare.parent) as forge:
        yield f"http://quill:{servers.PASSWORD}@127.0.0.1:{forge.port}/private/{two.bare.name}"


@contextmanager
def _ssh(two: Machines, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[str]:
    with servers.ssh_host(folder / "host") as shell:
        patch.setenv("GIT_SSH_COMMAND", shell.command)
        yield shell.url(str(two.bare))


@contextmanager
def _gcrypt(_: Machines, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[str]:
    servers.need("git-remote-gcrypt")
    keys = folder.parent / "k"  # the sockets of gpg's agent take short paths only
    servers.gpg_key(keys)
    patch.setenv("GNUPGHOME", str(keys))
    try:
        yield f"gcrypt::{servers.bare(folder / 'encrypted.git')}"
    finally:
        servers.end_gpg(keys)


@pytest.mark.parametrize("kind", [_web, _ssh, _gcrypt], ids=["web", "ssh", "gcrypt"])
def test_two_machines_end_with_one_history(
    kind: Any, call: Call, two: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(kind(two, tmp_path, monkeypatch))
        for vault in (two.a, two.b):
            git(vault, "config", "remote.origin.url", url)
        take(call, two.a, two.months[1])
        take(call, two.a, two.months[3])
        card = min((two.b / "contacts").iterdir())
        add_line(card, "NOTE:Written on B")
        found = take(call, two.b, two.months[2], "--no-push")
        refused = outside.one_object(call("push", "--json", "--vault", two.b, status=7))
        assert "li-vault sync" in refused["remotes"]["origin"]["reason"]
        found = sync(call, two.b)
        assert found["remotes"]["origin"] == {"was": "diverged", "state": "pushed", "reason": None}
        assert (found["lost"], found["conflicts"]) == ([], [])
        again = sync(call, two.b)
        assert again["remotes"]["origin"]["was"] == "same"
        assert again["commit"] == found["commit"]
        sync(call, two.a)
        assert tip(two.a) == tip(two.b)
        assert servers.PASSWORD not in repr([refused, found, again])
    for vault in (two.a, two.b):
        is_whole(vault)
        assert "NOTE:Written on B" in (vault / "contacts" / card.name).read_text("utf-8")
        assert len(machines.originals(vault)) == 4


@contextmanager
def _deaf() -> Iterator[tuple[int, list[socket.socket]]]:
    """A port that takes connections and never says a word; who connected."""
    import threading

    listener = socket.create_server(("127.0.0.1", 0))
    callers: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                callers.append(listener.accept()[0])
            except OSError:
                return

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1]), callers
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
        for one in callers:
            one.close()


@pytest.mark.parametrize("scheme", ["git", "http", "ssh"])
def test_a_remote_that_never_answers_is_waited_for_once(
    scheme: str, call: Call, two: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the fetch finds silent is not pushed to, and what else there is has its turn."""
    monkeypatch.setattr(transfer, "SILENCE", 1.5)
    monkeypatch.setenv("GIT_SSH_COMMAND", "ssh -F /dev/null -o BatchMode=yes")
    with _deaf() as (port, callers):
        url = f"{scheme}://127.0.0.1:{port}/x.git"
        call("remote", "add", "deaf", url, "--trusted", "--vault", two.b)
        before = outside.state(two.b)
        found = sync(call, two.b, "deaf", status=7)
        assert found["remotes"] == {
            "deaf": {"was": None, "state": "failed", "reason": "no answer within 1.5 seconds"}
        }
        assert outside.state(two.b) == before
        assert len(callers) == 1
        call("push", "deaf", "--vault", two.b, status=7)
        assert len(callers) == 2
        take(call, two.a, two.months[1])
        found = take(call, two.b, two.months[2], status=7)
        assert len(callers) == 3
        assert found["taken_over"] == {"origin": 1}
        assert found["remotes"]["origin"]["state"] == "pushed"
        assert found["remotes"]["deaf"]["state"] == "failed"
        assert tip(two.bare) == tip(two.b)
        take(call, two.a, two.months[3])
        assert sync(call, two.b, status=7)["taken_over"] == {"origin": 1}
    is_whole(two.b)


def test_one_unsound_remote_stops_no_other(call: Call, two: Machines, tmp_path: Path) -> None:
    evil, work = tmp_path / "evil.git", tmp_path / "work"
    call("remote", "add", "evil", evil, "--create", "--vault", two.b)
    call("push", "--vault", two.b)
    git(tmp_path, "clone", "-q", str(evil), str(work))
    (work / "contacts" / "evil.vcf").symlink_to("/etc/passwd")
    git(work, "add", ".")
    git(work, "commit", "-qm", "A link")
    git(work, "push", "-q", "origin", "main")
    take(call, two.b, two.months[1], "--no-push")
    found = sync(call, two.b, status=7)
    assert found["remotes"]["origin"]["state"] == "pushed"
    assert found["remotes"]["evil"]["state"] == "refused"
    assert "symbolic link" in found["remotes"]["evil"]["reason"]
    assert tip(two.bare) == tip(two.b)
    error = sync(call, two.b, "evil", status=5)["error"]
    assert error["message"].startswith("evil ")
    is_whole(two.b)


def test_what_two_push_at_once_is_pushed_once_more(call: Call, two: Machines) -> None:
    """The remote's branch is locked by another push, which is over at the second attempt."""
    hook = two.bare / "hooks" / "pre-receive"
    hook.write_text(
        "#!/bin/sh\nif [ -e once ]; then rm -f refs/heads/main.lock; else\n"
        ": > once; : > refs/heads/main.lock; fi\n"
    )
    hook.chmod(0o755)
    found = take(call, two.b, two.months[1])
    assert found["remotes"]["origin"]["state"] == "pushed"
    assert (two.bare / "once").exists()
    assert tip(two.bare) == tip(two.b)
