"""Whether a commit, wherever it came from, is the newest of a sound vault; nothing is written.

Every object is read, everything in the tree is an ordinary file in its place, every card is valid
and one person's, and what the snapshots counted is what lies in the folders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from li_vault.core import contents, layout
from li_vault.core.contents import Entry
from li_vault.core.model import CONTACTS, Roster
from li_vault.core.timeline import Snapshot
from li_vault.errors import BadVault, GitFailed
from li_vault.store import history
from li_vault.vault import accounting, snapshots
from li_vault.vault.opened import Vault

_LISTED = 5
_ELSEWHERE = "Nothing was taken from it. Look at it with git clone, or use another copy."
_TAKE_OUT = (
    "Nothing was taken from it. If these are your own files: git clone it, take them out with "
    "git rm and git commit, push; then restore. If you don't know them, don't trust that copy."
)


class Proof(NamedTuple):
    """What was counted in a vault that was found sound.

    Attributes:
        contacts: Number of cards in `contacts/`.
        former: Number of cards in `former/`.
        snapshots: The snapshots, newest first.
        roster: Everyone.
        doubts: What is no damage, but should be known; sentences.
    """

    contacts: int
    former: int
    snapshots: tuple[Snapshot, ...]
    roster: Roster
    doubts: tuple[str, ...]


def prove(vault: Vault, commit: str, *, is_whole: bool = False) -> Proof:
    """Prove that a commit is the newest of a sound vault.

    Args:
        vault: The repository that the commit is in; it need not be on a branch.
        commit: The commit.
        is_whole: Whether git has looked at every object of it, as when it was fetched.

    Raises:
        BadVault: It is not; what was found, and where.
    """
    entries = tree(vault, commit)
    if not any(entry.path == layout.MARKER for entry in entries):
        raise BadVault(
            f"This is a git repository, but not a vault: it has no {layout.MARKER} on main.",
            "Check the address. A vault is begun with li-vault init.",
        )
    vault.marker(commit)
    _is_laid_out(entries)
    finish = _nothing_to_read if is_whole else _read_all(vault)
    try:
        roster = vault.roster(commit)
    finally:
        finish()
    _refuse("its cards are not all valid", [f"{p}: {why}" for p, why in vault.broken.items()])
    cards = [entry.path for entry in entries if layout.is_card(entry.path)]
    contacts = sum(path.startswith(f"{CONTACTS}/") for path in cards)
    commits = vault.commits(commit)
    past = snapshots.among(commits)
    for wrong in accounting.miscounts(vault, commits, past):
        _refuse(wrong.what, [wrong.numbers])
    doubts = tuple(accounting.doubts(vault, commits, past, contacts))
    return Proof(contacts, len(cards) - contacts, tuple(past), roster, doubts)


def tree(vault: Vault, commit: str) -> list[Entry]:
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
        entries.append(Entry(mode, ident, path))
    return entries


def _is_laid_out(entries: Iterable[Entry]) -> None:
    """See that only ordinary files are there, each in a place that a vault has."""
    _refuse("it holds what no vault does", list(misplaced(entries)), _TAKE_OUT)


def misplaced(entries: Iterable[Entry]) -> Iterator[str]:
    """What in a tree has no place in a vault, in words that begin with the path."""
    fixed = history.blob_id(layout.fixed_files()[".gitattributes"])
    return contents.problems(entries, fixed)


def _read_all(vault: Vault) -> Callable[[], None]:
    """Let git read every object and follow every link between them, while we do something else.

    Returns a function that waits for it, and must be called.

    Raises:
        BadVault: By that function: something is damaged, missing or malformed.
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
    """Refuse a vault if anything was found.

    Raises:
        BadVault: Something was.
    """
    if found:
        more = f"\n  … and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
        listed = "".join(f"\n  {one}" for one in found[:_LISTED])
        raise BadVault(f"This is no sound vault: {what}:{listed}{more}", hint)
