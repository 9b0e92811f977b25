"""Pushing to remotes, once each has shown that strangers can't read it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, NamedTuple

from li_vault.core import privacy
from li_vault.errors import BadUsage
from li_vault.store import destinations, pushing, remote, sight
from li_vault.store.destinations import Places
from li_vault.store.pushing import Tip
from li_vault.store.remote import Outcome, Remote
from li_vault.vault.opened import Vault

Progress = Callable[[str, int, int], None]


class Health(NamedTuple):
    """What a check of a remote found.

    Attributes:
        is_reachable: Whether it could be asked.
        objection: Why it may not have the vault; None if it may.
        state: What it has: "up-to-date", "behind", "ahead", "diverged" (it has commits that are
            not here), "empty"; None if it could not be asked.
        behind: How many commits it lacks; None if that can't be told.
        reason: git's own words if it could not be asked.
    """

    is_reachable: bool
    objection: str | None
    state: Literal["up-to-date", "behind", "ahead", "diverged", "empty"] | None
    behind: int | None
    reason: str | None


def push(
    vault: Vault,
    names: Collection[str] = (),
    progress: Progress = lambda *_: None,
    against: Mapping[str, Outcome] | None = None,
) -> dict[str, Outcome]:
    """Push `main` to the named remotes, or to all of them; one outcome each, none hidden.

    Args:
        vault: The vault.
        names: The names of remotes, or none for all.
        progress: Told of long work.
        against: Remotes to which nothing is to be pushed, and why, if they were looked at a
            moment ago; else they are looked at here.

    Raises:
        BadUsage: There is no remote of that name.
    """
    chosen = [one.name for one in choose(vault, names)]
    if vault.tip() is None or not chosen:
        found = against or {}
        return {name: found.get(name, Outcome("up-to-date", None)) for name in chosen}
    places = destinations.of(vault.repo, chosen)
    progress("Looking at remotes", 0, len(chosen))
    outcomes = objections(vault, places) if against is None else dict(against)
    ready = {name: places[name] for name in chosen if name not in outcomes}
    outcomes |= pushing.push(vault.repo, ready, progress=progress)
    return {name: _with_advice(vault, name, outcomes[name]) for name in chosen}


def _with_advice(vault: Vault, name: str, outcome: Outcome) -> Outcome:
    """The outcome; with what to do where the remote has other commits, or had others before."""
    if outcome.state == "pushed" and remote.rewound(vault.repo, name):
        words = "it had lost commits that it was seen to have, and has them again"
        return Outcome("pushed", f"{words}. Look at it: li-vault verify --remote {name}")
    words = (outcome.reason or "").lower()
    if outcome.state != "refused" or not any(one in words for one in _NOT_HERE):
        return outcome
    return Outcome("refused", f"{outcome.reason}\nBring both together: li-vault sync {name}")


_NOT_HERE = ("(fetch first)", "(non-fast-forward)", "fetch first, nothing is replaced")


def check(vault: Vault, names: Collection[str] = ()) -> dict[str, Health]:
    """Ask the named remotes, or all of them, side by side, for what they have; nothing is pushed.

    What they are seen to have is noted, so that `status` speaks of it.

    Raises:
        BadUsage: There is no remote of that name.
    """
    chosen = [one.name for one in choose(vault, names)]
    if not chosen:
        return {}
    places = destinations.of(vault.repo, chosen)
    unsafe = {name for name in chosen if destinations.objection(places[name])}
    with ThreadPoolExecutor(len(chosen) + 1) as pool:
        objecting = pool.submit(objections, vault, places)
        asked = {
            name: pool.submit(pushing.tips, vault.repo, name, places[name])
            for name in chosen
            if name not in unsafe
        }
        against = objecting.result()
        found = {name: asked[name].result() if name in asked else [] for name in chosen}
    return {name: _health(vault, name, found[name], against.get(name)) for name in chosen}


def _health(vault: Vault, name: str, tips: list[Tip], against: Outcome | None) -> Health:
    """What the place that is worst off says of the remote."""
    objection = against.reason if against else None
    away = next((one for one in tips if not one.is_there), None)
    if away is not None or not tips:
        return Health(False, objection, None, None, away.words if away else objection)
    each = [(_order(vault, one.commit), one.commit) for one in tips]
    order, commit = min(each, key=lambda one: _STATES.index(one[0]))
    known = commit is not None and order != "diverged"
    if order != "diverged":
        if commit is not None and len(tips) == 1:
            remote.note_rewind(vault.repo, name, remote.pushed_tip(vault.repo, name), commit)
        remote.note_tip(vault.repo, name, commit)
    behind = remote.pending(vault.repo, name) if known or order == "empty" else None
    return Health(True, objection, order, behind, None)


_State = Literal["up-to-date", "behind", "ahead", "diverged", "empty"]
_STATES: tuple[_State, ...] = ("diverged", "empty", "behind", "ahead", "up-to-date")


def _order(vault: Vault, theirs: str | None) -> _State:
    ours = vault.tip()
    if theirs is None:
        return "empty" if ours is not None else "up-to-date"
    if theirs == ours:
        return "up-to-date"
    if ours is not None and remote.is_ours(vault.repo, theirs):
        return "behind"
    if ours is not None and remote.is_ours(vault.repo, ours, theirs):
        return "ahead"
    return "diverged"


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
    return [known[name] for name in dict.fromkeys(names or known)]


def objections(vault: Vault, chosen: dict[str, Places]) -> dict[str, Outcome]:
    """Which remotes may not have the vault, and why: every address of each is looked at."""
    found: dict[str, Outcome] = {}
    for name, places in chosen.items():
        words = destinations.objection(places)
        if words:
            found[name] = Outcome("refused", words)
    safe = {name: places.pushed for name, places in chosen.items() if name not in found}
    judged = judge(vault, {one.real for pushed in safe.values() for one in pushed})
    for name, pushed in safe.items():
        against = [judged[one.real] for one in pushed if one.real in judged]
        if against:
            found[name] = next((one for one in against if one.state == "refused"), against[0])
    return found


def judge(vault: Vault, urls: Iterable[str]) -> dict[str, Outcome]:
    """Which addresses the vault may not go to: refused, or failed if they can't be looked at."""
    unknown = [url for url in urls if not remote.is_trusted(vault.repo, url)]
    seen = sight.look_at_all(unknown, start=vault.path)
    words = {url: privacy.may_have(one, trusted=False) for url, one in seen.items()}
    return {
        url: Outcome("failed" if seen[url].visible is None else "refused", said)
        for url, said in words.items()
        if said
    }


_ADD = "li-vault remote add NAME URL adds one."
