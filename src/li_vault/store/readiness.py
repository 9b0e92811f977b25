"""Whether a vault is in a state to be written to, with nothing of the user's own half done."""

from __future__ import annotations

from li_vault.errors import BadVault
from li_vault.store.repo import MAIN, Repo

_UNDER_WAY = {
    "MERGE_HEAD": ("A merge", "finish it with git commit, or drop it: git merge --abort"),
    "rebase-merge": ("A rebase", "git rebase --continue, or git rebase --abort"),
    "rebase-apply": ("A rebase", "git rebase --continue, or git rebase --abort"),
    "CHERRY_PICK_HEAD": ("A cherry-pick", "git cherry-pick --continue, or --abort"),
    "REVERT_HEAD": ("A revert", "git revert --continue, or git revert --abort"),
    "BISECT_LOG": ("A bisect", "git bisect reset"),
}


def require(repo: Repo) -> None:
    """See that nothing of the user's own is half done in the repository.

    Raises:
        BadVault: A merge, rebase, cherry-pick, revert or bisect is under way, paths are
            unmerged, HEAD is detached or on another branch than `main`, or the clone is
            shallow; the hint is the next step.
    """
    for name, (what, step) in _UNDER_WAY.items():
        if (repo.git_dir / name).exists():
            raise BadVault(f"{what} is under way in {repo.path}.", f"In the vault: {step}")
    require_depth(repo)
    head = (repo.git_dir / "HEAD").read_text("utf-8", "replace").strip()
    if head == f"ref: {MAIN}":
        return
    branch = repo.run("symbolic-ref", "-q", "HEAD", ok=(0, 1)).decode().strip()
    if branch != MAIN:
        state = f"on the branch {branch.removeprefix('refs/heads/')}" if branch else "detached"
        raise BadVault(
            f"HEAD is {state}; the snapshots are on main.", "In the vault: git checkout main"
        )


def require_depth(repo: Repo) -> None:
    """See that the history is all there.

    Raises:
        BadVault: The clone is shallow.
    """
    if (repo.git_dir / "shallow").exists():
        raise BadVault(
            f"{repo.path} is a shallow clone: it lacks the older snapshots.",
            "In the vault: git fetch --unshallow",
        )


def require_main(repo: Repo) -> None:
    """See that a vault whose `main` has no commit is one that has none at all.

    Raises:
        BadVault: `main` was renamed, or taken away.
    """
    if not repo.run("rev-parse", "--verify", "-q", "HEAD", ok=(0, 1, 128)):
        return
    branch = repo.run("symbolic-ref", "-q", "--short", "HEAD", ok=(0, 1)).decode().strip()
    step = f"git branch -m {branch} main" if branch else "git checkout -b main"
    raise BadVault(
        f"{repo.path} has no branch main, where the snapshots are.", f"In the vault: {step}"
    )


def may_have_remotes(repo: Repo) -> bool:
    """Whether a vault may have a remote; takes no git, so that one without pays nothing."""
    try:
        return b"[remote" in (repo.git_dir / "config").read_bytes().lower()
    except OSError:
        return True
