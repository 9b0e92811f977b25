"""The same export again: the same day, a later day, another machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import outside
from isolation import CHECKOUT, Run
from network import Network
from outside import Call, git


@pytest.fixture
def network() -> Network:
    return Network(seed=3, people=60)


def test_the_same_day_again_records_nothing(
    call: Call, vault_dir: Path, home: Path, network: Network
) -> None:
    archive = outside.write(home, network)
    call("snapshot", archive, "--init", "--vault", vault_dir)
    before = outside.state(vault_dir)
    said = call("snapshot", archive, "--vault", vault_dir)
    assert "already recorded" in said.out
    found = outside.one_object(call("snapshot", archive, "--vault", vault_dir, "--json"))
    assert found["commit"] is None
    assert found["rows"] == len(network.rows())
    assert (found["added"], found["changed"], found["gone"], found["returned"]) == (0, 0, 0, 0)
    assert outside.state(vault_dir) == before
    bare = home / "nas.git"
    call("remote", "add", "nas", bare, "--create", "--vault", vault_dir)
    found = outside.one_object(call("snapshot", archive, "--vault", vault_dir, "--json"))
    assert found["remotes"] == {"nas": {"state": "pushed", "reason": None}}
    assert git(bare, "rev-parse", "main") == git(vault_dir, "rev-parse", "main")


def test_a_later_day_is_a_commit_with_the_same_tree(
    call: Call, vault_dir: Path, home: Path, network: Network
) -> None:
    archive = outside.write(home, network)
    call("snapshot", archive, "--init", "--vault", vault_dir)
    later = ("snapshot", archive, "--vault", vault_dir, "--taken-on", "2026-11-01", "--json")
    found = outside.one_object(call(*later))
    assert found["taken_on_from"] == "option"
    assert found["unchanged"] == found["contacts"] == len(network.shown())
    assert found["commit"] == git(vault_dir, "rev-parse", "HEAD").strip()
    assert git(vault_dir, "rev-parse", "HEAD^{tree}") == git(
        vault_dir, "rev-parse", "HEAD~1^{tree}"
    )
    assert outside.one_object(call(*later))["commit"] is None
    assert git(vault_dir, "rev-list", "--count", "HEAD").strip() == "2"


def test_a_dry_run_records_nothing(
    call: Call, vault_dir: Path, home: Path, network: Network
) -> None:
    archive = outside.write(home, network)
    call("snapshot", archive, "--init", "--dry-run", "--vault", vault_dir, status=2)
    assert not vault_dir.exists()
    call("snapshot", archive, "--init", "--vault", vault_dir)
    network.advance()
    before = outside.state(vault_dir)
    told = outside.write(home, network)
    found = outside.one_object(call("snapshot", told, "--dry-run", "--vault", vault_dir, "--json"))
    assert found["commit"] is None
    assert outside.state(vault_dir) == before
    done = outside.one_object(call("snapshot", told, "--vault", vault_dir, "--json"))
    assert {k: found[k] for k in ("added", "changed", "gone", "returned", "unchanged")} == {
        k: done[k] for k in ("added", "changed", "gone", "returned", "unchanged")
    }


_HOSTILE = """\
[user]
    name = Mallory
    email = mallory@example.invalid
    signingkey = nonsense
[core]
    autocrlf = true
    eol = crlf
    quotePath = true
    hooksPath = {home}/hooks
    excludesFile = {home}/excludes
    attributesFile = {home}/attributes
    precomposeunicode = true
    abbrev = 4
[commit]
    gpgSign = true
    encoding = ISO-8859-1
[i18n]
    commitEncoding = ISO-8859-1
    logOutputEncoding = ISO-8859-1
[init]
    defaultBranch = trunk
    templateDir = {home}/template
    defaultObjectFormat = sha256
[extensions]
    objectFormat = sha256
[diff]
    renames = copies
    external = false
[status]
    showUntrackedFiles = no
[log]
    showSignature = true
[gc]
    auto = 1
[alias]
    init = !false
"""

_MACHINES: dict[str, dict[str, str]] = {
    "turkish": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"},
    "plain-c": {"LC_ALL": "C", "LANG": "C", "TZ": "Pacific/Niue", "PYTHONUTF8": "0",
                "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "1"},
    "latin": {"LC_ALL": "en_US.ISO-8859-1", "PYTHONHASHSEED": "77", "PYTHONOPTIMIZE": "2"},
    "variables": {
        "GIT_DIR": "/nowhere", "GIT_WORK_TREE": "/nowhere", "GIT_INDEX_FILE": "/nowhere/index",
        "GIT_AUTHOR_DATE": "1999-01-01T00:00:00", "GIT_COMMITTER_DATE": "1999-01-01T00:00:00",
        "GIT_AUTHOR_NAME": "Mallory", "GIT_AUTHOR_EMAIL": "m@example.invalid",
        "GIT_COMMITTER_NAME": "Mallory", "GIT_COMMITTER_EMAIL": "m@example.invalid",
        "GIT_OBJECT_DIRECTORY": "/nowhere/objects", "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.autocrlf", "GIT_CONFIG_VALUE_0": "true",
        "GIT_CONFIG_PARAMETERS": "'core.autocrlf=true'", "GIT_DEFAULT_HASH": "sha256",
        "GIT_TEMPLATE_DIR": "/nowhere", "GIT_NAMESPACE": "else", "GIT_TRACE": "1",
        "GIT_CEILING_DIRECTORIES": "/", "GIT_EXTERNAL_DIFF": "false", "EMAIL": "m@example.invalid",
    },
}  # fmt: skip


@pytest.mark.parametrize("machine", [*_MACHINES, "config"])
def test_every_machine_makes_the_same_commits(
    machine: str, run: Run, tmp_path: Path, home: Path, network: Network, call: Call
) -> None:
    first = outside.write(home, network)
    network.advance()
    second = outside.write(home, network)
    here, there = tmp_path / "here", tmp_path / "Там und 云" / "vault"
    call("snapshot", first, second, "--init", "--vault", here)
    env = dict(_MACHINES.get(machine, {}))
    if machine == "config":
        for name in ("hooks", "template/hooks"):
            hook = home / name / "post-commit"
            hook.parent.mkdir(parents=True)
            hook.write_text("#!/bin/sh\nexit 1\n")
            hook.chmod(0o755)
            (hook.parent / "reference-transaction").symlink_to("post-commit")
        (home / "excludes").write_text("*\n")
        (home / "attributes").write_text("* text eol=crlf ident\n")
        (home / ".gitconfig").write_text(_HOSTILE.format(home=home))
    (tmp_path / "cwd").mkdir()
    for archive in (first, second):
        said = run(
            "snapshot", archive, "--init", "--vault", there, "--json",
            env=env, cwd=tmp_path / "cwd",
        )  # fmt: skip
        assert said.status == 0, said.err
        assert outside.one_object(said)["commit"]
    said = run("status", "--json", "--vault", there, env=env, cwd=tmp_path / "cwd")
    assert outside.one_object(said)["pending_edits"] == 0
    assert said.status == 0
    assert (there / ".git/refs/heads/main").read_text() == (
        here / ".git/refs/heads/main"
    ).read_text()


@pytest.mark.parametrize("mask", ["000", "077", "277"])
def test_every_umask_makes_the_same_private_vault(
    mask: str, vault_dir: Path, tmp_path: Path, home: Path, network: Network, call: Call
) -> None:
    archive = outside.write(home, network)
    call("snapshot", archive, "--init", "--vault", tmp_path / "here")
    done = subprocess.run(
        ("sh", "-c", f'umask {mask}; exec "$@"', "sh", sys.executable, "-m", "li_vault",
         "snapshot", archive, "--init", "--vault", vault_dir),
        capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(CHECKOUT / "src")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert git(vault_dir, "rev-parse", "HEAD") == git(tmp_path / "here", "rev-parse", "HEAD")
    assert vault_dir.stat().st_mode & 0o777 == 0o700
    card = next((vault_dir / "contacts").iterdir())
    assert card.stat().st_mode & 0o400
    assert git(vault_dir, "status", "--porcelain") == ""
