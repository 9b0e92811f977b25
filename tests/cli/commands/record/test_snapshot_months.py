"""Month after month against a network whose truth is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import outside
from network import HIDDEN, SHOWN, Network
from outside import Call, git

COUNTS = ("added", "changed", "gone", "returned", "unchanged")


class Truth:
    """What a network's months mean for a vault that records each."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.now = outside.known(network)
        self.ever = set(self.now)

    def advance(self, **how: Any) -> dict[str, int]:
        """Let a month pass; the counts that its snapshot must have."""
        before = self.now
        self.network.advance(**how)
        self.now = outside.known(self.network)
        new = self.now.keys() - before.keys()
        stay = self.now.keys() & before.keys()
        changed = {number for number in stay if self.now[number] != before[number]}
        returned = new & self.ever
        self.ever |= new
        return {
            "added": len(new - returned),
            "changed": len(changed),
            "gone": len(before.keys() - self.now.keys()),
            "returned": len(returned),
            "unchanged": len(stay - changed),
        }


@pytest.fixture
def network() -> Network:
    return Network(seed=11, people=400)


def test_counts_follow_the_truth(call: Call, vault_dir: Path, home: Path, network: Network) -> None:
    truth = Truth(network)
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    for pace in (1.0, 3.0, 1.0, 2.0):
        wanted = truth.advance(pace=pace)
        archive = outside.write(home, network)
        before = {**outside.cards(vault_dir), **outside.cards(vault_dir, "former")}
        found = outside.one_object(
            call("snapshot", archive, "--vault", vault_dir, "--allow", "gone", "--json")
        )
        assert {key: found[key] for key in COUNTS} == wanted
        assert found["contacts"] + found["nameless"] == found["rows"] == len(network.rows())
        names = outside.cards(vault_dir)
        former = outside.cards(vault_dir, "former")
        assert len(names) == len(truth.now)
        assert len(former) == len(truth.ever) - len(truth.now)
        assert former == {name: before[name] for name in former}
        assert names.keys() & former.keys() == set()
        assert git(vault_dir, "status", "--porcelain") == ""
    assert git(vault_dir, "fsck", "--full", "--strict", "--no-progress") == ""


def test_diff_tells_the_truth(call: Call, vault_dir: Path, home: Path, network: Network) -> None:
    truth = Truth(network)
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    before = truth.now
    counts = truth.advance(pace=3)
    hidden = {s.number for s in network.people if s.state == HIDDEN and s.number in before}
    call("snapshot", outside.write(home, network), "--vault", vault_dir, "--allow", "gone")
    found = outside.one_object(call("diff", "--json", "--vault", vault_dir))
    assert {key: len(found[key]) for key in COUNTS[:4]} == {k: counts[k] for k in COUNTS[:4]}
    by_url = {facts.url: number for number, facts in before.items()}
    gone = {by_url[person["profile_url"]]: person["reason"] for person in found["gone"]}
    assert gone.keys() == before.keys() - truth.now.keys()
    for number, reason in gone.items():
        assert reason in (None, "hidden" if number in hidden else "disconnected")
    assert list(gone.values()).count(None) <= len(gone) / 4
    now = {facts.url: facts for facts in truth.now.values()}
    assert {p["profile_url"] for p in found["added"]} == now.keys() - {
        facts.url for number, facts in truth.now.items() if number in before
    }
    for person in found["added"]:
        facts = now[person["profile_url"]]
        names = ("first_name", "last_name", "company", "position")
        wanted = [facts.first, facts.last, facts.company, facts.position]
        assert [person[name] or "" for name in names] == wanted
        assert person["emails"] == ([facts.email] if facts.email else [])
        assert person["connected_on"] == facts.connected_on
    said = {
        (change["field"], change["before"] or "", change["after"] or "")
        for one in found["changed"]
        for change in one["changes"]
    }
    fields = ("first_name", "last_name", "profile_url", "emails", "company", "position")
    assert said == {
        (field, one, other)
        for number in before.keys() & truth.now.keys()
        for field, one, other in zip(fields, before[number], truth.now[number], strict=False)
        if one != other
    }
    assert call("diff", "--exit-code", "--vault", vault_dir, status=1).out
    assert "No difference" in call("diff", "HEAD", "HEAD", "--vault", vault_dir).out
    call("diff", "HEAD", "HEAD", "--exit-code", "--vault", vault_dir)
    back = outside.one_object(call("diff", "HEAD", "HEAD~1", "--json", "--vault", vault_dir))
    assert len(back["added"]) == 0
    assert len(back["returned"]) == counts["gone"]
    dated = outside.one_object(
        call("diff", "2026-10", "2026-11-20", "--json", "--vault", vault_dir)
    )
    assert dated == found


def test_a_life_is_told_newest_first(
    call: Call, vault_dir: Path, home: Path, network: Network
) -> None:
    ada = network.people[0]
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    old = outside.facts(ada)
    ada.facts = ada.facts._replace(position="Master Weaver", company="Zanth")
    network.advance(pace=0)
    call("snapshot", outside.write(home, network), "--vault", vault_dir)
    ada.state = HIDDEN
    network.advance(pace=0)
    ada.state = HIDDEN
    call("snapshot", outside.write(home, network), "--vault", vault_dir)
    slug = ada.slug
    former = outside.one_object(call("show", slug, "--json", "--vault", vault_dir))
    assert former["former"] is True
    assert former["person"]["path"].startswith("former/")
    ada.state = SHOWN
    network.advance(pace=0)
    call("snapshot", outside.write(home, network), "--vault", vault_dir)
    life = outside.one_object(call("log", slug, "--json", "--vault", vault_dir))
    assert [event["event"] for event in life["events"]] == ["returned", "gone", "changed", "added"]
    days = [event["taken_on"] for event in life["events"]]
    assert days == ["2027-01-20", "2026-12-20", "2026-11-20", "2026-10-20"]
    assert life["events"][2]["changes"] == [
        {"field": "company", "before": old.company, "after": "Zanth"},
        {"field": "position", "before": old.position, "after": "Master Weaver"},
    ]
    log = outside.one_object(call("log", "--json", "--vault", vault_dir))["snapshots"]
    assert [one["taken_on"] for one in log] == days
    assert [one["commit"] for one in log] == [event["commit"] for event in life["events"]]
    assert [(one["gone"], one["returned"]) for one in log] == [(0, 1), (1, 0), (0, 0), (0, 0)]
    for at, is_former, work in (
        ("2026-11-19", False, old.position),
        ("2026-11", False, "Master Weaver"),
        ("2026", True, "Master Weaver"),
        ("HEAD", False, "Master Weaver"),
        (log[3]["commit"][:12], False, old.position),
    ):
        then = outside.one_object(call("show", slug, "--at", at, "--json", "--vault", vault_dir))
        assert (then["former"], then["person"]["position"]) == (is_former, work), at
        assert set(then["at"]) == {"commit", "taken_on"}
    call("show", slug, "--at", "2020", "--vault", vault_dir, status=1)
    call("show", "nobody at all", "--vault", vault_dir, status=1)
    said = call("show", "Twina Same", "--vault", vault_dir, status=2)
    assert said.err.count("Twina Same") >= 3
    text = call("log", slug, "--vault", vault_dir).out
    assert text.index("returned") < text.index("gone") < text.index("added")


def test_find_agrees_with_the_truth(
    call: Call, vault_dir: Path, home: Path, network: Network
) -> None:
    truth = Truth(network)
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    first = {facts.url for facts in truth.now.values()}
    truth.advance(pace=3)
    call("snapshot", outside.write(home, network), "--vault", vault_dir, "--allow", "gone")

    def urls(*args: object) -> set[str]:
        found = outside.one_object(call("find", *args, "--json", "--vault", vault_dir, status=None))
        return {person["profile_url"] for person in found["people"]}

    assert urls() == {facts.url for facts in truth.now.values()}
    assert urls("--at", "2026-10-20") == first
    assert urls("--at", "2026-10-20", "--former") == set()
    assert len(urls("--former")) == len(truth.ever) - len(truth.now)
    assert urls("exempli JOSE") == urls("josé", "Exempli") == {network.people[3].url}
    assert urls("weaver") == {
        facts.url for facts in truth.now.values() if "weaver" in "\n".join(facts).lower()
    }
    call("find", "nobody of that name", "--vault", vault_dir, status=1)
    call("find", "--at", "1999", "--vault", vault_dir, status=1)


def test_several_exports_come_into_sight_at_once(
    call: Call, vault_dir: Path, tmp_path: Path, home: Path, network: Network
) -> None:
    archives = [outside.write(home, network)]
    for _ in range(3):
        network.advance()
        archives.append(outside.write(home, network))
    one = tmp_path / "one"
    for archive in archives:
        call("snapshot", archive, "--init", "--vault", one)
    mixed = [archives[2], archives[0], archives[3], archives[1]]
    found = outside.one_object(call("snapshot", *mixed, "--init", "--vault", vault_dir, "--json"))
    days = [one["taken_on"] for one in found["snapshots"]]
    assert days == sorted(days) == ["2026-10-20", "2026-11-20", "2026-12-20", "2027-01-20"]
    assert found["remotes"] == {}
    assert git(one, "rev-parse", "HEAD") == git(vault_dir, "rev-parse", "HEAD")
    assert len(git(vault_dir, "reflog", "show", "main").splitlines()) == 1
    assert [s["commit"] for s in found["snapshots"]] == git(
        vault_dir, "rev-list", "--reverse", "HEAD"
    ).split()


def test_one_refused_of_several_records_none(
    call: Call, vault_dir: Path, home: Path, network: Network
) -> None:
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    network.advance()
    good = outside.write(home, network)
    stranger = outside.write(home / "else", Network(seed=999, people=300, day=date(2026, 12, 1)))
    before = outside.state(vault_dir)
    said = call("snapshot", stranger, good, "--vault", vault_dir, "--json", status=4)
    assert outside.one_object(said)["error"]["rule"] == "stranger"
    assert outside.state(vault_dir) == before
    bad = home / "bad.csv"
    bad.write_text("<html></html>")
    call("snapshot", good, bad, "--vault", vault_dir, status=3)
    assert outside.state(vault_dir) == before
