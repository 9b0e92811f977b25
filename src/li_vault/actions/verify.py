"""`verify`: prove that vault or remotes are whole, by reading, counting and restoring them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from li_vault import vault as vaults
from li_vault.core.damage import Finding
from li_vault.errors import BadUsage, GitFailed, LiVaultError
from li_vault.store import readiness, remote, repo, scratch
from li_vault.store.remote import Remote
from li_vault.store.repo import Repo
from li_vault.vault import Vault, audit, copies, files, known
from li_vault.vault.audit import Audit, Counts, Progress
from li_vault.vault.copies import Copy
from li_vault.vault.files import WorkTree


class Whole(NamedTuple):
    """What was found of the vault itself.

    Attributes:
        tip: Its newest commit, or None.
        counts: What was looked at.
        files: How its files differ from that commit.
        findings: What is damaged.
        notes: What is no damage, but should be known; sentences.
    """

    tip: str | None
    counts: Counts
    files: WorkTree
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


class Result(NamedTuple):
    """What a call of `verify` found.

    Attributes:
        path: The vault's folder.
        vault: What was found of the vault; None if only a remote was asked about.
        remotes: What was found of the remotes, by name.
        quick: Whether nothing was derived, and no second reader asked.
    """

    path: Path
    vault: Whole | None
    remotes: Mapping[str, Copy]
    quick: bool

    @property
    def is_whole(self) -> bool:
        """Whether no damage was found in anything that could be looked at."""
        is_damaged = self.vault is not None and bool(self.vault.findings)
        return not is_damaged and not any(one.findings for one in self.remotes.values())

    @property
    def unreached(self) -> tuple[str, ...]:
        """The remotes that could not be looked at."""
        return tuple(name for name, one in self.remotes.items() if one.error)


def run(
    path: Path,
    names: Sequence[str] | None,
    *,
    itself: bool,
    quick: bool,
    again: bool = False,
    today: date,
    progress: Progress = lambda *_: None,
) -> Result:
    """Prove a vault, remotes of it, or both.

    Args:
        path: The vault's folder.
        names: The remotes; None stands for all of them.
        itself: Whether the vault itself is looked at.
        quick: Whether to derive nothing and ask no second reader.
        again: Whether to derive also what an earlier proof derived and found right.
        today: The current day, which is noted for every remote that was proved in full.
        progress: Told of long work.

    Raises:
        BadVault: There is no vault, or something of the user's is half done in it.
        BadUsage: There is no remote of a name, or the one asked about has no usable address.
        GitFailed: The one remote that was asked about can't be reached.
    """
    try:
        vault = vaults.open_at(path)
    except LiVaultError:
        broken = audit.files(Vault(Repo(path))) if _was_vault(path) else []
        if not broken or not itself:
            raise
        nothing = WorkTree()
        return Result(path, Whole(None, Counts(), nothing, tuple(broken), ()), {}, quick)
    chosen = _chosen(vault, names)
    scratch.clear(vault.repo)
    proved = known.Known() if again else known.load(vault.repo)
    whole = _of_vault(vault, proved, progress, quick=quick) if itself else None
    found: dict[str, Copy] = {}
    if chosen:
        with scratch.held(vault.repo) as place:
            for number, one in enumerate(chosen):
                try:
                    found[one.name] = copies.proved(
                        vault, one, place / str(number), proved, progress, quick=quick
                    )
                except (GitFailed, BadUsage) as error:
                    if names is not None and len(chosen) == 1 and not itself:
                        raise
                    found[one.name] = copies.unreached(one, error)
                if found[one.name].whole and not quick:
                    repo.set_config(vault.repo, f"li-vault.{one.name}.verified", today.isoformat())
                    remote.forget_rewind(vault.repo, one.name)  # it is told, and it is mended
    known.keep(vault.repo, proved)
    return Result(path, whole, found, quick)


def _was_vault(path: Path) -> bool:
    """Whether a folder that git can't open is a vault by all that lies in it."""
    found = Repo(path)
    return (path / repo.MARKER).is_file() and found.private.is_dir()


def _chosen(vault: Vault, names: Sequence[str] | None) -> list[Remote]:
    there = {one.name: one for one in remote.listed(vault.repo)}
    for name in names or ():
        if name not in there:
            raise BadUsage(f"There is no remote {name!r}.", "li-vault remote list shows them.")
    return list(there.values()) if names is None else [there[name] for name in dict.fromkeys(names)]


def _of_vault(vault: Vault, proved: known.Known, progress: Progress, *, quick: bool) -> Whole:
    """Look at the vault itself; what a killed run left is finished if `.git` is sound."""
    damaged = audit.files(vault)
    if not damaged:
        readiness.require(vault.repo)
    tip = None
    with suppress(LiVaultError):
        tip = vault.tip()
    looked = Audit(vault, damaged, proved, progress, quick=quick)
    looked.of(tip)
    findings = list(looked.findings)
    tree = WorkTree()
    if tip is not None and not any(one.kind in ("object", "ref", "file") for one in findings):
        try:
            vault.tidy()
            tree, spoilt = files.compared(vault, tip, quick=quick)
            findings += spoilt
        except LiVaultError as error:
            findings.append(Finding("work-tree", tip, "", error.message, error.hint))
    return Whole(tip, looked.counts, tree, tuple(findings), tuple(looked.notes))
