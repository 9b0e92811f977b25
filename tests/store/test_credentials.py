"""User names and passwords in addresses, and how they are handed to git."""

from __future__ import annotations

import pytest

from li_vault.errors import BadUsage
from li_vault.store import credentials


@pytest.mark.parametrize(
    "url",
    [
        "https://example.invalid/v.git",
        "git@example.invalid:me/v.git",
        "ssh://git@example.invalid/v.git",
        "file:///srv/v%20x.git",
        "/srv/what?/v#1.git",
    ],
)
def test_nothing_to_take_out(url: str) -> None:
    found = credentials.taken_out(url)
    assert found == (url, (), {}, False)


def test_a_password_goes_by_the_environment_and_for_one_host() -> None:
    found = credentials.taken_out("https://m%40e:p%3Aw@example.invalid:8443/a/v.git")
    assert found.url == "https://example.invalid:8443/a/v.git"
    assert found.had_any
    assert list(found.environment.values()) == ["p:w"]
    assert {key.rpartition(".")[0] for key, _ in found.settings} == {
        "credential.https://example.invalid:8443"
    }
    assert ("credential.https://example.invalid:8443.username", "m@e") in found.settings
    assert not any("p:w" in value for _, value in found.settings)


def test_a_name_alone_leaves_the_users_helpers_to_answer() -> None:
    found = credentials.taken_out("https://token@example.invalid/v.git")
    assert found.url == "https://example.invalid/v.git"
    assert [key.rpartition(".")[2] for key, _ in found.settings] == ["username"]
    assert found.environment == {}


@pytest.mark.parametrize("end", ["?token=t0ken", "#t0ken"])
def test_no_part_behind_the_path(end: str) -> None:
    with pytest.raises(BadUsage) as caught:
        credentials.taken_out(f"https://example.invalid/v.git{end}")
    assert "?token" not in caught.value.message
