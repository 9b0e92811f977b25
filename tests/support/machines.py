"""Two machines with one vault and one remote, for tests of `sync`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import outside
from network import Network
from outside import Call, git


class Machines(NamedTuple):
    """Both vaults, the bare repository between them, and the archives of four months."""

    a: Path
    b: Path
    bare: Path
    months: list[Path]


def four_months(folder: Path, network: Network) -> list[Path]:
    """The archives of January to April, in which people join in each month."""
    found = [outside.write(folder, network)]
    for _ in range(3):
        network.advance()
        found.append(outside.write(folder, network))
    return found


def take(call: Call, vault: Path, archive: Path, *more: object, status: int = 0) -> dict[str, Any]:
    """A snapshot, with the guards off that small networks set off; the result."""
    args = ("--vault", vault, "--allow", "gone", "--allow", "changed", "--json", *more)
    return outside.one_object(call("snapshot", archive, *args, status=status))


def sync(call: Call, vault: Path, *more: object, status: int = 0) -> dict[str, Any]:
    """What `sync` did, or its error."""
    return outside.one_object(call("sync", "--vault", vault, "--json", *more, status=status))


def made(call: Call, folder: Path, months: list[Path]) -> Machines:
    """Both machines, which have January alone, pushed and cloned."""
    a, b, bare = folder / "a", folder / "b", folder / "bare.git"
    take(call, a, months[0], "--init")
    call("remote", "add", "origin", bare, "--create", "--vault", a)
    call("push", "--vault", a)
    call("restore", bare, b)
    return Machines(a, b, bare, months)


def tip(vault: Path) -> str:
    """The id of the newest commit of a vault or bare repository."""
    return git(vault, "rev-parse", "main").strip()


def is_whole(vault: Path) -> None:
    """Nothing is damaged, changed or staged, and each person has one UID and one file."""
    assert git(vault, "fsck", "--full", "--strict", "--no-progress", "--no-dangling") == ""
    assert git(vault, "status", "--porcelain") == ""
    found = [path for folder in ("contacts", "former") for path in (vault / folder).glob("*.vcf")]
    lines = [line for path in found for line in path.read_text("utf-8").splitlines()]
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(found) == len({path.name for path in found}) == len(set(uids)) == len(uids)


def originals(vault: Path) -> set[bytes]:
    """The bytes of every export that the history of `main` holds."""
    commits = git(vault, "rev-list", "main", "--", "exports").split()
    names = {
        line.split()[2]
        for commit in commits
        for line in git(vault, "ls-tree", "-r", commit, "--", "exports").splitlines()
    }
    return {git(vault, "cat-file", "blob", name).encode() for name in names}


def add_line(card: Path, line: str) -> None:
    """Write a line on a card, as a user does."""
    data = card.read_bytes()
    card.write_bytes(data.replace(b"END:VCARD", line.encode() + b"\r\nEND:VCARD"))


_WRITES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "subprocess.Popen"}
_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def killed(args: list[str], number: int) -> int:
    """Call li-vault in a process that is killed at its n-th write; how many writes there were.

    Audit events tell of each write of Python's before it happens, and of each git that is started.
    With 0 nothing is killed.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        _end_at(args, number, writer)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as pipe:
        return len(pipe.read())


def _end_at(args: list[str], number: int, pipe: int) -> NoReturn:
    os.setpgid(0, 0)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(null, stream)
    done = 0

    def count(event: str, given: tuple[object, ...]) -> None:
        nonlocal done
        flags = given[2] if event == "open" and len(given) > 2 else 0
        if event in _WRITES or (isinstance(flags, int) and flags & _FLAGS):
            done += 1
            os.write(pipe, b".")
            if done == number:
                os.killpg(0, signal.SIGKILL)

    from li_vault.cli import app
    from li_vault.cli.commands import group

    sys.addaudithook(count)
    app.run(group, args)
    os._exit(0)
