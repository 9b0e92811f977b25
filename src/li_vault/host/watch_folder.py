"""A folder watched for changes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watchfiles import Change


_STEP_MS = 500  # how long watchfiles sleeps; at its own 50 ms it takes three seconds an hour
_POLL_MS = 10_000
_LOOK_MS = 30_000  # so long a change may stay unseen that fell in before the watch began
_PAUSE = 0.5
_LONGEST_PAUSE = 5.0
_GONE_PAUSE = 5.0
_GIVEN_UP = 120.0
"""Seconds after which something that stays unfinished is left until it changes again."""

_FAR = frozenset(
    (
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "vboxsf",
        "vmhgfs", "prl_fs", "virtiofs", "fuse.sshfs", "fuse.rclone", "fuse.s3fs",
        "fuse.gvfsd-fuse", "fuse.vmhgfs-fuse",
    )
)  # fmt: skip


def watch_arrivals(
    folder: Path, is_meant: Callable[[str], bool], unfinished: Callable[[], float | None]
) -> Iterator[None]:
    """Yield at first, whenever something may have arrived, and every half minute.

    When the folder goes it yields at once, and then every few seconds until it is back.

    `unfinished` gives the seconds until the next thing there will have arrived; infinite if nobody
    can tell, None if nothing is arriving. What lies in folders below is not watched.
    """
    while True:
        here = _identity(folder)
        if here is None:
            yield
            time.sleep(_GONE_PAUSE)
            continue
        with closing(_changes(folder, is_meant)) as changes:
            yield from _until_whole(unfinished)
            for found in changes:
                if found:
                    yield from _until_whole(unfinished)
                else:
                    yield
                if _identity(folder) != here:  # gone, or there is another one in its place
                    break


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another one of its name; None if there is none to look into."""
    try:
        status = folder.stat()
        with os.scandir(folder):
            return status.st_dev, status.st_ino
    except OSError:
        return None


def _changes(
    folder: Path, is_meant: Callable[[str], bool]
) -> Generator[set[tuple[Change, str]], None, None]:
    """What changes in a folder; nothing every half minute, and once more when it is gone."""
    import watchfiles

    changes = watchfiles.watch(
        folder,
        watch_filter=lambda _change, path: is_meant(Path(path).name) or Path(path) == folder,
        recursive=False,
        step=_STEP_MS,
        debounce=2 * _STEP_MS,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        force_polling=is_far(folder) or None,  # else watchfiles looks at its own variable, and WSL
        poll_delay_ms=_POLL_MS,
        ignore_permission_denied=True,
    )
    with suppress(FileNotFoundError):  # gone in this very moment
        yield from changes


def _until_whole(unfinished: Callable[[], float | None]) -> Iterator[None]:
    """Yield again and again until everything has arrived: no change follows on the last one."""
    pause, waited = _PAUSE, 0.0
    yield
    while waited < _GIVEN_UP and (soonest := unfinished()) is not None:
        slept = min(pause, soonest + 0.01)
        time.sleep(slept)
        waited += slept
        pause = min(pause * 1.3, _LONGEST_PAUSE)
        yield


def is_far(folder: Path) -> bool:
    """Whether a folder lies on another machine, whose changes this one is not told of."""
    if sys.platform == "win32":
        return str(folder.resolve()).startswith("\\\\")
    here = folder.resolve()
    kinds = _mounted()
    return next((kinds[place] for place in (here, *here.parents) if place in kinds), "") in _FAR


def _mounted() -> dict[Path, str]:
    """The kind of file system by the folder that it is mounted on; proc(5)."""
    try:
        text = Path("/proc/self/mounts").read_text("utf-8", "surrogateescape")
    except OSError:
        return {}
    rows = [line.split(" ") for line in text.splitlines()]
    return {Path(row[1].replace("\\040", " ")): row[2] for row in rows if len(row) > 2}


def run_watched(command: list[str]) -> tuple[int, str]:
    """Run a program to its end, and end it if we are ended; its status and standard error."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        words = process.communicate()[1]
        return process.returncode, words.decode("utf-8", "replace")
    except BaseException:
        process.terminate()
        process.wait()
        raise
