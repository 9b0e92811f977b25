"""A history fetched into a new vault, and why that failed."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from li_vault.errors import BadVault, GitFailed, LiVaultError
from li_vault.store import sealed
from li_vault.store.remotes import credentials, network_git, push_urls, urls
from li_vault.store.remotes.credentials import GitAuth
from li_vault.store.remotes.network_git import Limits
from li_vault.store.repo import MAIN, Progress, Repo, set_config
from li_vault.store.write import index, quarantine, recovery, worktree

TIMEOUT = 3600.0
"""Seconds that a fetch may take."""

SILENCE = 120.0
"""Seconds of it in which nothing is heard; git-remote-gcrypt, which says nothing, may take all."""

Settings = Sequence[tuple[str, str]]
"""Configuration for git: key and value."""

_PROTOCOLS = ("file", "git", "http", "https", "ssh")
_OVERRIDES = (
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", "false"),
    ("core.fsync", "objects,derived-metadata,reference"),
    ("core.useReplaceRefs", "false"),
    ("fetch.fsckObjects", "true"),
    ("fetch.parallel", "1"),
    ("fetch.prune", "false"),
    ("fetch.recurseSubmodules", "no"),
    ("fetch.unpackLimit", "1"),
    ("fetch.writeCommitGraph", "false"),
    ("gc.auto", "0"),
    ("http.lowSpeedLimit", "1"),
    ("http.lowSpeedTime", "120"),
    ("maintenance.auto", "false"),
    ("submodule.recurse", "false"),
    ("transfer.bundleURI", "false"),
    ("transfer.fsckObjects", "true"),
)
_LEADING_ELSEWHERE = frozenset((
    "GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE", "GIT_NAMESPACE", "GIT_GRAFT_FILE",
    "GIT_REPLACE_REF_BASE", "GIT_QUARANTINE_PATH", "GIT_TEMPLATE_DIR", "GIT_DEFAULT_HASH",
    "GIT_PREFIX", "LANGUAGE",
))  # fmt: skip
_IDLE_TALK = re.compile(
    r"(?:remote: )?(?:Enumerating|Counting|Compressing|Receiving|Resolving|Unpacking|Checking|"
    r"Indexing|Total|From|hint:|warning: redirecting)\b"
)


class RemoteSource(NamedTuple):
    """Where a history comes from.

    Attributes:
        is_real: Whether no `url.….insteadOf` of the user's leads it elsewhere any more.
    """

    url: str
    given: str
    is_real: bool

    @property
    def had_login(self) -> bool:
        """Whether a user name or password was taken out."""
        return self.url != self.given


def remote_source(url: str, *, is_real: bool = False, start: Path | None = None) -> RemoteSource:
    """An address to restore from: a folder by its absolute path, secrets taken out of it.

    Raises:
        BadUsage: It can't be used.
        GitFailed: It is a folder that is not there.
    """
    urls.check_url(url)
    whole = urls.local_folder(url, start)
    if whole is not None:
        if not whole.exists() and not urls.repository_folders(whole):
            words = f"There is no folder {whole}."
            raise GitFailed(words, "Check the path: is a disk not mounted?")
        url = url if "://" in url or "::" in url else str(whole)
    return RemoteSource(credentials.strip_login(url), url, is_real)


def fetch_from(
    repo: Repo,
    source: RemoteSource,
    name: str,
    progress: Progress,
    *,
    prompt: bool | None = None,
    ways: Settings = (),
) -> str:
    """Fetch `main` from a source as the remote `name`; the id of its newest commit.

    Raises:
        Empty: It has no branch at all.
        BadVault: There is no such branch, it is damaged, shallow, or of another object format.
        BadUsage: A rule of git's (`insteadOf`) leads to what can't be used.
        GitFailed: The source can't be reached.
    """
    ref = f"refs/remotes/{name}/main"
    may_ask = network_git.can_prompt() if prompt is None else prompt
    place, real, pins = push_urls.fetch_target(
        repo, source.given, is_real=source.is_real, ways=ways
    )
    urls.check_url(real)
    pins = pins._replace(settings=(*ways, *_OVERRIDES, *pins.settings))
    git = partial(_git, repo, may_ask=may_ask, pins=pins, encrypted=urls.is_encrypted(real))
    ask = ("fetch", "--progress", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head",
           "--update-shallow", "--", place, f"+{MAIN}:{ref}")  # fmt: skip
    status, _, words = git(ask, progress=progress)
    if status:
        if "couldn't find remote ref" in words.lower():
            raise no_main_error(source.url, git(("ls-remote", "--heads", "--", place)))
        raise clone_failure(source.url, words)
    shallow = repo.git_dir / "shallow"
    if shallow.exists() and shallow.read_bytes().strip():
        raise BadVault(
            f"{urls.redact_url(source.url)} is a shallow clone: it lacks the older snapshots.",
            "There: git fetch --unshallow; or restore from a whole copy.",
        )
    out = repo.run("rev-parse", "--verify", "-q", f"{ref}^{{commit}}", ok=(0, 1, 128))
    if not out:
        raise BadVault(f"main of {urls.redact_url(source.url)} is no commit.", BACK)
    return out.decode("ascii").strip()


def _git(
    repo: Repo,
    args: Sequence[str],
    *,
    may_ask: bool,
    pins: GitAuth,
    encrypted: bool,
    progress: Progress = lambda *_: None,
) -> tuple[int, str, str]:
    """Run the user's git; its status, output, and words without progress and control characters."""
    silence = TIMEOUT if encrypted or may_ask else SILENCE
    try:
        answer = network_git.run_process(
            ("git", *args),
            Limits(TIMEOUT, silence, may_ask),
            cwd=repo.path,
            env=_environment(pins, may_ask=may_ask, encrypted=encrypted),
            tell=lambda what, done: progress(what, done, 100),
        )
    except OSError as error:
        raise sealed.nothing_to_run(repo.path) from error
    if answer.status is None:
        words = f"It said nothing for {SILENCE:g} seconds, or was not done within {TIMEOUT:g}."
        raise GitFailed(words, "Is the address right? Run it again, with a better line.")
    lines = ("".join(filter(str.isprintable, line)).strip() for line in answer.words.splitlines())
    words = "\n".join(line for line in lines if line and not _IDLE_TALK.match(line))
    return answer.status, answer.out, credentials.redact(words, pins.hidden)


def _environment(pins: GitAuth, *, may_ask: bool, encrypted: bool) -> dict[str, str]:
    """The user's own environment, but for what would lead git elsewhere."""
    env = {name: value for name, value in os.environ.items() if name not in _LEADING_ELSEWHERE}
    allowed = list(_PROTOCOLS)
    if encrypted:
        allowed.append("gcrypt")
    if users := os.environ.get("GIT_ALLOW_PROTOCOL"):
        allowed = [one for one in allowed if one in users.split(":")]
    env |= {
        "LC_ALL": "C",
        "GIT_ALLOW_PROTOCOL": ":".join(allowed) or "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        **pins.variables,
        **network_git.environment_of(pins.settings),
    }
    if not may_ask:
        env["GIT_TERMINAL_PROMPT"] = "0"
    return env


def set_main(repo: Repo, commit: str, name: str, url: str) -> None:
    """Make a fetched commit the newest of `main`, and set the remote up.

    It is noted that the files are still to be written: whatever happens from here on, any
    li-vault command in this repository does that.
    """
    for key, value in (("url", url), ("fetch", f"+refs/heads/*:refs/remotes/{name}/*")):
        set_config(repo, f"remote.{name}.{key}", value)
    set_config(repo, "branch.main.remote", name)
    set_config(repo, "branch.main.merge", MAIN)
    repo.run("update-ref", "-m", "li-vault: restore", MAIN, commit)
    quarantine.create_quarantine(repo)
    recovery.write_entry(repo, recovery.JournalEntry(None, commit))


def write_new_worktree(repo: Repo, commit: str) -> None:
    """Write the files of a vault that has none yet, and its index.

    Raises:
        BadVault: They can't be written.
    """
    worktree.checkout(repo, (None, commit))
    index.update_index(repo, (None, commit))
    recovery.mark_finished(repo)
    quarantine.clear_quarantine(repo)


def write_worktree_plainly(repo: Repo, commit: str) -> None:
    """Write the files of a repository that has none yet, with git alone; for a look.

    Raises:
        BadVault: They can't be written.
    """
    try:
        repo.run("read-tree", "-u", "--reset", commit)
    except GitFailed as error:
        raise BadVault(
            f"The files of the copy can't be written here: {error.message}",
            "Free some space on the disk of the vault, then run it again.",
        ) from error


_DAMAGE = re.compile(
    r"(?<!connection )corrupt(?!ed mac)|fsck error|unable to read|bad object|inflate|zlib|"
    r"did not send all necessary objects|unresolved delta|not our ref|"
    r"did not receive expected object|missing (?:blob|tree|commit)|"
    r"invalid (?:sha1 pointer|object)|packed object|pack-objects died|bad tree|bad signature|"
    r"is too small|cannot read existing object|could not parse (?:object|commit)|not a tree",
    re.IGNORECASE,
)
BACK = "Restore from another copy; git fsck there tells what is lost."


class EmptyRemote(BadVault):
    """There is a repository, but it has no branch: nothing was ever pushed to it."""


def no_main_error(url: str, heads: tuple[int, str, str]) -> LiVaultError:
    """The error for a source that has no branch `main`; says what `git ls-remote` found there."""
    status, out, words = heads
    if status:
        return clone_failure(url, words)
    found = [line.rpartition("refs/heads/")[2] for line in out.splitlines()]
    names = [name for name in found if name and name.isprintable()]
    shown = urls.redact_url(url)
    if not names:
        return EmptyRemote(
            f"{shown} holds no snapshot: it has no branch that can be read.",
            "Was anything ever pushed there (li-vault push)? And does the address lead to a "
            "repository? To git, a web page to log in at looks like an empty one.",
        )
    return BadVault(
        f"{shown} has no branch main, but {', '.join(names[:5])}; a vault's snapshots are on main.",
        f"If {names[0]} is a vault's, there: git branch -m {names[0]} main. Then run it again.",
    )


def clone_failure(url: str, words: str) -> LiVaultError:
    """The error for a fetch that failed: there is no way to it, or it is damaged."""
    return (
        _no_way(url, words)
        or _no_vault(url, words)
        or GitFailed(
            f"{urls.redact_url(url)} can't be fetched: {words or 'git gave no reason'}",
            "Check the address and your access to it: git ls-remote tells more. Then run it again.",
        )
    )


def _no_way(url: str, words: str) -> LiVaultError | None:
    """The error where the source may be as it should be, and can't be had; None if it is not so."""
    shown = urls.redact_url(url)
    if "No space left on device" in words or "Disk quota exceeded" in words:
        return GitFailed(f"The disk is full: {words}", "Free some space, then run it again.")
    if "dubious ownership" in words or "unsafe repository" in words:
        return GitFailed(
            f"git refuses {shown}, since someone else owns it: {words}",
            "If you trust it, do what git says: git config --global --add safe.directory …",
        )
    if "permission denied" in words.lower() or _is_forbidden(url):
        return GitFailed(
            f"{shown} may not be read: {words or 'permission denied'}",
            "See whose it is, and that you may read all of it; then run it again.",
        )
    return None


def _no_vault(url: str, words: str) -> LiVaultError | None:
    """The error where the source is damaged, or nothing of ours; None if it is not so."""
    shown = urls.redact_url(url)
    if "mismatched algorithms" in words or "unknown object format" in words:
        return BadVault(
            f"{shown} uses other object ids than a vault, which uses sha1: {words}",
            "It is no vault of li-vault's. Restore from another copy.",
        )
    path = urls.local_path(url)
    if path is not None and "not appear to be a git repository" in words:
        return BadVault(f"{shown} is not a git repository.", "Name a vault, or a remote of one.")
    if _DAMAGE.search(words):
        return BadVault(f"{shown} is damaged, and nothing was restored: {words}", BACK)
    return None


def _is_forbidden(url: str) -> bool:
    """Whether it is a folder of this machine of which the user may not read everything."""
    whole = urls.local_folder(url)
    if whole is None:
        return False
    there = [path for path in (whole, *urls.repository_folders(whole)) if path.exists()]
    return not all(os.access(path, os.R_OK | os.X_OK) for path in there)
