"""State below `.git/li-vault/`: the lock; files loaded, checked and saved."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from li_vault.errors import BadVault
from li_vault.store.repo import Repo


def load_state(repo: Repo, name: str) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """The value saved under a name; None if there is none, or its file is damaged."""
    with suppress(OSError, ValueError):
        digest, _, body = (repo.private / name).read_bytes().partition(b"\n")
        if digest == hashlib.sha256(body).hexdigest().encode():
            return json.loads(body)
    return None


def save_state(repo: Repo, name: str, value: object) -> None:
    """Save a value as JSON below its checksum; a vault that can't be written has no state."""
    body = json.dumps(value, separators=(",", ":")).encode()
    new = repo.private / f"{name}.{os.getpid()}"
    with suppress(OSError):
        repo.private.mkdir(mode=0o700, exist_ok=True)
        try:
            new.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            new.replace(repo.private / name)
        finally:
            new.unlink(missing_ok=True)


_NOTICE_AFTER = 0.5


@contextmanager
def hold_lock(
    repo: Repo, *, timeout: float = 30.0, wait_notice: Callable[[], None] | None = None
) -> Iterator[None]:
    """Be the only writer of the vault until the block ends.

    Args:
        wait_notice: Called once, when it takes longer than half a second.

    Raises:
        BadVault: Another live process holds it all that time, or the vault can't be written.
    """
    import filelock

    holder = repo.private / "holder"
    try:
        repo.private.mkdir(mode=0o700, exist_ok=True)
        lock = filelock.FileLock(repo.private / "lock", mode=0o600, fallback_to_soft=False)
        try:
            lock.acquire(timeout=min(timeout, _NOTICE_AFTER), poll_interval=0.02)
        except filelock.Timeout:
            if timeout > _NOTICE_AFTER and wait_notice:
                wait_notice()
            lock.acquire(timeout=max(timeout - _NOTICE_AFTER, 0), poll_interval=0.05)
    except filelock.Timeout as error:
        raise BadVault(
            f"The vault {repo.path} is locked by a live process{_whose(holder)}.",
            "Wait until it has ended, then run it again.",
        ) from error
    except (OSError, NotImplementedError) as error:
        raise BadVault(
            f"The vault {repo.path} can't be written: {error}.",
            "See that its folder and .git belong to you and that the disk is not read-only.",
        ) from error
    try:
        with suppress(OSError):  # only a courtesy to whoever waits
            holder.write_text(f"{os.getpid()}\n", "ascii")
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _whose(holder: Path) -> str:
    """Which process it says it is, if that one is alive."""
    try:
        pid = int(holder.read_text("ascii"))
    except (OSError, ValueError):
        return ""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return f" (process {pid}, of another user)"
    except OSError:
        return ""
    return f" (process {pid})"
