from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

import invented
from invented import plain
from li_vault.errors import BadVault, GitFailed
from li_vault.store.repo import (
    create_repo,
    enclosing_vault,
    open_gitpython,
    open_repo,
    read_settings,
    require_ready,
    set_config,
)
from li_vault.store.write import commit


def test_a_new_vault_is_private_and_plain(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    assert stat.S_IMODE(vault_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE(repo.git_dir.stat().st_mode) == 0o700
    assert plain(vault_dir, "symbolic-ref", "HEAD") == "refs/heads/main\n"
    assert not (repo.git_dir / "hooks").exists()
    assert open_repo(vault_dir).path == vault_dir
    assert create_repo(vault_dir).path == vault_dir


def test_an_empty_repository_becomes_a_vault(vault_dir: Path) -> None:
    plain(vault_dir.parent, "init", "-q", "-b", "trunk", vault_dir.name)
    repo = invented.begin(vault_dir)
    require_ready(repo)
    assert invented.is_whole(repo)


def test_a_vault_with_odd_characters_in_its_path(tmp_path: Path) -> None:
    place = tmp_path / 'a "b" \\ $HOME é\'s'
    repo = invented.begin(place)
    assert invented.is_whole(repo)


def _bare(place: Path) -> None:
    plain(place.parent, "init", "-q", "--bare", place.name)


def _foreign(place: Path) -> None:
    plain(place.parent, "init", "-q", "-b", "main", place.name)
    (place / "a.txt").write_bytes(b"a")
    plain(place, "add", "a.txt")
    plain(place, "commit", "-qm", "a")


def _fresh_foreign(place: Path) -> None:
    plain(place.parent, "init", "-q", place.name)


def _sha256(place: Path) -> None:
    plain(place.parent, "init", "-q", "--object-format=sha256", place.name)
    (place / "vault.toml").write_bytes(b"format = 1\n")


def _submodule(place: Path) -> None:
    place.mkdir()
    (place / ".git").write_text("gitdir: ../elsewhere\n", "ascii")


def _damaged(place: Path) -> None:
    invented.begin(place)
    (place / ".git" / "HEAD").unlink()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda place: None, "no folder"),
        (lambda place: place.mkdir(), "not a git repository"),
        (_bare, "bare"),
        (_foreign, "not a vault"),
        (_fresh_foreign, "not a vault"),
        (_sha256, "sha256"),
        (_submodule, "submodule"),
        (_damaged, "not a repository that git can use"),
    ],
)
def test_what_is_no_vault(vault_dir: Path, make: object, words: str) -> None:
    assert callable(make)
    make(vault_dir)
    with pytest.raises(BadVault, match=words) as caught:
        open_repo(vault_dir)
    assert caught.value.hint
    if make in {_foreign, _sha256, _submodule}:
        with pytest.raises(BadVault):
            create_repo(vault_dir)


def test_a_folder_inside_another_repository_is_not_taken_for_it(tmp_path: Path) -> None:
    _foreign(tmp_path / "outer")
    inner = tmp_path / "outer" / "inner"
    inner.mkdir()
    with pytest.raises(BadVault, match="not a git repository"):
        open_repo(inner)
    repo = invented.begin(inner)
    assert invented.is_whole(repo)


def test_a_deleted_marker_does_not_make_a_vault_foreign(vault_dir: Path) -> None:
    invented.begin(vault_dir)
    (vault_dir / "vault.toml").unlink()
    assert open_repo(vault_dir).path == vault_dir


def test_enclosing(vault_dir: Path, tmp_path: Path) -> None:
    invented.begin(vault_dir)
    assert enclosing_vault(vault_dir / "contacts") == vault_dir
    assert enclosing_vault(vault_dir) == vault_dir
    assert enclosing_vault(tmp_path) is None
    (tmp_path / "vault.toml").write_bytes(b"")
    assert enclosing_vault(tmp_path) is None


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away"
)
def test_someone_elses_vault(home: Path, vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    for place in (vault_dir, repo.git_dir):
        os.chown(place, 12345, 12345)
    with pytest.raises(BadVault, match="dubious ownership") as caught:
        open_repo(vault_dir)
    assert f"git config --global --add safe.directory '{vault_dir}'" in caught.value.hint
    plain(home, "config", "--global", "--add", "safe.directory", "/some/where/else")
    with pytest.raises(BadVault, match="dubious ownership"):
        open_repo(vault_dir)
    plain(home, "config", "--global", "--add", "safe.directory", str(vault_dir))
    assert open_repo(vault_dir).run("rev-parse", "HEAD")


def _leave_merge(place: Path) -> None:
    plain(place, "checkout", "-qb", "side")
    (place / "vault.toml").write_bytes(b"side\n")
    plain(place, "commit", "-qam", "side")
    plain(place, "checkout", "-q", "main")
    (place / "vault.toml").write_bytes(b"main\n")
    plain(place, "commit", "-qam", "main")


def _merge(place: Path) -> None:
    _leave_merge(place)
    subprocess.run(["git", "merge", "side"], cwd=place, capture_output=True, check=False)


def _rebase(place: Path) -> None:
    _leave_merge(place)
    subprocess.run(["git", "rebase", "side"], cwd=place, capture_output=True, check=False)


def _cherry_pick(place: Path) -> None:
    _leave_merge(place)
    subprocess.run(["git", "cherry-pick", "side"], cwd=place, capture_output=True, check=False)


def _revert(place: Path) -> None:
    _leave_merge(place)
    (place / "vault.toml").write_bytes(b"later\n")
    plain(place, "commit", "-qam", "later")
    subprocess.run(["git", "revert", "HEAD~1"], cwd=place, capture_output=True, check=False)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_merge, "merge is under way"),
        (_rebase, "rebase is under way"),
        (_cherry_pick, "cherry-pick is under way"),
        (_revert, "revert is under way"),
        (lambda place: plain(place, "bisect", "start"), "bisect is under way"),
        (lambda place: plain(place, "checkout", "-q", "--detach"), "detached"),
        (lambda place: plain(place, "checkout", "-qb", "other"), "on the branch other"),
    ],
)
def test_what_must_be_finished_first(vault_dir: Path, make: object, words: str) -> None:
    repo = invented.begin(vault_dir)
    require_ready(repo)
    assert callable(make)
    make(vault_dir)
    with pytest.raises(BadVault, match=words) as caught:
        require_ready(repo)
    assert "git " in caught.value.hint


def test_a_shallow_clone(vault_dir: Path, tmp_path: Path) -> None:
    repo = invented.begin(vault_dir)
    commit.record_commits(repo, [invented.second()])
    plain(tmp_path, "clone", "-q", "--depth=1", f"file://{vault_dir}", "shallow")
    with pytest.raises(BadVault, match="shallow"):
        require_ready(open_repo(tmp_path / "shallow"))


def test_settings(vault_dir: Path, home: Path) -> None:
    repo = create_repo(vault_dir)
    plain(home, "config", "--global", "li-vault.gone", "1")
    plain(vault_dir, "config", "li-vault.lockTimeout", "5")
    plain(vault_dir, "config", "--add", "li-vault.lockTimeout", "7")
    plain(vault_dir, "config", "li-vault.empty", "")
    assert read_settings(repo) == {"locktimeout": "7", "empty": ""}
    set_config(repo, "li-vault.command", "a\nb")
    assert read_settings(repo)["command"] == "a\nb"
    set_config(repo, "li-vault.command", None)
    set_config(repo, "li-vault.command", None)
    assert "command" not in read_settings(repo)


def test_a_failing_git_is_quoted(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    with pytest.raises(GitFailed, match=r"(?i)not a valid object name"):
        repo.run("cat-file", "-t", "nothing")
    with pytest.raises(GitFailed, match="fast-import failed"):
        repo.feed("-c", "a.b=c", "fast-import", "--quiet", chunks=[b"nonsense\n"])


def test_no_git(vault_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create_repo(vault_dir)
    monkeypatch.setenv("PATH", str(vault_dir))
    with pytest.raises(BadVault, match="git was not found"):
        open_repo(vault_dir)


def test_gitpython_opens_the_vault_itself(
    vault_dir: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = invented.begin(vault_dir)
    monkeypatch.setenv("GIT_WORK_TREE", str(home))
    with open_gitpython(repo) as opened:
        assert opened.git_dir == str(repo.git_dir)
        assert opened.git.working_dir == str(vault_dir)
