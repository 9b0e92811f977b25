"""Off-site copies: remotes, and pushing to them with the user's own git set-up.

Credential helpers, ssh agent, proxies, `GIT_SSH_COMMAND` and `GIT_ASKPASS` work as in any
`git push`; what could change the meaning of the push is overridden. A prompt comes only on a
terminal. GitPython is loaded only once there is a remote to work with.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple

from li_vault.errors import BadUsage, BadVault, GitFailed
from li_vault.store import addresses, plant
from li_vault.store.addresses import without_credentials
from li_vault.store.repo import MAIN, Repo, python_git
from li_vault.store.sight import Sight, look

__all__ = [
    "Outcome", "Remote", "Sight", "add", "checked", "create_bare", "is_trusted", "listed",
    "look", "pending", "push", "pushed_tip", "remove", "trust", "without_credentials",
]  # fmt: skip

State = Literal["pushed", "up-to-date", "failed", "refused"]

TIMEOUT = 120.0
"""Seconds that one push may take."""

_OVERRIDES = (
    f"core.hooksPath={os.devnull}",
    "push.followTags=false",
    "push.gpgSign=false",
    "push.pushOption=",
    "push.recurseSubmodules=no",
    "push.useForceIfIncludes=false",
)
_BROKEN_LINE = (
    "connection reset", "broken pipe", "early eof", "hung up unexpectedly", "rpc failed",
    "unexpected disconnect", "connection closed", "connection timed out",
)  # fmt: skip
_NO_USE = ("permission denied", "authentication failed", "not appear to be", "not found")


class Remote(NamedTuple):
    """A remote: its name, and the address that is pushed to (it may hold credentials)."""

    name: str
    url: str


class Outcome(NamedTuple):
    """What became of a push.

    Attributes:
        state: "pushed", "up-to-date", "refused" (the remote has other history, or did not want
            it) or "failed".
        reason: In git's own words without credentials; None for the first two.
    """

    state: State
    reason: str | None


def listed(repo: Repo) -> list[Remote]:
    """The remotes of a vault, in the order of their names."""
    pattern = r"^remote\..*\.(url|pushurl)$"
    out = repo.run("config", "--local", "-z", "--get-regexp", pattern, ok=(0, 1))
    urls: dict[str, str] = {}
    for entry in sorted(out.decode("utf-8", "surrogateescape").split("\0")[:-1], key=_kind):
        key, _, url = entry.partition("\n")
        urls[key.removeprefix("remote.").rpartition(".")[0]] = url
    return [Remote(name, urls[name]) for name in sorted(urls)]


def _kind(entry: str) -> bool:
    """Sorts push addresses behind the others: they are the ones that count."""
    return entry.partition("\n")[0].lower().endswith(".pushurl")


def checked(repo: Repo, name: str, url: str, *, must_exist: bool = False) -> str:
    """The address of a new remote as git should have it: a folder by its absolute path.

    Args:
        repo: The vault's repository.
        name: The name that the remote is to have.
        url: Its address.
        must_exist: Whether a folder has to be there already.

    Raises:
        BadUsage: Name or address is not usable, the name is taken, or there is no such folder.
    """
    addresses.check_name(name)
    addresses.check_url(url)
    if name in {one.name for one in listed(repo)}:
        raise BadUsage(
            f"There is a remote {name!r} already.",
            f"Take another name, or remove it first: li-vault remote remove {name}",
        )
    path = addresses.local_path(url)
    if path is None:
        return url
    whole = Path(path).expanduser().absolute()
    if whole == repo.path:
        raise BadUsage("A vault can't be its own remote.", "Choose a folder on another disk.")
    if must_exist and not whole.exists():
        raise BadUsage(
            f"There is no folder {whole}.",
            "Check the path, or make a bare repository there: --create",
        )
    return url if "://" in url or "::" in url else str(whole)


def add(repo: Repo, name: str, url: str) -> None:
    """Add a remote; nothing is asked over the network.

    Raises:
        BadUsage: As `checked`.
        GitFailed: git would not.
    """
    url = checked(repo, name, url, must_exist=True)
    with python_git(repo) as opened:
        try:
            opened.create_remote(name, url, allow_unsafe_protocols=True)
        except Exception as error:
            raise GitFailed(f"git remote add failed: {without_credentials(str(error))}") from error


def remove(repo: Repo, name: str) -> None:
    """Forget a remote; the copy there stays.

    Raises:
        BadUsage: There is none of that name.
    """
    if name not in {one.name for one in listed(repo)}:
        raise BadUsage(f"There is no remote {name!r}.", "li-vault remote list shows them.")
    repo.run("remote", "remove", name)


def pushed_tip(repo: Repo, name: str) -> str | None:
    """The commit that the remote's `main` was seen at last; asks no network."""
    ref = f"refs/remotes/{name}/main"
    out = repo.run("rev-parse", "--verify", "-q", "--end-of-options", ref, ok=(0, 1))
    return out.decode("ascii").strip() or None


def pending(repo: Repo, name: str) -> int:
    """How many commits of `main` the remote was not seen to have; asks no network."""
    seen = pushed_tip(repo, name)
    if not repo.run("rev-parse", "--verify", "-q", MAIN, ok=(0, 1)):
        return 0
    known = (f"^{seen}",) if seen else ()
    return int(repo.run("rev-list", "--count", MAIN, *known))


def trust(repo: Repo, url: str) -> None:
    """Remember that the user vouches for exactly this address."""
    if not is_trusted(repo, url):
        repo.run("config", "--local", "--add", "li-vault.trusted", without_credentials(url))


def is_trusted(repo: Repo, url: str) -> bool:
    """Whether the user vouches for this address (`li-vault.trusted` in the vault's own config)."""
    out = repo.run("config", "--local", "-z", "--get-all", "li-vault.trusted", ok=(0, 1))
    return without_credentials(url) in out.decode("utf-8", "surrogateescape").split("\0")[:-1]


def create_bare(url: str, hooks: Path) -> None:
    """Make a bare repository that only grows: 0700, branch `main`, the hook `pre-receive`.

    Args:
        url: A path or `file://` address; the folder is absent or empty.
        hooks: The folder that the hook comes from.

    Raises:
        BadUsage: The address is not on this machine, or something is there already.
        BadVault: It can't be made.
    """
    found = addresses.local_path(url)
    if found is None:
        raise BadUsage(
            f"A repository can be made on this machine only, not at {without_credentials(url)}.",
            "Make it at the host, then add it without --create.",
        )
    path = Path(found).expanduser().absolute()
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise BadUsage(f"{path} is not empty.", "Name a new folder, or add it without --create.")
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        path.chmod(0o700)
    except OSError as error:
        raise BadVault(f"{path} can't be made: {error.strerror}.", "Check the path.") from error
    bare = Repo(path)
    bare.run("init", "-q", "--bare", "--initial-branch=main", "--template=", str(path))
    for key in ("denyDeletes", "denyNonFastForwards", "fsckObjects"):
        bare.run("config", "--local", f"receive.{key}", "true")
    plant.plant_into(path, hooks, ("pre-receive",))


def push(
    repo: Repo, names: Sequence[str], *, timeout: float = TIMEOUT, prompt: bool | None = None
) -> dict[str, Outcome]:
    """Push `main` to these remotes, all side by side, never forced; each has an outcome.

    Args:
        repo: The vault's repository.
        names: Names of its remotes.
        timeout: Seconds that each may take.
        prompt: Whether git may ask for credentials; by default if there is a terminal.
    """
    if not names:
        return {}
    may_ask = sys.stdin.isatty() and sys.stderr.isatty() if prompt is None else prompt
    with python_git(repo):
        pass  # imported once, before the threads do it
    running: list[subprocess.Popen[bytes]] = []
    with ThreadPoolExecutor(len(names)) as pool:
        try:
            turns = {n: pool.submit(_push, repo, n, timeout, may_ask, running) for n in names}
            return {name: turn.result() for name, turn in turns.items()}
        except BaseException:
            for process in running:
                _end(process, group=not may_ask)
            raise


def _push(
    repo: Repo, name: str, timeout: float, may_ask: bool, running: list[subprocess.Popen[bytes]]
) -> Outcome:
    outcome, words = _push_once(repo, name, timeout, may_ask, running)
    broken = any(sign in words.lower() for sign in _BROKEN_LINE)
    if outcome.state == "failed" and broken and not any(s in words.lower() for s in _NO_USE):
        outcome, _ = _push_once(repo, name, timeout, may_ask, running)
    return outcome


def _push_once(
    repo: Repo, name: str, timeout: float, may_ask: bool, running: list[subprocess.Popen[bytes]]
) -> tuple[Outcome, str]:
    settings = [part for one in _OVERRIDES for part in ("-c", one)]
    settings += ("-c", f"remote.{name}.mirror=false")
    ask = ("push", "--porcelain", "--no-verify", "--no-signed", "--", name, f"{MAIN}:{MAIN}")
    with python_git(repo) as opened:
        # Its wrapper ends the process when it is thrown away: hold it until the end.
        held = opened.git.execute(
            ["git", *settings, *ask],
            as_process=True,
            env={} if may_ask else {"GIT_TERMINAL_PROMPT": "0"},
            start_new_session=not may_ask,
        )
        process = held.proc
        if process is None:
            return Outcome("failed", "git could not be started"), ""
        running.append(process)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            _end(process, group=not may_ask)
            return Outcome("failed", f"no answer within {timeout:g} seconds"), ""
    words = without_credentials(err.decode("utf-8", "replace")).strip()
    return _outcome(process.returncode, out.decode("utf-8", "replace"), words), words


def _end(process: subprocess.Popen[bytes], *, group: bool) -> None:
    """End git, and the ssh or helper that it started where they have a group of their own."""
    with suppress(OSError):
        if group and hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGTERM)
        else:
            process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()


def _outcome(status: int, report: str, words: str) -> Outcome:
    """What git's porcelain report says: `flag TAB from:to TAB summary`."""
    lines = [line.split("\t") for line in report.splitlines() if line.count("\t") >= 2]
    for flag, _, summary in (line[:3] for line in lines):
        if flag == "=" and status == 0:
            return Outcome("up-to-date", None)
        if flag == "!":
            why = "\n".join(filter(None, (summary, _said(words))))
            return Outcome("refused", without_credentials(why))
    if status == 0:
        return Outcome("pushed", None)
    return Outcome("failed", _said(words) or f"git push ended with status {status}")


def _said(words: str) -> str:
    """Git's words without its general hints, which do not fit here."""
    return "\n".join(line for line in words.splitlines() if not line.startswith("hint:")).strip()
