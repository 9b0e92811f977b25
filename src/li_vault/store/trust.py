"""Who owns a repository, and whether its user trusts it: git's own check, obeyed.

`safe.directory` is respected and never set to `*`.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from li_vault.errors import BadVault, GitFailed
from li_vault.store import sealed


def facts(path: Path, ask: Callable[[dict[str, str]], bytes]) -> list[str]:
    """What git says of the repository at `path`; on the way it checks who owns it.

    Args:
        path: The folder with `.git` in it.
        ask: Runs the question in the environment given, which is the one to use from then on.

    Raises:
        BadVault: git refuses it, or can't use it.
    """
    # Only this very folder may be found: without a ceiling git would look further up.
    ceiling = {"GIT_CEILING_DIRECTORIES": str(path.parent)}
    try:
        return ask(sealed.environment() | ceiling).decode().split()
    except GitFailed as error:
        if "dubious ownership" not in error.message and "unsafe repository" not in error.message:
            raise _unusable(path, error) from error
        trusted = [("safe.directory", folder) for folder in _trusted_folders()]
        if not trusted:
            raise _someone_elses(path, error) from error
    try:
        return ask(sealed.environment(trusted) | ceiling).decode().split()
    except GitFailed as error:
        raise _someone_elses(path, error) from error


def _unusable(path: Path, error: GitFailed) -> BadVault:
    sealed.require_version()
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
