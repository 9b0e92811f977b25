"""Whether a commit is the tip of a sound vault: its line, its tree, its counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from li_vault.core import snapshot, vault_layout
from li_vault.core.model import CONTACTS, Roster
from li_vault.core.snapshot import Snapshot
from li_vault.core.vault_layout import TreeEntry
from li_vault.errors import BadVault, GitFailed
from li_vault.store import history, repo
from li_vault.store.history import Commit
from li_vault.vault.vault import Vault, snapshots_among

_LISTED = 5
_ELSEWHERE = "Nothing was taken from it. Look at it with git clone, or use another copy."
_TAKE_OUT = (
    "Nothing was taken from it. If these are your own files: git clone it, take them out with "
    "git rm and git commit, push; then restore. If you don't know them, don't trust that copy."
)


class SoundTip(NamedTuple):
    """What was counted in a vault that was found sound.

    Attributes:
        snapshots: The snapshots, newest first.
    """

    contacts: int
    former: int
    snapshots: tuple[Snapshot, ...]
    roster: Roster
    doubts: tuple[str, ...]


def require_sound_tip(vault: Vault, commit: str, *, is_whole: bool = False) -> SoundTip:
    """Prove that a commit is the newest of a sound vault.

    Raises:
        BadVault: It is not; what was found, and where.
    """
    entries = tree_entries(vault, commit)
    if not any(entry.path == vault_layout.MARKER for entry in entries):
        raise BadVault(
            f"This is a git repository, but not a vault: it has no {vault_layout.MARKER} on main.",
            "Check the address. A vault is begun with li-vault init.",
        )
    vault.marker(commit)
    _is_laid_out(entries)
    finish = _nothing_to_read if is_whole else _read_all(vault)
    try:
        roster = vault.roster(commit)
    finally:
        finish()
    _refuse("its cards are not all valid", [f"{p}: {why}" for p, why in roster.broken.items()])
    cards = [entry.path for entry in entries if vault_layout.is_card(entry.path)]
    contacts = sum(path.startswith(f"{CONTACTS}/") for path in cards)
    commits = vault.commits(commit)
    past = snapshots_among(commits)
    for wrong in miscounts(vault, commits, past):
        _refuse(wrong.what, [wrong.numbers])
    doubts = tuple(odd_counts(vault, commits, past, contacts))
    return SoundTip(contacts, len(cards) - contacts, tuple(past), roster, doubts)


def tree_entries(vault: Vault, commit: str) -> list[TreeEntry]:
    """Everything in the tree of a commit, folders included.

    Raises:
        BadVault: It can't be read.
    """
    try:
        out = vault.repo.run("ls-tree", "-r", "-t", "-z", "--full-tree", commit)
    except GitFailed as error:
        raise BadVault(f"It is damaged: {error.message}", _ELSEWHERE) from error
    entries = []
    for line in out.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        facts, _, path = line.partition("\t")
        mode, _, ident = facts.split(" ")
        entries.append(TreeEntry(mode, ident, path))
    return entries


def _is_laid_out(entries: Iterable[TreeEntry]) -> None:
    """See that only ordinary files are there, each in a place that a vault has."""
    _refuse("it holds what no vault does", list(misplaced_entries(entries)), _TAKE_OUT)


def misplaced_entries(entries: Iterable[TreeEntry]) -> Iterator[str]:
    """What in a tree has no place in a vault, in words that begin with the path."""
    fixed = history.blob_id(vault_layout.fixed_files()[".gitattributes"])
    return vault_layout.tree_problems(entries, fixed)


def _read_all(vault: Vault) -> Callable[[], None]:
    """Let git read every object and follow every link between them, while we do something else.

    Returns a function that waits for it, and must be called.
    """
    ended = vault.repo.begin("fsck", "--full", "--strict", "--no-dangling", "--no-progress")

    def finish() -> None:
        try:
            ended()
        except GitFailed as error:
            raise BadVault(f"It is damaged: {error.message}", _ELSEWHERE) from error

    return finish


def _nothing_to_read() -> None:
    """What `_read_all` returns, for objects that git has read."""


def _refuse(what: str, found: Sequence[str], hint: str = _ELSEWHERE) -> None:
    if found:
        more = f"\n  … and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
        listed = "".join(f"\n  {one}" for one in found[:_LISTED])
        raise BadVault(f"This is no sound vault: {what}:{listed}{more}", hint)


_FULL = "linkedin-connections/"


class Miscount(NamedTuple):
    """A commit that does not say what is there: which, what is wrong, and the numbers."""

    commit: str
    what: str
    numbers: str


def miscounts(
    vault: Vault, commits: Sequence[Commit], past: Sequence[Snapshot]
) -> Iterator[Miscount]:
    """The commits that say what can't be: of what they are, of their day, of their rows.

    Args:
        commits: Its commits, newest first.
        past: The snapshots among them, newest first.
    """
    yield from _unlike_ours(commits)
    for one in past:
        record = one.record
        told = record.contacts + record.nameless + record.duplicates + record.unmatched
        if record.rows != told + record.skipped:
            what = f"the snapshot {one.commit[:10]} of {record.taken_on} does not add up"
            numbers = f"{record.rows} rows, {told + record.skipped} accounted for"
            yield Miscount(one.commit, what, numbers)
    full = _last_full(commits, past)
    if full is not None:
        there = _listed(vault, full.commit)
        if there != full.record.contacts:
            what = f"the snapshot {full.commit[:10]} of {full.record.taken_on} is not as it says"
            numbers = f"it counted {full.record.contacts} contacts, and holds {there}"
            yield Miscount(full.commit, what, numbers)


def _unlike_ours(commits: Sequence[Commit]) -> Iterator[Miscount]:
    """The commits of impossible days, and those that only pretend to be li-vault's."""
    for one in commits:
        short = one.id[:10]
        if one.day == date.max:
            yield Miscount(one.id, f"the commit {short} has an impossible date", "it is no day")
        if one.author != repo.OWN_EMAIL:
            continue
        record = snapshot.read_trailers(one.message)
        if record is not None and record.taken_on != one.day.isoformat():
            what = f"the snapshot {short} of {record.taken_on} has another date"
            yield Miscount(one.id, what, f"the commit is of {one.day}")
        elif not snapshot.is_own_message(one.message):
            what = f"the commit {short} is not li-vault's, though it says so"
            yield Miscount(one.id, what, "its message is none that li-vault writes")


def odd_counts(
    vault: Vault, commits: Sequence[Commit], past: Sequence[Snapshot], contacts: int
) -> Iterator[str]:
    """What is odd about a vault with so many contacts, but no damage; sentences."""
    if not past:
        yield "No snapshot is recorded in it: nobody can tell whether anyone is missing."
    full = _last_full(commits, past)
    if full is not None:
        there = _listed(vault, full.commit)
        if there == full.record.contacts != contacts:
            words = f"{CONTACTS}/ holds {contacts} cards, the last full list had {there}"
            yield f"{words}: someone committed that by hand since."


def _last_full(commits: Sequence[Commit], past: Sequence[Snapshot]) -> Snapshot | None:
    """The last snapshot whose folder holds just the people it listed, if nobody mended any."""
    if any(snapshot.read_same_apart(one.message) for one in commits):
        return None
    return next((one for one in past if _lists_everyone(one, past[-1])), None)


def _listed(vault: Vault, commit: str) -> int:
    return sum(map(vault_layout.is_card, history.files(vault.repo, commit, (CONTACTS,))))


def _lists_everyone(one: Snapshot, first: Snapshot) -> bool:
    """Whether a snapshot surely was a full list, after which `contacts/` holds just its people."""
    listed = one.record.listed
    if listed or one.record.unmatched:
        return listed == "full"
    return one == first or one.record.kind.startswith(_FULL)
