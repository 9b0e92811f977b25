"""Push pending commits: fetch before, push after."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from typing import NamedTuple, Self

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


class FetchThenPush:
    """Fetch from all remotes while the caller works; afterwards push to them.

    Nothing is fetched or pushed where that is not wanted, or where there is no remote.
    """

    def __init__(self, vault: Vault, *, wanted: bool) -> None:
        self._vault = vault
        self._wanted = wanted and repo.may_have_remotes(vault.repo)
        self._stack = ExitStack()
        self._fetched: Callable[[], FetchedRemotes] | None = None
        self._outcomes: Mapping[str, PushOutcome] | None = None

    def __enter__(self) -> Self:
        if self._wanted:
            self._fetched = self._stack.enter_context(fetch.fetch_in_background(self._vault))
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]

    def fast_forward(self) -> Mapping[str, int]:
        """Wait for the fetch and take over what follows on our history; snapshots, by remote.

        The caller holds the lock.
        """
        if self._fetched is None:
            return {}
        met = fetch.fast_forward_all(self._vault, self._fetched())
        self._outcomes = met.outcomes
        return met.taken

    def push(self, progress: Progress = lambda *_: None) -> Mapping[str, PushOutcome]:
        """Push to all remotes; what became of each."""
        if not self._wanted:
            return {}
        return push_to_remotes(self._vault, progress=progress, against=self._outcomes)


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
    progress: Progress = lambda *_: None,
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
