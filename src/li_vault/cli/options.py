"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from li_vault import vault
from li_vault.cli import output
from li_vault.core import guards
from li_vault.errors import BadUsage
from li_vault.host import clock, settings
from li_vault.host.settings import Place
from li_vault.store import repo
from li_vault.vault import Vault

if TYPE_CHECKING:
    from li_vault.store.remote import Outcome
    from li_vault.vault.arrivals import Sweep

Command = TypeVar("Command", bound=Callable[..., Any])

vault_option = click.option(
    "--vault", "folder", metavar="DIR", help="The vault's folder (else LI_VAULT, …)."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
at_option = click.option(
    "--at", metavar="DATE", help="As of a day (2026-11-23, 2026-11, '90 days ago') or revision."
)

allow_option = click.option(
    "--allow", "allowed", metavar="RULE", multiple=True,
    help=f"Let a guard's rule be broken: {', '.join(guards.ALLOWABLE)}.",
)  # fmt: skip


def waiting() -> None:
    """Tell that another writer has to be waited for."""
    output.note("Another li-vault is at work in this vault; waiting for it …")


def common(function: Command) -> Command:
    """`--vault` and `--json`."""
    return vault_option(json_option(function))


def paged(function: Command) -> Command:
    """`common`, for a command whose answer can be long: also `--no-pager`."""
    option = click.option(
        "--no-pager", is_flag=True, expose_value=False, callback=_set_pager,
        help="Print a long answer at once, whatever PAGER says.",
    )  # fmt: skip
    return common(option(function))


def _set_pager(_: click.Context, __: click.Parameter, refused: bool) -> None:
    output.page(not refused)


def environ() -> dict[str, str]:
    """The environment that the command line was called with: what is secret is in it alone."""
    return {**os.environ, **(click.get_current_context().find_root().obj or {})}


def place(folder: str | None) -> Place:
    """Where the vault is; there may be nothing yet."""
    return settings.vault_folder(folder, os.environ, Path.cwd(), repo.enclosing)


def open_vault(folder: str | None) -> Vault:
    """The vault that a command is about.

    Raises:
        BadVault: It is not there, or not usable.
    """
    return vault.open_at(place(folder).path)


def rules(allowed: Iterable[str]) -> frozenset[str]:
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


def status_of_push(outcomes: Mapping[str, Outcome]) -> int:
    """The exit status after a push: 7 if any remote lacks something now."""
    return 7 * any(one.state not in ("pushed", "up-to-date") for one in outcomes.values())


def status_of_sweep(sweep: Sweep) -> int:
    """The exit status after a look at a folder: a refusal, an unreadable export, a push pending."""
    found = [one.error.status for one in sweep.arrivals if one.error is not None]
    return max(found, default=status_of_push(sweep.remotes))


def today() -> date:
    """The current day."""
    return clock.today()
