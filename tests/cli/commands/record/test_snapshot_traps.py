"""Cases that once went wrong, each from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import outside
from outside import Call, git

TODAYS = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
ERA_2018 = "First Name,Last Name,Email Address,Company,Position,Connected On\n"

Record = Callable[..., dict[str, Any]]


def others(count: int, *, url: bool = True) -> list[str]:
    """Rows of invented people who stay as they are."""
    rows = []
    for n in range(count):
        address = f"https://www.linkedin.com/in/p{n}," if url else ""
        rows.append(f"First{n},Last{n},{address},Company {n},Job,{n % 28 + 1:02} Jan 2020")
    return rows


@pytest.fixture
def record(call: Call, vault_dir: Path, home: Path) -> Record:
    """Records rows below a header as the export of a day."""

    def run(
        rows: list[str], day: str, *options: str, header: str = TODAYS, status: int = 0
    ) -> dict[str, Any]:
        path = home / "Connections.csv"
        path.write_text(header + "\n".join(rows), encoding="utf-8")
        where = ("--vault", vault_dir, "--taken-on", day, "--init", "--json")
        return outside.one_object(call("snapshot", path, *where, *options, status=status))

    return run


def test_namesakes_whose_days_shift_together_are_doubts(record: Record, vault_dir: Path) -> None:
    rest = [f'First{n},Last{n},,Co {n},Job,"1/{n + 1}/15, 9:00 AM"' for n in range(12)]
    rest18 = [f"First{n},Last{n},,Co {n},Job,{n + 1:02} Jan 2015" for n in range(12)]
    timed = ['Zed,Zorn,,A,,"3/3/15, 11:30 PM"', 'Zed,Zorn,,B,,"3/4/15, 11:30 PM"']
    record([*rest, *timed], "2016-01-01", header=ERA_2018)
    plain = ["Zed,Zorn,,A,,04 Mar 2015", "Zed,Zorn,,B,,05 Mar 2015"]
    found = record([*rest18, *plain], "2019-01-01", header=ERA_2018)
    assert (found["added"], found["gone"], len(found["doubtful"])) == (2, 2, 2)
    assert found["unchanged"] == 12


def test_another_day_is_another_person_where_no_list_wrote_times(record: Record) -> None:
    rest = others(12, url=False)
    record([*rest, "Zed,Zorn,,A,X,05 Jan 2020"], "2020-06-01", header=ERA_2018)
    found = record([*rest, "Zed,Zorn,,B,Y,06 Jan 2020"], "2020-07-01", header=ERA_2018)
    assert (found["added"], found["gone"], found["changed"]) == (1, 1, 0)


def test_a_partial_list_in_between_tells_nothing_of_who_hides(
    record: Record, call: Call, vault_dir: Path
) -> None:
    zed, nameless = "Zed,Zorn,https://www.linkedin.com/in/zed,,A,X,03 Mar 2021", ",,,,,,03 Mar 2021"
    record([*others(12), zed, nameless], "2022-01-01")
    record(others(3), "2022-02-01", "--partial")
    record([*others(12), nameless], "2022-03-01")
    found = outside.one_object(call("diff", "--vault", vault_dir, "--json"))
    assert [one["reason"] for one in found["gone"]] == ["disconnected"]


def test_damage_of_another_kind_is_refused(record: Record) -> None:
    record([*others(12), "Zed,Zorn,,,CafÃ© Ltd,X,03 Mar 2021"], "2022-01-01")
    rows = [*others(12), "Zed,Zorn,,,Cafe Ltd,na\ufffdve,03 Mar 2021"]
    found = record(rows, "2022-02-01", status=4)
    assert found["error"]["rule"] == "damaged"


def test_a_column_that_comes_back_is_no_change(record: Record) -> None:
    tagged = TODAYS.replace("\n", ",Tag\n")
    record([row + ("" if n else ",x") + ("," if n else "") for n, row in enumerate(others(12))],
           "2022-01-01", header=tagged)  # fmt: skip
    record(others(12), "2022-02-01")
    found = record([f"{row},y" for row in others(12)], "2022-03-01", header=tagged)
    assert found["changed"] == 12


def test_a_file_renamed_in_a_commit_gets_its_name_back(
    record: Record, call: Call, vault_dir: Path
) -> None:
    record(others(12), "2022-01-01")
    old = next(iter(outside.cards(vault_dir)))
    git(vault_dir, "mv", f"contacts/{old}", "contacts/someone.vcf")
    git(vault_dir, "commit", "-q", "-m", "Rename a card")
    found = record(others(12), "2022-02-01")
    assert found["put_back"] == [f"contacts/{old}"]
    assert (found["added"], found["gone"]) == (0, 0)
    assert set(outside.cards(vault_dir)) >= {old}
    assert "someone.vcf" not in outside.cards(vault_dir)
    assert git(vault_dir, "status", "--porcelain") == ""
    difference = outside.one_object(call("diff", "HEAD~3", "--vault", vault_dir, "--json"))
    assert not any(difference[kind] for kind in ("added", "gone", "returned", "changed"))


def test_what_was_partial_can_be_recorded_as_complete(record: Record) -> None:
    found = record(others(12), "2022-01-01", "--partial")
    assert (found["contacts"], found["unmatched"]) == (0, 12)
    found = record(others(12), "2022-01-01", "--complete")
    assert (found["contacts"], found["added"], found["already_recorded"]) == (12, 12, False)


def test_a_refused_first_list_begins_no_vault(record: Record, vault_dir: Path) -> None:
    record([], "2022-01-01", status=4)
    assert not vault_dir.exists()


def test_an_address_that_the_export_takes_over_is_not_there_twice(
    record: Record, call: Call, vault_dir: Path
) -> None:
    zed = "Zed,Zorn,https://www.linkedin.com/in/zed,{},A,X,03 Mar 2021"
    record([*others(3), zed.format("old@x.example")], "2022-01-01")
    (card,) = (vault_dir / "contacts").glob("zed-zorn-*.vcf")
    card.write_bytes(card.read_bytes().replace(b"old@x.example", b"new@x.example"))
    record([*others(3), zed.format("old@x.example")], "2022-02-01")
    assert card.read_bytes().count(b"new@x.example") == 1
    record([*others(3), zed.format("new@x.example")], "2022-03-01")
    assert card.read_bytes().count(b"new@x.example") == 1
    person = outside.one_object(call("show", "zed", "--vault", vault_dir, "--json"))["person"]
    assert person["emails"] == ["new@x.example"]
