"""The history of a vault from a remote: fetched with the user's own git set-up, nothing run.

Only `main` is fetched, into a repository of our own making: no configuration, hook or template of
the source comes along, and git checks out nothing, so no filter or submodule is ever asked.
Credential helpers, ssh agent, proxies, `GIT_SSH_COMMAND` and `GIT_ASKPASS` work as in any `git
fetch`; a prompt comes only on a terminal.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from li_vault.errors import BadVault, GitFailed
from li_vault.store import (
    addresses,
    credentials,
    destinations,
    history,
    incoming,
    journal,
    local,
    network,
    sealed,
    staging,
    unobtained,
    worktree,
)
from li_vault.store.credentials import Handed
from li_vault.store.repo import MAIN, Repo, set_config

Progress = Callable[[str, int, int], None]
"""Told what git does, how many parts of it are done, and how many there are."""

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


class Source(NamedTuple):
    """Where a history comes from.

    Attributes:
        url: The address without user name and password.
        given: The address with them.
        is_real: Whether no `url.….insteadOf` of the user's leads it elsewhere any more.
    """

    url: str
    given: str
    is_real: bool

    @property
    def had_login(self) -> bool:
        """Whether a user name or password was taken out."""
        return self.url != self.given


def source(url: str, *, is_real: bool = False, start: Path | None = None) -> Source:
    """An address to restore from: a folder by its absolute path, secrets taken out of it.

    Args:
        url: The address.
        is_real: Whether it is that which git uses in the end, as `destinations` has it.
        start: Where a relative path begins; by default the current folder.

    Raises:
        BadUsage: It can't be used.
        GitFailed: It is a folder that is not there.
    """
    addresses.check_url(url)
    whole = local.folder(url, start)
    if whole is not None:
        if not whole.exists() and not local.used(whole):
            words = f"There is no folder {whole}."
            raise GitFailed(words, "Check the path: is a disk not mounted?")
        url = url if "://" in url or "::" in url else str(whole)
    return Source(credentials.without_login(url), url, is_real)


def fetch(
    repo: Repo,
    source: Source,
    name: str,
    progress: Progress,
    *,
    prompt: bool | None = None,
    ways: Settings = (),
) -> str:
    """Fetch `main` from a source as the remote `name`; the id of its newest commit.

    Args:
        repo: A repository without commits.
        source: Of `source`.
        name: The name that the remote will have.
        progress: Told how far git is.
        prompt: Whether git may ask for credentials; by default if there is a terminal.
        ways: How another repository's configuration reaches hosts, as `network.ways` has it.

    Raises:
        Empty: It has no branch at all.
        BadVault: There is no such branch, it is damaged, shallow, or of another object format.
        BadUsage: A rule of git's (`insteadOf`) leads to what can't be used.
        GitFailed: The source can't be reached.
    """
    ref = f"refs/remotes/{name}/main"
    may_ask = network.may_ask() if prompt is None else prompt
    place, real, pins = destinations.lead(repo, source.given, is_real=source.is_real, ways=ways)
    addresses.check_url(real)
    pins = pins._replace(settings=(*ways, *_OVERRIDES, *pins.settings))
    git = partial(_git, repo, may_ask=may_ask, pins=pins, encrypted=addresses.is_encrypted(real))
    ask = ("fetch", "--progress", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head",
           "--update-shallow", "--", place, f"+{MAIN}:{ref}")  # fmt: skip
    status, _, words = git(ask, progress=progress)
    if status:
        if "couldn't find remote ref" in words.lower():
            raise unobtained.without_main(source.url, git(("ls-remote", "--heads", "--", place)))
        raise unobtained.failure(source.url, words)
    shallow = repo.git_dir / "shallow"
    if shallow.exists() and shallow.read_bytes().strip():
        raise BadVault(
            f"{addresses.shown(source.url)} is a shallow clone: it lacks the older snapshots.",
            "There: git fetch --unshallow; or restore from a whole copy.",
        )
    out = repo.run("rev-parse", "--verify", "-q", f"{ref}^{{commit}}", ok=(0, 1, 128))
    if not out:
        raise BadVault(f"main of {addresses.shown(source.url)} is no commit.", unobtained.BACK)
    return out.decode("ascii").strip()


def _git(
    repo: Repo,
    args: Sequence[str],
    *,
    may_ask: bool,
    pins: Handed,
    encrypted: bool,
    progress: Progress = lambda *_: None,
) -> tuple[int, str, str]:
    """Run the user's git; its status, output, and words without progress and control characters.

    Raises:
        GitFailed: It took too long.
        BadVault: git was not found.
    """
    try:
        process = subprocess.Popen(
            ("git", *args),
            cwd=repo.path,
            env=_environment(pins, may_ask=may_ask, encrypted=encrypted),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=not may_ask,  # then nothing it starts can ask on the terminal
        )
    except OSError as error:
        raise sealed.nothing_to_run(repo.path) from error
    try:
        status, out, err = network.listen(
            process,
            timeout=TIMEOUT,
            silence=TIMEOUT if encrypted or may_ask else SILENCE,
            group=not may_ask,
            tell=lambda what, done: progress(what, done, 100),
        )
    finally:
        sealed.stop(process)
    if status is None:
        words = f"It said nothing for {SILENCE:g} seconds, or was not done within {TIMEOUT:g}."
        raise GitFailed(words, "Is the address right? Run it again, with a better line.")
    lines = ("".join(filter(str.isprintable, line)).strip() for line in err.splitlines())
    words = "\n".join(line for line in lines if line and not _IDLE_TALK.match(line))
    return status, out, credentials.scrubbed(words, pins.hidden)


def _environment(pins: Handed, *, may_ask: bool, encrypted: bool) -> dict[str, str]:
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
        **network.environment_of(pins.settings),
    }
    if not may_ask:
        env["GIT_TERMINAL_PROMPT"] = "0"
    return env


def settle_on(repo: Repo, commit: str, name: str, url: str) -> None:
    """Make a fetched commit the newest of `main`, and set the remote up.

    It is noted that the files are still to be written: whatever happens from here on, any
    li-vault command in this repository does that.
    """
    for key, value in (("url", url), ("fetch", f"+refs/heads/*:refs/remotes/{name}/*")):
        set_config(repo, f"remote.{name}.{key}", value)
    set_config(repo, "branch.main.remote", name)
    set_config(repo, "branch.main.merge", MAIN)
    repo.run("update-ref", "-m", "li-vault: restore", MAIN, commit)
    incoming.begin(repo)
    journal.write(repo, journal.Note(None, commit))


def write_files(repo: Repo, commit: str) -> None:
    """Write the files of a vault that has none yet, and its index.

    Raises:
        BadVault: They can't be written.
    """
    changes = history.changed(repo, None, commit)
    worktree.settle(repo, (None, commit), changes=lambda: changes)
    staging.catch_up(repo, (None, commit))
    journal.finish(repo)
    incoming.clear(repo)


def write_plainly(repo: Repo, commit: str) -> None:
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
