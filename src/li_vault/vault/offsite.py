"""Pushing to remotes, once each has shown that strangers can't read it."""

from __future__ import annotations

from collections.abc import Collection

from li_vault.core import privacy
from li_vault.errors import BadUsage
from li_vault.store import remote
from li_vault.store.remote import Outcome, Remote
from li_vault.vault.opened import Vault


def push(vault: Vault, names: Collection[str] = ()) -> dict[str, Outcome]:
    """Push `main` to the named remotes, or to all of them; one outcome each, none hidden.

    Raises:
        BadUsage: There is no remote of that name.
    """
    chosen = choose(vault, names)
    outcomes: dict[str, Outcome] = {}
    if vault.tip() is None:
        return {one.name: Outcome("up-to-date", None) for one in chosen}
    for one in chosen:
        against = objection(vault, one.url)
        if against is not None:
            outcomes[one.name] = against
    ready = [one.name for one in chosen if one.name not in outcomes]
    if ready:
        outcomes |= remote.push(vault.repo, ready)
    return {one.name: outcomes[one.name] for one in chosen}


def choose(vault: Vault, names: Collection[str]) -> list[Remote]:
    """The remotes of these names, or all of them.

    Raises:
        BadUsage: There is no remote of that name.
    """
    known = {one.name: one for one in remote.listed(vault.repo)}
    for name in names:
        if name not in known:
            there = ", ".join(sorted(known)) or "none"
            raise BadUsage(f"There is no remote {name!r}; there is: {there}.", _ADD)
    return [known[name] for name in (names or known)]


def objection(vault: Vault, url: str) -> Outcome | None:
    """Why the vault may not go to an address: refused, or failed if it can't be looked at."""
    if remote.is_trusted(vault.repo, url):
        return None
    sight = remote.look(url)
    words = privacy.may_have(sight, trusted=False)
    if not words:
        return None
    return Outcome("failed" if sight.visible is None else "refused", words)


_ADD = "li-vault remote add NAME URL adds one."
