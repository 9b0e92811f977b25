from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import invented
from invented import plain
from li_vault.errors import BadVault, GitFailed
from li_vault.store import history, state
from li_vault.store.repo import MAIN, Repo, create_repo, open_repo
from li_vault.store.write import commit, index, quarantine, recovery
from li_vault.store.write.commit import CommitDraft, CommitListener

SECOND = "85be031d093d67b903d3b88cef9d1c6cb21b1bff"
"""The commit of `invented.second()` on `invented.first()`: the same on every machine."""


def test_a_snapshot_is_an_ordinary_commit(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    assert plain(vault_dir, "status", "--porcelain") == ""
    assert plain(vault_dir, "branch", "--show-current") == "main\n"
    shown = plain(vault_dir, "log", "-1", "--format=%an <%ae>|%cn <%ce>|%aI|%cI|%G?")
    when = "2026-01-20T12:00:00+00:00"
    assert shown.rstrip("\n").replace("Z", "+00:00") == (
        f"li-vault <li-vault@localhost>|li-vault <li-vault@localhost>|{when}|{when}|N"
    )
    assert invented.files(repo) == invented.tree(repo) == dict(invented.first().edits)
    assert invented.is_whole(repo)


def test_every_kind_of_edit(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    stray = vault_dir / "contacts" / "list.txt"
    stray.write_bytes(b"mine")
    commit.record_commits(repo, [invented.second()])
    expected = {**invented.first().edits, **invented.second().edits}
    expected = {path: data for path, data in expected.items() if data is not None}
    assert invented.tree(repo) == expected
    assert invented.files(repo) == {**expected, "contacts/list.txt": b"mine"}
    assert plain(vault_dir, "status", "--porcelain") == "?? contacts/list.txt\n"


def test_several_drafts_chain(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    ids = commit.record_commits(repo, [invented.first(), invented.second()])
    assert plain(vault_dir, "rev-list", "--reverse", "HEAD").split() == ids
    assert commit.record_commits(repo, []) == []
    again = CommitDraft({}, "still the same", invented.day(3))
    (last,) = commit.record_commits(repo, [again])
    found = list(history.commits(repo))
    assert [one.id for one in found] == [last, ids[1], ids[0]]
    assert found[0].tree == found[1].tree
    assert plain(vault_dir, "reflog", "--format=%H").split() == [last, ids[1]]


@pytest.mark.parametrize("message", ["", "one line", " # kept\n\n\n\nend  \n\n", "Zoë 🪢\n"])
def test_a_message_is_recorded_exactly(vault_dir: Path, message: str) -> None:
    repo = create_repo(vault_dir)
    commit.record_commits(repo, [CommitDraft({"a": b""}, message, invented.day(1))])
    raw = repo.run("cat-file", "commit", "HEAD").partition(b"\n\n")[2]
    assert raw == message.encode()
    assert next(history.commits(repo)).message == message


HOSTILE = """
[user]
    name = Mallory
    email = mallory@example.invalid
[core]
    autocrlf = true
    eol = crlf
    safecrlf = true
    hooksPath = {home}/hooks
    attributesFile = {home}/attributes
    excludesFile = {home}/ignore
    fileMode = false
    compression = 0
    quotePath = true
    fsmonitor = {home}/hooks/fsmonitor
[commit]
    gpgSign = true
    template = {home}/template
    encoding = latin1
[i18n]
    commitEncoding = UTF-16
    logOutputEncoding = latin1
[init]
    defaultBranch = trunk
    templateDir = {home}/templates
    defaultObjectFormat = sha256
[gpg]
    program = /nonexistent
[filter "upper"]
    clean = tr a-z A-Z
    smudge = tr A-Z a-z
[diff]
    noprefix = true
    external = /nonexistent
    renames = copies
[log]
    showSignature = true
[status]
    showUntrackedFiles = no
[extensions]
    worktreeConfig = true
"""


def _hostile(home: Path) -> dict[str, str]:
    (home / ".gitconfig").write_text(HOSTILE.format(home=home), "utf-8")
    (home / "attributes").write_text("* text eol=crlf filter=upper\n", "utf-8")
    (home / "ignore").write_text("*.vcf\n", "utf-8")
    for folder in ("hooks", "templates/hooks"):
        (home / folder).mkdir(parents=True)
        for name in ("pre-commit", "reference-transaction", "post-index-change", "fsmonitor"):
            hook = home / folder / name
            hook.write_text(f"#!/bin/sh\necho ran >>'{home}/ran'\nexit 1\n", "utf-8")
            hook.chmod(0o755)
    return {
        "GIT_DIR": str(home / "elsewhere"),
        "GIT_WORK_TREE": str(home),
        "GIT_INDEX_FILE": str(home / "index"),
        "GIT_OBJECT_DIRECTORY": str(home / "objects"),
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_CONFIG_SYSTEM": str(home / ".gitconfig"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.autocrlf",
        "GIT_CONFIG_VALUE_0": "input",
        "GIT_AUTHOR_NAME": "Mallory",
        "GIT_AUTHOR_EMAIL": "mallory@example.invalid",
        "GIT_AUTHOR_DATE": "2001-01-01T00:00:00 +0500",
        "GIT_COMMITTER_NAME": "Mallory",
        "GIT_COMMITTER_DATE": "2001-01-01T00:00:00 +0500",
        "GIT_DEFAULT_HASH": "sha256",
        "GIT_NAMESPACE": "other",
        "GIT_TEMPLATE_DIR": str(home / "templates"),
        "GIT_TRACE": "1",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "tr_TR.UTF-8",
        "LANGUAGE": "tr",
    }


SCRIPT = """
import os, sys
from pathlib import Path
sys.path.insert(0, {tests!r} + "/support")
os.umask(int(sys.argv[2], 8))
import invented
from li_vault.store.write import commit, worktree
repo = invented.begin(Path(sys.argv[1]))
print(commit.record_commits(repo, [invented.second()])[0])
print(bool(worktree.worktree_changes(repo)), worktree.worktree_changes(repo).strays)
"""


@pytest.mark.parametrize(("hostile", "umask"), [(False, "022"), (True, "077"), (True, "000")])
def test_the_same_everywhere(home: Path, tmp_path: Path, hostile: bool, umask: str) -> None:
    """User, machine, locale, time zone, umask and configuration change nothing."""
    place = tmp_path / "some vault, 'quoted' $HOME"
    extra = _hostile(home) if hostile else {}
    tests = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(tests=tests), str(place), umask],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **extra},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == [SECOND, "False []"]
    assert not (home / "ran").exists()
    assert (place.stat().st_mode & 0o777, (place / ".git").stat().st_mode & 0o777) == (0o700, 0o700)


def test_a_hostile_configuration_of_the_vault_itself(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    for key, value in (
        ("core.autocrlf", "true"),
        ("core.eol", "crlf"),
        ("core.fsmonitor", "true"),
        ("core.splitIndex", "true"),
        ("core.untrackedCache", "true"),
        ("commit.gpgSign", "true"),
        ("i18n.commitEncoding", "latin1"),
        ("core.compression", "9"),
        ("core.ignoreStat", "true"),
        ("core.checkStat", "minimal"),
        ("core.fileMode", "true"),
        ("fastimport.unpackLimit", "10000"),
        ("index.version", "4"),
        ("status.showUntrackedFiles", "no"),
    ):
        plain(vault_dir, "config", key, value)
    commit.record_commits(repo, [invented.first()])
    assert commit.record_commits(repo, [invented.second()]) == [SECOND]
    assert invented.files(repo) == invented.tree(repo)
    assert invented.is_whole(repo)


def test_someone_else_committed_meanwhile(vault_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = invented.begin(vault_dir)
    admit = quarantine.migrate

    def late(one: Repo) -> None:
        admit(one)
        plain(vault_dir, "commit", "-q", "--allow-empty", "-m", "mine")

    monkeypatch.setattr(quarantine, "migrate", late)
    with pytest.raises(BadVault, match="meanwhile"):
        commit.record_commits(repo, [invented.second()])
    monkeypatch.setattr(quarantine, "migrate", admit)
    assert plain(vault_dir, "log", "-1", "--format=%s") == "mine\n"
    assert plain(vault_dir, "status", "--porcelain") == ""
    assert recovery.recover(repo) in {"", "Removed what an interrupted snapshot left behind."}
    commit.record_commits(repo, [invented.second()])
    assert invented.is_whole(repo)


def test_objects_that_a_concurrent_gc_drops_are_written_again(
    vault_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = invented.begin(vault_dir)
    admit = quarantine.migrate
    calls: list[int] = []

    def gc_after(one: Repo) -> None:
        admit(one)
        if not calls:
            plain(vault_dir, "repack", "-adq")
            plain(vault_dir, "prune", "--expire=now")
        calls.append(1)

    swap = commit._swap

    def unchecked(one: Repo, old: str | None, new: str) -> None:
        # As if git's own look at the object had come just before it was dropped.
        one.git_dir.joinpath(MAIN).write_text(new + "\n", "ascii")

    monkeypatch.setattr(quarantine, "migrate", gc_after)
    monkeypatch.setattr(commit, "_swap", unchecked)
    commit.record_commits(repo, [invented.second()])
    assert swap is not commit._swap
    assert len(calls) == 2
    assert plain(vault_dir, "rev-parse", "HEAD").strip() == SECOND
    assert invented.is_whole(repo)


def test_hand_edits_made_meanwhile_stay(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    (vault_dir / invented.path(0)).write_bytes(b"by hand")
    (vault_dir / invented.path(1)).write_bytes(b"by hand, too")
    (vault_dir / invented.path(9)).write_bytes(b"a stray in a new card's place")
    commit.record_commits(repo, [invented.second()])
    assert (vault_dir / invented.path(0)).read_bytes() == b"by hand"
    assert (vault_dir / invented.path(1)).read_bytes() == b"by hand, too"
    assert (vault_dir / invented.path(9)).read_bytes() == b"a stray in a new card's place"
    assert invented.tree(repo)[invented.path(0)] == invented.card(0, "Weaver of nets")


def test_hand_edits_that_were_taken_up_are_written_over(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    typed = invented.card(0, extra="NOTE:met in spring")
    (vault_dir / invented.path(0)).write_bytes(typed.replace(b"\r\n", b"\n"))
    by_hand = CommitDraft({invented.path(0): typed}, "Edited by hand: 1 contacts", invented.day(2))
    seen = {invented.path(0): typed.replace(b"\r\n", b"\n")}
    commit.record_commits(repo, [by_hand, invented.second()], seen=seen)
    assert invented.files(repo) == invented.tree(repo)
    assert plain(vault_dir, "status", "--porcelain") == ""


def test_what_a_user_staged_stays_staged(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    (vault_dir / invented.path(5)).write_bytes(invented.card(5, "By hand"))
    plain(vault_dir, "add", invented.path(5))
    (vault_dir / "list.txt").write_bytes(b"mine")
    plain(vault_dir, "add", "list.txt")
    assert commit.record_commits(repo, [invented.second()]) == [SECOND]
    assert plain(vault_dir, "status", "--porcelain").splitlines() == [
        f"M  {invented.path(5)}",
        "A  list.txt",
    ]


def test_an_index_that_changes_meanwhile_is_kept(
    vault_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = invented.begin(vault_dir)
    take = index._take
    calls: list[int] = []

    def add_first(one: Repo, place: Path) -> None:
        if not calls:
            (vault_dir / "list.txt").write_bytes(b"mine")
            plain(vault_dir, "add", "list.txt")
        calls.append(1)
        take(one, place)

    monkeypatch.setattr(index, "_take", add_first)
    commit.record_commits(repo, [invented.second()])
    assert plain(vault_dir, "status", "--porcelain") == "A  list.txt\n"


def test_progress_ends_with_all_edits(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    told: list[int] = []
    draft = invented.first(3000)
    commit.record_commits(repo, [draft], listener=CommitListener(told.append))
    assert told == sorted(told)
    assert told[-1] == len(draft.edits)
    assert len(told) > 1


def test_two_recorders_take_turns(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)

    def work(number: int) -> None:
        mine = open_repo(vault_dir)
        with state.hold_lock(mine, timeout=60):
            recovery.recover(mine)
            edits = {invented.path(100 + number): invented.card(100 + number)}
            commit.record_commits(mine, [CommitDraft(edits, f"{number}", invented.day(2))])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(history.commits(repo))) == 7
    assert invented.files(repo) == invented.tree(repo)
    assert invented.is_whole(repo)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount a small disk"
)
@pytest.mark.parametrize("kilobytes", [200, 260, 340, 460, 620, 800])
def test_a_full_disk(tmp_path: Path, kilobytes: int) -> None:
    """Whatever step it stops, nothing is half done once there is space again."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        repo = invented.begin(disk / "vault")
        used = sum(found.stat().st_blocks * 512 for found in disk.rglob("*"))
        ballast = disk / "ballast"
        ballast.write_bytes(b"x" * (4_194_304 - used - kilobytes * 1024))
        edits: dict[str, bytes | None] = {
            invented.path(n): invented.card(n, os.urandom(400).hex()) for n in range(150)
        }
        draft = CommitDraft(edits, "many", invented.day(2))
        before = history.main_tip(repo)
        ended = _ends(repo, draft)
        ballast.unlink()
        again = open_repo(disk / "vault")
        with state.hold_lock(again):
            recovery.recover(again)
        if ended:
            assert history.main_tip(again) != before
        assert plain(again.path, "status", "--porcelain") == ""
        assert invented.files(again) == invented.tree(again)
        assert invented.is_whole(again)
    finally:
        subprocess.run(["umount", str(disk)], capture_output=True, check=False)


def _ends(repo: Repo, draft: CommitDraft) -> bool:
    """Whether it can be recorded; if not, the error says what to do."""
    try:
        commit.record_commits(repo, [draft])
    except (GitFailed, BadVault) as error:
        if not error.hint:
            raise
        return False
    return True
