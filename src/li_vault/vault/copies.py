"""A remote fetched whole into a scratch folder, restored there and proved as the vault is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from li_vault.core.damage import Finding
from li_vault.errors import BadUsage, BadVault, LiVaultError
from li_vault.store import (
    clone,
    destinations,
    fsck,
    history,
    network,
    remote,
    repo,
    scratch,
    unobtained,
    worktree,
)
from li_vault.store.remote import Remote
from li_vault.vault import files
from li_vault.vault.audit import Audit, Counts, Progress
from li_vault.vault.known import Known
from li_vault.vault.opened import Vault

_SPOILT = "It can't be mended from here. Make a new copy: li-vault remote add NAME URL --create"
_REWOUND = (
    "Somebody forced a push there. What it had is in this vault; bring it back with li-vault push, "
    "or make a new copy."
)


class Copy(NamedTuple):
    """What was found of a remote.

    Attributes:
        url: Its address, without credentials.
        tip: Its newest commit; None if nothing could be fetched.
        behind: Commits of this vault that it lacks; None if that can't be told.
        ahead: Commits that this vault lacks; None if that can't be told.
        counts: What was looked at.
        findings: What is damaged.
        notes: What is no damage, but should be known; sentences.
        error: Why it can't be reached; None if it was.
    """

    url: str
    tip: str | None
    behind: int | None
    ahead: int | None
    counts: Counts
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    error: LiVaultError | None

    @property
    def whole(self) -> bool | None:
        """Whether it is whole; None if it can't be reached, or there is nothing in it yet."""
        return None if self.error or self.is_empty else not self.findings

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever pushed there."""
        return self.tip is None and not self.findings and not self.error


def unreached(one: Remote, error: LiVaultError) -> Copy:
    """A remote that could not be reached."""
    shown = remote.shown(one.url)
    return Copy(shown, None, None, None, Counts(), (), (), error)


def proved(
    vault: Vault, one: Remote, place: Path, known: Known, progress: Progress, *, quick: bool
) -> Copy:
    """Fetch a remote, restore it, and look at everything in it; so with all of its places.

    Args:
        vault: The vault whose remote it is.
        one: The remote.
        place: A folder that is not there yet.
        known: What was proved already in this call.
        progress: Told of long work.
        quick: Whether nothing is derived and no second reader is asked.

    Returns:
        What was found; of several places, of the one that is worst off.

    Raises:
        GitFailed: It can't be reached.
        BadUsage: It has no address that can be used.
    """
    places = destinations.of(vault.repo, [one.name])[one.name]
    words = destinations.objection(places)
    if words:
        raise BadUsage(f"{one.name} can't be used: {words}.", "li-vault remote list shows them.")
    found = []
    for number, real in enumerate(dict.fromkeys(each.real for each in places.pushed)):
        made = Vault(repo.create(place / str(number)))
        proof = _Proof(vault, made, one.name, known, progress, quick)
        found.append(_of_place(proof, real))
    worst = max(found, key=lambda copy: (len(copy.findings), copy.is_empty, copy.behind or 0))
    if len(found) == 1:
        return worst
    findings = (
        each._replace(message=f"{copy.url}: {each.message}")
        for copy in found
        for each in copy.findings
    )
    return worst._replace(findings=tuple(findings))


class _Proof(NamedTuple):
    """The look at one place of a remote; `made` is the repository that it is fetched into."""

    vault: Vault
    made: Vault
    name: str
    known: Known
    progress: Progress
    quick: bool


def _of_place(proof: _Proof, real: str) -> Copy:
    """Fetch one place of a remote, by the address that git uses, and look at everything in it."""
    vault, made, name = proof.vault, proof.made, proof.name
    shown = remote.shown(real)
    nothing = Copy(shown, None, None, None, Counts(), (), (), None)
    source = clone.source(real, is_real=True, start=vault.path)
    ways = network.ways(vault.repo)
    try:
        tip = clone.fetch(made.repo, source, name, proof.progress, ways=ways)
    except unobtained.Empty:
        lacks = len(vault.commits())
        words = (f"{name} has nothing yet: li-vault push",) if lacks else ()
        return nothing._replace(behind=lacks, ahead=0, notes=words)
    except BadVault as error:
        return nothing._replace(findings=(Finding("object", "", "", error.message, _SPOILT),))
    audit = Audit(made, (), proof.known, proof.progress, quick=proof.quick, is_fetched=True)
    touches = audit.objects(tip)
    with _restored(made, tip, as_it_is=bool(audit.findings)) as spoilt:
        audit.history(tip, touches)
    findings, notes = [*audit.findings, *spoilt], [*audit.notes]
    behind, ahead = _compare(vault, made, name, tip, findings, notes)
    return Copy(shown, tip, behind, ahead, audit.counts, tuple(findings), tuple(notes), None)


def _compare(
    vault: Vault, made: Vault, name: str, tip: str, findings: list[Finding], notes: list[str]
) -> tuple[int | None, int | None]:
    """Compare a remote's history with ours: commits that it lacks, and commits that we lack."""
    ours = vault.tip()
    rewound = remote.rewound(vault.repo, name)
    seen = rewound or remote.pushed_tip(vault.repo, name)
    if seen and not fsck.is_ancestor(made.repo, seen, tip):
        words = f"{name} no longer has the commit {seen[:10]}, which it was seen to have."
        findings.append(Finding("history", seen, "", words, _REWOUND))
    elif rewound:
        notes.append(
            f"{name} had lost the commit {rewound[:10]}, which it was seen to have, and has it "
            "again: somebody forced a push there."
        )
    if ours is None or ours == tip:
        return 0, 0 if ours else None
    if fsck.is_ancestor(vault.repo, tip, ours):
        behind = int(vault.repo.run("rev-list", "--count", f"{tip}..{ours}"))
        notes.append(f"{name} lacks {behind} of the vault's commits: li-vault push")
        return behind, 0
    if fsck.is_ancestor(made.repo, ours, tip):
        ahead = int(made.repo.run("rev-list", "--count", f"{ours}..{tip}"))
        notes.append(f"{name} has {ahead} commits that this vault lacks.")
        return 0, ahead
    words = f"{name} has another history: its newest commit is {tip[:10]}, ours is {ours[:10]}."
    hint = "They went apart, or one was changed. Compare them: git log --oneline main"
    findings.append(Finding("history", tip, "", words, hint))
    return None, None


@contextmanager
def _restored(made: Vault, tip: str, *, as_it_is: bool) -> Iterator[list[Finding]]:
    """Let git write the files of a copy and read them all back, while the block runs.

    Args:
        made: The fetched copy.
        tip: Its newest commit.
        as_it_is: Whether to write nothing, since the copy is damaged.

    Yields:
        The files that are not as they are recorded, once the block has ended.
    """
    spoilt: list[Finding] = []
    if as_it_is:
        yield spoilt
        return
    with ThreadPoolExecutor(1) as beside:
        turn = beside.submit(_not_restored, made, tip)
        yield spoilt
        paths = turn.result()
    hint = "The disk of this machine may be failing: the copy's objects are whole."
    for path in paths:
        words = f"{path} was not restored as it is recorded."
        spoilt.append(Finding("work-tree", tip, path, words, hint))


def _not_restored(made: Vault, tip: str) -> list[str]:
    """Write the files of a copy, read them back and take them away: those not as recorded."""
    clone.write_plainly(made.repo, tip)
    tree = history.files(made.repo, tip)
    is_whole = worktree.ids(made.repo, list(tree)) == list(tree.values())
    found = [] if is_whole else files.differing(made, tip)
    scratch.remove_files(made.repo)
    return found
