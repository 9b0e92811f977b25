"""`verify`: the vault and its remotes; which remote is next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from li_vault.core.model import Progress
from li_vault.core.vault_layout import DamageFinding
from li_vault.errors import BadUsage, BadVault, GitFailed, LiVaultError
from li_vault.store import history, maintenance, repo
from li_vault.store.remotes import clone, network_git, push_urls, remotes, urls
from li_vault.store.remotes.remotes import Remote
from li_vault.store.repo import Repo
from li_vault.store.write import new_vault, worktree
from li_vault.vault.vault import Vault, open_vault
from li_vault.vault.verify import rederive
from li_vault.vault.verify.audit import (
    Audit,
    AuditCounts,
    WorktreeAudit,
    audit_git_files,
    audit_worktree,
    differing_files,
)
from li_vault.vault.verify.rederive import VerifiedIds


class VerifiedVault(NamedTuple):
    """What was found of the vault itself.

    Attributes:
        tip: Its newest commit, or None.
    """

    tip: str | None
    counts: AuditCounts
    files: WorktreeAudit
    findings: tuple[DamageFinding, ...]
    notes: tuple[str, ...]


class VerifyResult(NamedTuple):
    """What a call of `verify` found.

    Attributes:
        vault: What was found of the vault; None if only a remote was asked about.
        quick: Whether nothing was derived, and no second reader asked.
    """

    path: Path
    vault: VerifiedVault | None
    remotes: Mapping[str, VerifiedRemote]
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


def verify_vault(
    path: Path,
    names: Sequence[str] | None,
    *,
    itself: bool,
    quick: bool,
    again: bool = False,
    today: date,
    progress: Progress = lambda *_: None,
) -> VerifyResult:
    """Prove a vault, remotes of it, or both.

    Args:
        names: The remotes; None stands for all of them.
        quick: Whether to derive nothing and ask no second reader.

    Raises:
        BadVault: There is no vault, or something of the user's is half done in it.
        BadUsage: There is no remote of a name, or the one asked about has no usable address.
        GitFailed: The one remote that was asked about can't be reached.
    """
    try:
        vault = open_vault(path)
    except LiVaultError:
        broken = audit_git_files(Vault(Repo(path))) if _was_vault(path) else []
        if not broken or not itself:
            raise
        nothing = WorktreeAudit()
        return VerifyResult(
            path, VerifiedVault(None, AuditCounts(), nothing, tuple(broken), ()), {}, quick
        )
    chosen = _chosen(vault, names)
    new_vault.clear_scratch(vault.repo)
    proved = rederive.VerifiedIds() if again else rederive.load_verified(vault.repo)
    whole = _of_vault(vault, proved, progress, quick=quick) if itself else None
    found: dict[str, VerifiedRemote] = {}
    if chosen:
        with new_vault.scratch_folder(vault.repo) as place:
            for number, one in enumerate(chosen):
                try:
                    found[one.name] = verify_remote(
                        vault, one, place / str(number), proved, progress, quick=quick
                    )
                except (GitFailed, BadUsage) as error:
                    if names is not None and len(chosen) == 1 and not itself:
                        raise
                    found[one.name] = unreachable_remote(one, error)
                if found[one.name].whole and not quick:
                    repo.set_config(vault.repo, f"li-vault.{one.name}.verified", today.isoformat())
                    remotes.forget_rewind(vault.repo, one.name)  # it is told, and it is mended
    rederive.save_verified(vault.repo, proved)
    return VerifyResult(path, whole, found, quick)


def _was_vault(path: Path) -> bool:
    """Whether a folder that git can't open is a vault by all that lies in it."""
    found = Repo(path)
    return (path / repo.MARKER).is_file() and found.private.is_dir()


def _chosen(vault: Vault, names: Sequence[str] | None) -> list[Remote]:
    there = {one.name: one for one in remotes.list_remotes(vault.repo)}
    for name in names or ():
        if name not in there:
            raise BadUsage(f"There is no remote {name!r}.", "li-vault remote list shows them.")
    return list(there.values()) if names is None else [there[name] for name in dict.fromkeys(names)]


def _of_vault(
    vault: Vault, proved: rederive.VerifiedIds, progress: Progress, *, quick: bool
) -> VerifiedVault:
    """Look at the vault itself; what a killed run left is finished if `.git` is sound."""
    damaged = audit_git_files(vault)
    if not damaged:
        repo.require_ready(vault.repo)
    tip = None
    with suppress(LiVaultError):
        tip = vault.tip()
    looked = Audit(vault, damaged, proved, progress, quick=quick)
    looked.of(tip)
    findings = list(looked.findings)
    tree = WorktreeAudit()
    if tip is not None and not any(one.kind in ("object", "ref", "file") for one in findings):
        try:
            vault.tidy()
            tree, spoilt = audit_worktree(vault, tip, quick=quick)
            findings += spoilt
        except LiVaultError as error:
            findings.append(DamageFinding("work-tree", tip, "", error.message, error.hint))
    return VerifiedVault(tip, looked.counts, tree, tuple(findings), tuple(looked.notes))


_SPOILT = "It can't be mended from here. Make a new copy: li-vault remote add NAME URL --create"
_REWOUND = (
    "Somebody forced a push there. What it had is in this vault; bring it back with li-vault push, "
    "or make a new copy."
)


class VerifiedRemote(NamedTuple):
    """What was found of a remote.

    Attributes:
        tip: Its newest commit; None if nothing could be fetched.
        behind: Commits of this vault that it lacks; None if that can't be told.
        ahead: Commits that this vault lacks; None if that can't be told.
        error: Why it can't be reached; None if it was.
    """

    url: str
    tip: str | None
    behind: int | None
    ahead: int | None
    counts: AuditCounts
    findings: tuple[DamageFinding, ...]
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


def unreachable_remote(one: Remote, error: LiVaultError) -> VerifiedRemote:
    """A remote that could not be reached."""
    shown = urls.redact_url(one.url)
    return VerifiedRemote(shown, None, None, None, AuditCounts(), (), (), error)


def verify_remote(
    vault: Vault, one: Remote, place: Path, known: VerifiedIds, progress: Progress, *, quick: bool
) -> VerifiedRemote:
    """Fetch a remote, restore it, and look at everything in it; so with all of its places.

    Args:
        quick: Whether nothing is derived and no second reader is asked.

    Returns:
        What was found; of several places, of the one that is worst off.

    Raises:
        GitFailed: It can't be reached.
        BadUsage: It has no address that can be used.
    """
    places = push_urls.urls_of_remotes(vault.repo, [one.name])[one.name]
    words = push_urls.urls_objection(places)
    if words:
        raise BadUsage(f"{one.name} can't be used: {words}.", "li-vault remote list shows them.")
    found = []
    for number, real in enumerate(dict.fromkeys(each.real for each in places.pushed)):
        made = Vault(repo.create_repo(place / str(number)))
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
    known: VerifiedIds
    progress: Progress
    quick: bool


def _of_place(proof: _Proof, real: str) -> VerifiedRemote:
    """Fetch one place of a remote, by the address that git uses, and look at everything in it."""
    vault, made, name = proof.vault, proof.made, proof.name
    shown = urls.redact_url(real)
    nothing = VerifiedRemote(shown, None, None, None, AuditCounts(), (), (), None)
    source = clone.remote_source(real, is_real=True, start=vault.path)
    ways = network_git.transport_config(vault.repo)
    try:
        tip = clone.fetch_from(made.repo, source, name, proof.progress, ways=ways)
    except clone.EmptyRemote:
        lacks = len(vault.commits())
        words = (f"{name} has nothing yet: li-vault push",) if lacks else ()
        return nothing._replace(behind=lacks, ahead=0, notes=words)
    except BadVault as error:
        return nothing._replace(findings=(DamageFinding("object", "", "", error.message, _SPOILT),))
    audit = Audit(made, (), proof.known, proof.progress, quick=proof.quick, is_fetched=True)
    touches = audit.objects(tip)
    with _restored(made, tip, as_it_is=bool(audit.findings)) as spoilt:
        audit.history(tip, touches)
    findings, notes = [*audit.findings, *spoilt], [*audit.notes]
    behind, ahead = _compare(vault, made, name, tip, findings, notes)
    return VerifiedRemote(
        shown, tip, behind, ahead, audit.counts, tuple(findings), tuple(notes), None
    )


def _compare(
    vault: Vault, made: Vault, name: str, tip: str, findings: list[DamageFinding], notes: list[str]
) -> tuple[int | None, int | None]:
    """Compare a remote's history with ours: commits that it lacks, and commits that we lack."""
    ours = vault.tip()
    rewound = remotes.rewound_from(vault.repo, name)
    seen = rewound or remotes.pushed_tip(vault.repo, name)
    if seen and not maintenance.is_ancestor(made.repo, seen, tip):
        words = f"{name} no longer has the commit {seen[:10]}, which it was seen to have."
        findings.append(DamageFinding("history", seen, "", words, _REWOUND))
    elif rewound:
        notes.append(
            f"{name} had lost the commit {rewound[:10]}, which it was seen to have, and has it "
            "again: somebody forced a push there."
        )
    if ours is None or ours == tip:
        return 0, 0 if ours else None
    if maintenance.is_ancestor(vault.repo, tip, ours):
        behind = int(vault.repo.run("rev-list", "--count", f"{tip}..{ours}"))
        notes.append(f"{name} lacks {behind} of the vault's commits: li-vault push")
        return behind, 0
    if maintenance.is_ancestor(made.repo, ours, tip):
        ahead = int(made.repo.run("rev-list", "--count", f"{ours}..{tip}"))
        notes.append(f"{name} has {ahead} commits that this vault lacks.")
        return 0, ahead
    words = f"{name} has another history: its newest commit is {tip[:10]}, ours is {ours[:10]}."
    hint = "They went apart, or one was changed. Compare them: git log --oneline main"
    findings.append(DamageFinding("history", tip, "", words, hint))
    return None, None


@contextmanager
def _restored(made: Vault, tip: str, *, as_it_is: bool) -> Iterator[list[DamageFinding]]:
    """Let git write the files of a copy and read them all back, while the block runs."""
    spoilt: list[DamageFinding] = []
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
        spoilt.append(DamageFinding("work-tree", tip, path, words, hint))


def _not_restored(made: Vault, tip: str) -> list[str]:
    """Write the files of a copy, read them back and take them away: those not as recorded."""
    clone.write_worktree_plainly(made.repo, tip)
    tree = history.files(made.repo, tip)
    is_whole = worktree.worktree_blob_ids(made.repo, list(tree)) == list(tree.values())
    found = [] if is_whole else differing_files(made, tip)
    new_vault.remove_work_files(made.repo)
    return found


def next_remote(vault: Vault, today: date, days: int) -> Remote | None:
    """The remote whose last proof is oldest, if that is some days ago; else None."""
    if vault.tip() is None:
        return None
    since = (today - timedelta(days=days)).isoformat()
    waiting = [
        (verified_on(vault, one.name) or "", one)
        for one in remotes.list_remotes(vault.repo)
        if remotes.pushed_tip(vault.repo, one.name)
    ]
    oldest = min(waiting, default=("9999", None), key=lambda pair: pair[0])
    return oldest[1] if oldest[0] <= since else None


def verified_on(vault: Vault, name: str) -> str | None:
    """The ISO day of a remote's last proof, or None."""
    return vault.settings.get(f"{name}.verified")


def verify_in_turn(
    vault: Vault, one: Remote, today: date, progress: Progress = lambda *_: None
) -> VerifiedRemote:
    """Prove a remote in full, and note the day if it is whole."""
    proved = rederive.load_verified(vault.repo)
    with new_vault.scratch_folder(vault.repo) as place:
        try:
            copy = verify_remote(vault, one, place / "0", proved, progress, quick=False)
        except (GitFailed, BadUsage) as error:
            return unreachable_remote(one, error)
    rederive.save_verified(vault.repo, proved)
    if copy.whole:
        repo.set_config(vault.repo, f"li-vault.{one.name}.verified", today.isoformat())
    return copy
