"""What a user's own git did to a vault: answers are right all the same, or it says why not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import outside
from isolation import Outcome
from outside import Call, git

IN = "https://www.linkedin.com/in/"
HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
NAMES = ("Ada", "Bela", "Cato", "Dora", "Enno")


class Bent:
    """A vault of two months, in the second of which someone is new and Ada has another job."""

    def __init__(self, call: Call, folder: Path, home: Path) -> None:
        self._call, self.folder, self._home = call, folder, home
        self.snapshot("2025-01-20", NAMES, "Poet")
        self.snapshot("2025-02-20", (*NAMES, "Fina"), "Analyst")

    def snapshot(
        self, day: str, names: tuple[str, ...], job: str, *, at: Path | None = None
    ) -> None:
        rows = [
            f"{name},Byron,{IN}{name.lower()},{name}@example.com,Quov,"
            f"{job if name == 'Ada' else 'Weaver'},01 Jan 2019\n"
            for name in names
        ]
        path = self._home / "Connections.csv"
        path.write_text(HEADER + "".join(rows), encoding="utf-8")
        folder = at or self.folder
        self._call("snapshot", path, "--taken-on", day, "--init", "--no-push", "--vault", folder)

    def call(self, *args: object, status: int = 0) -> Outcome:
        return self._call(*args, "--vault", self.folder, status=status)

    def json(self, *args: object, status: int = 0) -> dict[str, Any]:
        return outside.one_object(self.call(*args, "--json", status=status))

    def card(self, name: str) -> Path:
        (found,) = (self.folder / "contacts").glob(f"{name}-*.vcf")
        return found

    def commit(self, what: str = "by hand") -> None:
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-q", "--no-verify", "-m", what)


@pytest.fixture
def bent(call: Call, vault_dir: Path, home: Path) -> Bent:
    return Bent(call, vault_dir, home)


HISTORY = [("diff",), ("log",), ("log", "ada"), ("find", "--changed-since", "2025-01"), ("status",)]


def test_a_shallow_clone_does_not_answer_for_what_it_lacks(bent: Bent, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{bent.folder}", "clone")
    bent.folder = tmp_path / "clone"
    for args in HISTORY:
        said = bent.call(*args, status=5)
        assert "git fetch --unshallow" in said.err
    assert len(bent.json("find")["people"]) == 6


def test_a_vault_without_main_is_not_taken_for_an_empty_one(bent: Bent) -> None:
    git(bent.folder, "branch", "-m", "main", "master")
    for args in (*HISTORY, ("find",), ("show", "ada"), ("export", "json")):
        said = bent.call(*args, status=5)
        assert "git branch -m master main" in said.err
    git(bent.folder, "branch", "-m", "master", "main")
    bent.call("diff")


def test_a_work_tree_elsewhere(bent: Bent, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    git(bent.folder, "config", "core.worktree", str(tmp_path / "else"))
    for args in HISTORY:
        assert "git config --unset core.worktree" in bent.call(*args, status=5).err


def test_git_may_be_told_not_to_show_the_first_commit(bent: Bent) -> None:
    whole = [bent.call(*args).out for args in (("log", "bela"), ("show", "bela", "--best-known"))]
    git(bent.folder, "config", "log.showRoot", "false")
    assert whole == [
        bent.call(*args).out for args in (("log", "bela"), ("show", "bela", "--best-known"))
    ]


def test_a_merge_that_hides_a_snapshot(bent: Bent, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(bent.folder), "clone")
    other = tmp_path / "clone"
    bent.snapshot("2025-03-20", (*NAMES, "Fina", "Gisa"), "Analyst", at=other)
    card = bent.card("cato")
    card.write_bytes(card.read_bytes().replace(b"END:", b"NOTE:hello\r\nEND:"))
    bent.commit()
    git(bent.folder, "pull", "-q", "--no-rebase", "--no-edit", str(other), "main")
    before = ""
    for args in (*HISTORY, ("show", "gisa", "--at", "2025-03"), ("snapshot", other / "exports")):
        said = bent.call(*args, status=5).err
        assert "hides the snapshot of 2025-03-20" in said
        found = re.search(r"git reset --keep (\w+), then li-vault sync", said)
        assert found
        before = found[1]
    git(bent.folder, "reset", "-q", "--keep", before)
    bent.call("remote", "add", "other", other, "--trusted")
    bent.call("sync", status=7)  # git pushes into no branch that somebody has checked out
    assert next(one["taken_on"] for one in bent.json("log")["snapshots"]) == "2025-03-20"
    assert "hello" in bent.call("show", "cato").out


def test_a_merge_that_hides_none(bent: Bent) -> None:
    git(bent.folder, "checkout", "-q", "-b", "notes")
    card = bent.card("cato")
    card.write_bytes(card.read_bytes().replace(b"END:", b"NOTE:hello\r\nEND:"))
    bent.commit()
    git(bent.folder, "checkout", "-q", "main")
    git(bent.folder, "merge", "-q", "--no-ff", "--no-edit", "notes")
    for args in HISTORY:
        bent.call(*args)


def test_a_card_that_got_another_name_is_the_same_person(bent: Bent) -> None:
    card = bent.card("bela")
    card.rename(card.with_name("bela.vcf"))
    bent.commit()
    found = bent.json("diff", "HEAD~1", "HEAD")
    assert found["added"] == found["gone"] == found["changed"] == []
    assert found["broken"] == {}
    renamed = card.with_name("bela.vcf")
    renamed.write_bytes(renamed.read_bytes().replace(b"TITLE:Weaver", b"TITLE:Boss"))
    bent.commit()
    found = bent.json("diff", "HEAD~2", "HEAD")
    assert found["added"] == found["gone"] == []
    assert [one["changes"][0]["after"] for one in found["changed"]] == ["Boss"]


def test_a_card_that_was_moved_by_hand_tells_nothing_of_linkedin(bent: Bent) -> None:
    card = bent.card("bela")
    (bent.folder / "former").mkdir()
    card.rename(bent.folder / "former" / card.name)
    bent.commit()
    (gone,) = bent.json("diff", "HEAD~1", "HEAD")["gone"]
    assert gone["reason"] is None


def test_a_broken_card_is_told_of(bent: Bent) -> None:
    card = bent.card("ada")
    whole = card.read_bytes()
    card.write_bytes(whole.replace(b"UID:", b"DIU:"))
    bent.commit()
    assert bent.call("diff", "HEAD~1", "HEAD", "--exit-code", status=1).out
    path = f"contacts/{card.name}"
    assert list(bent.json("diff", "HEAD~1", "HEAD")["broken"]) == [path]
    assert list(bent.json("find")["broken"]) == [path]
    digits = card.stem.rpartition("-")[2]
    for name in (card.name, digits, digits[:5]):
        assert path in bent.call("show", name, status=5).err
    assert "A card can't be read" in bent.call("show", "ada", status=1).err
    card.write_bytes(whole)
    bent.commit()
    assert "nothing" not in bent.call("log", "ada").out


def test_in_csv_an_address_that_came_is_new(bent: Bent) -> None:
    card = bent.card("bela")
    data = card.read_bytes().replace(b"EMAIL;TYPE=INTERNET:Bela@example.com\r\n", b"")
    card.write_bytes(data)
    bent.commit()
    card.write_bytes(data.replace(b"END:", b"EMAIL;TYPE=HOME:bela@home.example\r\nEND:"))
    bent.commit()
    told = bent.call("diff", "HEAD~1", "HEAD", "--format", "csv").out.splitlines()[1]
    assert told.startswith("new address,Bela Byron,emails,,bela@home.example,")
