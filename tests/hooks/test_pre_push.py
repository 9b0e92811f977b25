from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import invented
from invented import plain
from li_vault.store.remotes import remotes
from li_vault.store.repo import Repo, set_config
from li_vault.store.write import hooks


@pytest.fixture
def repo(vault_dir: Path, tmp_path: Path) -> Repo:
    """A vault with hooks and a plain remote; its li-vault notes what it is asked, and agrees."""
    made = invented.begin(vault_dir)
    plain(tmp_path, "init", "-q", "--bare", "-b", "main", "shelf.git")
    remotes.add_remote(made, "shelf", str(tmp_path / "shelf.git"))
    hooks.install_hooks(
        made, invented.HOOKS, _program(tmp_path / "my tools" / "li-vault", "exit 0")
    )
    return made


def _program(place: Path, what: str) -> str:
    place.parent.mkdir(exist_ok=True)
    lines = f"#!/bin/sh\nprintf '%s|' \"$@\" >'{place}.asked'\necho told\n{what}\n"
    place.write_text(lines, "utf-8")
    place.chmod(0o755)
    return str(place)


def test_li_vault_is_asked(repo: Repo, tmp_path: Path) -> None:
    plain(repo.path, "push", "-q", "shelf", "main")
    asked = (tmp_path / "my tools" / "li-vault.asked").read_text("utf-8")
    assert asked == f"hook|pre-push|shelf|{tmp_path}/shelf.git|"
    plain(repo.path, "commit", "-q", "--allow-empty", "-m", "more")
    plain(repo.path, "push", "-q", "shelf", "main")
    plain(repo.path, "push", "-q", "shelf", "main:other")
    plain(repo.path, "push", "-q", "shelf", ":other")


@pytest.mark.parametrize("status", [1, 2, 6, 70])
def test_its_no_is_a_no(repo: Repo, tmp_path: Path, status: int) -> None:
    _program(tmp_path / "my tools" / "li-vault", f"echo strangers >&2; exit {status}")
    said = plain(repo.path, "push", "shelf", "main:other", fails=True)
    assert "strangers" in said
    assert "--no-verify" in said
    assert plain(tmp_path / "shelf.git", "for-each-ref") == ""
    plain(repo.path, "push", "-q", "--no-verify", "shelf", "main")


def test_a_command_of_several_words(repo: Repo, tmp_path: Path) -> None:
    program = tmp_path / "my tools" / "li-vault"
    set_config(repo, "li-vault.command", f"'{program}' --flag")
    plain(repo.path, "push", "-q", "shelf", "main")
    asked = Path(f"{program}.asked").read_text("utf-8")
    assert asked == f"--flag|hook|pre-push|shelf|{tmp_path}/shelf.git|"


@pytest.mark.parametrize("command", [None, "/nowhere/li-vault", "false"])
def test_it_fails_closed(
    repo: Repo, tmp_path: Path, command: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("git", "sh", "cat", "false"):
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(programs))
    set_config(repo, "li-vault.command", command)
    said = plain(repo.path, "push", "shelf", "main", fails=True)
    assert "nothing was pushed" in said.lower()
    assert "--no-verify" in said
    assert plain(tmp_path / "shelf.git", "for-each-ref") == ""


def test_li_vault_on_the_path_is_found(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_config(repo, "li-vault.command", None)
    monkeypatch.setenv("PATH", str(tmp_path / "my tools"), prepend=":")
    plain(repo.path, "push", "-q", "shelf", "main")


def test_history_is_never_dropped(repo: Repo, tmp_path: Path) -> None:
    plain(repo.path, "push", "-q", "shelf", "main")
    assert "would delete main" in plain(repo.path, "push", "shelf", ":main", fails=True)
    plain(tmp_path, "clone", "-q", "shelf.git", "other")
    plain(tmp_path / "other", "commit", "-q", "--allow-empty", "-m", "theirs")
    plain(tmp_path / "other", "push", "-q")
    said = plain(repo.path, "push", "-f", "shelf", "main", fails=True)
    assert "Fetch first" in said
    plain(repo.path, "fetch", "-q", "shelf")
    said = plain(repo.path, "push", "-f", "shelf", "main", fails=True)
    assert "would drop commits" in said
    plain(repo.path, "merge", "-q", "--ff-only", "shelf/main")
    plain(repo.path, "push", "-q", "shelf", "main")


def test_what_gcrypt_has_encrypted_may_go_anywhere(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git-remote-gcrypt calls git for what it has encrypted; the push itself was judged before."""
    _program(tmp_path / "my tools" / "li-vault", "exit 1")
    monkeypatch.setenv("GITCEPTION", "+")
    plain(repo.path, "push", "-q", "shelf", "main")
