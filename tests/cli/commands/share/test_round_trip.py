"""LinkedIn's list -> vault -> LinkedIn's list -> a new vault: the same lines, the same cards."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import outside
from network import Network
from outside import Call, git

DAY = ("--taken-on", "2027-12-01")


def lines_of(data: bytes) -> Counter[bytes]:
    return Counter(data.split(b"\n"))


def rows_of(data: bytes) -> list[list[str]]:
    """The rows of a list, without what stands above its header."""
    table = data.decode().partition("\n\n")[2]
    return list(csv.reader(io.StringIO(table, newline="")))[1:]


def out_of(call: Call, vault: Path, path: Path) -> dict[str, Any]:
    ask = ("export", "linkedin-csv", "-o", path, "--json", "--vault", vault)
    return outside.one_object(call(*ask))


def bare(cards: Iterable[bytes]) -> Counter[bytes]:
    """Cards without what a vault gives at first sight, and without former addresses."""
    kept = (
        b"\n".join(
            line
            for line in card.replace(b"\r\n ", b"").split(b"\r\n")
            if not line.startswith((b"UID:", b"X-LI-FORMER-URL:"))
        )
        for card in cards
    )
    return Counter(kept)


@pytest.mark.parametrize("seed", [71, 72, 73])
def test_the_lines_come_back_to_the_byte(
    seed: int, call: Call, vault_dir: Path, home: Path, tmp_path: Path
) -> None:
    network = Network(seed=seed, people=250)
    original = network.connections()
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    told = out_of(call, vault_dir, tmp_path / "out.csv")
    data = (tmp_path / "out.csv").read_bytes()

    nameless = [row for row in rows_of(original) if not any(row[:6])]
    assert told["unlisted"] == {"nameless": len(nameless)}
    assert told["people"] == len(rows_of(original)) - len(nameless)
    assert told["lost"] == []
    clean = {tuple(row) for row in rows_of(original) if list(map(outside.clean, row)) == row}
    spoilt = [row for row in rows_of(original) if any(row[:6]) and tuple(row) not in clean]
    assert spoilt
    # Byte for byte where no cell had stray white space, and equal after normalising elsewhere.
    kept = lines_of(original) - lines_of(data)
    assert sum(kept.values()) == len(nameless) + len(spoilt)
    again = Counter(tuple(row) for row in rows_of(data))
    assert again == Counter(
        tuple(map(outside.clean, row)) for row in rows_of(original) if any(row[:6])
    )
    days = [row[6][-4:] for row in rows_of(data)]
    assert days == sorted(days, reverse=True)
    assert data.startswith(original.partition(b"Connected On\n")[0])
    assert not data.endswith(b"\n")


@pytest.mark.parametrize("seed", [71, 74])
def test_a_fresh_vault_has_the_same_contacts(
    seed: int, call: Call, vault_dir: Path, home: Path, tmp_path: Path
) -> None:
    network = Network(seed=seed, people=250)
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    told = out_of(call, vault_dir, tmp_path / "out.csv")
    assert told["renewed"] == 0
    fresh = tmp_path / "fresh"
    call("snapshot", tmp_path / "out.csv", *DAY, "--init", "--vault", fresh)
    assert git(fresh, "rev-parse", "HEAD:contacts") == git(vault_dir, "rev-parse", "HEAD:contacts")
    # And once more, so that nothing is worn away.
    out_of(call, fresh, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "out.csv").read_bytes()


def test_after_years_the_renewed_are_counted_and_all_others_the_same(
    call: Call, vault_dir: Path, home: Path, tmp_path: Path
) -> None:
    network = Network(seed=75, people=300)
    network.cut_at = None
    for _ in range(4):
        call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
        network.advance(pace=3)
    told = out_of(call, vault_dir, tmp_path / "out.csv")
    fresh = tmp_path / "fresh"
    call("snapshot", tmp_path / "out.csv", *DAY, "--init", "--vault", fresh)
    before, after = outside.cards(vault_dir), outside.cards(fresh)
    assert len(before) == len(after) == told["people"]
    assert told["renewed"] == len(before.keys() - after.keys()) > 0
    lost = {one["field"]: one["people"] for one in told["lost"]}
    assert lost.keys() == {"former profile addresses"}
    same = before.keys() & after.keys()
    # Whose address changed has another UID, unless it changed back.
    assert sum(before[name] != after[name] for name in same) <= lost["former profile addresses"]
    assert bare(before.values()) == bare(after.values())


def test_without_addresses_everyone_who_got_one_since_is_renewed(
    call: Call, vault_dir: Path, home: Path, tmp_path: Path
) -> None:
    """A UID of 2018 was made of the name, since the list of then had no addresses."""
    network = Network(seed=76, people=80)
    path = home / "Connections.csv"
    for day, data in (("2026-10-20", network.connections_2018()), (DAY[1], network.connections())):
        path.write_bytes(data)
        call("snapshot", path, "--taken-on", day, "--init", "--vault", vault_dir)
    told = out_of(call, vault_dir, tmp_path / "out.csv")
    assert told["renewed"] == told["people"] == len(network.shown())
    said = call("export", "linkedin-csv", "--vault", vault_dir).err
    assert f"{told['people']} would get another UID or file name" in said
    assert "restore and rebuild keep them" in said
