"""The platform's folders, and users who have none."""

from __future__ import annotations

from pathlib import Path

import pytest

from li_vault.errors import BadUsage
from li_vault.host import user_folders

PLACES = [
    user_folders.home_folder,
    user_folders.config_folder,
    user_folders.data_folder,
    user_folders.log_folder,
    user_folders.downloads_folder,
]


@pytest.mark.parametrize("place", PLACES)
def test_folders_are_the_platforms(place: object, home: Path) -> None:
    assert callable(place)
    assert Path(place()).is_relative_to(home)


@pytest.mark.parametrize("place", PLACES)
def test_without_a_home_that_is_said(place: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object) -> Path:
        msg = "Could not determine home directory."
        raise RuntimeError(msg)

    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_DOWNLOAD_DIR"):
        monkeypatch.delenv(name)
    monkeypatch.setattr(Path, "home", nobody)
    monkeypatch.setattr("os.path.expanduser", str)
    assert callable(place)
    with pytest.raises(BadUsage, match="no home folder"):
        place()


def test_a_sign_that_no_shell_has_seen(home: Path) -> None:
    assert user_folders.expand_path("~/x", Path("/a")) == home / "x"
    assert user_folders.expand_path("~nobody-at-all/x", Path("/a")) == Path("/a/~nobody-at-all/x")
    assert user_folders.expand_path("x", Path("/a")) == Path("/a/x")
