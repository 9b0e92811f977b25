from __future__ import annotations

import os
from pathlib import Path

import pytest

from li_vault.store import history
from li_vault.store.repo import open_repo
from li_vault.store.write import commit, quarantine
from li_vault.store.write.commit import CommitDraft
from store import invented

LARGE = os.urandom(quarantine.LARGE)


def test_a_large_blob_is_stored_ahead_and_recorded(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    draft = CommitDraft({"exports/Connections.csv": LARGE}, "Snapshot x\n", invented.day(2))
    with quarantine.ahead(repo, [LARGE]) as stored:
        commit.record_commits(repo, [draft], stored=stored)
    assert history.read_file(repo, "HEAD", "exports/Connections.csv") == LARGE
    assert invented.is_whole(repo)


def test_what_is_not_recorded_is_forgotten(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    with quarantine.ahead(repo, [LARGE]) as stored:
        assert stored() == {LARGE: history.blob_id(LARGE)}
    assert not quarantine.quarantine_folder(repo).exists()
    with pytest.raises(ZeroDivisionError), quarantine.ahead(repo, [LARGE]):
        raise ZeroDivisionError
    assert not quarantine.quarantine_folder(repo).exists()
    assert b"missing" in repo.run("cat-file", "--batch-check", stdin=_id(LARGE), ok=(0,))


def test_small_and_several_blobs_are_not_begun(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    for blobs in ([], [b"small"], [LARGE, LARGE + b"x"]):
        with quarantine.ahead(repo, blobs) as stored:
            assert stored() == {}
            assert not quarantine.quarantine_folder(repo).exists()


def test_that_it_fails_is_no_error(vault_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = invented.begin(vault_dir)
    monkeypatch.setitem(repo.environment, "GIT_CONFIG_COUNT", "broken")
    with quarantine.ahead(repo, [LARGE]) as stored:
        assert stored() == {}
        monkeypatch.undo()
        draft = CommitDraft({"exports/Connections.csv": LARGE}, "Snapshot x\n", invented.day(2))
        commit.record_commits(open_repo(vault_dir), [draft], stored=stored)
    assert history.read_file(repo, "HEAD", "exports/Connections.csv") == LARGE


def _id(data: bytes) -> bytes:
    return history.blob_id(data).encode() + b"\n"
