"""Files and folders for their owner alone, written whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from li_vault.errors import BadUsage

_HALF = re.compile(r"\..*\.li-vault-(\d+)-[0-9a-f]{8}\.part", re.DOTALL)
"""What a file is called until it is whole, and which process writes it."""
_FULL = (errno.ENOSPC, errno.EDQUOT)


def require_free(path: Path) -> None:
    """See that no file is in the way of a new one; a device or a pipe is none.

    Raises:
        BadUsage: Something is there.
    """
    if not os.path.lexists(path) or _is_device(path):
        return
    if path.is_dir():
        raise BadUsage(f"{path} is a folder.", "Name a file in it.")
    raise BadUsage(f"{path} is there already.", "Name another file, or replace it with --force.")


def write_private(path: Path, data: bytes, *, replace: bool = True) -> None:
    """Put `data` at `path`, readable by its owner alone (0600 on POSIX).

    Readers see the old file or the new one, after a power cut too: the bytes go into a new file
    beside it, onto the disk, and then take its name. What a killed process left of such files in
    the folder is taken away. A symbolic link stays and its target is replaced; a device or pipe
    (`/dev/stdout`) is written to as it is.

    Raises:
        BadUsage: It can't be written there; what the system says, and where. Or something is
            there, and may not be replaced.
        OSError: The disk is full, or the reader of a pipe is gone.
    """
    target = Path(os.path.realpath(path))
    try:
        if _is_device(path):  # by its own name: a pipe behind /dev/stdout has no other
            path.write_bytes(data)
        else:
            if not replace:
                require_free(path)
            _put(target, data, replace=replace)
    except BrokenPipeError:
        raise  # whoever reads a pipe has seen enough
    except FileExistsError:
        require_free(path)  # someone else was quicker
        raise
    except OSError as error:
        if error.errno in _FULL:  # no other name helps
            error.filename = str(path)
            raise
        reason = error.strerror or type(error).__name__
        raise BadUsage(
            f"{path} can't be written: {reason}.", "Name a file in a folder you may write to."
        ) from error


def is_standard_output(path: Path) -> bool:
    """Whether a path names what this process has as its standard output, as `/dev/stdout` does."""
    try:
        there, ours = path.stat(), os.fstat(1)
    except OSError:
        return False
    return os.path.samestat(there, ours) and os.path.realpath(path) != os.path.realpath(os.devnull)


def _is_device(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _put(target: Path, data: bytes, *, replace: bool) -> None:
    with suppress(OSError):  # a folder may take files and not tell which it has
        _sweep(target.parent)
    ours = f"li-vault-{os.getpid()}-{os.urandom(4).hex()}.part"
    beside = target.with_name(f".{target.name[:40]}.{ours}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(beside, flags, 0o600), "wb") as file:
            if os.name != "nt":
                os.fchmod(file.fileno(), 0o600)  # whatever the umask takes away
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if replace or not _linked(beside, target):
            beside.replace(target)
    except BaseException:  # an interrupt, too, leaves no half file behind
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sweep(folder: Path) -> None:
    """Take away what a killed process of ours has left half written in a folder."""
    for path in folder.iterdir():
        found = _HALF.fullmatch(path.name)
        if found and not _is_running(int(found[1])):
            path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    if os.name == "nt":
        return False  # what a process has open can't be removed there
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # of another user
    return True


def _linked(beside: Path, target: Path) -> bool:
    """Give a file a second name that nobody has yet, and take the first one away.

    False where the file system knows no second names.
    """
    try:
        os.link(beside, target)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        return False
    beside.unlink()
    return True


def _sync_folder(folder: Path) -> None:
    """Put the folder's list of names onto the disk; Windows does that by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_folder(path: Path) -> Path:
    """Make sure that `path` is a folder that its owner alone can enter (0700 on POSIX).

    Missing folders above it are made the same way; those that are there stay as they are.

    Returns:
        The same path.

    Raises:
        BadUsage: There is something else at that place, or it can't be made or closed.
    """
    try:
        for missing in reversed([p for p in path.parents if not p.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        if os.name != "nt" and stat.S_IMODE(path.stat().st_mode) != 0o700:
            path.chmod(0o700)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadUsage(
            f"{path} can't be made a private folder: {reason}.",
            "Name a folder that is yours, on a disk that you may write to.",
        ) from error
    return path
