"""A vault that was begun and has no snapshot yet: sensible words, no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

import outside
from network import Network
from outside import Call, git


@pytest.fixture
def vault(call: Call, vault_dir: Path) -> Path:
    said = call("init", vault_dir)
    assert str(vault_dir) in said.out
    assert "snapshot" in said.out
    return vault_dir


def test_init_makes_a_private_folder_and_no_commit(call: Call, vault: Path) -> None:
    assert vault.stat().st_mode & 0o777 == 0o700
    assert (vault / "vault.toml").is_file()
    assert (vault / "README.md").is_file()
    assert git(vault, "symbolic-ref", "HEAD").strip() == "refs/heads/main"
    assert git(vault, "for-each-ref") == ""
    found = outside.one_object(call("init", vault, "--json"))
    assert found["created"] is False
    assert "already" in call("init", vault).out


def test_every_command_has_something_to_say(call: Call, vault: Path, tmp_path: Path) -> None:
    status = call("status", "--vault", vault)
    assert "0 contacts" in status.out
    assert "li-vault snapshot" in status.out
    found = outside.one_object(call("status", "--json", "--vault", vault))
    assert (found["snapshots"], found["contacts"], found["former"]) == (0, 0, 0)
    assert found["last"] is None
    assert found["overdue"] is True
    assert (found["pending_edits"], found["size"]) == (0, 0)
    call("status", "--check", "--vault", vault, status=1)
    assert "No snapshot" in call("log", "--vault", vault).out
    assert outside.one_object(call("log", "--json", "--vault", vault))["snapshots"] == []
    assert outside.one_object(call("find", "--json", "--vault", vault))["people"] == []
    assert call("find", "--vault", vault).out == ""
    call("find", "ada", "--vault", vault, status=1)
    call("find", "--at", "2026", "--vault", vault, status=1)
    call("show", "ada", "--vault", vault, status=1)
    call("log", "ada", "--vault", vault, status=1)
    assert "No difference" in call("diff", "--vault", vault).out
    found = outside.one_object(call("diff", "--json", "--exit-code", "--vault", vault))
    assert found["from"] == found["to"] == {"commit": None, "taken_on": None}
    call("diff", "HEAD~1", "--vault", vault, status=1)
    assert "remote add" in call("push", "--vault", vault).out
    assert "remote add" in call("remote", "list", "--vault", vault).out
    call("remote", "add", "nas", tmp_path / "nas.git", "--create", "--vault", vault)
    found = outside.one_object(call("push", "--json", "--vault", vault))
    assert found["remotes"]["nas"]["state"] == "up-to-date"
    assert "wrong" not in call("doctor", "--vault", vault).out
    assert all(
        one["ok"]
        for one in outside.one_object(call("doctor", "--json", "--vault", vault))["findings"]
    )
    assert git(vault, "for-each-ref") == ""


def test_the_first_snapshot_after_init_is_the_same_as_without(
    call: Call, vault: Path, tmp_path: Path, home: Path
) -> None:
    archive = outside.write(home, Network(seed=1, people=40))
    call("snapshot", archive, "--vault", vault)
    call("snapshot", archive, "--init", "--vault", tmp_path / "other")
    assert git(vault, "rev-parse", "HEAD") == git(tmp_path / "other", "rev-parse", "HEAD")
    assert git(vault, "status", "--porcelain") == ""


def test_what_lay_there_before_is_not_taken_over(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "dear.txt").write_text("dear")
    call("init", folder, status=5)
    assert [path.name for path in folder.iterdir()] == ["dear.txt"]


def test_the_vault_is_found_in_the_promised_order(
    call: Call, vault: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meant(*args: object) -> Path:
        return Path(outside.one_object(call("status", "--json", *args))["vault"])

    named, usual = tmp_path / "named", home / ".local/share/li-vault"
    call("init", named)
    call("init")
    assert meant() == usual
    monkeypatch.chdir(vault / ".git")
    assert meant() == vault
    monkeypatch.setenv("LI_VAULT", str(named))
    assert meant() == named
    assert meant("--vault", usual) == usual
    call("status", "--vault", tmp_path / "mistyped", status=5)
    call("status", "--vault", "", status=2)
    assert not (tmp_path / "mistyped").exists()
