"""A report of a bug of ours: where it happened, and nobody's data."""

from __future__ import annotations

import platform
import sys
import traceback
from pathlib import Path

from li_vault import __version__
from li_vault.errors import LiVaultError
from li_vault.host import files, places

_PACKAGE = Path(__file__).resolve().parent.parent


def reported(error: Exception) -> LiVaultError:
    """Save a report of an unexpected error, and return the error that tells where it is.

    The report names types, files and lines only: messages of exceptions can hold what was in an
    export.
    """
    steps = traceback.extract_tb(error.__traceback__)
    chain = [type(error).__name__]
    cause = error.__cause__ or error.__context__
    while cause is not None:
        chain.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    text = "\n".join(
        [
            f"li-vault {__version__}, Python {platform.python_version()}, {sys.platform}",
            " <- ".join(chain),
            *(f"  {_place(step.filename)}:{step.lineno} in {step.name}" for step in steps),
            "",
        ]
    )
    message = f"That is a bug in li-vault ({chain[0]}); the vault is as it was."
    try:
        path = files.private_folder(places.logs()) / "report.txt"
        files.write_private(path, text.encode())
    except (OSError, LiVaultError):
        return LiVaultError(f"{message}\n{text}", "Please report it with these lines.")
    return LiVaultError(message, f"Please report it with {path}, which holds nobody's data.")


def _place(filename: str) -> str:
    """A file's name without where it lies on this machine."""
    path = Path(filename)
    if path.is_relative_to(_PACKAGE):
        return str(path.relative_to(_PACKAGE.parent))
    return "/".join(path.parts[-2:])
