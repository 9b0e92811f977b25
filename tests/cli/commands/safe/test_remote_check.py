"""`remote check`: is it there, may it have the vault, and what has it?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import outside
import servers
from network import Network
from outside import Call, git


@pytest.fixture
def network() -> Network:
    return Network(seed=34, people=30)


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path, network: Network) -> Path:
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    return vault_dir


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_every_state(
    call: Call, vault: Path, tmp_path: Path, home: Path, network: Network, open_folder: Path
) -> None:
    for name in ("whole", "late", "other", "gone", "ahead", "open"):
        folder = open_folder if name == "open" else tmp_path
        call("remote", "add", name, folder / f"{name}.git", "--create", "--vault", vault)
    call("remote", "add", "new", tmp_path / "new.git", "--create", "--vault", vault)
    said = call("remote", "check", "whole", "--vault", vault, status=7)
    assert said.out == "whole: has nothing yet: li-vault push\n"
    call("push", "late", "gone", "open", "--vault", vault)
    network.advance()
    call("snapshot", outside.write(home, network), "--no-push", "--vault", vault)
    call("push", "whole", "--vault", vault)
    (tmp_path / "gone.git").rename(tmp_path / "unplugged.git")
    (open_folder / "open.git").chmod(0o755)
    work = tmp_path / "work"
    git(tmp_path, "clone", "-q", str(tmp_path / "whole.git"), str(work))
    git(work, "commit", "-q", "--allow-empty", "-m", "Theirs")
    for name in ("other", "ahead"):
        git(work, "push", "-q", str(tmp_path / f"{name}.git"), "main")
    git(vault, "fetch", "-q", "ahead")
    git(work, "commit", "-q", "--amend", "--allow-empty", "-m", "Theirs, not known here")
    git(work, "push", "-q", "-f", str(tmp_path / "other.git"), "main:side")
    git(tmp_path / "other.git", "update-ref", "refs/heads/main", "refs/heads/side")

    before = outside.state(vault)
    said = call("remote", "check", "--json", "--vault", vault, status=7)
    found = outside.one_object(said)["remotes"]
    short = {
        name: (one["reachable"], one["allowed"], one["state"], one["behind"])
        for name, one in found.items()
    }
    assert short == {
        "ahead": (True, True, "ahead", 0),
        "gone": (False, False, None, None),
        "late": (True, True, "behind", 1),
        "new": (True, True, "empty", 2),
        "open": (True, False, "behind", 1),
        "other": (True, True, "diverged", None),
        "whole": (True, True, "up-to-date", 0),
    }
    assert "other users" in found["open"]["objection"]
    after = outside.state(vault)
    assert before == after
    text = call("remote", "check", "--vault", vault, status=7).out
    assert len(text.splitlines()) == 7
    for line in ("whole: has everything", "late: lacks 1 commit: li-vault push",
                 "new: has nothing yet: li-vault push", "gone: "):  # fmt: skip
        assert line in text
    assert call("remote", "check", "whole", "--vault", vault).out == "whole: has everything\n"
    call("remote", "check", "gone", "--vault", vault, status=6)
    call("remote", "check", "gone", "whole", "--vault", vault, status=7)
    call("remote", "check", "nobody", "--vault", vault, status=2)


def test_status_learns_what_was_seen(call: Call, vault: Path, tmp_path: Path) -> None:
    """A copy that was emptied or went back is pending again once it was looked at."""
    call("remote", "add", "nas", tmp_path / "nas.git", "--create", "--vault", vault)
    call("push", "--vault", vault)
    git(tmp_path / "nas.git", "update-ref", "-d", "refs/heads/main")
    state = outside.one_object(call("status", "--json", "--vault", vault))["remotes"]
    assert state["nas"]["behind"] == 0
    call("remote", "check", "--vault", vault, status=7)
    state = outside.one_object(call("status", "--json", "--vault", vault))["remotes"]
    assert state["nas"]["behind"] == 1
    call("push", "--vault", vault)
    assert call("remote", "check", "--vault", vault).out == "nas: has everything\n"


def test_without_remotes(call: Call, vault: Path) -> None:
    assert "remote add" in call("remote", "check", "--vault", vault).out
    assert outside.one_object(call("remote", "check", "--json", "--vault", vault)) == {
        "format": 1, "remotes": {}
    }  # fmt: skip


def test_each_place_of_a_remote_counts(
    call: Call, vault: Path, tmp_path: Path, open_folder: Path
) -> None:
    """One remote may push to several places: all must be private, and all must have everything."""
    for name in ("one", "two"):
        call("remote", "add", name, tmp_path / f"{name}.git", "--create", "--vault", vault)
    git(vault, "remote", "remove", "two")
    for place in ("one", "two"):
        git(vault, "config", "--add", "remote.one.pushurl", str(tmp_path / f"{place}.git"))
    call("push", "--vault", vault)
    assert call("remote", "check", "--vault", vault).out == "one: has everything\n"
    git(tmp_path / "two.git", "update-ref", "-d", "refs/heads/main")
    said = call("remote", "check", "--vault", vault, status=7)
    assert said.out == "one: has nothing yet: li-vault push\n"
    call("push", "--vault", vault)
    assert git(tmp_path / "two.git", "rev-parse", "main") == git(vault, "rev-parse", "main")
    public = servers.bare(open_folder / "public.git")
    public.chmod(0o755)
    git(vault, "config", "--add", "remote.one.pushurl", str(public))
    said = call("push", "--json", "--vault", vault, status=7)
    assert outside.one_object(said)["remotes"]["one"]["state"] == "refused"
    assert git(public, "for-each-ref") == ""


def test_one_place_that_fails_leaves_all_pending(call: Call, vault: Path, tmp_path: Path) -> None:
    call("remote", "add", "one", tmp_path / "one.git", "--create", "--vault", vault)
    for place in ("one", "two"):
        git(vault, "config", "--add", "remote.one.pushurl", str(tmp_path / f"{place}.git"))
    two = servers.bare(tmp_path / "two.git")
    (two / "hooks").mkdir(exist_ok=True)
    (two / "hooks" / "pre-receive").write_text("#!/bin/sh\nexit 1\n")
    (two / "hooks" / "pre-receive").chmod(0o755)
    call("push", "--vault", vault, status=7)
    state = outside.one_object(call("status", "--json", "--vault", vault))["remotes"]
    assert state["one"]["behind"] == 1
    (two / "hooks" / "pre-receive").unlink()
    call("push", "--vault", vault)
    state = outside.one_object(call("status", "--json", "--vault", vault))["remotes"]
    assert state["one"]["behind"] == 0


def test_the_address_that_git_really_uses_is_judged(
    call: Call, vault: Path, tmp_path: Path, home: Path, open_folder: Path
) -> None:
    public = servers.bare(open_folder / "public.git")
    public.chmod(0o755)
    (tmp_path / "private.git").mkdir(mode=0o700)
    for key in ("insteadOf", "pushInsteadOf"):
        git(home, "config", "--global", f"url.{public}.{key}", "work:vault")
        said = call("remote", "add", "x", "work:vault", "--vault", vault, "--json", status=4)
        assert outside.one_object(said)["error"]["rule"] == "public"
        git(home, "config", "--global", "--remove-section", f"url.{public}")
    call("remote", "add", "x", tmp_path / "x.git", "--create", "--vault", vault)
    git(home, "config", "--global", f"url.{public}.pushInsteadOf", str(tmp_path / "x.git"))
    call("push", "--vault", vault, status=7)
    assert git(public, "for-each-ref") == ""
    git(vault, "config", "remote.x.vcs", "ext")
    said = call("push", "--json", "--vault", vault, status=7)
    assert "can run commands" in outside.one_object(said)["remotes"]["x"]["reason"]
