"""What is told when: once, again after a week, and not before it has to be."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

import outside
import websites
from desktops import Desktop
from li_vault.host import user_folders
from network import Network
from outside import DAY, Call, Remind, git, paths
from websites import Member, Monitor

NEEDS_YOU = "LinkedIn contacts: something needs you"
DUE = "LinkedIn contacts: a snapshot is due"


def titles(said: dict[str, object]) -> list[str]:
    told = said["told"]
    assert isinstance(told, list)
    return [one["title"] for one in told]


def test_what_was_refused_is_told_again_each_week_in_place_of_the_next_export(
    remind: Remind, network: Network, folder: Path, vault: Path, call: Call, monitor: Monitor,
    desktop: Desktop,
) -> None:  # fmt: skip
    network.advance()
    strangers = Network(seed=91, people=50, day=DAY).connections()
    refused = folder / network.archive_name
    refused.write_bytes(network.archive({"Connections.csv": strangers}))
    not_recorded = f"Not recorded: {refused.name}"
    assert titles(remind(31, status=4)) == [not_recorded]
    told = {after: titles(remind(after)) for after in (32, 37, 38, 40, 45, 46)}
    assert told == {32: [], 37: [], 38: [not_recorded], 40: [], 45: [not_recorded], 46: []}
    assert set(paths(monitor)) == {"/fail"}
    assert "Not recorded yet: 1 export." in call("remind", "--vault", vault).out
    refused.unlink()
    assert titles(remind(47)) == [DUE]


def test_a_list_of_a_day_to_come_is_told_once_and_then_weekly(
    remind: Remind, network: Network, folder: Path, desktop: Desktop
) -> None:
    network.advance(DAY + timedelta(25))
    (folder / network.archive_name).write_bytes(network.archive())
    told = [len(titles(remind(after, status=2))) for after in range(1, 10)]
    assert told == [1, 0, 0, 0, 0, 0, 0, 1, 0]
    said = remind(25)
    assert said["not_recorded"] == []
    assert titles(said) == ["LinkedIn contacts recorded"]


def test_another_trouble_within_a_week_is_told(
    remind: Remind, vault: Path, desktop: Desktop
) -> None:
    merging = vault / ".git" / "MERGE_HEAD"
    merging.write_text("")
    assert titles(remind(1, status=5)) == [NEEDS_YOU]
    assert titles(remind(2, status=5)) == []
    merging.unlink()
    card = min((vault / "contacts").glob("*.vcf"))
    card.write_bytes(b"spoilt")
    assert titles(remind(3, status=5)) == [NEEDS_YOU]
    assert titles(remind(4, status=5)) == []


def test_that_linkedin_is_away_for_a_while_is_no_trouble(
    remind: Remind, network: Network, monitor: Monitor, monkeypatch: pytest.MonkeyPatch,
    desktop: Desktop,
) -> None:  # fmt: skip
    site = Member(pages=websites.pages(network))
    with websites.serving(site):
        monkeypatch.setenv("LI_VAULT_TOKEN", site.env["LI_VAULT_TOKEN"])
        monkeypatch.setenv("LI_VAULT_API", "http://127.0.0.1:9")
        said = remind(31, status=3)
        assert (titles(said), said["state"]) == ([], "success")
        assert titles(remind(32, status=3)) == [DUE]
        assert paths(monitor) == ["", "/1"]
        said = remind(38, status=3)
        assert (titles(said), said["state"]) == ([NEEDS_YOU], "failure")
        monkeypatch.setenv("LI_VAULT_API", site.env["LI_VAULT_API"])
        assert titles(remind(39)) == ["LinkedIn contacts recorded"]


def test_a_token_that_expired_stays_in_status(
    remind: Remind, network: Network, vault: Path, call: Call, monkeypatch: pytest.MonkeyPatch,
    desktop: Desktop,
) -> None:  # fmt: skip
    site = Member(pages=websites.pages(network))
    with websites.serving(site):
        for name, value in site.env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("LI_VAULT_TOKEN", "expired")
        assert titles(remind(31, status=3)) == [NEEDS_YOU]
        monkeypatch.setattr(user_folders, "today", lambda: DAY + timedelta(31))
        shown = call("status", "--check", "--vault", vault, status=1).out.splitlines()
        assert "li-vault fetch --login" in shown[-1]
        assert titles(remind(32, status=3)) == [DUE]
        monkeypatch.setenv("LI_VAULT_TOKEN", site.env["LI_VAULT_TOKEN"])
        remind(33)
        assert "fetch --login" not in call("status", "--vault", vault).out


def test_an_old_list_that_lies_there_is_told_once_and_fails_no_check(
    remind: Remind, network: Network, folder: Path, vault: Path, call: Call, monitor: Monitor,
    tmp_path: Path, desktop: Desktop,
) -> None:  # fmt: skip
    old = network.archive_name, network.archive()
    network.advance(DAY + timedelta(30))
    call("snapshot", outside.write(tmp_path, network), "--vault", vault)
    call("remote", "add", "nas", vault.parent / "nas.git", "--create", "--vault", vault)
    call("push", "--vault", vault)
    old_people = Network(seed=90, people=60, day=DAY - timedelta(9))
    name = old[0].replace(f"{DAY:%m-%d-%Y}", f"{DAY - timedelta(9):%m-%d-%Y}")
    (folder / name).write_bytes(old_people.archive())
    said = remind(31, status=4)
    assert [one["rule"] for one in said["not_recorded"]] == ["older"]
    for after in (32, 39, 46):
        assert titles(remind(after)) == []
    assert paths(monitor)[1:] == [""] * 3
    shown = call("status", "--check", "--vault", vault).out
    assert "it is an older one" in shown
    assert git(vault, "rev-list", "--count", "main").strip() == "2"
