from __future__ import annotations

import itertools
import os
from datetime import date
from pathlib import Path

import pytest

import invented
from invented import plain
from li_vault.errors import BadVault, GitFailed, NotFound
from li_vault.store import history
from li_vault.store.history import PathChange
from li_vault.store.repo import OWN_EMAIL, create_repo
from li_vault.store.write import commit
from li_vault.store.write.commit import CommitDraft


def test_a_vault_without_commits(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    assert history.main_tip(repo) is None
    assert list(history.commits(repo)) == []
    with pytest.raises(NotFound):
        history.resolve(repo, "HEAD")


def test_tip_is_found_when_references_are_packed(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    before = history.main_tip(repo)
    plain(vault_dir, "pack-refs", "--all")
    assert not (repo.git_dir / "refs/heads/main").exists()
    assert history.main_tip(repo) == before == plain(vault_dir, "rev-parse", "main").strip()


def test_revisions(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    first = history.main_tip(repo)
    (second,) = commit.record_commits(repo, [invented.second()])
    plain(vault_dir, "tag", "-a", "-m", "x", "spring", "HEAD~1")
    assert history.resolve(repo, "HEAD") == second
    assert history.resolve(repo, "HEAD~1") == first == history.resolve(repo, "spring")
    assert history.resolve(repo, second[:8]) == second


@pytest.mark.parametrize(
    "revision",
    [":/my edit", ":/^my", "HEAD^{/my edit}", "HEAD^{/first}~1^{/edit}", "spring^{}", "@{0}~1"],
)
def test_revisions_that_search_messages(vault_dir: Path, revision: str) -> None:
    repo = invented.begin(vault_dir)
    plain(vault_dir, "commit", "-q", "--allow-empty", "-m", "my edit {of} today")
    wanted = plain(vault_dir, "rev-parse", "HEAD").strip()
    plain(vault_dir, "tag", "-a", "-m", "x", "spring", "HEAD")
    plain(vault_dir, "commit", "-q", "--allow-empty", "-m", "the first {of} others")
    assert history.resolve(repo, revision) == wanted


@pytest.mark.parametrize(
    "revision",
    ["", "--all", "-n1", "HEAD~7", "no-such", "HEAD:vault.toml", "a\nb", "a\0b", "HEAD ",
     ":/no one", ":/", ":/["],
)  # fmt: skip
def test_what_is_no_revision(vault_dir: Path, revision: str) -> None:
    repo = invented.begin(vault_dir)
    with pytest.raises(NotFound):
        history.resolve(repo, revision)


def test_commits(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    (second,) = commit.record_commits(repo, [invented.second()])
    message = "Zoë 🪢\n\nbody\n"
    plain(vault_dir, "commit", "-q", "--allow-empty", "-m", message)
    found = list(history.commits(repo))
    assert [one.message for one in found] == [
        message, invented.second().message, invented.first().message
    ]  # fmt: skip
    assert [one.author for one in found] == ["somebody@example.invalid", OWN_EMAIL, OWN_EMAIL]
    assert found[1].id == second
    assert found[0].parents == (second,)
    assert found[2].parents == ()
    assert found[1].day == date(2026, 2, 20)
    assert found[1].tree == plain(vault_dir, "rev-parse", "HEAD~1^{tree}").strip()
    assert list(history.commits(repo, limit=2)) == found[:2]
    assert list(history.commits(repo, second)) == found[1:]
    assert next(history.commits(repo)) == found[0]  # and the rest is left


def test_only_first_parents_count(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    plain(vault_dir, "checkout", "-qb", "side")
    plain(vault_dir, "commit", "-q", "--allow-empty", "-m", "side")
    plain(vault_dir, "checkout", "-q", "main")
    plain(vault_dir, "merge", "-q", "--no-ff", "-m", "merged", "side")
    assert [one.message for one in history.commits(repo)] == ["merged\n", invented.first().message]


def test_files_and_bytes(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    ids = history.files(repo, "HEAD", ["contacts"])
    assert list(ids) == [invented.path(n) for n in range(6)]
    wanted = [ids[invented.path(n)] for n in (3, 0, 3)]
    assert list(history.read_objects(repo, wanted)) == [invented.card(n) for n in (3, 0, 3)]
    assert [history.blob_id(invented.card(n)) for n in (3, 0, 3)] == wanted
    assert list(history.read_objects(repo, [])) == []
    assert history.read_file(repo, "HEAD", "vault.toml") == b"format = 1\n"
    assert history.read_file(repo, "HEAD", "contacts") is None
    assert history.read_file(repo, "HEAD", "*.toml") is None
    asked = [
        ("HEAD", "vault.toml"),
        ("HEAD~9", "vault.toml"),
        ("HEAD", "no such"),
        ("HEAD", "a\tb"),
    ]
    assert history.read_files(repo, [*asked, asked[0]]) == [
        b"format = 1\n", None, None, None, b"format = 1\n"
    ]  # fmt: skip
    assert set(history.files(repo, "HEAD")) == set(invented.first().edits)
    found = history.entries(repo, "HEAD", ["contacts", "former", "exports/"])
    assert found == {
        path: plain(vault_dir, "rev-parse", f"HEAD:{path}").strip()
        for path in ("contacts", "exports/Connections.csv")
    }


def test_many_and_large_objects_are_read_in_a_stream(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    contents = [os.urandom(1 + n % 700) for n in range(5000)] + [os.urandom(3_000_000), b"", b"\n"]
    edits: dict[str, bytes | None] = {f"{n}": data for n, data in enumerate(contents)}
    commit.record_commits(repo, [CommitDraft(edits, "many", invented.day(1))])
    ids = [history.blob_id(data) for data in contents]
    assert list(history.read_objects(repo, ids)) == contents
    assert next(history.read_objects(repo, ids)) == contents[0]


def test_a_missing_or_damaged_object_is_named(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    lost = "12" * 20
    with pytest.raises(BadVault, match=f"{lost}.*missing"):
        list(history.read_objects(repo, [lost]))
    (pack,) = (repo.git_dir / "objects" / "pack").glob("*.pack")
    data = bytearray(pack.read_bytes())
    data[40:-30] = b"\xff" * len(data[40:-30])
    pack.chmod(0o600)
    pack.write_bytes(data)
    ids = list(history.files(repo, "HEAD", ["contacts"]).values())
    with pytest.raises(BadVault, match="can't be read"):
        list(history.read_objects(repo, ids))


def test_changes(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    (second,) = commit.record_commits(repo, [invented.second()])
    found = history.changed(repo, "HEAD~1", second, ["contacts", "former"])
    new, moved = history.blob_id(invented.card(9, "Newcomer")), history.blob_id(invented.card(1))
    changed = history.blob_id(invented.card(0)), history.blob_id(invented.card(0, "Weaver of nets"))
    assert found == [
        PathChange(invented.path(0), *changed),
        PathChange(invented.path(1), moved, None),
        PathChange(invented.path(9), None, new),
        PathChange(invented.path(1, "former"), None, moved),
    ]
    everything = history.changed(repo, None, second)
    assert {change.path: change.after for change in everything} == history.files(repo, second)
    assert history.changed(repo, second, second) == []


def test_a_persons_history(vault_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = invented.begin(vault_dir)
    first = history.main_tip(repo)
    ids = commit.record_commits(
        repo,
        [
            invented.second(),
            CommitDraft({invented.path(3): None}, "not asked for", invented.day(3)),
            CommitDraft({}, "nothing", invented.day(3)),
        ],
    )
    paths = [invented.path(1), invented.path(1, "former")]
    found = history.touching(repo, "HEAD", paths)
    ident = history.blob_id(invented.card(1))
    assert [(one.commit.id, one.changes) for one in found] == [
        (ids[0], (PathChange(paths[0], ident, None), PathChange(paths[1], None, ident))),
        (first, (PathChange(paths[0], None, ident),)),
    ]
    assert found[0].commit == list(history.commits(repo))[2]
    with monkeypatch.context() as patch:
        patch.setattr(history, "_AT_ONCE", 0)  # by one git for all paths, not one for each
        assert history.touching(repo, "HEAD", paths) == found
    with pytest.raises(GitFailed, match=r"bad revision|unknown revision|bad object"):
        history.touching(repo, "no-such-commit", paths)
    assert history.touching(repo, "HEAD", []) == []
    assert history.touching(repo, "HEAD", ["contacts/*"]) == []


def test_a_merge_counts_as_what_it_brought(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    plain(vault_dir, "checkout", "-qb", "side")
    (vault_dir / invented.path(0)).write_bytes(invented.card(0, "Side"))
    plain(vault_dir, "commit", "-qam", "side")
    plain(vault_dir, "checkout", "-q", "main")
    plain(vault_dir, "commit", "-q", "--allow-empty", "-m", "other")
    plain(vault_dir, "merge", "-q", "--no-ff", "-m", "merged", "side")
    found = history.touching(repo, "HEAD", [invented.path(0)])
    assert [one.commit.message for one in found] == ["merged\n", invented.first().message]
    assert all(len(one.changes) == 1 for one in found)


def test_commits_in_great_number(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    drafts = [CommitDraft({}, f"{n}\n" + "x" * 2000, invented.day(1)) for n in range(150)]
    ids = commit.record_commits(repo, drafts)
    assert [one.id for one in history.commits(repo)] == ids[::-1]
    assert len(list(itertools.islice(history.commits(repo), 70))) == 70
