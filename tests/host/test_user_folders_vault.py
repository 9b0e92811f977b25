from __future__ import annotations

from pathlib import Path

import pytest

from li_vault.errors import BadUsage
from li_vault.host import user_folders
from li_vault.host.user_folders import VaultPlace, vault_folder


def inside(_: Path) -> Path:
    return Path("/somewhere/enclosing")


def outside(_: Path) -> None:
    return None


def test_the_option_is_heard_first(tmp_path: Path) -> None:
    environ = {"LI_VAULT": "/environment"}
    assert vault_folder("/given", environ, tmp_path, inside) == VaultPlace(Path("/given"), "option")


def test_then_the_environment(tmp_path: Path) -> None:
    place = vault_folder(None, {"LI_VAULT": "/environment"}, tmp_path, inside)
    assert place == VaultPlace(Path("/environment"), "environment")


def test_then_the_vault_around_the_current_folder(tmp_path: Path) -> None:
    asked: list[Path] = []

    def look(folder: Path) -> Path:
        asked.append(folder)
        return tmp_path

    assert vault_folder(None, {}, tmp_path / "contacts", look) == VaultPlace(tmp_path, "enclosing")
    assert asked == [tmp_path / "contacts"]


def test_then_the_usual_place(tmp_path: Path, home: Path) -> None:
    place = vault_folder(None, {}, tmp_path, outside)
    assert place == VaultPlace(user_folders.data_folder(), "default")
    assert place.path.name == "li-vault"
    assert place.path.is_relative_to(home)


def test_an_empty_variable_is_none(tmp_path: Path) -> None:
    assert vault_folder(None, {"LI_VAULT": ""}, tmp_path, outside).origin == "default"


def test_an_empty_option_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(BadUsage):
        vault_folder("", {}, tmp_path, outside)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("my-vault", "/here/my-vault"), ("./a/b", "/here/a/b"), ("~no-such-user/x", None)],
)
def test_relative_paths_begin_in_the_current_folder(text: str, expected: str | None) -> None:
    place = vault_folder(text, {}, Path("/here"), outside)
    assert place.path == Path(expected or f"/here/{text}")


def test_the_sign_for_home_is_understood(home: Path) -> None:
    for place in (
        vault_folder("~/v", {}, Path("/here"), outside),
        vault_folder(None, {"LI_VAULT": "~/v"}, Path("/here"), outside),
    ):
        assert place.path == home / "v"
