"""One open vault: repository, lock, settings, commits, snapshots, rosters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from li_vault.core import snapshot, vault_layout
from li_vault.core.card import BrokenCard, read_card, read_contact
from li_vault.core.model import Contact, Roster
from li_vault.core.snapshot import Snapshot
from li_vault.errors import BadUsage, BadVault, NotFound
from li_vault.store import history, state
from li_vault.store.history import Commit
from li_vault.store.repo import (
    OWN_EMAIL,
    Repo,
    create_repo,
    open_repo,
    read_settings,
    require_full_history,
    require_main,
    require_ready,
)
from li_vault.store.write import recovery, worktree
from li_vault.vault.roster_cache import load_roster, save_roster

if TYPE_CHECKING:
    from li_vault.core.planning import guards


_LOCK_TIMEOUT = 30.0
_OUTLINE = (
    vault_layout.MARKER,
    *vault_layout.fixed_files(),
    f"{vault_layout.EXPORTS}/",
    *vault_layout.FOLDERS,
)


@dataclass
class Vault:
    """An open vault."""

    repo: Repo
    _last_read: tuple[str, Roster] | None = None
    _outlined: tuple[str, Mapping[str, str]] | None = None
    _walked: Sequence[Commit] = ()

    @property
    def path(self) -> Path:
        """The vault's folder."""
        return self.repo.path

    @cached_property
    def settings(self) -> dict[str, str]:
        """What `git config li-vault.…` says in this vault."""
        return read_settings(self.repo)

    @property
    def policy(self) -> guards.Policy:
        """The thresholds of the guards.

        Raises:
            BadVault: A setting is no number.
        """
        from li_vault.core.planning import guards  # with all that plans a snapshot

        try:
            return guards.Policy.of(self.settings)
        except ValueError as error:
            raise BadVault(f"A setting of the vault is wrong: {error}.", _SETTING) from error

    @contextmanager
    def writing(self, notice: Callable[[], None] | None = None) -> Iterator[str]:
        """Be the only writer, on a vault that is whole and on its branch.

        Yields what had to be finished or undone of a run that was cut off, in words, or "".

        Raises:
            BadVault: It is locked, can't be written, or something of the user's is half done.
        """
        with state.hold_lock(self.repo, timeout=self._lock_timeout(), wait_notice=notice):
            require_ready(self.repo)
            yield recovery.recover(self.repo)

    def tidy(self) -> str:
        """Finish or undo what a killed run left, if nothing else is running.

        Returns what was done, in words, or "".
        """
        if not recovery.is_unfinished(self.repo):
            return ""
        with state.hold_lock(self.repo, timeout=self._lock_timeout()):
            return recovery.recover(self.repo)

    def _lock_timeout(self) -> float:
        text = self.settings.get("locktimeout", "")
        try:
            return float(text) if text else _LOCK_TIMEOUT
        except ValueError as error:
            words = f"li-vault.lockTimeout is {text!r}, not a number of seconds."
            raise BadVault(words, _SETTING) from error

    def tip(self) -> str | None:
        """The id of the newest commit, or None in a vault without one.

        Raises:
            BadVault: The branch `main` is missing, but there are commits.
        """
        found = history.main_tip(self.repo)
        if found is None:
            require_main(self.repo)
        return found

    def commits(self, start: str | None = None) -> list[Commit]:
        """The commits up to one (by default the newest), newest first.

        Raises:
            BadVault: The clone is shallow, or a merge that is not li-vault's hides snapshots.
        """
        start = start or self.tip()
        if start is None:
            return []
        places = (place for place, one in enumerate(self._walked) if one.id == start)
        place = next(places, None)
        if place is None:
            require_full_history(self.repo)
            place, self._walked = 0, list(history.commits(self.repo, start))
            require_one_line(self.repo, self._walked)
        return list(self._walked[place:])

    def snapshots(self, start: str | None = None) -> list[Snapshot]:
        """The snapshots up to a commit (by default the newest), newest first."""
        return list(self.past(start))

    def past(self, start: str | None = None) -> Iterator[Snapshot]:
        """The same one by one: of what is not asked for, no message is read."""
        for one in self.commits(start):
            yield from snapshots_among([one])

    def commit_of(self, words: str, today: date) -> str:
        """The commit that a date or a revision means.

        Raises:
            NotFound: No snapshot was made until that day, or there is no such revision.
            BadUsage: It is empty, or looks like a date, but there is no such day.
        """
        if not words.strip():
            raise BadUsage("The date is empty.", "Write 2026-11-23, 2026-11, or a revision.")
        try:
            day = snapshot.parse_date(words, today)
        except ValueError as error:
            raise BadUsage(f"{words!r} is no day: {error}.", "Write 2026-11-23.") from error
        if day is None:
            return history.resolve(self.repo, words)
        found = snapshot.snapshot_as_of(self.snapshots(), day)
        if found is None:
            raise NotFound(
                f"No snapshot was made on or before {day.isoformat()}.",
                "li-vault log lists the snapshots.",
            )
        return found.commit

    def outline(self, start: str) -> Mapping[str, str]:
        """The ids of what a commit has besides cards, and of the folders of those, by path."""
        if self._outlined is None or self._outlined[0] != start:
            self._outlined = start, history.entries(self.repo, start, _OUTLINE)
        return self._outlined[1]

    def marker(self, treeish: str | None = None) -> vault_layout.Marker:
        """What `vault.toml` says, at a commit or in the work tree.

        Raises:
            BadVault: It says nothing usable, or the format is newer than this program.
        """
        if treeish is None:
            try:
                data: bytes | None = (self.path / vault_layout.MARKER).read_bytes()
            except OSError:
                data = None
        else:
            ident = self.outline(treeish).get(vault_layout.MARKER)
            data = next(history.read_objects(self.repo, [ident])) if ident else None
        if data is None:
            return vault_layout.Marker(vault_layout.FORMAT)
        try:
            found = vault_layout.read_marker(data)
        except ValueError as error:
            raise BadVault(
                f"{vault_layout.MARKER} can't be read: {error}.",
                f"Bring it back with: git restore --source=main {vault_layout.MARKER}",
            ) from error
        if found.version > vault_layout.FORMAT:
            raise BadVault(
                f"This vault has format {found.version}; this program knows format "
                f"{vault_layout.FORMAT}.",
                "Use a newer li-vault.",
            )
        return found

    def roster(self, start: str | None = None) -> Roster:
        """Everyone at a commit (by default the newest).

        The newest one is kept in `.git/li-vault/`, keyed by the ids of its trees.
        """
        start = start or self.tip()
        if start is None:
            return Roster({})
        if self._last_read is None or self._last_read[0] != start:
            self._last_read = start, self._cached_roster(start)
        return self._last_read[1]

    def _cached_roster(self, start: str) -> Roster:
        found = load_roster(self.repo, self._cards_key(start))
        if found is not None:
            return found
        found = self._read_roster(start)
        if not found.broken and start == self.tip():
            self.remember(found)
        return found

    def remember(self, roster: Roster) -> None:
        """Keep the roster of the newest commit."""
        tip = self.tip()
        if tip is not None:
            save_roster(self.repo, self._cards_key(tip), roster)

    def _cards_key(self, start: str) -> str:
        ids = self.outline(start)
        return " ".join(f"{name}={ids.get(name)}" for name in vault_layout.FOLDERS)

    def _read_roster(self, start: str) -> Roster:
        blobs = history.files(self.repo, start, vault_layout.FOLDERS)
        paths = [path for path in blobs if vault_layout.is_card(path)]
        contacts: dict[str, Contact] = {}
        broken: dict[str, str] = {}
        crooked = set()
        for path, data in zip(
            paths, history.read_objects(self.repo, [blobs[path] for path in paths]), strict=True
        ):
            try:
                contact, canonical = read_card(data, path)
            except BrokenCard as error:
                broken[path] = str(error)
                continue
            if contact.uid in contacts:
                broken[path] = f"it has the UID of {contacts[contact.uid].path}"
                continue
            contacts[contact.uid] = contact
            if not canonical:
                crooked.add(contact.uid)
        return Roster(contacts, frozenset(crooked), broken)

    def contacts_at(self, start: str, paths: Collection[str]) -> dict[str, Contact]:
        """The contacts of these cards at a commit, by path, without broken and missing ones."""
        blobs = {
            path: ident
            for path, ident in history.files(self.repo, start, vault_layout.FOLDERS).items()
            if path in paths
        }
        return self.read_cards(blobs)

    def read_cards(self, blobs: Mapping[str, str]) -> dict[str, Contact]:
        """The contacts of these blobs, by path; broken ones are left out."""
        found = zip(blobs, self.read_in_turn(list(blobs.items())), strict=True)
        return {path: contact for path, contact in found if contact}

    def read_in_turn(self, blobs: Sequence[tuple[str, str]]) -> Iterator[Contact | None]:
        """The contacts of these paths and blobs, in their order; None for a broken card."""
        data = history.read_objects(self.repo, [ident for _, ident in blobs])
        for (path, _), card in zip(blobs, data, strict=True):
            yield read_contact(card, path)


def open_vault(path: Path) -> Vault:
    """Open the vault at exactly this folder.

    Raises:
        BadVault: There is none, it is a foreign repository, or git can't use it.
    """
    found = Vault(open_repo(path))
    found.marker()
    return found


def create_vault(path: Path) -> Vault:
    """Begin a vault, or open the one that is there; nothing is committed yet.

    Raises:
        BadVault: A foreign repository is there, the folder holds something else, or it can't be
            made.
    """
    _require_room(path)
    made = Vault(create_repo(path))
    if made.tip() is None:
        worktree.write_new_files(
            made.repo,
            {vault_layout.MARKER: vault_layout.marker_bytes(), **vault_layout.fixed_files()},
        )
    return made


def _require_room(path: Path) -> None:
    """A vault takes its folder over, so nothing else may be in it."""
    ours = {".git", vault_layout.MARKER, *vault_layout.fixed_files()}
    if not path.is_dir() or (path / ".git").exists():
        return
    others = sorted(entry.name for entry in path.iterdir() if entry.name not in ours)
    if others:
        raise BadVault(
            f"{path} is not empty: it holds {others[0]!r}"
            + (f" and {len(others) - 1} more." if len(others) > 1 else "."),
            "Begin the vault in a folder of its own.",
        )


_SETTING = "See them with git config --get-regexp '^li-vault\\.' in the vault."


def snapshots_among(commits: Iterable[Commit]) -> list[Snapshot]:
    """The snapshots among commits, in their order."""
    found = []
    for one in commits:
        record = snapshot.read_trailers(one.message) if one.author == OWN_EMAIL else None
        if record is not None:
            found.append(Snapshot(one.id, record))
    return found


def require_one_line(repo: Repo, log: Iterable[Commit]) -> None:
    """See that no snapshot stands beside the line of first parents, where nobody would see it.

    Raises:
        BadVault: A merge that is not li-vault's has one on its other side.
    """
    for one in log:
        if len(one.parents) < 2 or one.author == OWN_EMAIL:
            continue
        first, second = one.parents[:2]
        hidden = snapshots_among(history.commits(repo, second, without=first))
        if hidden:
            raise BadVault(
                f"The merge {one.id[:10]} hides the snapshot of {hidden[0].record.taken_on}, which "
                "stands beside the others and not among them.",
                f"In the vault: git reset --keep {first[:10]}, then li-vault sync. What was "
                "committed since stays in git reflog.",
            )
