"""Small invented vaults, and plain git to look at them as any user would."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from li_vault.store import history
from li_vault.store.repo import Repo, create_repo
from li_vault.store.write import commit
from li_vault.store.write.commit import CommitDraft

HOOKS = Path(__file__).resolve().parents[2] / "hooks"


def card(number: int, title: str = "Weaver", extra: str = "") -> bytes:
    """A card of an invented person."""
    lines = (
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"UID:7d1f3f0e-6c55-5c0e-9a57-{number:012d}",
        f"FN:Zora Quill {number}",
        f"N:Quill {number};Zora;;;",
        f"TITLE:{title}",
        *filter(None, [extra]),
        "END:VCARD",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()


def path(number: int, folder: str = "contacts") -> str:
    """The path of that card."""
    return f"{folder}/zora-quill-{number:08d}.vcf"


def first(people: int = 6) -> CommitDraft:
    """The first snapshot."""
    edits: dict[str, bytes | None] = {
        "vault.toml": b"format = 1\n",
        ".gitattributes": b"* -text\n*.vcf whitespace=cr-at-eol\n",
        "exports/Connections.csv": b"First Name,Last Name\n" + b"Zora,Quill\n" * people,
    }
    edits |= {path(n): card(n) for n in range(people)}
    return CommitDraft(edits, "Snapshot 2026-01-20: first\n\nLi-Taken-On: 2026-01-20\n", day(1))


def second() -> CommitDraft:
    """A snapshot with every kind of edit: changed, moved away, new, and a changed original."""
    edits: dict[str, bytes | None] = {
        path(0): card(0, "Weaver of nets"),
        path(1): None,
        path(1, "former"): card(1),
        path(9): card(9, "Newcomer"),
        "exports/Connections.csv": b"First Name,Last Name\nZora,Quill\n",
    }
    return CommitDraft(edits, "Snapshot 2026-02-20: second\n\nLi-Taken-On: 2026-02-20\n", day(2))


def day(month: int) -> date:
    """The day of a month on which exports are made."""
    return date(2026, month, 20)


def begin(place: Path, people: int = 6) -> Repo:
    """A vault with its first snapshot."""
    repo = create_repo(place)
    commit.record_commits(repo, [first(people)])
    return repo


def cut_off(repo: Repo, drafts: Sequence[CommitDraft]) -> None:
    """Record, then put work tree and index back: a run that was killed after it moved `main`."""
    index = (repo.git_dir / "index").read_bytes()
    kept = files(repo)
    commit.record_commits(repo, drafts)
    for name in files(repo).keys() - kept.keys():
        (repo.path / name).unlink()
    for name, data in kept.items():
        (repo.path / name).write_bytes(data)
    (repo.git_dir / "index").write_bytes(index)


def plain(
    place: Path, *args: str, env: Mapping[str, str] | None = None, fails: bool = False
) -> str:
    """What an ordinary git prints, run in a folder with the environment of the test's user."""
    done = subprocess.run(
        ["git", *args],
        cwd=place,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) == fails, (args, done.stdout, done.stderr)
    return done.stderr if fails else done.stdout


def files(repo: Repo) -> dict[str, bytes]:
    """All files of the work tree."""
    return {
        str(found.relative_to(repo.path)): found.read_bytes()
        for found in sorted(repo.path.rglob("*"))
        if found.is_file() and ".git" not in found.relative_to(repo.path).parts[:1]
    }


def tree(repo: Repo, revision: str = "HEAD") -> dict[str, bytes]:
    """All files of a commit."""
    ids = history.files(repo, revision)
    return dict(zip(ids, history.read_objects(repo, ids.values()), strict=True))


def is_whole(repo: Repo) -> bool:
    """Whether git finds nothing to complain of, and nothing lies about."""
    complaints = plain(repo.path, "fsck", "--full", "--strict", "--no-dangling")
    garbage = plain(repo.path, "count-objects", "-v")
    left = {found.name for found in repo.private.iterdir()} - {"lock", "settled", "repacked"}
    return not complaints.strip() and "garbage: 0" in garbage and not left
