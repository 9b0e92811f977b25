"""Off-site copies from the outside: which are taken, what is pushed, and what is said of it."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import outside
import servers
from isolation import Run
from network import Network
from outside import Call, git


@pytest.fixture
def network() -> Network:
    return Network(seed=31, people=40)


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path, network: Network) -> Path:
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    git(vault_dir, "config", "li-vault.command", shlex.join([sys.executable, "-m", "li_vault"]))
    return vault_dir


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everyone on this machine may enter: pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_remote_is_added_listed_pushed_and_removed(
    call: Call, vault: Path, tmp_path: Path, network: Network, home: Path
) -> None:
    bare = tmp_path / "nas.git"
    said = call("remote", "add", "nas", bare, "--create", "--vault", vault)
    assert "nas" in said.out
    assert bare.stat().st_mode & 0o777 == 0o700
    assert git(bare, "rev-parse", "--is-bare-repository").strip() == "true"
    listed = outside.one_object(call("remote", "list", "--json", "--vault", vault))
    assert listed["remotes"] == {"nas": {"url": str(bare), "behind": 1}}
    call("status", "--check", "--vault", vault, status=1)
    found = outside.one_object(call("push", "--json", "--vault", vault))
    assert found["remotes"] == {"nas": {"state": "pushed", "reason": None}}
    found = outside.one_object(call("push", "nas", "--json", "--vault", vault))
    assert found["remotes"] == {"nas": {"state": "up-to-date", "reason": None}}
    state = outside.one_object(call("status", "--json", "--vault", vault))["remotes"]
    assert state == {
        "nas": {"url": str(bare), "behind": 0, "last_pushed": "2026-10-20", "last_verified": None}
    }
    network.advance()
    archive = outside.write(home, network)
    found = outside.one_object(call("snapshot", archive, "--no-push", "--json", "--vault", vault))
    assert found["remotes"] == {}
    state = outside.one_object(call("status", "--json", "--vault", vault))["remotes"]
    assert state["nas"]["behind"] == 1
    network.advance()
    archive = outside.write(home, network)
    found = outside.one_object(call("snapshot", archive, "--json", "--vault", vault))
    assert found["remotes"]["nas"]["state"] == "pushed"
    assert git(bare, "rev-parse", "main") == git(vault, "rev-parse", "main")
    assert git(bare, "for-each-ref", "--format=%(refname)").split() == ["refs/heads/main"]
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "-b", "main", str(bare), str(clone))
    assert outside.cards(clone) == outside.cards(vault)
    call("remote", "remove", "nas", "--vault", vault)
    assert outside.one_object(call("remote", "list", "--json", "--vault", vault))["remotes"] == {}
    assert bare.exists()
    call("remote", "remove", "nas", "--vault", vault, status=2)
    call("push", "nas", "--vault", vault, status=2)


def test_each_of_several_remotes_has_an_outcome(
    call: Call, vault: Path, tmp_path: Path, network: Network, home: Path
) -> None:
    for name in ("good", "gone", "other"):
        call("remote", "add", name, tmp_path / f"{name}.git", "--create", "--vault", vault)
    secret = "https://user:s3cret@localhost:1/v.git"
    call("remote", "add", "web", secret, "--trusted", "--vault", vault)
    (tmp_path / "gone.git").rename(tmp_path / "away")
    work = tmp_path / "work"
    git(tmp_path, "init", "-q", "-b", "main", str(work))
    git(work, "commit", "-q", "--allow-empty", "-m", "Another history")
    git(work, "push", "-q", str(tmp_path / "other.git"), "main")
    theirs = git(work, "rev-parse", "HEAD")
    network.advance()
    archive = outside.write(home, network)
    said = call("snapshot", archive, "--json", "--vault", vault, status=7)
    found = outside.one_object(said)
    states = {name: one["state"] for name, one in found["remotes"].items()}
    assert states.pop("gone") in {"failed", "refused"}
    assert states == {"good": "pushed", "other": "refused", "web": "failed"}
    assert found["commit"] == git(vault, "rev-parse", "HEAD").strip()
    assert all(found["remotes"][name]["reason"] for name in ("gone", "other", "web"))
    assert git(tmp_path / "other.git", "rev-parse", "main") == theirs
    text = call("push", "--vault", vault, status=7)
    assert text.out.count("\n") >= 4
    assert "good: up to date" in text.out
    for words in (said.out, text.out, call("status", "--vault", vault).out,
                  call("remote", "list", "--vault", vault).out):  # fmt: skip
        assert "s3cret" not in words
        assert "t0ken" not in words
        assert "user" not in words.replace("others", "").replace("users of", "")
    state = outside.one_object(call("status", "--json", "--vault", vault))["remotes"]
    assert {name: one["behind"] for name, one in state.items()} == {
        "gone": 2, "good": 0, "other": 2, "web": 2
    }  # fmt: skip
    (tmp_path / "away").rename(tmp_path / "gone.git")
    found = outside.one_object(call("push", "gone", "--json", "--vault", vault))
    assert found["remotes"]["gone"]["state"] == "pushed"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("x", "ext::sh -c 'touch pwned' %S"),
        ("x", "-oProxyCommand=touch pwned"),
        ("x", "ssh://-oProxyCommand=touch/x"),
        ("x", "fd::3"),
        ("x", "nonsense://host/x"),
        ("x", ""),
        ("-x", "git@example.invalid:x.git"),
        ("../x", "git@example.invalid:x.git"),
        ("x", "/there/is/nothing/here.git"),
    ],
)
def test_bad_addresses_are_wrong_use(name: str, url: str, call: Call, vault: Path) -> None:
    before = outside.state(vault)
    said = call("remote", "add", "--json", "--vault", vault, "--", name, url, status=None)
    assert said.status == 2, said
    assert outside.one_object(said)["error"]["hint"]
    assert outside.state(vault) == before


def test_a_folder_that_strangers_can_read_is_refused(
    call: Call, vault: Path, open_folder: Path
) -> None:
    bare = open_folder / "public.git"
    git(open_folder, "init", "-q", "--bare", str(bare))
    bare.chmod(0o755)
    before = outside.state(vault)
    said = call("remote", "add", "pub", bare, "--vault", vault, "--json", status=4)
    error = outside.one_object(said)["error"]
    assert (error["kind"], error["rule"]) == ("guard", "public")
    assert outside.state(vault) == before
    call("remote", "add", "pub", bare, "--trusted", "--vault", vault)
    call("push", "--vault", vault)
    assert git(bare, "rev-parse", "main") == git(vault, "rev-parse", "main")
    call("remote", "remove", "pub", "--vault", vault)
    call("remote", "add", "pub", bare, "--vault", vault, status=4)


def test_a_remote_that_is_only_pushed_to(call: Call, vault: Path, tmp_path: Path) -> None:
    """As plain git can have it: it is asked, too."""
    call("remote", "add", "made", tmp_path / "made.git", "--create", "--vault", vault)
    git(vault, "config", "remote.only.pushurl", str(tmp_path / "made.git"))
    assert call("push", "only", "--vault", vault).out == "only: pushed\n"
    assert call("remote", "check", "only", "--vault", vault).out == "only: has everything\n"
    git(vault, "config", "remote.near.url", "../made.git")  # to git, from the vault's folder
    assert call("push", "near", "--vault", vault).out == "near: up to date\n"
    call("verify", "--remote", "near", "--vault", vault)


def test_a_remote_that_opened_since_gets_nothing(
    call: Call, vault: Path, open_folder: Path
) -> None:
    bare = open_folder / "later.git"
    call("remote", "add", "later", bare, "--create", "--vault", vault)
    bare.chmod(0o755)
    said = call("push", "--json", "--vault", vault, status=7)
    outcome = outside.one_object(said)["remotes"]["later"]
    assert outcome["state"] == "refused"
    assert "other users" in outcome["reason"]
    assert git(bare, "for-each-ref") == ""


def test_the_users_own_push_is_judged_by_the_hook(
    vault: Path, call: Call, tmp_path: Path, open_folder: Path
) -> None:
    private, public = tmp_path / "private.git", open_folder / "public.git"
    call("remote", "add", "private", private, "--create", "--vault", vault)
    git(vault, "push", "-q", "private", "main")
    assert git(private, "rev-parse", "main") == git(vault, "rev-parse", "main")
    git(open_folder, "init", "-q", "--bare", str(public))
    public.chmod(0o755)
    git(vault, "remote", "add", "public", str(public))
    done = subprocess.run(
        ("git", "-C", str(vault), "push", "public", "main"), capture_output=True, check=False
    )
    assert done.returncode != 0
    assert b"trangers" in done.stderr or b"other users" in done.stderr
    assert git(public, "for-each-ref") == ""


def test_the_hook_finds_the_program_that_began_the_vault(
    run: Run, tmp_path: Path, home: Path, network: Network
) -> None:
    vault, private = tmp_path / "vault", tmp_path / "private.git"
    assert run("snapshot", outside.write(home, network), "--init", "--vault", vault).status == 0
    assert run("remote", "add", "nas", private, "--create", "--vault", vault).status == 0
    git(vault, "push", "-q", "nas", "main")
    assert git(private, "rev-parse", "main") == git(vault, "rev-parse", "main")


def test_create_takes_no_folder_that_is_in_use(call: Call, vault: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("dear")
    call("remote", "add", "x", tmp_path / "full", "--create", "--vault", vault, status=2)
    call("remote", "add", "x", "https://example.invalid/x", "--create", "--vault", vault, status=2)
    call("remote", "add", "x", "git@example.invalid:x", "--create", "--vault", vault, status=6)
    call("remote", "add", "x", vault, "--vault", vault, status=2)
    call("remote", "add", "x", tmp_path / "a.git", "--create", "--vault", vault)
    call("remote", "add", "x", tmp_path / "b.git", "--create", "--vault", vault, status=2)
    assert not (tmp_path / "b.git").exists()


def test_the_web_is_asked_before_anything_is_added(call: Call, vault: Path, tmp_path: Path) -> None:
    """Public: refused (4); nobody can tell: 6; vouched for, for this address alone: taken."""
    bare = servers.bare(tmp_path / "served" / "vault.git")
    with servers.forge(tmp_path / "served") as web:
        before = outside.state(vault)
        for place, status in (("public", 4), ("moved", 4), ("down", 6), ("away", 6)):
            url = f"{web.address}/{place}/vault.git"
            said = call("remote", "add", "x", url, "--vault", vault, "--json", status=status)
            error = outside.one_object(said)["error"]
            assert "--trusted" in error["hint"]
            assert outside.state(vault) == before
        public = f"{web.address}/public/vault.git"
        call("remote", "add", "x", public, "--trusted", "--vault", vault)
        git(vault, "config", "remote.x.pushurl", f"{web.address}/moved/vault.git")
        said = call("push", "--vault", vault, status=7)
        assert "Strangers can read" in said.out
        assert not any("git-receive-pack" in path for _, path, _ in web.asked)
    assert git(bare, "for-each-ref") == ""


def test_a_copy_that_nobody_could_restore_is_not_made(
    call: Call, vault: Path, tmp_path: Path
) -> None:
    call("remote", "add", "nas", tmp_path / "nas.git", "--create", "--vault", vault)
    card = min((vault / "contacts").iterdir())
    card.with_name("copy-of-it.vcf").write_bytes(card.read_bytes())
    git(vault, "add", "-A")
    git(vault, "commit", "-q", "--no-verify", "-m", "Mine")
    refused = outside.one_object(call("push", "--json", "--vault", vault, status=5))["error"]
    assert "copy-of-it.vcf" in refused["message"] or card.name in refused["message"]
    git(vault, "rm", "-q", "contacts/copy-of-it.vcf")
    git(vault, "commit", "-q", "-m", "Mine again")
    call("push", "--vault", vault)
    call("restore", tmp_path / "nas.git", tmp_path / "back")
