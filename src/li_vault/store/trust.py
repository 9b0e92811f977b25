"""Who owns a repository, and whether its user trusts it: git's own check, obeyed.

`safe.directory` is respected and never set to `*`.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from li_vault.errors import BadVault, GitFailed
from li_vault.store import sealed

if TYPE_CHECKING:
    from pathlib import Path

    from li_vault.store.repo import Repo


def facts(repo: Repo) -> list[str]:
    """What git says of the repository; on the way it checks who owns it."""
    # Only this very folder may be found: without a ceiling git would look further up.
    repo.environment["GIT_CEILING_DIRECTORIES"] = str(repo.path.parent)
    ask = ("rev-parse", "--is-bare-repository", "--show-object-format")
    try:
        return repo.run(*ask).decode().split()
    except GitFailed as error:
        if "dubious ownership" not in error.message and "unsafe repository" not in error.message:
            raise _unusable(repo.path, error) from error
        trusted = [("safe.directory", folder) for folder in _trusted_folders()]
        if not trusted:
            raise _someone_elses(repo.path, error) from error
    repo.environment = sealed.environment(trusted)
    repo.environment["GIT_CEILING_DIRECTORIES"] = str(repo.path.parent)
    try:
        return repo.run(*ask).decode().split()
    except GitFailed as error:
        raise _someone_elses(repo.path, error) from error


def _unusable(path: Path, error: GitFailed) -> BadVault:
    version = sealed.version()
    if version < (2, 36):
        return BadVault(
            f"git {'.'.join(map(str, version))} is too old; 2.36 or newer is needed.",
            "Install a newer git.",
        )
    return BadVault(
        f"{path} is not a repository that git can use: {error.message}",
        "Check .git, or restore the vault from a remote: li-vault restore URL DIR",
    )


def _someone_elses(path: Path, error: GitFailed) -> BadVault:
    return BadVault(
        f"git refuses {path}, since someone else owns it: {error.message}",
        f"If you trust it: git config --global --add safe.directory '{path}'",
    )


def _trusted_folders() -> list[str]:
    """The folders that this user trusts for git, by system-wide and own configuration.

    The sealed environment reads neither, so these are asked for once git has complained, and
    handed on by the command scope, which is protected as well.
    """
    folders: list[str] = []
    for scope in ("--system", "--global"):
        answer = subprocess.run(
            ("git", "config", scope, "--type=path", "-z", "--get-all", "safe.directory"),
            capture_output=True,
            check=False,
            cwd=os.path.abspath(os.sep),
        )
        folders += answer.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
    return folders
