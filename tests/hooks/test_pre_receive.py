from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import invented
from invented import plain


@pytest.fixture(params=["sha1", "sha256"])
def work(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A repository with two commits, pushed to a bare one that has the hook alone."""
    kind = f"--object-format={request.param}"
    plain(tmp_path, "init", "-q", "--bare", "-b", "main", kind, "shelf.git")
    (tmp_path / "shelf.git" / "hooks").mkdir(exist_ok=True)
    target = tmp_path / "shelf.git" / "hooks" / "pre-receive"
    target.write_bytes((invented.HOOKS / "pre-receive").read_bytes())
    target.chmod(0o755)
    work = tmp_path / "work"
    plain(tmp_path, "init", "-q", "-b", "main", kind, "work")
    for word in ("one", "two"):
        plain(work, "commit", "-q", "--allow-empty", "-m", word)
    plain(work, "remote", "add", "shelf", "../shelf.git")
    plain(work, "tag", "spring")
    plain(work, "push", "-q", "shelf", "main", "spring")
    return work


def test_it_grows(work: Path) -> None:
    plain(work, "commit", "-q", "--allow-empty", "-m", "three")
    plain(work, "push", "-q", "shelf", "main", "main:other")
    assert plain(work, "ls-remote", "shelf", "main").split()[0] == (
        plain(work, "rev-parse", "main").strip()
    )


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ((":main",), "refs/heads/main is not deleted"),
        ((":spring",), "refs/tags/spring is not deleted"),
        (("-f", "main~1:main"), "refs/heads/main is not rewound"),
        (("-f", "main~1:refs/tags/spring"), "refs/tags/spring is not moved"),
        (("-f", "main:other", "main~1:main"), "refs/heads/main is not rewound"),
    ],
)
def test_it_never_shrinks(work: Path, ask: tuple[str, ...], words: str) -> None:
    before = plain(work, "ls-remote", "shelf")
    said = plain(work, "push", "shelf", *ask, fails=True)
    assert words in said
    assert plain(work, "ls-remote", "shelf") == before


def test_rewritten_history_is_refused(work: Path) -> None:
    before = plain(work, "ls-remote", "shelf")
    plain(work, "commit", "-q", "--amend", "--allow-empty", "-m", "rewritten")
    assert "is not rewound" in plain(work, "push", "-f", "shelf", "main", fails=True)
    assert plain(work, "ls-remote", "shelf") == before


@pytest.mark.parametrize("ref", ["refs/replace/{}", "refs/notes/x", "refs/remotes/x/main"])
def test_nothing_but_branches_and_tags(work: Path, ref: str) -> None:
    main = plain(work, "rev-parse", "main").strip()
    said = plain(work, "push", "shelf", f"main~1:{ref.format(main)}", fails=True)
    assert "is not taken" in said
    assert "refs/heads/main" in plain(work, "ls-remote", "shelf")


def test_a_replaced_commit_does_not_pass_for_another(work: Path, tmp_path: Path) -> None:
    """One whose stand-in has main as its parent, though it has none itself."""
    main, tree = (plain(work, "rev-parse", one).strip() for one in ("main", "main^{tree}"))
    bare = tmp_path / "shelf.git"
    other = plain(work, "commit-tree", "-m", "other", tree).strip()
    disguise = plain(work, "commit-tree", "-p", main, "-m", "disguise", tree).strip()
    plain(work, "push", "-q", "shelf", f"{disguise}:refs/heads/tmp", f"{other}:refs/heads/other")
    plain(bare, "update-ref", f"refs/replace/{other}", disguise)
    assert "is not rewound" in plain(work, "push", "-f", "shelf", f"{other}:main", fails=True)
    assert plain(work, "ls-remote", "shelf", "refs/heads/main").split()[0] == main


def test_it_needs_git_and_sh_alone(work: Path, tmp_path: Path) -> None:
    hook = tmp_path / "shelf.git" / "hooks" / "pre-receive"
    zeros, main = "0" * 40, plain(work, "rev-parse", "main").strip()
    git = subprocess.run(["sh", "-c", "command -v git"], capture_output=True, check=True).stdout
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(git.decode().strip())
    done = subprocess.run(
        ["/bin/sh", str(hook)],
        input=f"{zeros} {main} refs/heads/new\n".encode(),
        cwd=tmp_path / "shelf.git",
        env={"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
