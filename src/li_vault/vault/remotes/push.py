"""Push pending commits: fetch before, push after."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

from li_vault.core.model import Progress
from li_vault.store import repo
from li_vault.store.remotes import push_urls, remotes, transfer
from li_vault.store.remotes.remotes import PushOutcome
from li_vault.vault.plan import hand_edits
from li_vault.vault.remotes import fetch
from li_vault.vault.remotes.fetch import FastForwarded, FetchedRemotes
from li_vault.vault.remotes.remotes import choose_remotes, privacy_objections
from li_vault.vault.vault import Vault


def push_to_remotes(
    vault: Vault,
    names: Collection[str] = (),
    progress: Progress = lambda *_: None,
    against: Mapping[str, PushOutcome] | None = None,
) -> dict[str, PushOutcome]:
    """Push `main` to the named remotes, or to all of them; one outcome each, none hidden.

    Args:
        against: Remotes to which nothing is to be pushed, and why, if they were looked at a
            moment ago; else they are looked at here.

    Raises:
        BadUsage: There is no remote of that name.
    """
    chosen = [one.name for one in choose_remotes(vault, names)]
    if vault.tip() is None or not chosen:
        found = against or {}
        return {name: found.get(name, PushOutcome("up-to-date", None)) for name in chosen}
    places = push_urls.urls_of_remotes(vault.repo, chosen)
    progress("Looking at remotes", 0, len(chosen))
    outcomes = privacy_objections(vault, places) if against is None else dict(against)
    ready = {name: places[name] for name in chosen if name not in outcomes}
    outcomes |= transfer.push_main(vault.repo, ready, progress=progress)
    return {name: _with_advice(vault, name, outcomes[name]) for name in chosen}


def _with_advice(vault: Vault, name: str, outcome: PushOutcome) -> PushOutcome:
    """The outcome; with what to do where the remote has other commits, or had others before."""
    if outcome.state == "pushed" and remotes.rewound_from(vault.repo, name):
        words = "it had lost commits that it was seen to have, and has them again"
        return PushOutcome("pushed", f"{words}. Look at it: li-vault verify --remote {name}")
    words = (outcome.reason or "").lower()
    if outcome.state != "refused" or not any(one in words for one in _NOT_HERE):
        return outcome
    return PushOutcome("refused", f"{outcome.reason}\nBring both together: li-vault sync {name}")


_NOT_HERE = ("(fetch first)", "(non-fast-forward)", "fetch first, nothing is replaced")

Look = Callable[[], FetchedRemotes]
"""Waits for what the remotes were found to have."""


def is_push_wanted(vault: Vault, *, push: bool, dry_run: bool) -> bool:
    """Whether remotes are to be asked at all: what is not to be pushed is not fetched either."""
    return push and not dry_run and repo.may_have_remotes(vault.repo)


def begin_fetch(vault: Vault, wanted: bool) -> AbstractContextManager[Look | None]:
    """Begin to look what the remotes have, while the caller does something else."""
    if not wanted:
        return nullcontext()
    from li_vault.vault.remotes import fetch

    return fetch.fetch_in_background(vault)


def fast_forward_if_fetched(vault: Vault, look: Look | None) -> FastForwarded | None:
    """Take over what follows on our history; the caller holds the lock."""
    if look is None:
        return None
    from li_vault.vault.remotes import fetch

    return fetch.fast_forward_all(vault, look())


def push_if_fetched(
    vault: Vault,
    met: FastForwarded | None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Mapping[str, PushOutcome]:
    """Push to all remotes, if they were looked at; what became of each."""
    if met is None:
        return {}

    return push_to_remotes(vault, progress=progress, against=met.outcomes)


_TIMEOUT = 120.0
"""Seconds for what remotes have besides: nothing else waits for it."""


class PushResult(NamedTuple):
    """What became of a push.

    Attributes:
        taken: Number of snapshots that were taken over first, by remote.
    """

    remotes: Mapping[str, PushOutcome]
    taken: Mapping[str, int] = {}


def push_named(
    vault: Vault,
    names: Collection[str] = (),
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> PushResult:
    """Push to the named remotes, or to all, once what they have besides is taken over.

    Raises:
        BadUsage: There is no remote of that name.
        BadVault: A card of the newest commit is broken.
    """
    vault.tidy()
    hand_edits.require_no_broken_card(vault)
    progress("Fetching", 0, 1)
    seen = fetch.fetch_remotes(vault, names, _TIMEOUT)
    met = FastForwarded(outcomes={**(seen.against or {}), **fetch.unreachable_outcomes(seen)})
    if fetch.has_new_commits(vault, seen):
        with vault.writing():
            met = fetch.fast_forward_all(vault, seen)
    return PushResult(push_to_remotes(vault, names, progress, met.outcomes), met.taken)
