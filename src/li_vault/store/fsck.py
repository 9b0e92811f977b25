"""What git itself finds wrong with the objects of a repository, all of it."""

from __future__ import annotations

import re
from typing import NamedTuple

from li_vault.errors import GitFailed
from li_vault.store.repo import Repo

_ID = re.compile(r"(?<![-\w])[0-9a-f]{40}\b")  # the name of a pack is none
_REF = re.compile(r"error: (HEAD|refs/\S+): (?:invalid sha1 pointer|not a commit)")
_ASK = ("fsck", "--full", "--strict", "--no-dangling", "--no-progress", "--no-reflogs")
_IDLE = ("notice:", "hint:", "warning:")


class Fault(NamedTuple):
    """What git found wrong.

    Attributes:
        ident: The object that is missing or damaged; empty if git names none.
        words: Git's own words.
        ref: The reference that leads to no object, or empty.
    """

    ident: str
    words: str
    ref: str = ""


def faults(repo: Repo) -> list[Fault]:
    """Let git read every object and follow every link; one fault for each object it names.

    Raises:
        BadVault: git is not there.
    """
    # Without the index, whose damage would end it before it has looked at anything.
    process = repo.start(*_ASK, env={"GIT_INDEX_FILE": str(repo.private / "no-index")})
    try:
        out, err = process.communicate()
    except BaseException:
        process.kill()
        process.wait()
        raise
    if process.returncode == 0:
        return []
    by_object: dict[str, list[str]] = {}
    refs: list[Fault] = []
    for line in (out + err).decode("utf-8", "replace").splitlines():
        words = "".join(filter(str.isprintable, line.strip()))
        if not words or words.startswith(_IDLE):
            continue
        ids = _ID.findall(words)
        # "broken link from tree X" is followed by "to blob Y": the second one is what is lost.
        if words.startswith("broken link from"):
            continue
        leading = _REF.match(words)
        if leading is not None:
            refs.append(Fault("", words, leading[1]))
            continue
        by_object.setdefault(ids[-1] if ids else "", []).append(words)
    if not by_object and not refs:
        ended = f"git fsck ended with status {process.returncode} and gave no reason"
        return [Fault("", ended)]
    return refs + [
        Fault(ident, "; ".join(dict.fromkeys(words))) for ident, words in by_object.items()
    ]


def kind(repo: Repo, ident: str) -> str:
    """`blob`, `tree`, `commit` or `tag`; empty if the object can't be read."""
    try:
        return repo.run("cat-file", "-t", ident, ok=(0, 1, 128)).decode("ascii", "replace").strip()
    except GitFailed:
        return ""


def count(repo: Repo) -> int:
    """Number of objects, loose and packed."""
    found = 0
    for line in repo.run("count-objects", "-v").decode("ascii", "replace").splitlines():
        key, _, value = line.partition(": ")
        found += int(value) if key in ("count", "in-pack") else 0
    return found


def is_ancestor(repo: Repo, old: str, new: str) -> bool:
    """Whether a commit is another one or in its history; False if one of them is not here."""
    for one in (old, new):
        if repo.run("cat-file", "-t", one, ok=(0, 1, 128)).strip() != b"commit":
            return False
    process = repo.start("merge-base", "--is-ancestor", old, new)
    process.communicate()
    return process.returncode == 0
