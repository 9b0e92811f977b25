"""The environment in which git reads and writes objects, and what it means when it fails.

Nothing is inherited but where programs lie; no user's or machine's configuration is read; and
what a repository's own configuration could bend is overridden. The same input gives the same
objects everywhere.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
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


def environment(settings: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
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


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a git that is no longer needed, and close its streams."""
    with suppress(OSError):
        process.kill()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            with suppress(OSError, ValueError):
                pipe.close()
    process.wait()


def failure(verb: str, status: int, stderr: bytes) -> LiVaultError:
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


def require_version() -> None:
    """See that git is new enough.

    Raises:
        BadVault: git was not found, or is older than 2.36.
    """
    found = version()
    if found < OLDEST:
        raise BadVault(
            f"git {'.'.join(map(str, found))} is too old; 2.36 or newer is needed.",
            "Install git 2.36 or newer, and see that PATH finds it first.",
        )


def version() -> tuple[int, ...]:
    """The version of the git that will be run, such as `(2, 39, 5)`.

    Raises:
        BadVault: git was not found.
    """
    try:
        out = subprocess.run(
            ("git", "version"), env=environment(), capture_output=True, check=False
        ).stdout
    except OSError as error:
        raise nothing_to_run(Path("/")) from error
    numbers = out.decode("ascii", "replace").split()[2:3]
    return tuple(int(n) for n in (numbers or ["0"])[0].split(".") if n.isdigit())
