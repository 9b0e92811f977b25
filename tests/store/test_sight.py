from __future__ import annotations

from pathlib import Path

import pytest

import servers
from li_vault.store import addresses, glance, sight


def test_what_need_not_be_looked_at() -> None:
    assert sight.look("git://host.example/a").visible is True
    assert sight.look("git@host.example:a").visible is False
    assert sight.look("ssh://git@host.example/a").visible is False
    assert sight.look("gcrypt::https://host.example/a").visible is False


@pytest.mark.parametrize(
    "url",
    [
        "git@github.com:quill/vault.git",
        "ssh://git@github.com/quill/vault.git",
        "ssh://git@ssh.github.com:443/quill/vault.git",
        "github.com:/quill/vault.git",
    ],
)
def test_a_forge_behind_ssh_is_looked_at_on_the_web(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def look(address: str, seconds: float = 0) -> sight.Sight:
        asked.append(address)
        return sight.Sight(True, "seen")

    monkeypatch.setattr(sight, "_look_at_web", look)
    assert sight.look(url).visible is True
    assert asked == ["https://github.com/quill/vault.git"]


def test_folders(tmp_path: Path) -> None:
    folder = tmp_path / "outer" / "vault.git"
    servers.bare(folder)
    parents = [tmp_path, *tmp_path.parents]
    closed = any(not parent.stat().st_mode & 0o001 for parent in parents)
    folder.chmod(0o755)
    (tmp_path / "outer").chmod(0o755)
    assert sight._look_at_folder(folder, above=tmp_path).visible is True
    assert sight.look(str(folder)).visible is (not closed)
    assert sight.look("outer/vault.git", tmp_path).visible is (not closed)
    assert sight.look("outer/vault.git").visible is None
    folder.chmod(0o700)
    assert sight._look_at_folder(folder, above=tmp_path).visible is False
    folder.chmod(0o755)
    (tmp_path / "outer").chmod(0o700)
    assert sight._look_at_folder(folder, above=tmp_path).visible is False
    assert sight.look(f"file://{folder}").visible is False
    assert sight.look(str(tmp_path / "nothing")).visible is None


def test_forges_are_spelled_as_hosts() -> None:
    for host in sight.FORGES:
        assert addresses.scp_parts(f"git@{host}:a/b") == (host, "a/b")


@pytest.mark.parametrize("location", ["http://[", "http://host.example:99999/", "//]"])
def test_a_redirect_that_cannot_be_read(location: str) -> None:
    assert glance._onward("http://host.example/a", location) is None
