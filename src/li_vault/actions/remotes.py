"""`remote add`, `list` and `remove`: where copies go."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from li_vault.errors import GitFailed, Refused
from li_vault.store import remote
from li_vault.vault import Vault, offsite


class Entry(NamedTuple):
    """A remote: its name, its address without credentials, and how many commits it lacks."""

    name: str
    url: str
    behind: int


def add(vault: Vault, name: str, url: str, *, trusted: bool, create: Path | None) -> Entry:
    """Add a remote, unless strangers can read it.

    Args:
        vault: The vault.
        name: The remote's name.
        url: Its address.
        trusted: Whether the user vouches for it; remembered for this address.
        create: The hooks to plant into a bare repository that is made at that path, or None.

    Raises:
        Refused: Strangers can read it.
        GitFailed: It can't be looked at, so nobody can tell.
        BadUsage: Name or address is not usable, or the name is taken.
    """
    url = remote.checked(vault.repo, name, url, must_exist=create is None)
    if create is not None:
        remote.create_bare(url, create)
    if trusted:
        remote.trust(vault.repo, url)
    against = offsite.objection(vault, url)
    if against is not None:
        words = f"The remote {name!r} was not added. {against.reason}"
        if against.state == "failed":
            raise GitFailed(words, "See that it can be reached, or vouch for it with --trusted.")
        hint = "Make it private; or, if you know that it is, vouch for it with --trusted."
        raise Refused(words, hint, rule="public")
    remote.add(vault.repo, name, url)
    return _entry(vault, remote.Remote(name, url))


def listed(vault: Vault) -> tuple[Entry, ...]:
    """All remotes."""
    return tuple(_entry(vault, one) for one in remote.listed(vault.repo))


def remove(vault: Vault, name: str) -> Entry:
    """Remove a remote from this vault; the copy there stays.

    Raises:
        BadUsage: There is no remote of that name.
    """
    (one,) = offsite.choose(vault, [name])
    entry = _entry(vault, one)
    remote.remove(vault.repo, name)
    return entry


def may_push(vault: Vault, url: str) -> str:
    """Why the vault may not go to an address, or "": what the hook `pre-push` asks."""
    against = offsite.objection(vault, url)
    return str(against.reason) if against is not None else ""


def _entry(vault: Vault, one: remote.Remote) -> Entry:
    behind = remote.pending(vault.repo, one.name)
    return Entry(one.name, remote.without_credentials(one.url), behind)
