"""What came with li-vault: its version and its git hooks."""

from __future__ import annotations

from pathlib import Path

from li_vault.errors import LiVaultError

_PACKAGE = Path(__file__).resolve().parent.parent


def version() -> str:
    """The version of this li-vault, such as `0.1.0`.

    Read from the installed package's metadata; a checkout that was never installed is asked for
    its `pyproject.toml`. Both readers are imported here since no other command needs them.
    """
    from importlib import metadata

    try:
        return metadata.version("li-vault")
    except metadata.PackageNotFoundError:
        return _version_of_checkout()


def _version_of_checkout() -> str:
    import tomllib

    try:
        text = (_PACKAGE.parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    except OSError:
        return "unknown"
    return str(tomllib.loads(text)["project"]["version"])


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
