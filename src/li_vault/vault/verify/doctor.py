"""`doctor`: what is wrong with this machine or vault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from li_vault.core.planning import guards
from li_vault.errors import LiVaultError
from li_vault.store import repo, sealed
from li_vault.store.remotes import remotes
from li_vault.store.write import worktree
from li_vault.store.write.hooks import install_hooks
from li_vault.vault import vault
from li_vault.vault.plan import hand_edits
from li_vault.vault.vault import Vault


class DoctorFinding(NamedTuple):
    """One thing that was looked at."""

    check: str
    ok: bool
    message: str
    hint: str = ""


class DoctorResult(NamedTuple):
    """Everything that was looked at; `path` is None if there is no vault to look at."""

    path: Path | None
    findings: tuple[DoctorFinding, ...]

    @property
    def is_fine(self) -> bool:
        """Whether nothing is wrong."""
        return all(finding.ok for finding in self.findings)


def diagnose(path: Path, hooks: Path, command: str) -> DoctorResult:
    """Look at this machine and at the vault at `path`; missing hooks of ours are planted again."""
    findings = [_git()]
    if not findings[0].ok:
        return DoctorResult(None, tuple(findings))
    try:
        opened = vault.open_vault(path)
    except LiVaultError as error:
        findings.append(DoctorFinding("vault", False, error.message, error.hint))
        return DoctorResult(None, tuple(findings))
    findings.append(DoctorFinding("vault", True, f"{path} is a vault."))
    for look in (_whole, _settings, _private, _cards, _objects, _remotes):
        findings += _tried(look, opened)
    findings += _hooks(opened, hooks, command)
    return DoctorResult(path, tuple(findings))


def _git() -> DoctorFinding:
    try:
        sealed.require_git_version()
        found = sealed.git_version()
    except LiVaultError as error:
        return DoctorFinding("git", False, error.message, error.hint)
    return DoctorFinding("git", True, f"git {'.'.join(map(str, found))}.")


def _tried(look: Callable[[Vault], Iterator[DoctorFinding]], opened: Vault) -> list[DoctorFinding]:
    try:
        return list(look(opened))
    except LiVaultError as error:
        return [DoctorFinding(look.__name__.strip("_"), False, error.message, error.hint)]


def _whole(opened: Vault) -> Iterator[DoctorFinding]:
    """Whether something is half done, ours (it is finished) or the user's."""
    done = opened.tidy()
    repo.require_ready(opened.repo)
    yield DoctorFinding("state", True, done or "Nothing is half done.")


def _settings(opened: Vault) -> Iterator[DoctorFinding]:
    opened.policy  # noqa: B018 - reading it is the check
    names = {field.replace("_", "") for field in guards.Policy._fields}
    known = names | {"command", "locktimeout", "everydays", "trusted"}
    unknown = [n for n in opened.settings if n.lower() not in known and "." not in n]
    if unknown:
        yield DoctorFinding(
            "settings",
            False,
            f"Settings that nothing reads: {', '.join(f'li-vault.{n}' for n in unknown)}.",
            "Correct or remove them with git config.",
        )
    else:
        yield DoctorFinding("settings", True, "The settings can be read.")


def _private(opened: Vault) -> Iterator[DoctorFinding]:
    mode = opened.path.stat().st_mode & 0o077
    if mode:
        yield DoctorFinding(
            "privacy",
            False,
            "Others on this machine may enter the vault's folder.",
            f"chmod 700 '{opened.path}'",
        )
    else:
        yield DoctorFinding("privacy", True, "Only you may enter the vault's folder.")


def _cards(opened: Vault) -> Iterator[DoctorFinding]:
    roster = opened.roster()
    for path, why in sorted(roster.broken.items()):
        yield DoctorFinding(
            "cards",
            False,
            f"{path} is no valid card: {why}.",
            f"git log -p -- '{path}' shows what it was; mend it and run li-vault snapshot.",
        )
    if not roster.broken:
        # Stops at a card that was broken by hand, as a snapshot would.
        found = worktree.worktree_changes(opened.repo)
        hand_edits.collect_hand_edits(opened, opened.commits(), found)
        yield DoctorFinding("cards", True, f"All {len(roster)} cards can be read.")


def _objects(opened: Vault) -> Iterator[DoctorFinding]:
    """Whether git's own objects are whole, as far as reading every one of them tells."""
    words = opened.repo.run("fsck", "--full", "--no-dangling", "--no-progress", ok=(0, 1, 2, 3, 4))
    text = words.decode("utf-8", "replace").strip()
    if text:
        yield DoctorFinding(
            "objects", False, f"git fsck: {text}", "Restore the vault from a remote."
        )
    else:
        yield DoctorFinding("objects", True, "git finds every object whole.")


def _remotes(opened: Vault) -> Iterator[DoctorFinding]:
    listed = remotes.list_remotes(opened.repo)
    if not listed:
        yield DoctorFinding(
            "remotes",
            True,
            "There is no off-site copy: this disk is all there is.",
            "li-vault remote add NAME URL",
        )
    for one in listed:
        behind = remotes.count_pending(opened.repo, one.name)
        words = f"{one.name} lacks {behind} commits." if behind else f"{one.name} has everything."
        yield DoctorFinding("remotes", not behind, words, "li-vault push" if behind else "")


def _hooks(opened: Vault, hooks: Path, command: str) -> Iterator[DoctorFinding]:
    for name, state in install_hooks(opened.repo, hooks, command).items():
        if state == "someone else's":
            yield DoctorFinding(
                "hooks",
                False,
                f"The hook {name} is not li-vault's: plain git checks no cards and remotes.",
                f"Call {hooks / name} from it.",
            )
        else:
            yield DoctorFinding("hooks", True, f"The hook {name} is in place.")
