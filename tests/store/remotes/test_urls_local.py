"""Which folders git uses of a path: judged against what it does there."""

from __future__ import annotations

from pathlib import Path

import pytest

import servers
from invented import plain
from li_vault.errors import BadUsage
from li_vault.store.remotes import urls


def _commit(work: Path) -> None:
    plain(work, "commit", "-q", "--allow-empty", "-m", "one")


def test_where_git_goes(tmp_path: Path) -> None:
    """A push changes the repository that is named, and no other."""
    work = tmp_path / "work"
    plain(tmp_path, "init", "-q", "-b", "main", "work")
    _commit(work)
    plain(work, "worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    servers.bare(tmp_path / "nas.git")
    (tmp_path / "nas").mkdir()
    (tmp_path / "led").mkdir()
    (tmp_path / "led" / ".git").write_text("gitdir: ../nas.git\n", "ascii")
    for number, (name, there, common) in enumerate((
        ("nas", "nas.git", "nas.git"), ("nas/", "nas.git", "nas.git"),
        ("nas.git", "nas.git", "nas.git"), ("led", "led/../nas.git", "led/../nas.git"),
        ("work", "work/.git", "work/.git"),
        ("linked", "work/.git/worktrees/linked", "work/.git"),
    )):  # fmt: skip
        path = tmp_path / name
        found = urls.repository_folders(path)
        expected = {path, tmp_path / there, tmp_path / common, tmp_path / common / "objects"}
        assert {one.resolve() for one in found} == {one.resolve() for one in expected}
        branch = f"refs/heads/pushed-{number}"
        plain(work, "push", "-q", f"{tmp_path}/{name}", f"HEAD:{branch}")
        assert (found[-1].parent / branch).is_file()


def test_where_none_is(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("gitdir: nowhere\n")
    for name in ("empty", "file", "nothing"):
        assert urls.repository_folders(tmp_path / name) == ()


def test_paths(tmp_path: Path) -> None:
    assert urls.local_folder("a/b", tmp_path) == tmp_path / "a" / "b"
    assert urls.local_folder("~/x") == Path.home() / "x"
    assert urls.local_folder("file:///srv/a%20b#1?x") == Path("/srv/a b#1?x")
    assert urls.local_folder("host.example:a") is None
    with pytest.raises(BadUsage, match="no user"):
        urls.local_folder("~nobody-of-that-name/x")
