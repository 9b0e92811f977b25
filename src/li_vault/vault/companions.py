"""Files beside the cards that both machines changed: README.md, vault.toml, a user's own.

Nothing of either is lost. What only one side changed is taken; changes of both at different places
of a text become one text; else the remote's file keeps the name, and this machine's lies beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

from li_vault.core import contents, layout
from li_vault.store import history, threeway
from li_vault.store.commit import Draft
from li_vault.vault.opened import Vault

_ATTRIBUTES = ".gitattributes"
_DIGITS = 8

Bytes = bytes | None
"""What a file holds; None if it is not there."""


Kept = Literal["both", "theirs", "ours"]


class Meeting(NamedTuple):
    """A file that both sides changed.

    Attributes:
        path: The file.
        kept: What lies there now: "both" changes in one text, "theirs" (the remote's), or "ours",
            where the other side had taken it away.
        copy: Where this machine's lies then; None if it needs no place of its own.
    """

    path: str
    kept: Kept
    copy: str | None


class Companions:
    """Brings the files of this machine together with those of the remote's newest commit."""

    def __init__(self, vault: Vault, theirs: str) -> None:
        """Begin upon `theirs`."""
        self._vault = vault
        self._theirs = theirs
        self._met: dict[str, Meeting] = {}

    @property
    def met(self) -> tuple[Meeting, ...]:
        """The files that both sides changed, each once."""
        return tuple(self._met.values())

    def unite(
        self, changes: Mapping[str, tuple[Bytes, Bytes]], drafts: Sequence[Draft]
    ) -> dict[str, Bytes]:
        """What becomes of files that were changed here, upon what is planned so far.

        Args:
            changes: The files, as they were here before and afterwards.
            drafts: The commits that are planned upon the remote's newest, oldest first.
        """
        there = history.files(self._vault.repo, self._theirs, list(changes)) if changes else {}
        read = history.read(self._vault.repo, there.values())
        theirs = dict(zip(there, read, strict=True))
        edits: dict[str, Bytes] = {}
        for path, (before, after) in changes.items():
            now = _planned(drafts, path, theirs.get(path))
            edits |= self._united(path, before, after, now)
        return edits

    def _united(self, path: str, before: Bytes, after: Bytes, now: Bytes) -> dict[str, Bytes]:
        if now == after:
            return {}
        known = self._met.get(path)
        if known and known.copy:  # this machine's file lies elsewhere by now
            return self._beside(path, after, known.copy)
        if now == before and (path != layout.MARKER or _is_marker(after)):
            return {path: after}
        decided = self._decided(path, before, after, now)
        if decided is None:
            return self._beside(path, after, None)
        kept, data = decided
        self._met[path] = Meeting(path, kept, None)
        return {} if data == now else {path: data}

    def _decided(
        self, path: str, before: Bytes, after: Bytes, now: Bytes
    ) -> tuple[Kept, Bytes] | None:
        """What a file that both changed holds; None if each has to have a place of its own."""
        if after is None:
            return "theirs", now
        if now is None and path != layout.MARKER:
            return "ours", after
        if before is not None and now is not None:
            both = threeway.merged(self._vault.repo, before, after, now)
            if both is not None and (path != layout.MARKER or _is_marker(both)):
                return "both", both
        return None

    def _beside(self, path: str, data: Bytes, old: str | None) -> dict[str, Bytes]:
        """Put this machine's file beside the remote's, in place of an older state of it."""
        copy = None if data is None else _beside(path, history.blob_id(data)[:_DIGITS])
        self._met[path] = Meeting(path, "theirs", copy)
        edits: dict[str, Bytes] = {old: None} if old else {}
        return edits | ({copy: data} if copy else {})


def changed(
    vault: Vault,
    end: str,
    changes: Mapping[str, tuple[str | None, str | None]],
    *,
    has_marker: bool,
) -> tuple[dict[str, tuple[Bytes, Bytes]], dict[str, str]]:
    """The files beside the cards among changes, and those that can't be done again, and why.

    Args:
        vault: The vault in which they were changed.
        end: The commit after which they are as they are.
        changes: Blob ids by path, as they were and as they are.
        has_marker: Whether `vault.toml` is one of them; else the new vault has its own.
    """
    paths = [path for path in changes if not layout.is_card(path)]
    if not paths:
        return {}, {}
    originals = {f"{layout.EXPORTS}/{one.record.export}" for one in vault.snapshots()}
    fixed = history.blob_id(layout.fixed_files()[_ATTRIBUTES])
    ordinary = history.files(vault.repo, end, paths)
    unfit: dict[str, str] = {}
    for path in paths:
        before, after = changes[path]
        if path in originals:
            unfit[path] = "an original stays as it was recorded"
        elif path == _ATTRIBUTES and after != fixed:
            unfit[path] = "every vault has the same text there"
        elif path == layout.MARKER and before and not has_marker:
            unfit[path] = "the new vault has its own"
        elif after and path not in ordinary:
            unfit[path] = "it is no ordinary file"
    left = [p for p in paths if p not in unfit and (has_marker or p != layout.MARKER)]
    ids = [ident for path in left for ident in changes[path]]
    data = history.read(vault.repo, [ident for ident in ids if ident])
    read = iter([next(data) if ident else None for ident in ids])
    return dict(zip(left, zip(read, read, strict=True), strict=True)), unfit


def _planned(drafts: Sequence[Draft], path: str, otherwise: Bytes) -> Bytes:
    """What a file holds after the last of these commits that touches it."""
    return next((one.edits[path] for one in reversed(drafts) if path in one.edits), otherwise)


def _beside(path: str, digits: str) -> str:
    """A name beside a file that nothing else has: `notes.conflict-1a2b3c4d.txt`."""
    place = PurePosixPath(path)
    ending = f".conflict-{digits}{place.suffix}"
    room = contents.LONGEST - len(ending.encode("utf-8", "surrogateescape"))
    stem = place.stem.encode("utf-8", "surrogateescape")[:room].decode("utf-8", "ignore")
    return str(place.with_name(stem + ending))


def _is_marker(data: Bytes) -> bool:
    """Whether a vault with this `vault.toml` can be opened by this program."""
    try:
        return data is not None and layout.read_marker(data).version <= layout.FORMAT
    except ValueError:
        return False
