"""git without anyone's configuration: environment, versions, failures."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO

from li_vault.errors import BadVault, GitFailed, LiVaultError

OLDEST = (2, 36)
"""The oldest git that is enough."""

_OVERRIDES = {
    "core.hooksPath": os.devnull,
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.autocrlf": "false",
    "core.eol": "lf",
    "core.safecrlf": "false",
    "core.bigFileThreshold": "512m",
    "core.checkStat": "default",
    "core.compression": "-1",
    "core.fileMode": "false",
    "core.fsmonitor": "false",
    # Not the index, as git itself has it: after a power cut it is compared, and made again.
    "core.fsync": "objects,derived-metadata,reference",
    "core.fsyncMethod": "fsync",
    "core.ignoreStat": "false",
    "core.logAllRefUpdates": "true",
    "core.looseCompression": "1",
    "core.preloadIndex": "true",
    "core.quotePath": "false",
    "core.sharedRepository": "umask",
    "core.splitIndex": "false",
    "core.trustctime": "true",
    "core.untrackedCache": "false",
    "core.useReplaceRefs": "false",
    "commit.gpgSign": "false",
    "diff.external": "",
    "diff.noprefix": "false",
    "diff.orderFile": os.devnull,
    "diff.relative": "false",
    "fastimport.unpackLimit": "0",
    "gc.auto": "0",
    "gc.autoDetach": "false",
    "i18n.commitEncoding": "UTF-8",
    "i18n.logOutputEncoding": "UTF-8",
    "index.threads": "true",
    "index.version": "2",
    "log.mailmap": "false",
    "log.showRoot": "true",
    "log.showSignature": "false",
    "maintenance.auto": "false",
    "pack.compression": "-1",
    "status.relativePaths": "false",
    "trace2.eventTarget": "",
    "trace2.normalTarget": "",
    "trace2.perfTarget": "",
}
"""Settings by which a repository's own configuration could change what a command means."""


def sealed_environment(settings: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
    """The whole environment of a sealed git, with `settings` as further `-c` overrides.

    glibc gives the heap back after every zlib stream, 120,000 times for 30,000 cards; the first two
    `MALLOC_` settings keep it and make `git fast-import` five times as fast. The third lets a
    folder of 30,000 cards (2.4 MB) be read into memory that was used before, which halves the time
    of a walk through the history.
    """
    kept = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
    chosen = {name: os.environ[name] for name in kept if name in os.environ}
    chosen |= {
        "HOME": os.devnull,
        "XDG_CONFIG_HOME": os.devnull,
        "LC_ALL": "C",
        "TZ": "UTC0",
        "MALLOC_TRIM_THRESHOLD_": "67108864",
        "MALLOC_TOP_PAD_": "16777216",
        "MALLOC_MMAP_THRESHOLD_": "33554432",
        "GIT_ADVICE": "0",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
    pairs = [*_OVERRIDES.items(), *settings]
    chosen["GIT_CONFIG_COUNT"] = str(len(pairs))
    for number, (key, value) in enumerate(pairs):
        chosen[f"GIT_CONFIG_KEY_{number}"] = key
        chosen[f"GIT_CONFIG_VALUE_{number}"] = value
    return chosen


def stream(pipe: IO[bytes] | None) -> IO[bytes]:
    """A pipe that was asked for when the process was started."""
    if pipe is None:
        message = "a stream that was asked for is missing"
        raise RuntimeError(message)
    return pipe


def streams(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    """Standard input, output and error of a process that `Repo.start` began."""
    return stream(process.stdin), stream(process.stdout), stream(process.stderr)


def stop_git(process: subprocess.Popen[bytes]) -> None:
    """End a git that is no longer needed, and close its streams."""
    with suppress(OSError):
        process.kill()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            with suppress(OSError, ValueError):
                pipe.close()
    process.wait()


def git_failure(verb: str, status: int, stderr: bytes) -> LiVaultError:
    """The error for a git that ended with `status`, in git's own words."""
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    words = "\n".join(line for line in lines if not line.startswith("hint:"))
    if "No space left on device" in words or "Disk quota exceeded" in words:
        return GitFailed(
            f"The disk is full: git {verb} said: {words}", "Free some space, then run it again."
        )
    if "index.lock" in words and "File exists" in words:
        return BadVault(
            f"Another git command is at work in the vault, or one was killed: {words}",
            "Wait for it to end; if none runs, remove .git/index.lock. Then run it again.",
        )
    ended = f"status {status}" if status >= 0 else f"signal {-status}"
    return GitFailed(f"git {verb} failed ({ended}): {words or 'it gave no reason'}")


def nothing_to_run(path: Path) -> BadVault:
    """The error for a git that could not be started in a folder: one of the two is not there."""
    if not path.is_dir():
        return BadVault(f"There is no folder {path}.", "Check the path, or whether it is mounted.")
    return BadVault("git was not found.", "Install git 2.36 or newer, and see that PATH has it.")


def require_git_version() -> None:
    """See that git is new enough.

    Raises:
        BadVault: git was not found, or is older than 2.36.
    """
    found = git_version()
    if found < OLDEST:
        raise BadVault(
            f"git {'.'.join(map(str, found))} is too old; 2.36 or newer is needed.",
            "Install git 2.36 or newer, and see that PATH finds it first.",
        )


def git_version() -> tuple[int, ...]:
    """The version of the git that will be run, such as `(2, 39, 5)`.

    Raises:
        BadVault: git was not found.
    """
    try:
        out = subprocess.run(
            ("git", "version"), env=sealed_environment(), capture_output=True, check=False
        ).stdout
    except OSError as error:
        raise nothing_to_run(Path("/")) from error
    numbers = out.decode("ascii", "replace").split()[2:3]
    return tuple(int(n) for n in (numbers or ["0"])[0].split(".") if n.isdigit())


def git_setting(key: str) -> str | None:
    """A setting of the user's own or the machine's git configuration; None if it is not set."""
    try:
        answer = subprocess.run(
            ("git", "config", "--null", "--get", key),
            capture_output=True,
            check=False,
            cwd=os.path.abspath(os.sep),  # no repository's: a vault's own is not asked
        )
    except OSError:
        return None
    found = answer.stdout.decode("utf-8", "replace").partition("\0")[0]
    return found if answer.returncode == 0 else None


def repository_facts(path: Path, ask: Callable[[dict[str, str]], bytes]) -> list[str]:
    """What git says of the repository at `path`; on the way it checks who owns it.

    Raises:
        BadVault: git refuses it, or can't use it.
    """
    # Only this very folder may be found: without a ceiling git would look further up.
    ceiling = {"GIT_CEILING_DIRECTORIES": str(path.parent)}
    try:
        return ask(sealed_environment() | ceiling).decode().split()
    except GitFailed as error:
        if "dubious ownership" not in error.message and "unsafe repository" not in error.message:
            raise _unusable(path, error) from error
        trusted = [("safe.directory", folder) for folder in _trusted_folders()]
        if not trusted:
            raise _someone_elses(path, error) from error
    try:
        return ask(sealed_environment(trusted) | ceiling).decode().split()
    except GitFailed as error:
        raise _someone_elses(path, error) from error


def _unusable(path: Path, error: GitFailed) -> BadVault:
    require_git_version()
    return BadVault(
        f"{path} is not a repository that git can use: {error.message}",
        "Check .git, or restore the vault from a remote: li-vault restore URL DIR",
    )


def _someone_elses(path: Path, error: GitFailed) -> BadVault:
    return BadVault(
        f"git refuses {path}, since someone else owns it: {error.message}",
        f"If you trust it: git config --global --add safe.directory '{path}'",
    )


def _trusted_folders() -> list[str]:
    """The folders that this user trusts for git, by system-wide and own configuration.

    The sealed environment reads neither, so these are asked for once git has complained, and
    handed on by the command scope, which is protected as well.
    """
    folders: list[str] = []
    for scope in ("--system", "--global"):
        answer = subprocess.run(
            ("git", "config", scope, "--type=path", "-z", "--get-all", "safe.directory"),
            capture_output=True,
            check=False,
            cwd=os.path.abspath(os.sep),
        )
        folders += answer.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
    return folders
