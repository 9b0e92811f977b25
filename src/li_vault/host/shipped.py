"""What came with li-vault: its git hooks."""

from __future__ import annotations

from pathlib import Path

from li_vault.errors import LiVaultError

_PACKAGE = Path(__file__).resolve().parent.parent


def hooks() -> Path:
    """The folder of the git hooks `pre-commit`, `pre-push` and `pre-receive`.

    A wheel brings it inside the package; an editable install has it in the checkout.

    Raises:
        LiVaultError: Neither is there: the installation lost files.
    """
    for folder in (_PACKAGE / "hooks", _PACKAGE.parent.parent / "hooks"):
        if (folder / "pre-receive").is_file():
            return folder
    raise LiVaultError(
        f"li-vault's git hooks are missing: there is no {_PACKAGE / 'hooks'}.",
        "Install li-vault again; its packages were not unpacked whole.",
    )
