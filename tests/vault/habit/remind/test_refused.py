"""What a guard refused stays in status until something takes its place."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

import outside
import websites
from desktops import Desktop
from li_vault.host import user_folders
from network import Network
from outside import DAY, Call, Remind, paths
from websites import TOKEN, Member, Monitor


def test_a_refusal_is_told_once_and_pinged_until_it_is_settled(
    remind: Remind, network: Network, folder: Path, monitor: Monitor, desktop: Desktop
) -> None:
    network.advance()
    strangers = Network(seed=91, people=50, day=DAY).connections()
    refused = folder / network.archive_name
    refused.write_bytes(network.archive({"Connections.csv": strangers}))
    said = remind(31, status=4)
    assert said["arrivals"][0]["rule"] == "gone"
    assert said["not_recorded"][0]["rule"] == "gone"
    assert remind(31)["told"] == []
    assert len(desktop.await_shown(1)) == 1
    assert paths(monitor) == ["/fail"] * 2
    refused.write_bytes(network.archive())
    assert remind(31)["not_recorded"] == []
    assert paths(monitor)[2:] == [""]


def test_only_what_takes_its_place_settles_a_refused_file(
    remind: Remind, network: Network, folder: Path, vault: Path, call: Call, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Not what the API gives in the same run, nor an older list, nor an address book."""
    network.advance(DAY + timedelta(31))
    strangers = Network(seed=91, people=50, day=DAY).connections()
    refused = folder / network.archive_name
    refused.write_bytes(network.archive({"Connections.csv": strangers}))
    between = Network(seed=90, people=60, day=DAY)
    between.advance(DAY + timedelta(10))
    call("snapshot", outside.write(tmp_path, between), "--vault", vault)

    def left() -> list[str]:
        said = outside.one_object(call("status", "--vault", vault, "--json"))
        return [one["rule"] for one in said["not_recorded"]]

    assert remind(31, status=4)["arrivals"][0]["rule"] == "gone"
    site = Member(pages=websites.pages(network))
    with websites.serving(site):
        for name, value in site.env.items():
            monkeypatch.setenv(name, value)
        (vault / ".git" / "li-vault" / "arrivals").unlink()
        said = remind(41, status=4)
        assert said["fetched"]["taken_on"] == (DAY + timedelta(41)).isoformat()
        assert left() == ["gone"], "told of in the same moment"
        assert remind(42)["not_recorded"][0]["rule"] == "gone"
        shown = call("status", "--vault", vault).out
        assert "an older one" in shown, "it can't be recorded any more"
        monkeypatch.delenv("LI_VAULT_TOKEN")
    book = tmp_path / "book.vcf"
    book.write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Nobody\r\nN:;;;;\r\nEND:VCARD\r\n")
    monkeypatch.setattr(user_folders, "today", lambda: DAY + timedelta(43))
    call("snapshot", book, "--taken-on", DAY + timedelta(43), "--vault", vault)
    assert left() == ["gone"], "an address book is no list of LinkedIn's"
    network.advance(DAY + timedelta(44))
    remind(44)
    assert left() == ["gone"]
    outside.write(folder, network)
    remind(44)
    assert left() == []


def test_a_list_between_the_last_and_a_refused_one_does_not_settle_it(
    remind: Remind, folder: Path, vault: Path, call: Call, tmp_path: Path
) -> None:
    later = Network(seed=91, people=50, day=DAY + timedelta(31))
    outside.write(folder, later)
    assert remind(31, status=4)["not_recorded"][0]["rule"] == "gone"
    between = Network(seed=90, people=60, day=DAY)
    between.advance(DAY + timedelta(10))
    call("snapshot", outside.write(tmp_path, between), "--vault", vault)
    assert remind(31)["not_recorded"][0]["rule"] == "gone"
    call("snapshot", folder / later.archive_name, "--allow", "gone", "--vault", vault,
         "--allow", "stranger", "--allow", "changed")  # fmt: skip
    assert remind(31)["not_recorded"] == []


def test_what_the_api_gave_and_a_guard_refused_stays_in_status(
    remind: Remind, network: Network, vault: Path, call: Call, monitor: Monitor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def left(status: int) -> list[str]:
        said = outside.one_object(call("status", "--check", "--vault", vault, "--json",
                                       status=status))  # fmt: skip
        assert {(one["path"], one["source"]) for one in said["not_recorded"]} <= {(None, "api")}
        return [one["rule"] for one in said["not_recorded"]]

    call("remote", "add", "nas", vault.parent / "nas.git", "--create", "--vault", vault)
    call("push", "--vault", vault)
    site = Member(pages=websites.pages(Network(seed=91, people=50, day=DAY)))
    with websites.serving(site):
        for name, value in site.env.items():
            monkeypatch.setenv(name, value)
        for after in (31, 32):
            said = remind(after, status=4)
            assert [one["rule"] for one in said["not_recorded"]] == ["gone"]
            assert ("something needs you" in str(said["told"])) == (after == 31)
            assert left(1) == ["gone"]
        shown = call("status", "--vault", vault).out.splitlines()
        assert "li-vault fetch --allow gone" in shown[-1]
        assert len(shown) == 5
        monkeypatch.setenv("LI_VAULT_TOKEN", "expired")
        remind(32, status=3)
        assert left(1) == ["gone"], "that it failed today makes yesterday's no better"
        monkeypatch.setenv("LI_VAULT_TOKEN", TOKEN)
        site.pages = websites.pages(network)
        assert remind(32)["not_recorded"] == []
        assert left(0) == []
        assert paths(monitor) == ["/fail", "/fail", "/fail", ""]


def test_who_allows_what_the_api_gave_has_settled_it(
    remind: Remind, vault: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with websites.serving(Member(pages=websites.pages(Network(seed=91, people=50)))) as site:
        for name, value in site.env.items():
            monkeypatch.setenv(name, value)
        assert remind(31, status=4)["not_recorded"][0]["rule"] == "gone"
        allowed = [word for rule in ("gone", "stranger", "changed") for word in ("--allow", rule)]
        call("fetch", *allowed, "--vault", vault)
    assert remind(32)["not_recorded"] == []
