"""Copies at a host of one's own, over a real ssh: made there, pushed to, never rewound."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import outside
import servers
from network import Network
from outside import Call, git
from servers import Shell


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path) -> Path:
    archive = outside.write(home, Network(seed=33, people=30))
    call("snapshot", archive, "--init", "--vault", vault_dir)
    return vault_dir


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    with servers.ssh_host(tmp_path / "host") as shell:
        monkeypatch.setenv("GIT_SSH_COMMAND", shell.command)
        yield shell


def _refused(vault: Path, *args: str) -> str:
    done = subprocess.run(
        ("git", "-C", str(vault), "push", "--no-verify", *args), capture_output=True, check=False
    )
    assert done.returncode != 0
    return done.stderr.decode()


def test_made_pushed_and_never_rewound(
    call: Call, vault: Path, host: Shell, home: Path, tmp_path: Path
) -> None:
    """A stolen laptop's key can add to the copy; it can't take away by git."""
    call("remote", "add", "nas", host.url("/~/backup.git"), "--create", "--vault", vault)
    bare = host.home / "backup.git"
    assert bare.stat().st_mode & 0o777 == 0o700
    assert git(bare, "symbolic-ref", "HEAD").strip() == "refs/heads/main"
    for key in ("denyDeletes", "denyNonFastForwards", "fsckObjects"):
        assert git(bare, "config", f"receive.{key}").strip() == "true"
    assert git(bare, "config", "core.useReplaceRefs").strip() == "false"
    hook = bare / "hooks" / "pre-receive"
    assert hook.read_bytes() == (Path(__file__).parents[4] / "hooks/pre-receive").read_bytes()
    assert hook.stat().st_mode & 0o777 == 0o755
    assert outside.one_object(call("push", "--json", "--vault", vault))["remotes"]["nas"] == {
        "state": "pushed", "reason": None
    }  # fmt: skip
    archive = outside.write(home, _next(Network(seed=33, people=30)))
    call("snapshot", archive, "--vault", vault)
    tip = git(vault, "rev-parse", "HEAD")
    assert git(bare, "rev-parse", "main") == tip
    assert "not rewound" in _refused(vault, "--force", "nas", "HEAD~1:main")
    assert "not deleted" in _refused(vault, "nas", ":main")
    assert git(bare, "rev-parse", "main") == tip
    # The hook refuses alone where git's settings were lost, and they do without the hook.
    for key in ("denyDeletes", "denyNonFastForwards"):
        git(bare, "config", "--unset", f"receive.{key}")
    git(bare, "symbolic-ref", "HEAD", "refs/heads/none")
    assert "not rewound" in _refused(vault, "--force", "nas", "HEAD~1:main")
    assert "not deleted" in _refused(vault, "nas", ":main")
    hook.unlink()
    for key in ("denyDeletes", "denyNonFastForwards"):
        git(bare, "config", f"receive.{key}", "true")
    assert "non-fast-forward" in _refused(vault, "--force", "nas", "HEAD~1:main")
    other = git(vault, "commit-tree", "-m", "other", "HEAD^{tree}").strip()
    disguise = git(vault, "commit-tree", "-p", "HEAD", "-m", "disguise", "HEAD^{tree}").strip()
    git(vault, "push", "-q", "--no-verify", "nas", f"{disguise}:refs/replace/{other}")
    assert "non-fast-forward" in _refused(vault, "--force", "nas", f"{other}:main")
    assert "deletion prohibited" in _refused(vault, "nas", ":main")
    assert git(bare, "rev-parse", "main") == tip
    clone = tmp_path / "clone"
    git(bare, "symbolic-ref", "HEAD", "refs/heads/main")
    git(tmp_path, "clone", "-q", host.url("/~/backup.git"), str(clone))
    assert outside.cards(clone) == outside.cards(vault)


def _next(network: Network) -> Network:
    network.advance()
    return network


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/~/it's a $(touch pwned) copy;.git", "it's a $(touch pwned) copy;.git"),
        ("/~/-rf", "-rf"),
        ("ABSOLUTE/plain.git", "plain.git"),
        ("ABSOLUTE/with%20space/", "with space"),
    ],
)
def test_any_path(call: Call, vault: Path, host: Shell, path: str, place: str) -> None:
    url = host.url(path.replace("ABSOLUTE", str(host.home)))
    call("remote", "add", "nas", url, "--create", "--vault", vault)
    assert (host.home / place / "HEAD").is_file()
    assert not list(host.home.rglob("pwned"))
    assert not (vault / "pwned").exists()
    assert [one.name for one in host.home.iterdir()] == [place]


def test_what_is_there_is_left_alone(call: Call, vault: Path, host: Shell) -> None:
    (host.home / "full").mkdir()
    (host.home / "full" / "letter").write_text("dear")
    (host.home / "file").write_text("dear")
    (host.home / "empty").mkdir()
    for name in ("full", "file"):
        said = call("remote", "add", "x", host.url(f"/~/{name}"), "--create", "--vault", vault,
                    "--json", status=2)  # fmt: skip
        assert "not empty" in outside.one_object(said)["error"]["message"]
    call("remote", "add", "x", host.url("/~/empty"), "--create", "--vault", vault)
    assert (host.home / "full" / "letter").read_text() == "dear"
    said = call("remote", "add", "y", host.url("/~/no/such/parent"), "--create", "--vault", vault,
                status=6)  # fmt: skip
    assert "No such file" in said.err
    call("remote", "add", "y", host.url("/~other/x"), "--create", "--vault", vault, status=2)
    assert sorted(one.name for one in host.home.iterdir()) == ["empty", "file", "full"]
    assert list(outside.one_object(call("remote", "list", "--json", "--vault", vault))["remotes"]
                ) == ["x"]  # fmt: skip


def test_the_ssh_of_the_configuration(
    call: Call, vault: Path, host: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIT_SSH_COMMAND")
    said = call(
        "remote", "add", "nas", host.url("/~/a.git"), "--create", "--vault", vault, status=6
    )
    assert "made at" in said.err
    git(vault, "config", "core.sshCommand", host.command)
    call("remote", "add", "nas", host.url("/~/a.git"), "--create", "--vault", vault)
    call("push", "--vault", vault)
    said = call("remote", "check", "--vault", vault)
    assert said.out == "nas: has everything\n"


def test_a_key_for_git_alone(
    call: Call, vault: Path, host: Shell, home: Path, tmp_path: Path
) -> None:
    """A host may let a key do nothing but git, as the README advises: pushes work all the same."""
    servers.need("git-shell")
    call("remote", "add", "nas", host.url("/~/a.git"), "--create", "--vault", vault)
    entry = host.home.parent / "entry"
    entry.write_text('cd "$HOME" && exec git-shell -c "$SSH_ORIGINAL_COMMAND"\n', "ascii")
    call("push", "--vault", vault)
    assert call("remote", "check", "--vault", vault).out == "nas: has everything\n"
    assert git(host.home / "a.git", "rev-parse", "main") == git(vault, "rev-parse", "main")
    said = call("remote", "add", "more", host.url("/~/b.git"), "--create", "--vault", vault,
                status=6)  # fmt: skip
    assert "git-shell" in said.err or "unrecognized command" in said.err
    assert not (host.home / "b.git").exists()
