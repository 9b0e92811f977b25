"""`li-vault push`, and what a vault's pre-push hook asks."""

from __future__ import annotations

from pathlib import Path

import click

from li_vault.cli import options, render, terminal
from li_vault.cli.render import Data, Look, outcomes_as_json, outcomes_as_text
from li_vault.vault.remotes import push, remotes


def as_text(result: push.PushResult, look: Look) -> list[str]:
    """What became of each remote."""
    if not result.remotes:
        return ["There is no remote. Add one: li-vault remote add NAME URL"]
    return render.arrived_as_text(result.taken) + outcomes_as_text(result.remotes, look)


def as_json(result: push.PushResult) -> Data:
    """What became of each remote."""
    return {"taken_over": dict(result.taken), "remotes": outcomes_as_json(result.remotes)}


@click.command("push", epilog="Example: li-vault push nas")
@click.argument("names", metavar="[NAME…]", nargs=-1)
@options.vault_and_json
def command(names: tuple[str, ...], folder: str | None, is_json: bool) -> int:
    """Push what is pending to the named remotes, or to all; nothing is ever forced.

    What they have from another machine is fetched first. Where histories have parted,
    nothing is pushed (7): li-vault sync brings them together.
    """
    with terminal.progress_bar(quiet=is_json) as told:
        result = push.push_named(options.open_chosen_vault(folder), names, told)

    terminal.result(is_json, result, as_json, as_text)
    return options.status_of_push(result.remotes)


@click.group("hook", hidden=True)
def hook_command() -> None:
    """What the git hooks of a vault ask."""


@hook_command.command("pre-push")
@click.argument("name")
@click.argument("url")
@options.vault_option
def pre_push(name: str, url: str, folder: str | None) -> int:
    """Whether the vault may go to an address: 0, or 1 with the reason."""
    refusal = remotes.may_push(options.open_chosen_vault(folder or str(Path.cwd())), url)
    if refusal:
        terminal.note(f"{name}: {refusal}")
    return int(bool(refusal))
