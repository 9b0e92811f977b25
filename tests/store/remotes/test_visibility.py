from __future__ import annotations

from pathlib import Path

import pytest

import servers
from li_vault.store.remotes import urls, visibility


def test_what_need_not_be_looked_at() -> None:
    assert visibility.check_visibility("git://host.example/a").visible is True
    assert visibility.check_visibility("git@host.example:a").visible is False
    assert visibility.check_visibility("ssh://git@host.example/a").visible is False
    assert visibility.check_visibility("gcrypt::https://host.example/a").visible is False


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

    def look(address: str, seconds: float = 0) -> visibility.Visibility:
        asked.append(address)
        return visibility.Visibility(True, "seen")

    monkeypatch.setattr(visibility, "_look_at_web", look)
    assert visibility.check_visibility(url).visible is True
    assert asked == ["https://github.com/quill/vault.git"]


def test_folders(tmp_path: Path) -> None:
    folder = tmp_path / "outer" / "vault.git"
    servers.bare(folder)
    parents = [tmp_path, *tmp_path.parents]
    closed = any(not parent.stat().st_mode & 0o001 for parent in parents)
    folder.chmod(0o755)
    (tmp_path / "outer").chmod(0o755)
    assert visibility._look_at_folder(folder, above=tmp_path).visible is True
    assert visibility.check_visibility(str(folder)).visible is (not closed)
    assert visibility.check_visibility("outer/vault.git", tmp_path).visible is (not closed)
    assert visibility.check_visibility("outer/vault.git").visible is None
    folder.chmod(0o700)
    assert visibility._look_at_folder(folder, above=tmp_path).visible is False
    folder.chmod(0o755)
    (tmp_path / "outer").chmod(0o700)
    assert visibility._look_at_folder(folder, above=tmp_path).visible is False
    assert visibility.check_visibility(f"file://{folder}").visible is False
    assert visibility.check_visibility(str(tmp_path / "nothing")).visible is None


def test_forges_are_spelled_as_hosts() -> None:
    for host in visibility.FORGES:
        assert urls.parse_scp(f"git@{host}:a/b") == (host, "a/b")


@pytest.mark.parametrize("location", ["http://[", "http://host.example:99999/", "//]"])
def test_a_redirect_that_cannot_be_read(location: str) -> None:
    assert visibility._onward("http://host.example/a", location) is None
