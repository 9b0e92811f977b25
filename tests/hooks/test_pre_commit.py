from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import invented
from invented import plain
from li_vault.store import history
from li_vault.store.repo import Repo, create_repo
from li_vault.store.write import commit, hooks, recovery
from li_vault.store.write.commit import CommitDraft


@pytest.fixture(params=["awk", "gawk", "busybox awk"])
def repo(request: pytest.FixtureRequest, vault_dir: Path, tmp_path: Path) -> Iterator[Repo]:
    """A vault with its hooks, for every awk that this machine has."""
    words = str(request.param).split()
    if not shutil.which(words[0]):
        pytest.skip(f"this machine has no {words[0]}")
    made = invented.begin(vault_dir)
    hooks.install_hooks(made, invented.HOOKS)
    if words != ["awk"]:
        programs = tmp_path / "bin"
        programs.mkdir()
        (programs / "awk").write_text(f'#!/bin/sh\nexec {" ".join(words)} "$@"\n', "ascii")
        (programs / "awk").chmod(0o755)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
            yield made
    else:
        yield made


def _edit(repo: Repo, number: int, data: bytes, folder: str = "contacts") -> None:
    target = repo.path / invented.path(number, folder)
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)


def test_an_ordinary_commit_passes(repo: Repo) -> None:
    _edit(repo, 0, invented.card(0, extra="NOTE:Zoë 🪢 " + "x" * 300))
    _edit(repo, 1, invented.card(1, extra="item1.X-ABLABEL:a\r\nN2:b\r\nFNORD:c").rstrip())
    _edit(repo, 2, invented.card(2).replace(b"\r\n", b"\n"))
    _edit(repo, 3, invented.card(3).replace(b"N:Quill", b"n;LANGUAGE=en:Qu\r\n ill"))
    _edit(repo, 8, invented.card(8))
    _edit(repo, 9, invented.card(9), "former")
    (repo.path / "contacts" / "notes.txt").write_bytes(b"\xff<<<<<<<\n")
    (repo.path / "list.txt").write_bytes(b"mine")
    plain(repo.path, "add", "-A")
    plain(repo.path, "commit", "-qm", "mine")
    plain(repo.path, "rm", "-q", invented.path(4))
    plain(repo.path, "commit", "-qm", "gone")
    plain(repo.path, "commit", "-q", "--allow-empty", "-m", "empty")
    assert plain(repo.path, "log", "-1", "--format=%s") == "empty\n"
    assert not list(repo.git_dir.glob("li-vault-*"))


GOOD = invented.card(0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "does not begin with BEGIN:VCARD"),
        (b"\xef\xbb\xbf" + GOOD, "does not begin with BEGIN:VCARD"),
        (GOOD[: len(GOOD) // 2], "does not end with END:VCARD"),
        (GOOD.replace(b"FN:Zora Quill 0\r\n", b""), "0 FN lines"),
        (GOOD.replace(b"FN:", b"NOTE:\r\n FN:"), "0 FN lines"),
        (GOOD.replace(b"FN:", b"FN:Else\r\nFN:"), "2 FN lines"),
        (GOOD.replace(b"N:Quill", b"X-N:Quill"), "0 N lines"),
        (GOOD.replace(b"VERSION:3.0\r\n", b""), "0 VERSION lines"),
        (GOOD.replace(b"UID:", b"UIDX:"), "0 UID lines"),
        (GOOD.replace(b"UID:7d1f3f0e", b"UID:7d1f3f0f"), "UID was changed"),
        (GOOD.replace(b"TITLE", b"<<<<<<< HEAD\r\nTITLE"), "conflict markers"),
        (GOOD.replace(b"TITLE", b"=======\nTITLE"), "conflict markers"),
        (GOOD.replace(b"Weaver", b"Weaver\xe9"), "not UTF-8"),
        (GOOD.replace(b"Weaver", b"Wea\0ver"), "control characters"),
        (GOOD + GOOD, "2 VERSION lines"),
    ],
)
def test_a_broken_card_is_refused(repo: Repo, data: bytes, words: str) -> None:
    _edit(repo, 0, data)
    assert words in plain(repo.path, "commit", "-qam", "mine", fails=True)


@pytest.mark.parametrize("way", ["add", "all", "path"])
def test_it_is_named_whatever_the_way(repo: Repo, way: str) -> None:
    _edit(repo, 0, b"broken")
    _edit(repo, 1, invented.card(1, "Fine"))
    before = history.main_tip(repo)
    ask = {"add": (), "all": ("-a",), "path": (invented.path(0),)}[way]
    if way == "add":
        plain(repo.path, "add", "-A")
    said = plain(repo.path, "commit", "-qm", "mine", *ask, fails=True)
    assert f"{invented.path(0)}: it does not begin" in said
    assert invented.path(1) not in said
    assert history.main_tip(repo) == before
    plain(repo.path, "commit", "-qm", "mine", "--no-verify", *ask)


def test_many_cards_are_checked_quickly_and_some_are_named(repo: Repo) -> None:
    edits: dict[str, bytes | None] = {invented.path(n): invented.card(n) for n in range(1000, 4000)}
    commit.record_commits(repo, [CommitDraft(edits, "many", invented.day(2))])
    for number in range(1000, 4000):
        _edit(repo, number, invented.card(number, "Changed") if number % 100 else b"broken")
    said = plain(repo.path, "commit", "-qam", "mine", fails=True)
    assert said.count("BEGIN:VCARD") == 20
    for number in range(1000, 4000, 100):
        _edit(repo, number, invented.card(number, "Changed"))
    plain(repo.path, "commit", "-qam", "mine")


def test_a_link_in_place_of_a_card(repo: Repo) -> None:
    (repo.path / invented.path(0)).unlink()
    (repo.path / invented.path(0)).symlink_to("elsewhere")
    assert invented.path(0) in plain(repo.path, "commit", "-qam", "mine", fails=True)


def test_a_copy_of_a_card_is_no_second_person(repo: Repo) -> None:
    _edit(repo, 0, invented.card(0))
    copy = repo.path / "contacts" / "copy of it ü.vcf"
    copy.write_bytes(invented.card(0))
    plain(repo.path, "add", "-A")
    said = plain(repo.path, "commit", "-qm", "mine", fails=True)
    assert "same UID" in said
    assert invented.path(0) in said
    assert "contacts/copy of it ü.vcf" in said
    plain(repo.path, "rm", "-q", "--cached", "contacts/copy of it ü.vcf")
    plain(repo.path, "mv", invented.path(0), "former")
    plain(repo.path, "commit", "-qm", "moved")


def test_a_card_that_was_broken_before_can_be_mended(repo: Repo) -> None:
    _edit(repo, 0, b"broken")
    plain(repo.path, "commit", "-qam", "mine", "--no-verify")
    _edit(repo, 0, invented.card(0))
    plain(repo.path, "commit", "-qam", "mended")


@pytest.mark.parametrize("way", ["-a", "--allow-empty", "add"])
@pytest.mark.parametrize("snapshots", [1, 2])
def test_an_unfinished_snapshot_is_not_undone(repo: Repo, way: str, snapshots: int) -> None:
    third = CommitDraft({invented.path(2): None}, "third", invented.day(3))
    invented.cut_off(repo, [invented.second(), third][:snapshots])
    head = history.main_tip(repo)
    ask = () if way == "add" else (way,)
    if way == "add":
        plain(repo.path, "add", "-A")
    said = plain(repo.path, "commit", "-qm", "mine", *ask, fails=True)
    assert "a snapshot is not finished" in said
    assert history.main_tip(repo) == head
    if way != "add":
        recovery.recover(repo)
        assert plain(repo.path, "status", "--porcelain") == ""
    assert not list(repo.git_dir.glob("li-vault-*"))


def test_an_unfinished_first_snapshot_is_not_undone(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    hooks.install_hooks(repo, invented.HOOKS)
    (repo.git_dir / "index").unlink()
    said = plain(vault_dir, "commit", "-qm", "mine", "--allow-empty", fails=True)
    assert "a snapshot is not finished" in said


def test_the_journal_counts_while_its_snapshot_is_the_newest(repo: Repo) -> None:
    head, old = commit.record_commits(repo, [invented.second()])[0], history.resolve(repo, "HEAD~1")
    note = repo.private / "unfinished"
    note.write_text(f"{old} {head}\n", "ascii")
    assert "not finished" in plain(repo.path, "commit", "-qm", "x", "--allow-empty", fails=True)
    note.write_text(f"{old} {'1' * 40}\n", "ascii")  # killed before the branch moved
    plain(repo.path, "commit", "-qm", "x", "--allow-empty")


def test_changes_staged_by_hand_are_no_unfinished_snapshot(repo: Repo) -> None:
    commit.record_commits(repo, [invented.second()])
    _edit(repo, 3, invented.card(3, "By hand"))
    plain(repo.path, "add", "-A")
    (repo.path / "list.txt").write_bytes(b"mine")
    plain(repo.path, "add", "list.txt")
    plain(repo.path, "commit", "-qm", "mine")
    plain(repo.path, "revert", "--no-edit", "HEAD")
    plain(repo.path, "revert", "--no-edit", "HEAD~2")


def test_the_first_commit_of_a_vault(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    hooks.install_hooks(repo, invented.HOOKS)
    _edit(repo, 0, b"broken")
    plain(vault_dir, "add", "-A")
    assert invented.path(0) in plain(vault_dir, "commit", "-qm", "mine", fails=True)
    _edit(repo, 0, invented.card(0))
    plain(vault_dir, "add", "-A")
    plain(vault_dir, "commit", "-qm", "mine")
