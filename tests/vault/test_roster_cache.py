from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import invented
import people
from li_vault.core.model import Contact, Roster
from li_vault.store import state
from li_vault.store.repo import Repo
from li_vault.vault import roster_cache
from li_vault.vault.roster_cache import load_roster, save_roster

ROSTER = Roster({people.UID: people.contact(own=("NOTE:x",))}, frozenset({people.UID}))


@pytest.fixture
def repo(vault_dir: Path) -> Repo:
    return invented.begin(vault_dir)


def file_of(repo: Repo) -> Path:
    return repo.private / "roster"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(people.contacts(), max_size=3), st.booleans())
def test_what_is_saved_is_loaded(repo: Repo, contacts: list[Contact], crooked: bool) -> None:
    everyone = {contact.uid: contact for contact in contacts}
    roster = Roster(everyone, frozenset(list(everyone)[:1] if crooked else ()))
    save_roster(repo, "key", roster)
    found = load_roster(repo, "key")
    assert found == roster
    assert list(found.contacts) == list(everyone)
    for contact, kept in zip(roster, found, strict=True):
        assert type(kept) is Contact
        assert type(kept.person) is type(kept.shown) is type(people.ADA)
        assert (kept.shown is kept.person) == (contact.shown is contact.person)


def test_another_key_or_version_is_not_loaded(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_roster(repo, "key") is None
    save_roster(repo, "key", ROSTER)
    assert load_roster(repo, "other") is None
    monkeypatch.setattr(roster_cache, "_VERSION", 1)
    assert load_roster(repo, "key") is None


def test_any_damage_is_noticed(repo: Repo) -> None:
    save_roster(repo, "key", ROSTER)
    data = file_of(repo).read_bytes()
    for place in range(len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 0x20
        for spoilt in (bytes(damaged), data[:place]):
            file_of(repo).write_bytes(spoilt)
            assert load_roster(repo, "key") is None
    file_of(repo).write_bytes(data)
    assert load_roster(repo, "key") == ROSTER


@pytest.mark.parametrize("value", [None, [], {}, "x", 5, [5, "key", [], [["u"]]], [5, "key", 1, 2]])
def test_anything_else_is_not_loaded(repo: Repo, value: object) -> None:
    state.save_state(repo, "roster", value)
    assert load_roster(repo, "key") is None


def test_it_is_text_that_runs_nothing(repo: Repo) -> None:
    save_roster(repo, "key", ROSTER)
    json.loads(file_of(repo).read_bytes().partition(b"\n")[2])
