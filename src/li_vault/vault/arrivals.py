"""Exports that arrived in a folder: each recorded once, by the guards, and told of."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from li_vault.core import notices
from li_vault.core.notices import Notice
from li_vault.errors import BadExport, BadUsage, LiVaultError, Refused
from li_vault.formats import registry
from li_vault.host import downloads, intake
from li_vault.host.downloads import Mark
from li_vault.vault import dating, ledger, recording
from li_vault.vault.accounts import Recorded
from li_vault.vault.dating import Dated
from li_vault.vault.drafting import Terms
from li_vault.vault.ledger import Entry, Fate, Ledger
from li_vault.vault.opened import Vault
from li_vault.vault.recording import Progress

if TYPE_CHECKING:
    from li_vault.store.remote import Outcome


_API = "LinkedIn's API"
"""What the ledger knows by this name, of which there are no bytes that stay the same."""

_TOLD_EACH = 3
"""So many exports that were not recorded are told of one by one; years of old ones are not."""


class Arrival(NamedTuple):
    """What became of one export.

    Attributes:
        source: Its name as the user knows it.
        digest: What the ledger knows it by.
        fate: What became of it.
        recorded: Its snapshots, if it was recorded, now or before.
        error: Why it was not, or None.
        is_news: Whether this was not its fate already when it was looked at before.
    """

    source: str
    digest: str
    fate: Fate
    recorded: tuple[Recorded, ...]
    error: LiVaultError | None
    is_news: bool = True


class Sweep(NamedTuple):
    """What a look at a folder came to.

    Attributes:
        folder: The folder.
        arrivals: What was new in it, in the order of the days.
        arriving: Names of what has not arrived yet.
        remotes: What became of each remote, if anything was pushed.
    """

    folder: Path
    arrivals: tuple[Arrival, ...]
    arriving: tuple[str, ...]
    remotes: Mapping[str, Outcome]

    @property
    def notices(self) -> list[Notice]:
        """What somebody who is not looking has to be told; nothing of what was known."""
        lacking = [n for n, one in self.remotes.items() if one.state in ("failed", "refused")]
        failed = [(one.source, one.error) for one in self.arrivals if one.error and one.is_news]
        done = [
            each.account.record
            for one in self.arrivals
            if one.fate == "recorded"
            for each in one.recorded
        ]
        told = [notices.recorded(done, lacking)] if done else []
        if len(failed) > _TOLD_EACH:
            return [*told, notices.many_not_recorded([source for source, _ in failed])]
        return [*told, *(notices.not_recorded(s, e.message, e.hint) for s, e in failed)]


class _Fresh(NamedTuple):
    """Something that was never looked at, read."""

    place: Path
    mark: Mark
    digest: str
    exports: tuple[Dated, ...]
    error: LiVaultError | None

    @property
    def source(self) -> str:
        """Its name as the user knows it."""
        return intake.shown(self.place)

    @property
    def day(self) -> date:
        """The first day it speaks of; what can't be read comes first."""
        return min((one.day for one in self.exports), default=date.min)


def sweep(
    vault: Vault,
    folder: Path,
    today: date,
    progress: Progress = lambda *_: None,
    notice: Callable[[], None] | None = None,
) -> Sweep:
    """Record what lies in a folder, has arrived, and was never looked at; then push.

    Each export is recorded by itself: that one is refused keeps no other away. No guard is
    overridden.

    Args:
        vault: Where to.
        folder: The folder.
        today: The current day.
        progress: Told of long work.
        notice: Called when another writer has to be waited for.

    Raises:
        BadUsage: The folder can't be read.
        BadVault: The vault is not usable; what was not recorded is looked at again.
    """
    downloads.require(folder)
    there = downloads.settle(folder)
    known = ledger.load(vault.repo)
    found = [one for place in there if there[place] for one in _unknown(place, known, today)]
    fresh = {one.digest: one for one in reversed(found)}.values()  # once, by its first name
    ledger.save(vault.repo, known)
    arrivals: list[Arrival] = []
    growing: list[str] = []
    remotes: dict[str, Outcome] = {}
    for one in sorted(fresh, key=lambda one: (one.day, one.place)):
        done = Arrival(one.source, one.digest, "unreadable", (), one.error)
        if one.error is None:
            done, pushed = _recorded(vault, one, today, progress, notice)
            remotes.update(pushed)
        if done.error is not None and not downloads.stays(downloads.core(one.place), one.mark):
            growing.append(one.source)  # it was but the beginning
            continue
        before = known.entries.get(one.digest)
        arrivals.append(done._replace(is_news=before is None or before.fate != done.fate))
        known.note(_entry(one, done, _after(vault), today))
        ledger.save(vault.repo, known)
    arriving = [intake.shown(place) for place, has_arrived in there.items() if not has_arrived]
    looked = Sweep(folder, tuple(arrivals), (*arriving, *growing), remotes)
    if arrivals:
        keep_open(vault, looked)
    return looked


def keep_open(vault: Vault, sweep: Sweep) -> None:
    """See that what was recorded along with a refused export does not settle it.

    Whoever hears of both in one moment did not put the one in the place of the other.
    """
    known, after = ledger.load(vault.repo), _after(vault)
    for one in sweep.arrivals:
        if entry := known.entries.get(one.digest):
            known.entries[one.digest] = entry._replace(after=after)
    ledger.save(vault.repo, known)


def note_unfetched(vault: Vault, error: LiVaultError, one: Dated | None = None) -> None:
    """Note why LinkedIn's API gave nothing, or that a guard refused `one`, which it gave.

    It stays open like a file that was not recorded. That nothing came today does not settle what
    was refused before.
    """
    known, words = ledger.load(vault.repo), (error.rule, error.message, error.hint)
    before = known.entries.get(_API)
    if one is None and before and before.fate == "refused":
        return
    fate: Fate = "refused" if one else "unreadable"
    day = one.day.isoformat() if one else ""
    known.note(Entry(_API, "", Mark(0, 0, 0), fate, *words, _after(vault), day=day))
    ledger.save(vault.repo, known)


def note_fetched(vault: Vault) -> None:
    """Note that what LinkedIn's API gave is recorded."""
    known = ledger.load(vault.repo)
    if known.entries.pop(_API, None):
        ledger.save(vault.repo, known)


def still_open(vault: Vault) -> list[Entry]:
    """What was not recorded, and still has to be looked at by somebody."""
    return ledger.load(vault.repo).open(ledger.newest(vault.snapshots()))


def _after(vault: Vault) -> str:
    newest = ledger.newest(vault.snapshots())
    return newest.commit if newest else ""


def _unknown(place: Path, known: Ledger, today: date) -> list[_Fresh]:
    """What lies at a place, read, if its bytes were never looked at."""
    path = downloads.core(place)
    mark = downloads.mark(path)
    if mark is None:
        return []
    before = known.at(path, mark)
    if before and before.is_settled(today):
        return []
    try:
        digest = downloads.digest(path)
    except PermissionError:
        digest = f"closed {mark} {path}"  # so that it is told of once
    except OSError:
        return []  # gone: nothing that arrived
    if (seen := known.entries.get(digest)) and seen.is_settled(today):
        known.note(seen._replace(path=str(path), mark=mark))
        return []
    try:
        exports = intake.open_exports(str(place), wanted=registry.wanted, stdin=None, today=today)
        read = dating.read(exports, today)
    except (BadExport, BadUsage) as error:  # the latter: a day in the future
        return [_Fresh(place, mark, digest, (), error)]
    # Of several that came at once none is held while the others are recorded.
    return [_Fresh(place, mark, digest, tuple(one._replace(held=None) for one in read), None)]


def _recorded(
    vault: Vault,
    one: _Fresh,
    today: date,
    progress: Progress,
    notice: Callable[[], None] | None,
) -> tuple[Arrival, Mapping[str, Outcome]]:
    source, digest = one.source, one.digest
    if _is_taken_out(vault, one):
        return Arrival(source, digest, "already", (), None), {}
    place = shlex.quote(os.fsencode(one.place).decode("utf-8", "replace"))
    terms = Terms(today, again=f"li-vault snapshot {place}")
    try:
        done = recording.record(vault, lambda: one.exports, terms, progress=progress, notice=notice)
    except (Refused, BadExport) as error:
        fate: Fate = "refused" if isinstance(error, Refused) else "unreadable"
        return Arrival(source, digest, fate, (), error), {}
    is_known = all(each.already for each in done.snapshots)
    fate = "already" if is_known else "recorded"
    return Arrival(source, digest, fate, done.snapshots, None), done.remotes


def _is_taken_out(vault: Vault, one: _Fresh) -> bool:
    """Whether it is a list that was recorded, taken out of its archive.

    The file's own day is that of the unpacking then: no one made an export on it.
    """
    recorded = {past.record.digest for past in vault.snapshots()}
    return all(each.origin == "file" and each.digest in recorded for each in one.exports)


def _entry(one: _Fresh, done: Arrival, after: str, today: date) -> Entry:
    error = done.error
    words = (error.rule, error.message, error.hint) if error else ("", "", "")
    ahead_on = today.isoformat() if isinstance(error, BadUsage) else ""
    path = str(downloads.core(one.place))
    day = max((each.day.isoformat() for each in one.exports), default="")
    return Entry(one.digest, path, one.mark, done.fate, *words, after, ahead_on, day)
