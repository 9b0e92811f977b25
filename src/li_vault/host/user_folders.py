"""Folders of the user and of the program, the vault's place, and today's date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from li_vault.errors import BadUsage, LiVaultError

_OURS = "li-vault"


def home_folder() -> Path:
    """The user's home.

    Raises:
        BadUsage: There is none; so it is with every other folder here.
    """
    return _found(Path.home)


def config_folder() -> Path:
    """Our folder for settings of this machine."""
    import platformdirs

    return _found(lambda: platformdirs.user_config_path(_OURS, appauthor=False))


def data_folder() -> Path:
    """Our folder for data."""
    import platformdirs

    return _found(lambda: platformdirs.user_data_path(_OURS, appauthor=False))


def log_folder() -> Path:
    """Our folder for what was noted of trouble."""
    import platformdirs

    return _found(lambda: platformdirs.user_log_path(_OURS, appauthor=False))


def downloads_folder() -> Path:
    """The user's Downloads folder."""
    import platformdirs

    return _found(platformdirs.user_downloads_path)


def expand_path(text: str, start: Path) -> Path:
    """A path as it was given, from a folder on; `~` is a home, where there is one.

    A shell leaves the sign in `--vault=~/x`, and a unit file in `LI_VAULT=~/x`.
    """
    try:
        return start / Path(text).expanduser()
    except RuntimeError:  # "~nobody" has no home: then it is a folder's name
        return start / text


def _found(find: Callable[[], Path]) -> Path:
    try:
        return find()
    except (RuntimeError, KeyError) as error:
        raise BadUsage(
            "There is no home folder: HOME is not set, and the system knows none for this user.",
            "Set HOME to a folder of this user's, then run it again.",
        ) from error


VARIABLE = "LI_VAULT"
"""The environment variable that names the vault's folder."""

Origin = Literal["option", "environment", "enclosing", "default"]


class VaultPlace(NamedTuple):
    """A vault's folder, absolute, and who said so; there may be nothing yet."""

    path: Path
    origin: Origin


def vault_folder(
    option: str | None,
    environ: Mapping[str, str],
    cwd: Path,
    enclosing: Callable[[Path], Path | None],
) -> VaultPlace:
    """The folder of the vault that a command is about.

    An empty `LI_VAULT` counts as none. `enclosing` finds the root of the vault that a folder lies
    in, or None.

    Raises:
        BadUsage: The option is empty (a script's variable that was never set), or there is no
            usual place, as the user has no home.
    """
    if option is not None:
        if not option:
            raise BadUsage("--vault names no folder: it is empty.", "Give the vault's folder.")
        return VaultPlace(expand_path(option, cwd), "option")
    if named := environ.get(VARIABLE):
        return VaultPlace(expand_path(named, cwd), "environment")
    if found := enclosing(cwd):
        return VaultPlace(found, "enclosing")
    return VaultPlace(data_folder(), "default")


_PACKAGE = Path(__file__).resolve().parent.parent


def hooks_folder() -> Path:
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


def today() -> date:
    """The current day in UTC, the zone of every day in a vault."""
    return datetime.now(UTC).date()
