"""A vault from a remote, from the outside: whole, at its place, and used on at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import outside
from isolation import Run
from network import Network
from outside import Call, git


@pytest.fixture
def network() -> Network:
    return Network(seed=50, people=30)


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path, network: Network) -> Path:
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    for _ in range(2):
        network.advance(pace=3)
        call("snapshot", outside.write(home, network), "--vault", vault_dir)
    return vault_dir


@pytest.fixture
def bare(vault: Path, tmp_path: Path) -> Path:
    path = tmp_path / "bare.git"
    git(tmp_path, "clone", "-q", "--bare", str(vault), str(path))
    path.chmod(0o700)
    return path


def _is_the_same(restored: Path, vault: Path) -> None:
    """Whether a restored vault is the other, and nothing is left to do in it."""
    assert git(restored, "rev-parse", "HEAD", "main") == git(vault, "rev-parse", "HEAD", "main")
    assert git(restored, "symbolic-ref", "HEAD").strip() == "refs/heads/main"
    files = git(vault, "ls-files", "-z").split("\0")[:-1]
    for name in files:
        assert (restored / name).read_bytes() == (vault / name).read_bytes()
        assert not (restored / name).is_symlink()
    assert git(restored, "ls-files", "-z").split("\0")[:-1] == files
    assert git(restored, "status", "--porcelain", "--ignored") == ""
    assert git(restored, "fsck", "--full", "--strict", "--no-progress") == ""
    assert restored.stat().st_mode & 0o777 == 0o700
    private = {path.name for path in (restored / ".git" / "li-vault").iterdir()}
    assert not private & {"unfinished", "incoming", "folders", "holder"}


KINDS: dict[str, Callable[[Path, Path], str]] = {
    "bare repository": lambda bare, vault: str(bare),
    "file address": lambda bare, vault: f"file://{bare}",
    "clone with a work tree": lambda bare, vault: str(vault),
    "path from here": lambda bare, vault: os.path.relpath(bare),
    "path from home": lambda bare, vault: "~/" + os.path.relpath(bare, Path.home()),
}


@pytest.mark.parametrize("kind", KINDS)
def test_from_every_kind_of_place(
    kind: str, call: Call, vault: Path, bare: Path, tmp_path: Path, network: Network, home: Path
) -> None:
    target = tmp_path / "new" / "restored"
    said = call("restore", KINDS[kind](bare, vault), target, "--json")
    found = outside.one_object(said)
    _is_the_same(target, vault)
    status = outside.one_object(call("status", "--json", "--vault", vault))
    assert {key: found[key] for key in ("contacts", "former", "snapshots", "last")} == {
        key: status[key] for key in ("contacts", "former", "snapshots", "last")
    }
    assert found["contacts"] == len(outside.cards(target))
    assert found["former"] == len(outside.cards(target, "former")) > 0
    assert (found["vault"], found["remote"]) == (str(target), "origin")
    assert found["commit"] == git(bare, "rev-parse", "main").strip()
    assert set(found["hooks"].values()) == {"planted"}
    assert bool(found["warnings"]) == (kind == "clone with a work tree")
    assert sorted(path.name for path in target.parent.iterdir()) == ["restored"]
    state = outside.one_object(call("status", "--json", "--vault", target))["remotes"]
    assert state["origin"]["behind"] == 0
    assert git(target, "rev-parse", "--abbrev-ref", "main@{upstream}").strip() == "origin/main"
    assert "wrong" not in call("doctor", "--vault", target, status=None).out
    network.advance()
    archive = outside.write(home, network)
    bare_is_remote = kind != "clone with a work tree"
    went = call("snapshot", archive, "--json", "--vault", target, status=0 if bare_is_remote else 7)
    call("snapshot", archive, "--vault", vault)
    assert outside.one_object(went)["commit"] == git(vault, "rev-parse", "main").strip()
    if bare_is_remote:
        assert git(bare, "rev-parse", "main") == git(vault, "rev-parse", "main")


def test_what_people_see(call: Call, bare: Path, tmp_path: Path) -> None:
    said = call("restore", bare, tmp_path / "restored", "--name", "nas")
    assert f"Restored the vault into {tmp_path / 'restored'}" in said.out
    assert "3 snapshots" in said.out
    assert f"nas {bare}" in said.out
    assert said.err == ""
    assert git(tmp_path / "restored", "remote").split() == ["nas"]


def test_the_usual_place_and_the_environment(
    call: Call, bare: Path, vault: Path, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    call("restore", bare)
    _is_the_same(home / ".local" / "share" / "li-vault", vault)
    call("restore", bare, status=5)
    monkeypatch.setenv("LI_VAULT", str(tmp_path / "named"))
    call("restore", bare)
    _is_the_same(tmp_path / "named", vault)
    call("restore", bare, "--vault", tmp_path / "option")
    _is_the_same(tmp_path / "option", vault)


@pytest.mark.parametrize("is_here", [True, False])
def test_into_an_empty_folder(
    is_here: bool, call: Call, bare: Path, vault: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    target = tmp_path / "empty"
    target.mkdir(mode=0o755)
    if is_here:
        monkeypatch.chdir(target)
    call("restore", bare, "." if is_here else target)
    if is_here:  # whoever stands in it still stands in the vault
        assert (Path.cwd() / "vault.toml").exists()
        assert Path.cwd().samefile(target)
    _is_the_same(target, vault)
    assert not [path for path in (*tmp_path.iterdir(), *target.iterdir()) if "restore" in path.name]


def _with_a_letter(target: Path) -> None:
    target.mkdir()
    (target / "letter.txt").write_text("dear")


def _with_a_vault(target: Path) -> None:
    git(target.parent, "init", "-q", str(target))


def _as_a_file(target: Path) -> None:
    target.write_text("a file")


def _as_a_link(target: Path) -> None:
    _with_a_letter(target.with_name("behind"))
    target.symlink_to(target.with_name("behind"))


@pytest.mark.parametrize("make", [_with_a_letter, _with_a_vault, _as_a_file, _as_a_link])
def test_a_folder_in_use_is_left_alone(
    make: Callable[[Path], None], call: Call, bare: Path, tmp_path: Path
) -> None:
    target = tmp_path / "place" / "target"
    target.parent.mkdir()
    make(target)
    before = outside.state(target.parent)
    said = call("restore", bare, target, "--json", status=None)
    outside.is_refused(said, 5, "", "not empty|not a folder")
    assert outside.state(target.parent) == before


def test_no_vault_inside_a_vault(call: Call, bare: Path, vault: Path) -> None:
    said = call("restore", bare, vault / "contacts2" / "x", "--json", status=None)
    outside.is_refused(said, 5, "", "lies inside the vault")
    assert git(vault, "status", "--porcelain") == ""


def test_hand_edits_and_mended_cards_come_along(
    call: Call, vault: Path, tmp_path: Path, home: Path, network: Network
) -> None:
    card = min((vault / "contacts").iterdir())
    card.write_bytes(card.read_bytes().replace(b"END:", b"NOTE:met in Turin\r\nEND:"))
    network.advance()
    call("snapshot", outside.write(home, network), "--vault", vault)
    call("restore", vault, tmp_path / "restored")
    _is_the_same(tmp_path / "restored", vault)


def test_someone_elses_card_less_is_told(call: Call, vault: Path, tmp_path: Path) -> None:
    card = min((vault / "contacts").iterdir())
    git(vault, "rm", "-q", f"contacts/{card.name}")
    git(vault, "commit", "-q", "--no-verify", "-m", "Without one")
    found = outside.one_object(call("restore", vault, tmp_path / "restored", "--json"))
    assert any("committed that by hand" in words for words in found["warnings"])


def test_an_open_remote_is_told(call: Call, vault: Path, tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        git(tmp_path, "clone", "-q", "--bare", str(vault), f"{name}/open.git")
        Path(name, "open.git").chmod(0o755)
        said = call("restore", f"{name}/open.git", tmp_path / "restored")
        assert "Warning: Strangers can read this remote" in said.err
        call("push", "--vault", tmp_path / "restored", status=7)
    _is_the_same(tmp_path / "restored", vault)


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("", 2),
        ("ext::sh -c 'touch pwned' %S", 2),
        ("ssh://-oProxyCommand=touch/x", 2),
        ("https://example.invalid/v.git?token=t0ken", 2),
        ("/there/is/nothing.git", 6),
        ("file:///there/is/nothing.git", 6),
        ("http://me:s3cret@127.0.0.1:1/v.git", 6),
        ("ssh://me:s3cret@127.0.0.1:1/v.git", 2),
        ("ssh://me@127.0.0.1:1/v.git", 6),
    ],
)
def test_addresses_that_lead_nowhere(url: str, status: int, run: Run, tmp_path: Path) -> None:
    env = {"GIT_SSH_COMMAND": "sh -c 'echo No route to host >&2; exit 255'"}
    said = run("restore", "--json", "--", url, tmp_path / "new" / "target", env=env)
    error = outside.one_object(said)["error"]
    assert said.status == error["status"] == status, error
    assert error["hint"]
    assert "s3cret" not in said.out
    assert "t0ken" not in said.out
    assert not (tmp_path / "new").exists()
    assert not Path("pwned").exists()


def test_ssh_as_the_user_has_it(run: Run, bare: Path, vault: Path, tmp_path: Path) -> None:
    ssh = tmp_path / "ssh"
    ssh.write_text(
        f'#!/bin/sh\necho "$*" > {tmp_path}/called\nfor last; do :; done\neval "$last"\n'
    )
    ssh.chmod(0o755)
    target = tmp_path / "restored"
    said = run("restore", f"keeper@host.invalid:{bare}", target, env={"GIT_SSH_COMMAND": str(ssh)})
    assert said.status == 0, said
    _is_the_same(target, vault)
    assert "keeper@host.invalid" in (tmp_path / "called").read_text()
    assert git(target, "remote", "get-url", "origin").strip() == f"keeper@host.invalid:{bare}"


def test_git_s_own_doubt_about_the_owner_is_obeyed(
    run: Run, bare: Path, vault: Path, tmp_path: Path
) -> None:
    env = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    said = run("restore", bare, tmp_path / "restored", env=env)
    assert said.status == 6
    assert "safe.directory" in said.err
    git(tmp_path, "config", "--global", "safe.directory", "*")
    assert run("restore", bare, tmp_path / "restored", env=env).status == 0
    _is_the_same(tmp_path / "restored", vault)


def _killer(folder: Path, number: int) -> str:
    """A PATH whose git kills its caller at the call of that number, or the next of two at once."""
    folder.mkdir(exist_ok=True)
    real = subprocess.run(("which", "git"), capture_output=True, check=True).stdout.decode().strip()
    (folder / "count").write_text("")
    (folder / "git").write_text(
        f'#!/bin/sh\necho >> {folder}/count\n[ "$(wc -l < {folder}/count)" -lt {number} ] || '
        f'{{ kill -9 $PPID; exit 1; }}\nexec {real} "$@"\n'
    )
    (folder / "git").chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.sweep
@pytest.mark.parametrize("is_here", [True, False])
def test_killed_anywhere_it_can_be_done_again(
    is_here: bool, run: Run, bare: Path, vault: Path, tmp_path: Path
) -> None:
    killed = 0
    for number in range(2, 60, 4):
        place = tmp_path / f"place-{number}"
        target = place / "target"
        target.mkdir(parents=True)
        cwd = target if is_here else None
        env = {"PATH": _killer(tmp_path / "bin", number)}
        said = run("restore", bare, target, env=env, cwd=cwd)
        if said.status == 0:
            break
        assert said.status == -signal.SIGKILL
        killed += 1
        if (target / ".git").exists():  # moved in as a whole: any command finishes the rest
            assert run("status", "--vault", target).status == 0
        else:
            assert run("restore", bare, target, cwd=cwd).status == 0
        _is_the_same(target, vault)
        assert [path.name for path in place.iterdir()] == ["target"]
    assert killed >= 4


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ended_while_the_remote_is_silent(number: int, tmp_path: Path) -> None:
    ssh = tmp_path / "ssh"
    ssh.write_text(f"#!/bin/sh\ntouch {tmp_path}/called\nexec sleep 60\n")
    ssh.chmod(0o755)
    with subprocess.Popen(
        [sys.executable, "-m", "li_vault", "restore", "me@host.invalid:x", tmp_path / "new" / "v"],
        env={**os.environ, "GIT_SSH_COMMAND": str(ssh)}, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        while not (tmp_path / "called").exists():
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        began = time.monotonic()
        assert process.wait(20) == 128 + number
        assert time.monotonic() - began < 10
    assert not (tmp_path / "new").exists()
