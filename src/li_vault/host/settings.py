"""Where the vault is: an option, the environment, the current folder, or the usual place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from li_vault.errors import BadUsage
from li_vault.host import places

VARIABLE = "LI_VAULT"
"""The environment variable that names the vault's folder."""

Origin = Literal["option", "environment", "enclosing", "default"]


class Place(NamedTuple):
    """A vault's folder, absolute, and who said so; there may be nothing yet."""

    path: Path
    origin: Origin


def vault_folder(
    option: str | None,
    environ: Mapping[str, str],
    cwd: Path,
    enclosing: Callable[[Path], Path | None],
) -> Place:
    """The folder of the vault that a command is about.

    Args:
        option: What `--vault` says; None when it was not given.
        environ: The environment; an empty `LI_VAULT` counts as none.
        cwd: The current folder, absolute; relative paths begin here.
        enclosing: Finds the root of the vault that a folder lies in, or None.

    Raises:
        BadUsage: The option is empty (a script's variable that was never set), or there is no
            usual place, as the user has no home.
    """
    if option is not None:
        if not option:
            raise BadUsage("--vault names no folder: it is empty.", "Give the vault's folder.")
        return Place(places.expanded(option, cwd), "option")
    if named := environ.get(VARIABLE):
        return Place(places.expanded(named, cwd), "environment")
    if found := enclosing(cwd):
        return Place(found, "enclosing")
    return Place(places.data(), "default")
