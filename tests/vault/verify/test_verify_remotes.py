"""Proofs of off-site copies: every place of a remote is fetched, restored and looked at."""

from __future__ import annotations

import base64
import os
import shutil
from pathlib import Path

import pytest

import outside
import servers
from network import Network
from outside import Call, git


def _flip(path: Path, bit: int | None = None) -> None:
    """Flip one bit of a file, by default in its middle."""
    data = bytearray(path.read_bytes())
    place = len(data) * 4 if bit is None else bit
    data[place // 8] ^= 1 << place % 8
    path.chmod(0o644)
    path.write_bytes(data)


def test_a_copy_is_restored_proved_and_dated(call: Call, vault: Path, copied: Path) -> None:
    found = outside.verified(call, vault, "--all")
    one = found["remotes"]["nas"]
    assert (one["whole"], one["behind"], one["ahead"], one["error"]) == (True, 0, 0, None)
    assert one["counts"] == found["vault"]["counts"]
    assert one["url"] == str(copied)
    assert outside.scratch(vault) == []
    state = outside.one_object(call("status", "--json", "--vault", vault))["remotes"]
    assert state["nas"]["last_verified"] == "2028-01-01"
    assert "li-vault.nas" not in call("doctor", "--vault", vault, status=None).out
    call("remote", "remove", "nas", "--vault", vault)
    call("remote", "add", "nas", copied, "--vault", vault)
    state = outside.one_object(call("status", "--json", "--vault", vault))["remotes"]
    assert state["nas"]["last_verified"] is None


def test_only_a_remote_and_what_it_lacks(
    call: Call, vault: Path, copied: Path, home: Path, network: Network
) -> None:
    network.advance()
    call("snapshot", outside.write(home, network), "--no-push", "--vault", vault)
    found = outside.verified(call, vault, "--remote", "nas")
    assert found["vault"] is None
    assert found["remotes"]["nas"]["behind"] == 1
    assert found["remotes"]["nas"]["counts"]["derived"] == 3
    call("verify", "--remote", "bank", "--vault", vault, status=2)
    call("verify", "--remote", "nas", "--all", "--vault", vault, status=2)


def test_a_damaged_vault_says_nothing_of_its_copy(call: Call, vault: Path, copied: Path) -> None:
    pack = max((vault / ".git" / "objects" / "pack").glob("*.pack"), key=lambda p: p.stat().st_size)
    _flip(pack)
    call("verify", "--vault", vault, status=1)
    assert outside.verified(call, vault, "--remote", "nas")["whole"] is True
    assert copied.exists()


def test_a_remote_that_is_not_there(call: Call, vault: Path, copied: Path) -> None:
    copied.rename(copied.with_name("away.git"))
    said = call("verify", "--remote", "nas", "--json", "--vault", vault, status=6)
    assert outside.one_object(said)["error"]["kind"] == "git"
    found = outside.verified(call, vault, "--all", status=6)
    assert (found["whole"], found["vault"]["whole"]) == (False, True)
    one = found["remotes"]["nas"]
    assert (one["whole"], one["error"]["status"]) == (None, 6)
    assert "could not be reached" in call("verify", "--all", "--vault", vault, status=6).out
    state = outside.one_object(call("status", "--json", "--vault", vault))["remotes"]
    assert state["nas"]["last_verified"] is None


def test_a_remote_to_which_nothing_was_pushed(call: Call, vault: Path, tmp_path: Path) -> None:
    call("remote", "add", "new", tmp_path / "new.git", "--create", "--vault", vault)
    found = outside.verified(call, vault, "--all")
    assert found["whole"] is False
    one = found["remotes"]["new"]
    assert (one["whole"], one["tip"], one["behind"], one["findings"]) == (None, None, 3, [])
    assert "new is empty" in call("verify", "--all", "--vault", vault).out
    state = outside.one_object(call("status", "--json", "--vault", vault))["remotes"]["new"]
    assert state["last_verified"] is None


def test_every_place_of_a_remote_is_proved(
    call: Call, vault: Path, copied: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second.git"
    shutil.copytree(copied, second)
    for place in (copied, second):
        git(vault, "config", "--add", "remote.nas.pushurl", str(place))
    assert outside.verified(call, vault, "--remote", "nas")["remotes"]["nas"]["whole"] is True
    for place, other in ((copied, second), (second, copied)):
        kept = tmp_path / "kept"
        shutil.copytree(place, kept)
        shutil.rmtree(place / "objects")
        (place / "objects").mkdir()
        found = outside.verified(call, vault, "--remote", "nas", status=1)["remotes"]["nas"]
        assert found["whole"] is False
        assert all(str(place) in one["message"] for one in found["findings"])
        assert not any(str(other) in one["message"] for one in found["findings"])
        shutil.rmtree(place)
        kept.rename(place)


def test_a_remote_that_may_not_be_read_is_not_damaged(
    call: Call, vault: Path, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(copied / "objects")
    (copied / "objects").mkdir()
    may = os.access
    monkeypatch.setattr(  # root may read everything
        os, "access", lambda path, mode: copied.name not in str(path) and may(path, mode)
    )
    error = outside.one_object(
        call("verify", "--remote", "nas", "--json", "--vault", vault, status=6)
    )["error"]
    assert "may not be read" in error["message"]


def test_damage_in_a_remote(call: Call, vault: Path, copied: Path) -> None:
    git(copied, "repack", "-a", "-d", "-q")
    _flip(max((copied / "objects" / "pack").glob("*.pack"), key=lambda p: p.stat().st_size))
    found = outside.verified(call, vault, "--all", status=1)
    assert found["vault"]["whole"] is True
    one = found["remotes"]["nas"]
    assert one["whole"] is False
    assert outside.kinds(one) == {"object"}
    assert one["findings"][0]["hint"]
    assert outside.scratch(vault) == []


def test_a_remote_that_went_back(call: Call, vault: Path, copied: Path) -> None:
    was = git(vault, "rev-parse", "main").strip()
    git(copied, "update-ref", "refs/heads/main", git(vault, "rev-parse", "main~1").strip())
    found = outside.verified(call, vault, "--remote", "nas", status=1)["remotes"]["nas"]
    assert found["behind"] == 1
    assert [(one["kind"], one["commit"]) for one in found["findings"]] == [("history", was)]


@pytest.mark.parametrize("routine", [("remote", "check"), ("push",)])
def test_routine_does_not_hide_that_a_remote_went_back(
    routine: tuple[str, ...], call: Call, vault: Path, copied: Path
) -> None:
    was = git(vault, "rev-parse", "main").strip()
    git(copied, "update-ref", "refs/heads/main", git(vault, "rev-parse", "main~1").strip())
    said = call(*routine, "--json", "--vault", vault, status=None)
    if routine == ("push",):
        reason = outside.one_object(said)["remotes"]["nas"]["reason"]
        assert "had lost commits" in reason
        found = outside.verified(call, vault, "--remote", "nas")["remotes"]["nas"]
        assert any(was[:10] in note for note in found["notes"])
        found = outside.verified(call, vault, "--remote", "nas")["remotes"]["nas"]
        assert found["notes"] == []
    else:
        found = outside.verified(call, vault, "--remote", "nas", status=1)["remotes"]["nas"]
        assert [(one["kind"], one["commit"]) for one in found["findings"]] == [("history", was)]


def test_a_remote_with_another_history(
    call: Call, vault: Path, copied: Path, tmp_path: Path
) -> None:
    call("restore", copied, tmp_path / "other")
    other = tmp_path / "other"
    git(other, "reset", "-q", "--hard", "HEAD~1")
    git(other, "commit", "-q", "--no-verify", "--allow-empty", "-m", "Other")
    git(copied, "config", "receive.denyNonFastForwards", "false")
    (copied / "hooks" / "pre-receive").unlink()
    git(other, "push", "-q", "--no-verify", "-f", "origin", "main")
    found = outside.verified(call, vault, "--remote", "nas", status=1)["remotes"]["nas"]
    assert outside.kinds(found) == {"history"}
    assert found["behind"] is found["ahead"] is None


def test_one_remote_that_can_not_be_used_hides_no_other(
    call: Call, vault: Path, copied: Path
) -> None:
    git(vault, "remote", "add", "bad", "ext::sh -c whoami")
    found = outside.verified(call, vault, "--all", status=6)
    assert found["vault"]["whole"] is found["remotes"]["nas"]["whole"] is True
    assert found["remotes"]["bad"]["whole"] is None
    assert "ext" in found["remotes"]["bad"]["error"]["message"]
    call("verify", "--remote", "bad", "--vault", vault, status=2)


def test_a_copy_is_reached_as_the_vault_itself_reaches_it(
    call: Call, vault: Path, copied: Path, tmp_path: Path
) -> None:
    root = tmp_path / "served"
    root.mkdir()
    shutil.copytree(copied, root / "v.git")
    with servers.forge(root) as forge:
        git(vault, "remote", "add", "web", f"{forge.address}/private/v.git")
        call("verify", "--remote", "web", "--vault", vault, status=6)
        login = base64.b64encode(f"quill:{servers.PASSWORD}".encode()).decode()
        git(vault, "config", "http.extraHeader", f"Authorization: Basic {login}")
        found = outside.verified(call, vault, "--remote", "web")["remotes"]["web"]
    assert found["whole"] is True
