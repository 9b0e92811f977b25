"""`remote add`, `list`, `remove` and `check`: where copies go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from li_vault.errors import BadUsage, GitFailed, Refused
from li_vault.store import bare, destinations, remote
from li_vault.store.destinations import Places
from li_vault.vault import Vault, offsite
from li_vault.vault.offsite import Health


class Entry(NamedTuple):
    """A remote: its name, its address without credentials, and how many commits it lacks."""

    name: str
    url: str
    behind: int


class Check(NamedTuple):
    """What a check of remotes found, by name; each with its address without credentials."""

    remotes: Mapping[str, tuple[str, Health]]

    @property
    def is_fine(self) -> bool:
        """Whether every remote can be reached, may have the vault, and has all of it."""
        return all(
            one.objection is None and one.state == "up-to-date" for _, one in self.remotes.values()
        )

    @property
    def is_cut_off(self) -> bool:
        """Whether there are remotes, and not one of them can be reached."""
        return bool(self.remotes) and not any(one.is_reachable for _, one in self.remotes.values())


def add(vault: Vault, name: str, url: str, *, trusted: bool, create: Path | None) -> Entry:
    """Add a remote, unless strangers can read it.

    Args:
        vault: The vault.
        name: The remote's name.
        url: Its address.
        trusted: Whether the user vouches for it; remembered for this address.
        create: The hooks to plant into a bare repository that is made there, on this machine or
            by ssh on another; or None.

    Raises:
        Refused: Strangers can read it.
        GitFailed: It can't be looked at, so nobody can tell; or it can't be made there.
        BadUsage: Name or address is not usable, or the name is taken.
    """
    url = remote.checked(vault.repo, name, url, must_exist=create is None)
    places = destinations.would_be(vault.repo, url)
    wrong = destinations.objection(places)
    if wrong:
        hint = "git config --get-regexp '^url' shows the rules that lead it elsewhere."
        raise BadUsage(f"The remote {name!r} was not added: {wrong}.".replace("..", "."), hint)
    real = places.pushed[0].real
    if create is not None:
        bare.create(vault.repo, real, create)
    if trusted:
        remote.trust(vault.repo, real)
    against = offsite.judge(vault, [real]).get(real)
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
    """Remove a remote from this vault, and the word for its addresses; the copy there stays.

    Raises:
        BadUsage: There is no remote of that name.
    """
    (one,) = offsite.choose(vault, [name])
    entry = _entry(vault, one)
    places = destinations.of(vault.repo, [one.name for one in remote.listed(vault.repo)])
    remote.remove(vault.repo, name)
    gone = places.pop(name)
    remote.withdraw(vault.repo, _real(gone), but=_real(*places.values()))
    return entry


def check(vault: Vault, names: Collection[str]) -> Check:
    """Ask the named remotes, or all, whether they are there, private, and have everything.

    Raises:
        BadUsage: There is no remote of that name.
    """
    found = offsite.check(vault, names)
    urls = {one.name: one.url for one in remote.listed(vault.repo)}
    return Check({n: (remote.shown(urls[n]), one) for n, one in found.items()})


def may_push(vault: Vault, url: str) -> str:
    """Why the vault may not go to an address, or "": what the hook `pre-push` asks."""
    against = offsite.judge(vault, [url]).get(url)
    return str(against.reason) if against is not None else ""


def _entry(vault: Vault, one: remote.Remote) -> Entry:
    behind = remote.pending(vault.repo, one.name)
    return Entry(one.name, remote.shown(one.url), behind)


def _real(*places: Places) -> frozenset[str]:
    return frozenset(one.real for each in places for one in each.pushed)
