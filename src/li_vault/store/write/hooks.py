"""The git hooks of a vault, installed."""

from __future__ import annotations

import os
from pathlib import Path

from li_vault.errors import BadVault
from li_vault.store.repo import Repo, read_settings, set_config
from li_vault.store.write import quarantine

HOOKS = ("pre-commit", "pre-push")
"""The hooks of a vault; `pre-receive` is for bare remotes."""

_MARK = b"li-vault hook"


def install_hooks(repo: Repo, source: Path, command: str = "") -> dict[str, str]:
    """Plant the hooks of a vault, and note for them how to call li-vault.

    Args:
        command: The program, as the shell is to call it; "" leaves what is noted.

    Returns:
        Hook -> "planted", "kept" (it was there already) or "someone else's".

    Raises:
        BadVault: The hooks can't be read or written.
    """
    if command and read_settings(repo).get("command") != command:
        set_config(repo, "li-vault.command", command)
    return copy_hooks(repo.git_dir, source, HOOKS)


def copy_hooks(git_dir: Path, source: Path, names: tuple[str, ...]) -> dict[str, str]:
    """Copy hooks into a repository; one that is there and is not ours is never replaced.

    Returns:
        Hook -> "planted", "kept" (it was there already) or "someone else's".

    Raises:
        BadVault: The hooks can't be read or written.
    """
    folder = git_dir / "hooks"
    try:
        folder.mkdir(exist_ok=True)
        return {name: _plant_one(folder / name, (source / name).read_bytes()) for name in names}
    except OSError as error:
        raise BadVault(
            f"The hooks can't be planted in {folder}: {error.strerror}.",
            "Mend the folder's permissions, then run li-vault doctor.",
        ) from error


def _plant_one(target: Path, data: bytes) -> str:
    if target.is_symlink() or target.exists():
        there = target.read_bytes() if target.is_file() else b""
        if target.is_symlink() or _MARK not in there:
            return "someone else's"
        if there == data and os.access(target, os.X_OK):
            return "kept"
    spare = target.with_name(f".{target.name}.new")
    spare.unlink(missing_ok=True)
    handle = os.open(spare, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o700)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)
    spare.chmod(0o755)
    spare.replace(target)
    quarantine.sync_folder(target.parent)
    return "planted"
