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
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from li_vault.errors import BadVault, GitFailed, LiVaultError
from li_vault.store import addresses, history, incoming, journal, network, sealed, staging, worktree
from li_vault.store.credentials import Source, taken_out
from li_vault.store.repo import MAIN, Repo, set_config

Progress = Callable[[str, int, int], None]
"""Told what git does, how many parts of it are done, and how many there are."""

TIMEOUT = 3600.0
"""Seconds that a fetch may take; the web may be silent for two minutes of them."""

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
_DAMAGE = re.compile(
    r"(?<!connection )corrupt(?!ed mac)|fsck error|unable to read|bad object|inflate|zlib|"
    r"did not send all necessary objects|unresolved delta|not our ref|"
    r"did not receive expected object|missing (?:blob|tree|commit)|"
    r"invalid (?:sha1 pointer|object)|packed object|pack-objects died|bad tree|bad signature|"
    r"is too small|cannot read existing object|could not parse (?:object|commit)|not a tree",
    re.IGNORECASE,
)
_BACK = "Restore from another copy; git fsck there tells what is lost."


def source(url: str) -> Source:
    """An address to restore from: a folder by its absolute path, secrets taken out of it.

    Raises:
        BadUsage: It can't be used.
        GitFailed: It is a folder that is not there.
    """
    addresses.check_url(url)
    path = addresses.local_path(url)
    if path is None:
        return taken_out(url)
    whole = Path(path).expanduser().absolute()
    if not whole.exists():
        raise GitFailed(f"There is no folder {whole}.", "Check the path: is a disk not mounted?")
    return Source(url if "://" in url or "::" in url else str(whole))


def fetch(
    repo: Repo, source: Source, name: str, progress: Progress, *, prompt: bool | None = None
) -> str:
    """Fetch `main` from a source as the remote `name`; the id of its newest commit.

    Args:
        repo: A repository without commits.
        source: The address, of `source`.
        name: The name that the remote will have.
        progress: Told how far git is.
        prompt: Whether git may ask for credentials; by default if there is a terminal.

    Raises:
        BadVault: There is no such branch, it is damaged, shallow, or of another object format.
        GitFailed: The source can't be reached.
    """
    ref = f"refs/remotes/{name}/main"
    may_ask = network.may_ask() if prompt is None else prompt
    env = _environment(source, may_ask)
    ask = ("fetch", "--progress", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head",
           "--update-shallow", "--", source.url, f"+{MAIN}:{ref}")  # fmt: skip
    status, _, words = _git(repo, ask, env, may_ask, progress)
    if status:
        if "couldn't find remote ref" in words.lower():
            raise _without_main(repo, source, env, may_ask)
        raise _failure(source.url, words)
    shallow = repo.git_dir / "shallow"
    if shallow.exists() and shallow.read_bytes().strip():
        raise BadVault(
            f"{_shown(source.url)} is a shallow clone: it lacks the older snapshots.",
            "There: git fetch --unshallow; or restore from a whole copy.",
        )
    out = repo.run("rev-parse", "--verify", "-q", f"{ref}^{{commit}}", ok=(0, 1, 128))
    if not out:
        raise BadVault(f"main of {_shown(source.url)} is no commit.", _BACK)
    return out.decode("ascii").strip()


def _git(
    repo: Repo,
    args: Sequence[str],
    env: Mapping[str, str],
    may_ask: bool,
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
            env=dict(env),
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
            group=not may_ask,
            tell=lambda what, done: progress(what, done, 100),
        )
    finally:
        sealed.stop(process)
    if status is None:
        words = f"The remote was not done within {TIMEOUT:g} seconds."
        raise GitFailed(words, "Run it again, with a better line.")
    lines = ("".join(filter(str.isprintable, line)).strip() for line in err.splitlines())
    words = "\n".join(line for line in lines if line and not _IDLE_TALK.match(line))
    return status, out, addresses.without_credentials(words)


def _environment(source: Source, may_ask: bool) -> dict[str, str]:
    """The user's own environment, but for what would lead git elsewhere."""
    env = {name: value for name, value in os.environ.items() if name not in _LEADING_ELSEWHERE}
    allowed = list(_PROTOCOLS)
    if source.url.startswith("gcrypt::"):
        allowed.append("gcrypt")
    if users := os.environ.get("GIT_ALLOW_PROTOCOL"):
        allowed = [one for one in allowed if one in users.split(":")]
    env |= {
        "LC_ALL": "C",
        "GIT_ALLOW_PROTOCOL": ":".join(allowed) or "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        **source.environment,
    }
    if not may_ask:
        env["GIT_TERMINAL_PROMPT"] = "0"
    count = env.get("GIT_CONFIG_COUNT", "")
    first = int(count) if count.isdigit() else 0
    pairs = (*_OVERRIDES, *source.settings)
    for number, (key, value) in enumerate(pairs, first):
        env[f"GIT_CONFIG_KEY_{number}"] = key
        env[f"GIT_CONFIG_VALUE_{number}"] = value
    env["GIT_CONFIG_COUNT"] = str(first + len(pairs))
    return env


def _shown(url: str) -> str:
    return addresses.without_credentials(url)


def _without_main(repo: Repo, source: Source, env: dict[str, str], may_ask: bool) -> LiVaultError:
    """The error for a source that has no branch `main`; says what it has."""
    status, out, words = _git(repo, ("ls-remote", "--heads", "--", source.url), env, may_ask)
    if status:
        return _failure(source.url, words)
    found = [line.rpartition("refs/heads/")[2] for line in out.splitlines()]
    names = [name for name in found if name and name.isprintable()]
    shown = _shown(source.url)
    if not names:
        return BadVault(
            f"{shown} holds no snapshot: it has no branch that can be read.",
            "Was anything ever pushed there (li-vault push)? And does the address lead to a "
            "repository? To git, a web page to log in at looks like an empty one.",
        )
    return BadVault(
        f"{shown} has no branch main, but {', '.join(names[:5])}; a vault's snapshots are on main.",
        f"If {names[0]} is a vault's, there: git branch -m {names[0]} main. Then run it again.",
    )


def _failure(url: str, words: str) -> LiVaultError:
    """The error for a fetch that failed, in git's own words: damage there, or no way to it."""
    shown = _shown(url)
    if "No space left on device" in words or "Disk quota exceeded" in words:
        return GitFailed(f"The disk is full: {words}", "Free some space, then run it again.")
    if "mismatched algorithms" in words or "unknown object format" in words:
        return BadVault(
            f"{shown} uses other object ids than a vault, which uses sha1: {words}",
            "It is no vault of li-vault's. Restore from another copy.",
        )
    if "dubious ownership" in words or "unsafe repository" in words:
        return GitFailed(
            f"git refuses {shown}, since someone else owns it: {words}",
            "If you trust it, do what git says: git config --global --add safe.directory …",
        )
    path = addresses.local_path(url)
    if path is not None and "not appear to be a git repository" in words:
        return BadVault(f"{shown} is not a git repository.", "Name a vault, or a remote of one.")
    if _DAMAGE.search(words):
        return BadVault(f"{shown} is damaged, and nothing was restored: {words}", _BACK)
    return GitFailed(
        f"{shown} can't be fetched: {words or 'git gave no reason'}",
        "Check the address and your access to it: git ls-remote tells more. Then run it again.",
    )


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


def writing_files(repo: Repo, commit: str) -> Callable[[], None]:
    """Begin to write the files of a repository that has none yet, with git alone; for a look.

    Returns a function that waits for git, and must be called.

    Raises:
        BadVault: By that function: they can't be written.
    """
    ended = repo.begin("read-tree", "-u", "--reset", commit)

    def finish() -> None:
        try:
            ended()
        except GitFailed as error:
            raise BadVault(
                f"The files of the copy can't be written here: {error.message}",
                "Free some space on the disk of the vault, then run it again.",
            ) from error

    return finish
