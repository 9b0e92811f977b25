"""`watch`: exports are recorded as they arrive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from li_vault.core import notices
from li_vault.errors import LiVaultError
from li_vault.vault import Vault, arrivals, memories, telling
from li_vault.vault.arrivals import Sweep
from li_vault.vault.recording import Progress

__all__ = ["Result", "Sweep", "run"]


class Result(NamedTuple):
    """What a look at the folder came to.

    Attributes:
        sweep: What was new in it, and what became of that.
        untold: What could not be told, in words.
    """

    sweep: Sweep
    untold: tuple[str, ...]


def run(
    vault: Vault,
    folder: Path,
    today: date,
    progress: Progress = lambda *_: None,
    notice: Callable[[], None] | None = None,
) -> Result:
    """Record what arrived in a folder and was never looked at, push, and tell of it.

    Raises:
        BadUsage: The folder is not there, or can't be read.
        BadVault: The vault is not usable.
        OSError: The system refused, as the disk is full. All of these are told, too, but once as
            long as it stays the same: who watches looks again and again.
    """
    try:
        found = arrivals.sweep(vault, folder, today, progress, notice)
    except LiVaultError as error:
        _tell(vault, error)
        raise
    except OSError as error:
        _tell(vault, telling.refused(error))
        raise
    memories.is_news(vault.repo, "")
    return Result(found, tuple(telling.tell(vault, found.notices)))


def _tell(vault: Vault, error: LiVaultError) -> None:
    if memories.is_news(vault.repo, error.message):
        telling.tell(vault, [notices.failed(error.message, error.hint)])
