"""Pushes over lines that break, hang and come back: a remote is old or new, the next one heals."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import outside
import servers
from network import Network
from outside import Call, git
from servers import PASSWORD, Forge, Shell

POINTS = 20
"""At how many points the line is cut, from the first byte to the last, on the way there."""


@pytest.fixture
def network() -> Network:
    return Network(seed=35, people=60)


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path, network: Network) -> Path:
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    return vault_dir


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Forge]:
    servers.bare(tmp_path / "served" / "vault.git")
    with servers.forge(tmp_path / "served") as forge:
        yield forge


def _point(vault: Path, web: Forge, port: int) -> None:
    url = f"http://quill:{PASSWORD}@127.0.0.1:{port}/private/vault.git"
    git(vault, "config", "remote.web.url", url)


def _is_old_or_new(bare: Path, old: str, new: str) -> None:
    assert git(bare, "for-each-ref", "--format=%(objectname)").split() in ([old] if old else [],
                                                                          [new])  # fmt: skip
    assert git(bare, "fsck", "--full", "--strict", "--no-dangling") == ""


def _points(total: int) -> list[int]:
    return [1 + (total - 2) * number // (POINTS - 1) for number in range(POINTS)]


@pytest.mark.sweep
def test_cut_at_many_points_of_the_web(call: Call, vault: Path, web: Forge, tmp_path: Path) -> None:
    """Cut every time, so the second try of a push is cut as well."""
    bare, at = tmp_path / "served" / "vault.git", ("--vault", vault)
    servers.bare(web.root / "first.git")
    carried: list[int] = []
    with servers.frail_line(web.port, [servers.ENDLESS], carried) as port:
        first = f"http://quill:{PASSWORD}@127.0.0.1:{port}/private/first.git"
        call("remote", "add", "first", first, *at)
        call("push", *at)
    call("remote", "remove", "first", *at)
    call("remote", "add", "web", f"{web.address}/private/vault.git", "--trusted", *at)
    tip = git(vault, "rev-parse", "HEAD").strip()
    for number in _points(max(carried)):
        with servers.frail_line(web.port, [number]) as port:
            _point(vault, web, port)
            git(vault, "config", "--replace-all", "li-vault.trusted",
                f"http://127.0.0.1:{port}/private/vault.git")  # fmt: skip
            said = call("push", "--json", *at, status=7)
        outcome = outside.one_object(said)["remotes"]["web"]
        assert outcome["state"] == "failed", number
        assert outcome["reason"]
        _is_old_or_new(bare, "", tip)
        assert outside.one_object(call("status", "--json", *at))["remotes"]["web"]["behind"] == 1
    _point(vault, web, web.port)
    call("push", *at)
    _is_old_or_new(bare, tip, tip)
    assert outside.one_object(call("status", "--json", *at))["remotes"]["web"]["behind"] == 0


@pytest.mark.sweep
def test_cut_at_many_points_of_ssh(
    call: Call, vault: Path, tmp_path: Path, network: Network, home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    at, carried = ("--vault", vault), list[int]()
    with servers.ssh_host(tmp_path / "host") as shell:
        monkeypatch.setenv("GIT_SSH_COMMAND", shell.command)
        call("remote", "add", "nas", shell.url("/~/a.git"), "--create", *at)
        call("push", *at)
        bare = shell.home / "a.git"
        old = git(bare, "rev-parse", "main").strip()
        git(tmp_path, "clone", "-q", "--bare", str(bare), str(shell.home / "spare.git"))
        network.advance()
        call("snapshot", outside.write(home, network), "--no-push", *at)
        new = git(vault, "rev-parse", "HEAD").strip()
        with servers.frail_line(shell.port, [servers.ENDLESS], carried) as port:
            _through(monkeypatch, vault, shell, port, "spare.git")
            call("push", *at)
        git(vault, "update-ref", "refs/remotes/nas/main", old)
        failed = 0
        for number in _points(max(carried)):
            with servers.frail_line(shell.port, [number]) as port:
                _through(monkeypatch, vault, shell, port)
                said = call("push", "--json", *at, status=None)
            _is_old_or_new(bare, old, new)
            is_behind = outside.one_object(call("status", "--json", *at))["remotes"]["nas"][
                "behind"
            ]
            assert (said.status, is_behind) in ((7, 1), (0, 0))
            failed += said.status == 7
            if said.status == 0:  # the line was cut once all was said
                git(bare, "update-ref", "refs/heads/main", old)
                git(vault, "update-ref", "refs/remotes/nas/main", old)
        assert failed >= POINTS - 3
        _through(monkeypatch, vault, shell, shell.port)
        call("push", *at)
        _is_old_or_new(bare, new, new)


def _through(
    monkeypatch: pytest.MonkeyPatch, vault: Path, shell: Shell, port: int, name: str = "a.git"
) -> None:
    alias = f" -o HostKeyAlias=[127.0.0.1]:{shell.port}"
    monkeypatch.setenv("GIT_SSH_COMMAND", shell.command + alias)
    url = shell.url(f"/~/{name}").replace(str(shell.port), str(port))
    git(vault, "config", "remote.nas.url", url)


def test_one_break_is_healed_at_once(call: Call, vault: Path, web: Forge, tmp_path: Path) -> None:
    """The first connection breaks in the middle; the second try of the same push gets through."""
    at = ("--vault", vault)
    call("remote", "add", "web", f"{web.address}/private/vault.git", *at)
    with servers.frail_line(web.port, [150, servers.ENDLESS]) as port:
        _point(vault, web, port)
        git(vault, "config", "li-vault.trusted", f"http://127.0.0.1:{port}/private/vault.git")
        assert call("push", *at).out == "web: pushed\n"
    bare = tmp_path / "served" / "vault.git"
    assert git(bare, "rev-parse", "main") == git(vault, "rev-parse", "main")


def test_side_by_side_and_in_time(
    call: Call, vault: Path, web: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three hang, and one does not wait for them; together they take as long as one."""
    from li_vault.store.remotes import transfer
    from li_vault.vault.remotes.push import push_to_remotes
    from li_vault.vault.vault import open_vault

    at = ("--vault", vault)
    for name in ("a", "b", "c"):
        url = f"{web.address}/hang/{name}.git"
        call("remote", "add", name, url, "--trusted", *at)
    call("remote", "add", "good", tmp_path / "good.git", "--create", *at)
    kept = transfer.push_main
    monkeypatch.setattr(transfer, "push_main", lambda *a, **k: kept(*a, **{**k, "timeout": 2.0}))
    opened = open_vault(vault)
    began = time.monotonic()
    found = push_to_remotes(opened)
    assert time.monotonic() - began < 5
    assert {name: one.state for name, one in found.items()} == {
        "a": "failed", "b": "failed", "c": "failed", "good": "pushed"
    }  # fmt: skip
    assert found["a"].reason == "no answer within 2 seconds"
    status = outside.one_object(call("status", "--json", *at))["remotes"]
    assert [status[name]["behind"] for name in ("a", "good")] == [1, 0]


def test_progress_is_told(vault: Path, call: Call, tmp_path: Path) -> None:
    from li_vault.vault.remotes.push import push_to_remotes
    from li_vault.vault.vault import open_vault

    call("remote", "add", "nas", tmp_path / "nas.git", "--create", "--vault", vault)
    told: list[tuple[str, int, int]] = []
    opened = open_vault(vault)
    found = push_to_remotes(opened, progress=lambda *step: told.append(step))
    assert found["nas"].state == "pushed"
    assert ("Looking at remotes", 0, 1) in told
    assert ("nas: writing objects", 100, 100) in told


def test_a_large_pack_over_the_web(
    call: Call, vault: Path, web: Forge, tmp_path: Path, home: Path
) -> None:
    """More than git sends in one piece: it is sent in chunks, and asked for the login first."""
    at = ("--vault", vault)
    card = min((vault / "contacts").glob("*.vcf"))
    photo = os.urandom(1_500_000).hex()
    text = card.read_text("utf-8").replace("END:VCARD", f"NOTE:{photo}\r\nEND:VCARD")
    card.write_bytes(text.replace("\r\r\n", "\r\n").encode())
    git(vault, "commit", "-q", "--no-verify", "-am", "A large note")
    call("remote", "add", "web", f"{web.address}/private/vault.git", *at)
    _point(vault, web, web.port)
    assert call("push", *at).out == "web: pushed\n"
    bare = tmp_path / "served" / "vault.git"
    assert git(bare, "rev-parse", "main") == git(vault, "rev-parse", "main")


def test_interrupted_in_the_middle(vault: Path, web: Forge, call: Call, tmp_path: Path) -> None:
    """SIGINT ends git and its helpers at once, with 130; nothing is left of them."""
    import signal
    import subprocess
    import sys

    call("remote", "add", "slow", f"{web.address}/hang/x.git", "--trusted", "--vault", vault)
    with ExitStack() as stack:
        process = stack.enter_context(
            subprocess.Popen(
                (sys.executable, "-m", "li_vault", "push", "--vault", str(vault)),
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )
        )  # fmt: skip
        for _ in range(200):
            if any(path.startswith("/hang") for _, path, _ in web.asked):
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        assert process.wait(20) == 130
        assert time.monotonic() - began < 8
