"""The folders that a platform gives a user: platformdirs' one home.

Timers and services may run without HOME, and as a user whom the system does not know.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from li_vault.errors import BadUsage

_OURS = "li-vault"


def home() -> Path:
    """The user's home.

    Raises:
        BadUsage: There is none; so it is with every other folder here.
    """
    return _found(Path.home)


def config() -> Path:
    """Our folder for settings of this machine."""
    import platformdirs

    return _found(lambda: platformdirs.user_config_path(_OURS, appauthor=False))


def data() -> Path:
    """Our folder for data."""
    import platformdirs

    return _found(lambda: platformdirs.user_data_path(_OURS, appauthor=False))


def logs() -> Path:
    """Our folder for what was noted of trouble."""
    import platformdirs

    return _found(lambda: platformdirs.user_log_path(_OURS, appauthor=False))


def downloads() -> Path:
    """The user's Downloads folder."""
    import platformdirs

    return _found(platformdirs.user_downloads_path)


def expanded(text: str, start: Path) -> Path:
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
