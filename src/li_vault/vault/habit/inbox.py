"""A folder's exports, recorded as they arrive."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from li_vault.core import reminders
from li_vault.core.model import Listener, Progress
from li_vault.core.reminders import Notification
from li_vault.errors import BadExport, BadUsage, LiVaultError, Refused
from li_vault.formats import registry
from li_vault.host import downloads, open_exports
from li_vault.host.downloads import DownloadWatcher, StatSignature
from li_vault.store.remotes.remotes import PushOutcome
from li_vault.vault.habit import notify, seen_files
from li_vault.vault.habit.seen_files import Fate, SeenFile, SeenFiles
from li_vault.vault.plan import dated_exports
from li_vault.vault.plan.dated_exports import DatedExport
from li_vault.vault.plan.planner import RecordOptions, SnapshotResult
from li_vault.vault.record import snapshot
from li_vault.vault.vault import Vault

_API = "LinkedIn's API"
"""What seen files call it, of which there are no bytes that stay the same."""

_TOLD_EACH = 3
"""How many exports that were not recorded are named one by one in a notification."""


class ScannedExport(NamedTuple):
    """What became of one export.

    Attributes:
        error: Why it was not, or None.
        is_news: Whether this was not its fate already when it was looked at before.
    """

    source: str
    digest: str
    fate: Fate
    recorded: tuple[SnapshotResult, ...]
    error: LiVaultError | None
    is_news: bool = True


class InboxScan(NamedTuple):
    """What a look at a folder came to."""

    folder: Path
    arrivals: tuple[ScannedExport, ...]
    arriving: tuple[str, ...]
    remotes: Mapping[str, PushOutcome]

    @property
    def notices(self) -> list[Notification]:
        """What somebody who is not looking has to be told; nothing of what was known."""
        lacking = [n for n, one in self.remotes.items() if one.state in ("failed", "refused")]
        failed = [(one.source, one.error) for one in self.arrivals if one.error and one.is_news]
        done = [
            each.account.record
            for one in self.arrivals
            if one.fate == "recorded"
            for each in one.recorded
        ]
        told = [reminders.recorded_notification(done, lacking)] if done else []
        if len(failed) > _TOLD_EACH:
            return [
                *told,
                reminders.many_not_recorded_notification([source for source, _ in failed]),
            ]
        return [
            *told,
            *(reminders.not_recorded_notification(s, e.message, e.hint) for s, e in failed),
        ]


class _Fresh(NamedTuple):
    """Something that was never looked at, read."""

    place: Path
    mark: StatSignature
    digest: str
    exports: tuple[DatedExport, ...]
    error: LiVaultError | None

    @property
    def source(self) -> str:
        """Its name as the user knows it."""
        return open_exports.printable_name(self.place)

    @property
    def day(self) -> date:
        """The first day it speaks of; what can't be read comes first."""
        return min((one.day for one in self.exports), default=date.min)


def scan_inbox(
    vault: Vault,
    folder: Path,
    today: date,
    progress: Progress = lambda *_: None,
    notice: Callable[[], None] | None = None,
) -> InboxScan:
    """Record what lies in a folder, has arrived, and was never looked at; then push.

    Each export is recorded by itself: that one is refused keeps no other away. No guard is
    overridden. `notice` is called when another writer has to be waited for.

    Raises:
        BadUsage: The folder can't be read.
        BadVault: The vault is not usable; what was not recorded is looked at again.
    """
    downloads.require_folder(folder)
    there = DownloadWatcher(folder).settle()
    known = seen_files.load_seen_files(vault.repo)
    found = [one for place in there if there[place] for one in _unknown(place, known, today)]
    fresh = {one.digest: one for one in reversed(found)}.values()  # once, by its first name
    seen_files.save_seen_files(vault.repo, known)
    arrivals: list[ScannedExport] = []
    growing: list[str] = []
    remotes: dict[str, PushOutcome] = {}
    for one in sorted(fresh, key=lambda one: (one.day, one.place)):
        done = ScannedExport(one.source, one.digest, "unreadable", (), one.error)
        if one.error is None:
            done, pushed = _recorded(vault, one, today, progress, notice)
            remotes.update(pushed)
        if (
            done.error is not None
            and downloads.stat_signature(downloads.list_file(one.place)) != one.mark
        ):
            growing.append(one.source)  # it was but the beginning
            continue
        before = known.entries.get(one.digest)
        arrivals.append(done._replace(is_news=before is None or before.fate != done.fate))
        known.note(_entry(one, done, _after(vault), today))
        seen_files.save_seen_files(vault.repo, known)
    arriving = [
        open_exports.printable_name(place)
        for place, has_arrived in there.items()
        if not has_arrived
    ]
    looked = InboxScan(folder, tuple(arrivals), (*arriving, *growing), remotes)
    if arrivals:
        keep_unresolved(vault, looked)
    return looked


def keep_unresolved(vault: Vault, sweep: InboxScan) -> None:
    """See that what was recorded along with a refused export does not settle it.

    Whoever hears of both in one moment did not put the one in the place of the other.
    """
    known, after = seen_files.load_seen_files(vault.repo), _after(vault)
    for one in sweep.arrivals:
        if entry := known.entries.get(one.digest):
            known.entries[one.digest] = entry._replace(after=after)
    seen_files.save_seen_files(vault.repo, known)


def note_unfetched(vault: Vault, error: LiVaultError, one: DatedExport | None = None) -> None:
    """Note why LinkedIn's API gave nothing, or that a guard refused `one`, which it gave.

    It stays open like a file that was not recorded. That nothing came today does not settle what
    was refused before.
    """
    known, words = seen_files.load_seen_files(vault.repo), (error.rule, error.message, error.hint)
    before = known.entries.get(_API)
    if one is None and before and before.fate == "refused":
        return
    fate: Fate = "refused" if one else "unreadable"
    day = one.day.isoformat() if one else ""
    known.note(SeenFile(_API, "", StatSignature(0, 0, 0), fate, *words, _after(vault), day=day))
    seen_files.save_seen_files(vault.repo, known)


def note_fetched(vault: Vault) -> None:
    """Note that what LinkedIn's API gave is recorded."""
    known = seen_files.load_seen_files(vault.repo)
    if known.entries.pop(_API, None):
        seen_files.save_seen_files(vault.repo, known)


def unresolved_exports(vault: Vault) -> list[SeenFile]:
    """What was not recorded, and still has to be looked at by somebody."""
    return seen_files.load_seen_files(vault.repo).open(
        seen_files.newest_full_list(vault.snapshots())
    )


def _after(vault: Vault) -> str:
    newest = seen_files.newest_full_list(vault.snapshots())
    return newest.commit if newest else ""


def _unknown(place: Path, known: SeenFiles, today: date) -> list[_Fresh]:
    """What lies at a place, read, if its bytes were never looked at."""
    path = downloads.list_file(place)
    mark = downloads.stat_signature(path)
    if mark is None:
        return []
    before = known.at(path, mark)
    if before and before.is_settled(today):
        return []
    try:
        digest = downloads.export_digest(path)
    except PermissionError:
        digest = f"closed {mark} {path}"  # so that it is reported once
    except OSError:
        return []  # gone: nothing that arrived
    if (seen := known.entries.get(digest)) and seen.is_settled(today):
        known.note(seen._replace(path=str(path), mark=mark))
        return []
    try:
        exports = open_exports.open_exports(
            str(place), wanted=registry.is_wanted_member, stdin=None, today=today
        )
        read = dated_exports.read_exports(exports, today)
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
) -> tuple[ScannedExport, Mapping[str, PushOutcome]]:
    source, digest = one.source, one.digest
    if _is_taken_out(vault, one):
        return ScannedExport(source, digest, "already", (), None), {}
    place = shlex.quote(os.fsencode(one.place).decode("utf-8", "replace"))
    terms = RecordOptions(today, again=f"li-vault snapshot {place}")
    try:
        done = snapshot.record_snapshots(vault, one.exports, terms, Listener(progress, notice))
    except (Refused, BadExport) as error:
        fate: Fate = "refused" if isinstance(error, Refused) else "unreadable"
        return ScannedExport(source, digest, fate, (), error), {}
    is_known = all(each.already for each in done.snapshots)
    fate = "already" if is_known else "recorded"
    return ScannedExport(source, digest, fate, done.snapshots, None), done.remotes


def _is_taken_out(vault: Vault, one: _Fresh) -> bool:
    """Whether it is a list that was recorded, taken out of its archive.

    The file's own day is that of the unpacking then: no one made an export on it.
    """
    recorded = {past.record.digest for past in vault.snapshots()}
    return all(each.origin == "file" and each.digest in recorded for each in one.exports)


def _entry(one: _Fresh, done: ScannedExport, after: str, today: date) -> SeenFile:
    error = done.error
    words = (error.rule, error.message, error.hint) if error else ("", "", "")
    ahead_on = today.isoformat() if isinstance(error, BadUsage) else ""
    path = str(downloads.list_file(one.place))
    day = max((each.day.isoformat() for each in one.exports), default="")
    return SeenFile(one.digest, path, one.mark, done.fate, *words, after, ahead_on, day)


class WatchResult(NamedTuple):
    """What a look at the folder came to, and the notifications that failed, in words."""

    sweep: InboxScan
    untold: tuple[str, ...]


def watch(
    vault: Vault,
    folder: Path,
    today: date,
    progress: Progress = lambda *_: None,
    notice: Callable[[], None] | None = None,
) -> WatchResult:
    """Record what arrived in a folder and was never looked at, push, and tell of it.

    Raises:
        BadUsage: The folder is not there, or can't be read.
        BadVault: The vault is not usable.
        OSError: The system refused, as the disk is full. All of these are told, too, but once as
            long as it stays the same: who watches looks again and again.
    """
    try:
        found = scan_inbox(vault, folder, today, progress, notice)
    except LiVaultError as error:
        _tell(vault, error)
        raise
    except OSError as error:
        _tell(vault, notify.system_refusal(error))
        raise
    notify.is_news(vault.repo, "")
    return WatchResult(found, tuple(notify.notify(vault, found.notices)))


def _tell(vault: Vault, error: LiVaultError) -> None:
    if notify.is_news(vault.repo, error.message):
        notify.notify(vault, [reminders.failed_notification(error.message, error.hint)])
