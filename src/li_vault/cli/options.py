"""Options that several commands share, and what they name: the vault, the exports, this program."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from li_vault.cli import terminal
from li_vault.core.model import Progress
from li_vault.core.planning import guards
from li_vault.errors import BadUsage
from li_vault.formats import registry
from li_vault.formats.tables.export import Export
from li_vault.host import open_exports, user_folders
from li_vault.host.user_folders import VaultPlace
from li_vault.store import repo
from li_vault.vault import vault
from li_vault.vault.vault import Vault

if TYPE_CHECKING:
    from li_vault.store.remotes.remotes import PushOutcome
    from li_vault.vault.habit.inbox import InboxScan


Command = TypeVar("Command", bound=Callable[..., Any])

vault_option = click.option(
    "--vault", "folder", metavar="DIR", help="The vault's folder (else LI_VAULT, …)."
)
json_option = click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
at_option = click.option(
    "--at", metavar="DATE", help="As of a day (2026-11-23, 2026-11, '90 days ago') or revision."
)

allow_option = click.option(
    "--allow", "allowed", metavar="RULE", multiple=True,
    help=f"Let a guard's rule be broken: {', '.join(guards.ALLOWABLE)}.",
)  # fmt: skip


def note_waiting() -> None:
    """Tell that another writer has to be waited for."""
    terminal.note("Another li-vault is at work in this vault; waiting for it …")


def vault_and_json(function: Command) -> Command:
    """`--vault` and `--json`."""
    return vault_option(json_option(function))


def vault_json_and_pager(function: Command) -> Command:
    """`common`, for a command whose answer can be long: also `--no-pager`."""
    option = click.option(
        "--no-pager", is_flag=True, expose_value=False, callback=_set_pager,
        help="Print a long answer at once, whatever PAGER says.",
    )  # fmt: skip
    return vault_and_json(option(function))


def _set_pager(_: click.Context, __: click.Parameter, refused: bool) -> None:
    terminal.current().pages = not refused


def called_environment() -> dict[str, str]:
    """The environment that the command line was called with: what is secret is in it alone."""
    return {**os.environ, **terminal.current().withheld}


def chosen_place(folder: str | None) -> VaultPlace:
    """Where the vault is; there may be nothing yet."""
    return user_folders.vault_folder(folder, os.environ, Path.cwd(), repo.enclosing_vault)


def open_chosen_vault(folder: str | None) -> Vault:
    """The vault that a command is about.

    Raises:
        BadVault: It is not there, or not usable.
    """
    return vault.open_vault(chosen_place(folder).path)


def allowed_rules(allowed: Iterable[str]) -> frozenset[str]:
    """The rules of guards that may be broken.

    Raises:
        BadUsage: There is no such rule, or it can't be allowed.
    """
    for rule in allowed:
        if rule == "older":
            raise BadUsage(
                "The rule `older` can't be allowed: history does not change.",
                "Give all exports in one call to a new vault.",
            )
        if rule not in guards.ALLOWABLE:
            raise BadUsage(
                f"There is no rule {rule!r}.", f"The rules are: {', '.join(guards.ALLOWABLE)}."
            )
    return frozenset(allowed)


def status_of_push(outcomes: Mapping[str, PushOutcome]) -> int:
    """The exit status after a push: 7 if any remote lacks something now."""
    return 7 * any(one.state not in ("pushed", "up-to-date") for one in outcomes.values())


def status_of_sweep(sweep: InboxScan) -> int:
    """The exit status after a look at a folder: a refusal, an unreadable export, a push pending."""
    found = [one.error.status for one in sweep.arrivals if one.error is not None]
    return max(found, default=status_of_push(sweep.remotes))


def current_day() -> date:
    """The current day."""
    return user_folders.today()


def open_named_exports(paths: Sequence[str], told: Progress) -> list[Export]:
    """The exports at these paths, in their order; those of a folder sorted by name.

    Raises:
        BadUsage: Standard input is named twice.
        BadExport: Something is not there, or can't be read.
    """
    if paths.count("-") > 1:
        raise BadUsage("Standard input can be read only once.", "Give - once.")
    exports: list[Export] = []
    for number, path in enumerate(paths):

        def opened(done: int, total: int, number: int = number) -> None:
            told("Opening", number * total + done, len(paths) * total)

        opened(0, 1)
        exports += open_exports.open_exports(
            path,
            wanted=registry.is_wanted_member,
            stdin=sys.stdin.buffer,
            today=current_day(),
            progress=opened,
        )
    return exports


def how_called() -> str:
    """How a hook calls this program: the script itself, or the module; "" if it is embedded."""
    words = program()
    return shlex.join(words) if len(words) > 1 else "".join(words)


def program() -> list[str]:
    """This program and the arguments that make it li-vault; none if it is embedded."""
    script = Path(sys.argv[0])
    if script.name.startswith("li-vault") and script.is_file():
        return [str(script.resolve())]
    if script.name == "__main__.py" and script.parent.name == "li_vault":
        return [sys.executable, "-P", "-m", "li_vault"]  # nothing out of the current folder
    return []
