"""`li-vault hook`: what the git hooks of a vault ask; not for people."""

from __future__ import annotations

from pathlib import Path

import click

from li_vault.actions import remotes
from li_vault.cli import options, output


@click.group("hook", hidden=True)
def command() -> None:
    """What the git hooks of a vault ask."""


@command.command("pre-push")
@click.argument("name")
@click.argument("url")
@options.vault_option
def pre_push(name: str, url: str, folder: str | None) -> int:
    """Whether the vault may go to an address: 0, or 1 with the reason."""
    refusal = remotes.may_push(options.open_vault(folder or str(Path.cwd())), url)
    if refusal:
        output.note(f"{name}: {refusal}")
    return int(bool(refusal))
