"""`li-vault remote`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from li_vault.actions import remotes
from li_vault.cli import options, output
from li_vault.errors import GitFailed
from li_vault.host import shipped


@click.group("remote", epilog="Example: li-vault remote add nas /mnt/nas/vault.git --create")
def command() -> None:
    """Off-site copies: add, list, remove, check."""


@command.command("add", epilog="Example: li-vault remote add origin git@github.com:me/vault.git")
@click.argument("name")
@click.argument("url")
@click.option("--trusted", is_flag=True, help="Vouch that strangers can't read it.")
@click.option("--create", is_flag=True, help="Make a bare repository there: at a path, or by ssh.")
@options.common
def add(
    name: str, url: str, trusted: bool, create: bool, folder: str | None, as_json: bool
) -> None:
    """Add a remote, unless strangers can read it."""
    vault = options.open_vault(folder)
    hooks = shipped.hooks() if create else None
    entry = remotes.add(vault, name, url, trusted=trusted, create=hooks)
    _show([entry], as_json, f"Added {entry.name}: {entry.url}")
    if url.startswith("gcrypt::"):
        output.note(
            "It is encrypted: strangers may see it, but only sizes and times. Its cost: the whole "
            "copy is sent anew now and then, nothing there keeps it from being replaced, and "
            "without the key nobody can read it, you neither."
        )


@command.command("list", epilog="Example: li-vault remote list --json")
@options.common
def listed(folder: str | None, as_json: bool) -> None:
    """The remotes, and how many commits each lacks."""
    _show(remotes.listed(options.open_vault(folder)), as_json)


@command.command("remove", epilog="Example: li-vault remote remove nas")
@click.argument("name")
@options.common
def remove(name: str, folder: str | None, as_json: bool) -> None:
    """Forget a remote; the copy there stays."""
    entry = remotes.remove(options.open_vault(folder), name)
    _show([entry], as_json, f"Removed {entry.name}; the copy at {entry.url} stays.")


@command.command("check", epilog="Example: li-vault remote check nas")
@click.argument("names", metavar="[NAME…]", nargs=-1)
@options.common
def check(names: tuple[str, ...], folder: str | None, as_json: bool) -> int:
    """Whether remotes are there, private, and have everything."""
    found = remotes.check(options.open_vault(folder), names)

    from li_vault.views import data, text

    output.result(
        as_json, lambda: data.of_check(found), lambda: text.of_check(found, output.look())
    )
    if found.is_cut_off:
        return GitFailed.status
    return 0 if found.is_fine else 7


def _show(entries: Sequence[remotes.Entry], as_json: bool, words: str = "") -> None:
    from li_vault.views import data, text

    output.result(
        as_json,
        lambda: data.of_remotes(entries),
        lambda: [words] if words else text.of_remotes(entries, output.look()),
    )
