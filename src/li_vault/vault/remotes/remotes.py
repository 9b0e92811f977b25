"""Remotes: add, list, remove, check; which of them may have the vault."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, NamedTuple

from li_vault.core import vault_layout
from li_vault.errors import BadUsage, GitFailed, Refused
from li_vault.store.remotes import create_bare, push_urls, remotes, transfer, visibility
from li_vault.store.remotes.push_urls import RemoteUrls
from li_vault.store.remotes.remotes import PushOutcome, Remote
from li_vault.store.remotes.transfer import RemoteTip
from li_vault.store.remotes.urls import redact_url
from li_vault.vault.vault import Vault


class RemoteHealth(NamedTuple):
    """What a check of a remote found.

    Attributes:
        objection: Why it may not have the vault; None if it may.
        state: What it has: "up-to-date", "behind", "ahead", "diverged" (it has commits that are
            not here), "empty"; None if it could not be asked.
        behind: How many commits it lacks; None if that can't be told.
    """

    is_reachable: bool
    objection: str | None
    state: Literal["up-to-date", "behind", "ahead", "diverged", "empty"] | None
    behind: int | None
    reason: str | None


def check_health(vault: Vault, names: Collection[str] = ()) -> dict[str, RemoteHealth]:
    """Ask the named remotes, or all of them, side by side, for what they have; nothing is pushed.

    What they are seen to have is noted, so that `status` speaks of it.

    Raises:
        BadUsage: There is no remote of that name.
    """
    chosen = [one.name for one in choose_remotes(vault, names)]
    if not chosen:
        return {}
    places = push_urls.urls_of_remotes(vault.repo, chosen)
    unsafe = {name for name in chosen if push_urls.urls_objection(places[name])}
    with ThreadPoolExecutor(len(chosen) + 1) as pool:
        objecting = pool.submit(privacy_objections, vault, places)
        asked = {
            name: pool.submit(transfer.ls_remote_tips, vault.repo, name, places[name])
            for name in chosen
            if name not in unsafe
        }
        against = objecting.result()
        found = {name: asked[name].result() if name in asked else [] for name in chosen}
    return {name: _health(vault, name, found[name], against.get(name)) for name in chosen}


def _health(
    vault: Vault, name: str, tips: list[RemoteTip], against: PushOutcome | None
) -> RemoteHealth:
    """What the place that is worst off says of the remote."""
    objection = against.reason if against else None
    away = next((one for one in tips if not one.is_there), None)
    if away is not None or not tips:
        return RemoteHealth(False, objection, None, None, away.words if away else objection)
    each = [(_order(vault, one.commit), one.commit) for one in tips]
    order, commit = min(each, key=lambda one: _STATES.index(one[0]))
    known = commit is not None and order != "diverged"
    if order != "diverged":
        if commit is not None and len(tips) == 1:
            remotes.note_rewind(vault.repo, name, remotes.pushed_tip(vault.repo, name), commit)
        remotes.note_tip(vault.repo, name, commit)
    behind = remotes.count_pending(vault.repo, name) if known or order == "empty" else None
    return RemoteHealth(True, objection, order, behind, None)


_State = Literal["up-to-date", "behind", "ahead", "diverged", "empty"]
_STATES: tuple[_State, ...] = ("diverged", "empty", "behind", "ahead", "up-to-date")


def _order(vault: Vault, theirs: str | None) -> _State:
    ours = vault.tip()
    if theirs is None:
        return "empty" if ours is not None else "up-to-date"
    if theirs == ours:
        return "up-to-date"
    if ours is not None and remotes.is_in_history(vault.repo, theirs):
        return "behind"
    if ours is not None and remotes.is_in_history(vault.repo, ours, theirs):
        return "ahead"
    return "diverged"


def choose_remotes(vault: Vault, names: Collection[str]) -> list[Remote]:
    """The remotes of these names, or all of them.

    Raises:
        BadUsage: There is no remote of that name.
    """
    known = {one.name: one for one in remotes.list_remotes(vault.repo)}
    for name in names:
        if name not in known:
            there = ", ".join(sorted(known)) or "none"
            raise BadUsage(f"There is no remote {name!r}; there is: {there}.", _ADD)
    return [known[name] for name in dict.fromkeys(names or known)]


def privacy_objections(vault: Vault, chosen: dict[str, RemoteUrls]) -> dict[str, PushOutcome]:
    """Which remotes may not have the vault, and why: every address of each is looked at."""
    found: dict[str, PushOutcome] = {}
    for name, places in chosen.items():
        words = push_urls.urls_objection(places)
        if words:
            found[name] = PushOutcome("refused", words)
    safe = {name: places.pushed for name, places in chosen.items() if name not in found}
    judged = judge_urls(vault, {one.real for pushed in safe.values() for one in pushed})
    for name, pushed in safe.items():
        against = [judged[one.real] for one in pushed if one.real in judged]
        if against:
            found[name] = next((one for one in against if one.state == "refused"), against[0])
    return found


def judge_urls(vault: Vault, urls: Iterable[str]) -> dict[str, PushOutcome]:
    """Which addresses the vault may not go to: refused, or failed if they can't be looked at."""
    unknown = [url for url in urls if not remotes.is_trusted(vault.repo, url)]
    seen = visibility.check_visibilities(unknown, start=vault.path)
    words = {url: vault_layout.privacy_objection(one, trusted=False) for url, one in seen.items()}
    return {
        url: PushOutcome("failed" if seen[url].visible is None else "refused", said)
        for url, said in words.items()
        if said
    }


_ADD = "li-vault remote add NAME URL adds one."


class ListedRemote(NamedTuple):
    """A remote: its name, its address without credentials, and how many commits it lacks."""

    name: str
    url: str
    behind: int


class RemoteCheck(NamedTuple):
    """What a check of remotes found, by name; each with its address without credentials."""

    remotes: Mapping[str, tuple[str, RemoteHealth]]

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


def add_private_remote(
    vault: Vault, name: str, url: str, *, trusted: bool, create: Path | None
) -> ListedRemote:
    """Add a remote, unless strangers can read it.

    Args:
        create: The hooks to plant into a bare repository that is made there, on this machine or
            by ssh on another; or None.

    Raises:
        Refused: Strangers can read it.
        GitFailed: It can't be looked at, so nobody can tell; or it can't be made there.
        BadUsage: Name or address is not usable, or the name is taken.
    """
    url = remotes.check_new_url(vault.repo, name, url, must_exist=create is None)
    places = push_urls.urls_if_added(vault.repo, url)
    wrong = push_urls.urls_objection(places)
    if wrong:
        hint = "git config --get-regexp '^url' shows the rules that lead it elsewhere."
        raise BadUsage(f"The remote {name!r} was not added: {wrong}.".replace("..", "."), hint)
    real = places.pushed[0].real
    if create is not None:
        create_bare.create_bare(vault.repo, real, create)
    if trusted:
        remotes.trust_url(vault.repo, real)
    against = judge_urls(vault, [real]).get(real)
    if against is not None:
        words = f"The remote {name!r} was not added. {against.reason}"
        if against.state == "failed":
            raise GitFailed(words, "See that it can be reached, or vouch for it with --trusted.")
        hint = "Make it private; or, if you know that it is, vouch for it with --trusted."
        raise Refused(words, hint, rule="public")
    remotes.add_remote(vault.repo, name, url)
    return _entry(vault, remotes.Remote(name, url))


def listed_remotes(vault: Vault) -> tuple[ListedRemote, ...]:
    """All remotes."""
    return tuple(_entry(vault, one) for one in remotes.list_remotes(vault.repo))


def remove_named_remote(vault: Vault, name: str) -> ListedRemote:
    """Remove a remote from this vault, and the word for its addresses; the copy there stays.

    Raises:
        BadUsage: There is no remote of that name.
    """
    (one,) = choose_remotes(vault, [name])
    entry = _entry(vault, one)
    places = push_urls.urls_of_remotes(
        vault.repo, [one.name for one in remotes.list_remotes(vault.repo)]
    )
    remotes.remove_remote(vault.repo, name)
    gone = places.pop(name)
    remotes.withdraw_trust(vault.repo, _real(gone), but=_real(*places.values()))
    return entry


def check_remotes(vault: Vault, names: Collection[str]) -> RemoteCheck:
    """Ask the named remotes, or all, whether they are there, private, and have everything.

    Raises:
        BadUsage: There is no remote of that name.
    """
    found = check_health(vault, names)
    urls = {one.name: one.url for one in remotes.list_remotes(vault.repo)}
    return RemoteCheck({n: (redact_url(urls[n]), one) for n, one in found.items()})


def may_push(vault: Vault, url: str) -> str:
    """Why the vault may not go to an address, or "": what the hook `pre-push` asks."""
    against = judge_urls(vault, [url]).get(url)
    return str(against.reason) if against is not None else ""


def _entry(vault: Vault, one: remotes.Remote) -> ListedRemote:
    behind = remotes.count_pending(vault.repo, one.name)
    return ListedRemote(one.name, redact_url(one.url), behind)


def _real(*places: RemoteUrls) -> frozenset[str]:
    return frozenset(one.real for each in places for one in each.pushed)
