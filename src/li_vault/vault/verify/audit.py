"""One repository examined: `.git`, objects, layout, cards, counts, work tree."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

from li_vault.core import vault_layout
from li_vault.core.model import CONTACTS, Progress
from li_vault.core.vault_layout import DamageFinding
from li_vault.errors import LiVaultError
from li_vault.store import history, maintenance
from li_vault.store.history import TouchedCommit
from li_vault.store.write import worktree
from li_vault.vault.vault import Vault, snapshots_among
from li_vault.vault.verify import sound_tip
from li_vault.vault.verify.rederive import Rederiver, VerifiedIds

Result = TypeVar("Result")

_PATHS = (
    vault_layout.MARKER,
    *vault_layout.fixed_files(),
    vault_layout.EXPORTS,
    *vault_layout.FOLDERS,
)
_SHORT = 10
_BROUGHT = (
    "Nothing was mended. Move {place} away, then bring the objects back from a copy that is whole "
    "(li-vault verify --all tells which): git clone -q --mirror URL COPY && git -C COPY "
    "pack-objects -q --all --stdout </dev/null | git index-pack --stdin. Or restore it all: "
    "li-vault restore URL DIR"
)
_MADE_ANEW = "Nothing is lost: git makes it anew. Remove {path}, then run: git gc"
_INDEX = "Nothing is lost: remove .git/index, then run: git reset"
_HEAD = "Nothing is lost. In the vault: printf 'ref: refs/heads/main\\n' > .git/HEAD"
_REF = (
    "The snapshots themselves are there: git log --all --reflog shows them. Write the newest "
    "one's id back (git update-ref refs/heads/main ID), or restore the vault from a remote."
)
_LAYOUT = "li-vault restore takes no vault that holds it. Take it away with git rm and git commit."
_NUMBERS = (
    "Look for a copy that is whole: li-vault verify --all. li-vault rebuild --into DIR makes a "
    "vault anew from the originals."
)
_READER = "Other programs can't use this card. Mend the file; the next snapshot records that."


class AuditCounts(NamedTuple):
    """What was looked at.

    Attributes:
        derived: Snapshots that were derived again from their originals.
        derived_before: Those of them that an earlier proof derived, and found right.
        read_again: Cards that the second reader read.
    """

    objects: int = 0
    commits: int = 0
    snapshots: int = 0
    contacts: int = 0
    former: int = 0
    cards: int = 0
    derived: int = 0
    derived_before: int = 0
    read_again: int = 0


class Audit:
    """The examination of one repository at one commit."""

    def __init__(
        self,
        vault: Vault,
        found: Sequence[DamageFinding],
        known: VerifiedIds,
        progress: Progress,
        *,
        quick: bool,
        is_fetched: bool = False,
    ) -> None:
        """Begin.

        Args:
            quick: Whether nothing is derived and no second reader is asked.
        """
        self.counts = AuditCounts()
        self.findings: list[DamageFinding] = list(found)
        self.notes: list[str] = []
        self._vault = vault
        self._known = known
        self._progress = progress
        self._quick = quick
        self._is_fetched = is_fetched
        self._lost: set[str] = set()

    def of(self, tip: str | None) -> None:
        """Look at everything, up to this commit."""
        self.history(tip, self.objects(tip))

    def objects(self, tip: str | None) -> Sequence[TouchedCommit]:
        """Look at the objects, and how they are laid out at this commit.

        Returns the commits up to it, oldest first, with what each changed; none if they are lost.
        """
        self._progress("Checking objects", 0, 1)
        faults = [] if self._is_fetched else maintenance.fsck_faults(self._vault.repo)
        self._lost = {one.ident for one in faults if one.ident}
        self.findings += _references(faults)
        touches: Sequence[TouchedCommit] = ()
        if tip is not None:
            touches = self._tried(lambda: _touches(self._vault, tip), ())
        self.findings += _objects(self._vault, faults, touches)
        self.counts = self.counts._replace(objects=self._tried(self._objects, 0))
        self._progress("Checking objects", 1, 1)
        if tip is not None and touches:
            self._tried(lambda: self._layout(tip), None)
        return touches

    def history(self, tip: str | None, touches: Sequence[TouchedCommit]) -> None:
        """Look at what these commits say: every card, every count, every snapshot."""
        if tip is None or not touches:
            return
        walk = Rederiver(self._vault, self._lost, self._known, quick=self._quick)
        self._tried(lambda: self._walk(walk, touches), None)
        self._tried(lambda: self._accounts(touches), None)
        if not self._quick:
            self._read_again(tip, walk)

    def _tried(self, look: Callable[[], Result], otherwise: Result) -> Result:
        """Look at one thing; that it can't be looked at is a finding like any other."""
        try:
            return look()
        except LiVaultError as error:
            if self._lost or any(
                one.kind == "ref" for one in self.findings
            ):  # that is why, and it is told already
                self.notes.append(f"Not everything could be looked at: {error.message}")
            else:
                self.findings.append(DamageFinding("object", "", "", error.message, error.hint))
            return otherwise

    def _objects(self) -> int:
        return maintenance.count_objects(self._vault.repo)

    def _layout(self, tip: str) -> None:
        entries = sound_tip.tree_entries(self._vault, tip)
        paths = [entry.path for entry in entries if vault_layout.is_card(entry.path)]
        contacts = sum(path.startswith(f"{CONTACTS}/") for path in paths)
        self.counts = self.counts._replace(contacts=contacts, former=len(paths) - contacts)
        if vault_layout.MARKER not in {entry.path for entry in entries}:
            words = f"There is no {vault_layout.MARKER}: without it this is no vault."
            self.findings.append(DamageFinding("layout", tip, vault_layout.MARKER, words, _NUMBERS))
        self.findings += [
            DamageFinding("layout", tip, words.partition(" ")[0], f"{words}.", _LAYOUT)
            for words in sound_tip.misplaced_entries(entries)
        ]

    def _walk(self, walk: Rederiver, touches: Sequence[TouchedCommit]) -> None:
        try:
            self.findings += walk.through(touches, self._progress)
        finally:
            done = (
                [] if self._quick else [t for t in touches if self._known.is_derived(t.commit.id)]
            )
            before = sum(touch.commit.id in self._known.derived_before for touch in done)
            self.counts = self.counts._replace(
                cards=len(walk.cards), derived=len(done), derived_before=before
            )
        if not self._quick and walk.underivable:
            many = f"{walk.underivable} snapshots" if walk.underivable > 1 else "One snapshot"
            self.notes.append(f"{many} can't be derived before the damaged objects are back.")

    def _accounts(self, touches: Sequence[TouchedCommit]) -> None:
        commits = [touch.commit for touch in reversed(touches)]
        past = snapshots_among(commits)
        self.counts = self.counts._replace(commits=len(commits), snapshots=len(past))
        self.findings += [
            DamageFinding("account", one.commit, "", f"T{one.what[1:]}: {one.numbers}.", _NUMBERS)
            for one in sound_tip.miscounts(self._vault, commits, past)
        ]
        self.notes += sound_tip.odd_counts(self._vault, commits, past, self.counts.contacts)

    def _read_again(self, tip: str, walk: Rederiver) -> None:
        """Hear the second reader on the cards that are valid by our own."""
        self.counts = self.counts._replace(read_again=len(walk.state.uids))
        self.findings += [
            DamageFinding("reader", tip, path, f"{path} is no card to others: {words}.", _READER)
            for path, words in sorted(walk.state.objections.items())
        ]


def _touches(vault: Vault, tip: str) -> Sequence[TouchedCommit]:
    """The commits up to one, oldest first, with what each changed of a vault's files."""
    by_id = {one.commit.id: one for one in history.touching(vault.repo, tip, _PATHS)}
    return [by_id.get(one.id, TouchedCommit(one, ())) for one in reversed(vault.commits(tip))]


def audit_git_files(vault: Vault) -> list[DamageFinding]:
    """What is wrong with the files of `.git`."""
    found = []
    for fault in maintenance.git_file_faults(vault.repo):
        if fault.path == ".git/HEAD":
            hint = _HEAD
        elif fault.kind == "ref":
            hint = _REF
        elif fault.path == ".git/index":
            hint = _INDEX
        elif fault.can_be_made:
            hint = _MADE_ANEW.format(path=fault.path)
        else:
            hint = _BROUGHT.format(place=fault.path.replace(".pack", ".*").replace(".idx", ".*"))
        found.append(
            DamageFinding(fault.kind, "", fault.path, f"{fault.path}: {fault.words}.", hint)
        )
    return found


def _references(faults: Sequence[maintenance.ObjectFault]) -> list[DamageFinding]:
    return [
        DamageFinding(
            "ref", "", place, f"{place} leads to no commit that is here: {fault.words}.", _REF
        )
        for fault in faults
        if fault.ref and (place := f".git/{fault.ref}")
    ]


def _objects(
    vault: Vault, faults: Sequence[maintenance.ObjectFault], touches: Sequence[TouchedCommit]
) -> list[DamageFinding]:
    """What git found wrong with objects, each with the path and the commit that it belongs to."""
    faults = [fault for fault in faults if not fault.ref]
    if not faults:
        return []
    places = _places(vault, touches)
    found = []
    for fault in faults:
        commit, path = places.get(fault.ident, ("", ""))
        whose = f" ({path} in {commit[:_SHORT]})" if path else ""
        if not path and commit:
            whose = f" (of the commit {commit[:_SHORT]})"
        what = f"The object {fault.ident}{whose} is lost or damaged" if fault.ident else "git fsck"
        hint = _BROUGHT.format(place="the file of .git/objects that holds it")
        found.append(DamageFinding("object", commit, path, f"{what}: {fault.words}.", hint))
    return found


def _places(vault: Vault, touches: Sequence[TouchedCommit]) -> dict[str, tuple[str, str]]:
    """Where objects first came in, by their ids: the commit, and the path in it."""
    places: dict[str, tuple[str, str]] = {}
    for commit, changes in touches:
        places.setdefault(commit.id, (commit.id, ""))
        places.setdefault(commit.tree, (commit.id, ""))
        with suppress(LiVaultError):
            for path, ident in history.entries(vault.repo, commit.id, ()).items():
                places.setdefault(ident, (commit.id, path))
        for change in changes:
            if change.after:
                places.setdefault(change.after, (commit.id, change.path))
    return places


_RESTORED = "Nothing is lost, the commit has it: git restore -- '{path}'"


class WorktreeAudit(NamedTuple):
    """How a vault's files differ from its newest commit.

    Attributes:
        missing: Files that are not there, or empty, as a power cut leaves them.
    """

    edited: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()
    strays: int = 0
    files: int = 0


def audit_worktree(
    vault: Vault, tip: str, *, quick: bool
) -> tuple[WorktreeAudit, list[DamageFinding]]:
    """Compare the files with a commit; unless it is to be quick, byte by byte.

    A file that differs while its size and times are as git left them was written by nobody: that
    is damage, and neither git nor a snapshot would see it.

    Raises:
        BadVault: A path is unmerged.
    """
    seen = worktree.worktree_changes(vault.repo)
    known = {*seen.modified, *seen.deleted, *seen.broken, *seen.strays}
    tree = history.files(vault.repo, tip)
    differing = (
        [] if quick else _differing(vault, {p: i for p, i in tree.items() if p not in known})
    )
    found = WorktreeAudit(
        edited=tuple(sorted(filter(vault_layout.is_card, seen.modified))),
        missing=tuple(sorted(seen.deleted)),
        unusable=tuple(sorted(seen.broken)),
        strays=len(seen.strays),
        files=0 if quick else len(tree),
    )
    words = "differs from the newest commit, though nobody wrote to it: its size and times are old"
    return found, [
        DamageFinding("work-tree", tip, path, f"{path} {words}.", _RESTORED.format(path=path))
        for path in differing
    ]


def differing_files(vault: Vault, tip: str) -> list[str]:
    """The files that a restored vault does not have as the commit has them."""
    return _differing(vault, history.files(vault.repo, tip))


def _differing(vault: Vault, tree: Mapping[str, str]) -> list[str]:
    return sorted(path for path, ident in tree.items() if _id_of(vault.path / path) != ident)


def _id_of(path: Path) -> str:
    """The blob id of an ordinary file; empty if there is none."""
    try:
        if stat.S_ISREG(path.lstat().st_mode):
            return history.blob_id(path.read_bytes())
    except OSError:
        return ""
    return ""
