"""Git repositories that no honest program would make: trees and commits written byte by byte."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import outside
from network import Network
from outside import Call, git

FILE, PROGRAM, LINK, FOLDER, SUBMODULE = "100644", "100755", "120000", "40000", "160000"


class Entry(NamedTuple):
    """One entry of a tree, as it stands there."""

    mode: str
    name: str
    ident: str


def written(folder: Path, kind: str, data: bytes) -> str:
    """The id of an object that is written as it is, however wrong."""
    done = subprocess.run(
        ("git", "-C", str(folder), "hash-object", "-t", kind, "-w", "--stdin", "--literally"),
        input=data, capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout.decode().strip()


def tree(folder: Path, entries: Sequence[Entry]) -> str:
    """The id of a tree of these entries, in this order."""
    raw = b"".join(
        f"{one.mode} {one.name}".encode() + b"\0" + bytes.fromhex(one.ident) for one in entries
    )
    return written(folder, "tree", raw)


def entries(folder: Path, treeish: str) -> list[Entry]:
    """The entries of a tree."""
    found = []
    for line in git(folder, "ls-tree", "-z", treeish).split("\0")[:-1]:
        facts, _, name = line.partition("\t")
        mode, _, ident = facts.split(" ")
        found.append(Entry(mode.lstrip("0"), name, ident))
    return found


def in_order(found: Sequence[Entry]) -> list[Entry]:
    """Entries as git sorts them: folders as if their names ended with a slash."""
    return sorted(found, key=lambda one: (one.name + "/" * (one.mode == FOLDER)).encode())


def amend(vault: Path, message: str | None = None, stamp: str = "") -> str:
    """Make the newest snapshot hold what lies in the index, as if it had been recorded so.

    Returns its id; `stamp` is the time that it says, in seconds since 1970.
    """
    words = message or git(vault, "log", "-1", "--format=%B")
    tree, parent = git(vault, "write-tree").strip(), git(vault, "rev-parse", "HEAD~1").strip()
    lines = [f"tree {tree}", f"parent {parent}"]
    stamp = stamp or git(vault, "log", "-1", "--format=%ct").strip()
    who = f"li-vault <li-vault@localhost> {stamp} +0000"
    text = "\n".join([*lines, f"author {who}", f"committer {who}", "", words.strip(), ""])
    ident = written(vault, "commit", text.encode())
    git(vault, "reset", "-q", "--hard", ident)
    return ident


class Forger:
    """A repository whose `main` is forged: entries put into the root or into `contacts/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = {one.name: one for one in entries(folder, "main")}
        self.contacts = {one.name: one for one in entries(folder, "main:contacts")}
        self.doubled: list[Entry] = []

    def blob(self, data: bytes) -> str:
        """The id of a file of these bytes."""
        return written(self.folder, "blob", data)

    def put(self, path: str, data: bytes, mode: str = FILE) -> None:
        """Put a file, link or program at the root, or into `contacts/` (then nothing nests)."""
        folder, slash, name = path.partition("/")
        place = self.contacts if slash and folder == "contacts" else self.root
        name = name if place is self.contacts else path
        place[name] = Entry(mode, name, self.blob(data))

    def card(self) -> str:
        """The file name of somebody's card."""
        return min(self.contacts)

    def commit(self, message: str | None = None, *, instead: bool = False) -> str:
        """Commit what was put; as the next commit, or in place of the newest."""
        if self.root["contacts"].mode == FOLDER:
            found = in_order([*self.contacts.values(), *self.doubled])
            self.root["contacts"] = Entry(FOLDER, "contacts", tree(self.folder, found))
        made = tree(self.folder, in_order(list(self.root.values())))
        newest = git(self.folder, "cat-file", "commit", "main")
        head, _, words = newest.partition("\n\n")
        lines = [f"tree {made}", *head.splitlines()[1:]]
        if not instead:
            parent = git(self.folder, "rev-parse", "main").strip()
            lines = [lines[0], f"parent {parent}", *(x for x in lines[1:] if x[:6] != "parent")]
            words = "By hand\n"
        text = "\n".join([*lines, "", message or words])
        ident = written(self.folder, "commit", text.encode())
        git(self.folder, "update-ref", "refs/heads/main", ident)
        return ident


Change = Callable[[Forger], None]


def bare_vault(call: Call, home: Path, folder: Path) -> Path:
    """A bare copy, `bare.git`, of a small vault of two snapshots."""
    network = Network(seed=9, people=12)
    vault, path = folder / "vault", folder / "bare.git"
    call("snapshot", outside.write(home, network), "--init", "--vault", vault)
    network.advance(pace=4)
    call("snapshot", outside.write(home, network), "--vault", vault)
    git(folder, "clone", "-q", "--bare", str(vault), str(path))
    return path


def is_refused(call: Call, source: object, folder: Path, words: str) -> None:
    """Whether `restore` refuses a source with one of the words, and leaves nothing."""
    said = call("restore", source, folder / "new" / "target", "--json", status=None)
    outside.is_refused(said, 5, "", words)
    assert not (folder / "new").exists()
    assert not (folder / "canary").exists()
    assert "\x1b" not in said.out


def unpack(folder: Path) -> None:
    """Make every object a file of its own."""
    for pack in (folder / "objects" / "pack").glob("*.pack"):
        aside = folder / "aside.pack"
        pack.chmod(0o600)
        pack.rename(aside)
        pack.with_suffix(".idx").unlink()
        with aside.open("rb") as file:
            ask = ("git", "-C", str(folder), "unpack-objects", "-q")
            subprocess.run(ask, stdin=file, check=True)
        aside.unlink()


def loose(folder: Path, revision: str) -> Path:
    """The file of an object."""
    ident = git(folder, "rev-parse", revision).strip()
    path = folder / "objects" / ident[:2] / ident[2:]
    path.chmod(0o600)
    return path


def lose(folder: Path, revision: str) -> None:
    """Take one object away."""
    unpack(folder)
    loose(folder, revision).unlink()
