"""`li-vault remote add|list|remove|check`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from li_vault.cli import options, terminal
from li_vault.cli.render import Data, Look, count
from li_vault.errors import GitFailed
from li_vault.host import user_folders
from li_vault.vault.remotes import remotes


def check_as_text(found: remotes.RemoteCheck, look: Look) -> list[str]:
    """What a check of remotes found, a line each."""
    words = {
        "up-to-date": "has everything",
        "ahead": "has commits that are not in main here: li-vault sync",
        "diverged": "has other commits, which are not here: li-vault sync",
        "empty": "has nothing yet: li-vault push",
    }
    out = []
    for name, (_, one) in found.remotes.items():
        if one.state == "behind":
            said = f"lacks {count(one.behind or 0, 'commit')}: li-vault push"
        else:
            said = words[one.state] if one.state else f"can't be reached: {one.reason}"
        if one.objection is not None and one.objection != one.reason:
            said = f"must not have the vault: {one.objection} It {said}"
        is_fine = one.objection is None and one.state == "up-to-date"
        said = " ".join(said.split())
        out.append(f"{name}: {look.paint(said, 'green' if is_fine else 'red')}")
    return out or ["There is no remote. Add one: li-vault remote add NAME URL"]


def remotes_as_text(entries: Iterable[remotes.ListedRemote], look: Look) -> list[str]:
    """The remotes, a line each."""
    out = [
        f"{look.paint(one.name, 'bold')}  {one.url}  "
        + (f"lacks {count(one.behind, 'commit')}" if one.behind else "has everything")
        for one in entries
    ]
    return out or ["There is no remote. Add one: li-vault remote add NAME URL"]


def check_as_json(found: remotes.RemoteCheck) -> Data:
    """What a check of remotes found, by name."""
    return {
        "remotes": {
            name: {
                "url": url,
                "reachable": one.is_reachable,
                "allowed": one.objection is None,
                "objection": one.objection,
                "state": one.state,
                "behind": one.behind,
                "reason": one.reason,
            }
            for name, (url, one) in found.remotes.items()
        }
    }


def remotes_as_json(entries: Iterable[remotes.ListedRemote]) -> Data:
    """The remotes, by name."""
    return {"remotes": {one.name: {"url": one.url, "behind": one.behind} for one in entries}}


@click.group("remote", epilog="Example: li-vault remote add nas /mnt/nas/vault.git --create")
def command() -> None:
    """Add, list, remove and check remotes: copies of the vault off-site."""


@command.command("add", epilog="Example: li-vault remote add origin git@github.com:me/vault.git")
@click.argument("name")
@click.argument("url")
@click.option("--trusted", is_flag=True, help="Vouch that strangers can't read it.")
@click.option("--create", is_flag=True, help="Make a bare repository there: at a path, or by ssh.")
@options.vault_and_json
def add_remote_command(
    name: str, url: str, trusted: bool, create: bool, folder: str | None, is_json: bool
) -> None:
    """Add a remote, unless strangers can read it."""
    vault = options.open_chosen_vault(folder)
    hooks = user_folders.hooks_folder() if create else None
    entry = remotes.add_private_remote(vault, name, url, trusted=trusted, create=hooks)
    _show([entry], is_json, f"Added {entry.name}: {entry.url}")
    if url.startswith("gcrypt::"):
        terminal.note(
            "It is encrypted: strangers may see it, but only sizes and times. Its cost: the whole "
            "copy is sent anew now and then, nothing there keeps it from being replaced, and "
            "without the key nobody can read it, you neither."
        )


@command.command("list", epilog="Example: li-vault remote list --json")
@options.vault_and_json
def list_remote_command(folder: str | None, is_json: bool) -> None:
    """The remotes, and how many commits each lacks."""
    _show(remotes.listed_remotes(options.open_chosen_vault(folder)), is_json)


@command.command("remove", epilog="Example: li-vault remote remove nas")
@click.argument("name")
@options.vault_and_json
def remove_remote_command(name: str, folder: str | None, is_json: bool) -> None:
    """Forget a remote; the copy there stays."""
    entry = remotes.remove_named_remote(options.open_chosen_vault(folder), name)
    _show([entry], is_json, f"Removed {entry.name}; the copy at {entry.url} stays.")


@command.command("check", epilog="Example: li-vault remote check nas")
@click.argument("names", metavar="[NAME…]", nargs=-1)
@options.vault_and_json
def check_remote_command(names: tuple[str, ...], folder: str | None, is_json: bool) -> int:
    """Whether remotes are there, private, and have everything."""
    found = remotes.check_remotes(options.open_chosen_vault(folder), names)

    terminal.result(is_json, found, check_as_json, check_as_text)
    if found.is_cut_off:
        return GitFailed.status
    return 0 if found.is_fine else 7


def _show(entries: Sequence[remotes.ListedRemote], is_json: bool, words: str = "") -> None:

    terminal.result(
        is_json,
        entries,
        remotes_as_json,
        lambda found, look: [words] if words else remotes_as_text(found, look),
    )
