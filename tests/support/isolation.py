"""What keeps a test from its user's home, and the words that fixtures are typed with."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

CHECKOUT = Path(__file__).resolve().parents[2]
"""The folder of `pyproject.toml`."""

REAL_HOME = Path.home().resolve()
"""The home of whoever runs the tests, as it was before the first of them."""

_OURS_IN_A_HOME = (
    ".gitconfig",
    ".config/git",
    ".config/li-vault",
    ".local/share/li-vault",
    ".local/state/li-vault",
    ".cache/li-vault",
    "Library/Application Support/li-vault",
)
_FOREIGN = ("GIT_", "LI_VAULT", "XDG_", "LC_", "SSH_", "CLICOLOR")
_FOREIGN_NAMES = {
    *("LANG", "LANGUAGE", "TZ", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "EMAIL", "VISUAL"),
    *("EDITOR", "PAGER", "PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS", "PYTHONHASHSEED"),
    *(f"{n}_proxy" for n in ("http", "https", "all", "no", "ftp")),
    *(f"{n}_PROXY" for n in ("HTTP", "HTTPS", "ALL", "NO", "FTP")),
}


class Outcome(NamedTuple):
    """How a command ended: its exit status, standard output and standard error."""

    status: int
    out: str
    err: str


class Run(Protocol):
    """The fixture `run`: li-vault as a process of its own.

    `env` is laid over the test's environment; a value of None takes the variable away.
    """

    def __call__(
        self,
        *args: str | os.PathLike[str],
        env: Mapping[str, str | None] | None = None,
        cwd: Path | None = None,
        stdin: bytes = b"",
        timeout: float = 120,
    ) -> Outcome: ...


class Samples(NamedTuple):
    """The archives in `tests/sample`: of 2026-11-20, and of a month before."""

    newest: Path
    older: Path


class TouchedRealHome(AssertionError):
    """A test came near the home of whoever runs it."""


def is_foreign(name: str) -> bool:
    """Whether an environment variable of this name could change what a test sees."""
    return name.startswith(_FOREIGN) or name in _FOREIGN_NAMES


def environment(home: Path) -> dict[str, str]:
    """The variables that make `home` the home for us, git, and everyone's XDG folders."""
    places = {
        "HOME": home,
        "USERPROFILE": home,
        "APPDATA": home / "AppData" / "Roaming",
        "LOCALAPPDATA": home / "AppData" / "Local",
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_DATA_HOME": home / ".local" / "share",
        "XDG_STATE_HOME": home / ".local" / "state",
        "XDG_CACHE_HOME": home / ".cache",
        "XDG_RUNTIME_DIR": home / ".run",
        "XDG_DOWNLOAD_DIR": home / "Downloads",
        "GIT_CONFIG_GLOBAL": home / ".gitconfig",
        "PYTHONPATH": CHECKOUT / "src",
    }
    # A pager would wait for somebody to press a key.
    fixed = {"GIT_CONFIG_NOSYSTEM": "1", "LANG": "C.UTF-8", "PAGER": "cat"}
    # Nobody's key ring is read, nobody's desktop shows a word.
    fixed |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    fixed |= {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={home}/no-bus"}
    return {name: str(path) for name, path in places.items()} | fixed


def trace_of_real_home() -> list[tuple[str, int, int]]:
    """What stands in the real home in our places and git's: name, size, time in ns."""
    found = []
    for name in _OURS_IN_A_HOME:
        try:
            stat = (REAL_HOME / name).lstat()
        except OSError:
            continue
        found.append((name, stat.st_size, stat.st_mtime_ns))
    return found


class Watch:
    """Stops child processes that would live in the real home, while it is `on`.

    A child without HOME counts as well: git and Python then ask the system for the real one.
    An audit hook (see `sys.audit`) can't be taken off, only told to rest.
    """

    def __init__(self) -> None:
        self.on = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[object, ...]) -> None:
        if not self.on or event != "subprocess.Popen":
            return
        given = args[3]
        found = given if isinstance(given, Mapping) else os.environ
        home = {os.fsdecode(k): os.fsdecode(v) for k, v in found.items()}.get("HOME", "")
        if not home:
            raise TouchedRealHome("a child process without HOME falls back to the real one")
        if Path(home).resolve() == REAL_HOME:
            raise TouchedRealHome("a child process was given the real HOME")
