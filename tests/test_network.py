"""The invented networks are what they claim: deterministic, true to LinkedIn's bytes, and odd."""

from __future__ import annotations

import csv
import io
import runpy
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest

from isolation import CHECKOUT, Samples
from network import HIDDEN, NOTES, Network


@pytest.fixture
def network() -> Network:
    return Network(seed=3, people=1000)


def rows(data: bytes) -> list[list[str]]:
    text = data.decode().removeprefix(NOTES)
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_a_seed_says_everything() -> None:
    one, two, other = Network(5, 200), Network(5, 200), Network(6, 200)
    for _ in range(3):
        assert one.connections() == two.connections() != other.connections()
        assert one.archive() == two.archive()
        assert one.advance() == two.advance()
        other.advance()


def test_todays_file_is_written_as_linkedin_does(network: Network) -> None:
    data = network.connections()
    assert data.startswith(b'Notes:\n"When exporting')
    assert data.split(b"\n")[2] == b""
    header = b"First Name,Last Name,URL,Email Address,Company,Position,Connected On"
    assert data.split(b"\n")[3] == header
    assert b"\r" not in data
    assert not data.endswith(b"\n")
    table = rows(data)[1:]
    assert {len(row) for row in table} == {7}
    assert len(table) == len(network.shown()) + len(network.nameless())
    urls = [row[2] for row in table if row[2]]
    assert len(set(urls)) == len(urls) == len(network.shown())
    assert all(url.isascii() for url in urls)


def test_nameless_rows_hold_a_date_alone_and_repeat(network: Network) -> None:
    nameless = [tuple(row) for row in rows(network.connections())[1:] if not any(row[:6])]
    assert len(nameless) == len(network.nameless())
    assert Counter(nameless)["", "", "", "", "", "", "03 Mar 2021"] == 3


def test_the_oddities_are_there(network: Network) -> None:
    table = [row for row in rows(network.connections())[1:] if row[0]]
    cells = [cell for row in table for cell in row]
    for sign in "=+-@":
        assert any(cell.startswith(sign) for cell in cells), sign
    for letter in ["\u200d", "\u00a0", "\t", "\\", ";", '"', "\u2028", "\x85", "א", "石", "🚀"]:
        assert any(letter in cell for cell in cells), ascii(letter)
    assert any(", PhD" in row[1] for row in table)
    assert any(cell != cell.strip() for cell in cells)
    assert any("%F0%9F%9A%80" in row[2] for row in table)
    assert any("\u200d" in unquote(row[2]) for row in table)
    assert {len(row[5]) for row in table if len(row[5]) > 90} == {100}
    assert max(len(row[0].encode("utf-16-le")) // 2 for row in table) == 50
    assert any(not row[4] and not row[5] for row in table)
    assert any(row[3] for row in table)
    assert max(Counter((row[0], row[1]) for row in table).values()) > 1


def test_a_cut_text_can_be_shown_whole(network: Network) -> None:
    network.cut_at = None
    assert max(len(row[5]) for row in rows(network.connections())) > 100


@pytest.mark.parametrize(
    ("write", "first", "end"),
    [
        (Network.connections_2018, b"Notes:", b""),
        (Network.connections_2015, b"First Name,Last Name,Email Address,", b"\n"),
    ],
)
def test_older_eras_have_six_columns(
    network: Network, write: Callable[[Network], bytes], first: bytes, end: bytes
) -> None:
    data = write(network)
    assert data.startswith(first)
    assert data.endswith(b"\n") == bool(end)
    assert {len(row) for row in rows(data)} == {6}


def test_the_oldest_dates_are_moments(network: Network) -> None:
    moments = [row[5] for row in rows(network.connections_2015())[1:]]
    assert all(m.endswith((" AM", " PM")) and ", " in m for m in moments)


def test_a_month_tells_the_truth(network: Network) -> None:
    before = {s.number: (s.state, s.facts, s.url) for s in network.people}
    dates = {s.number: s.connected_on for s in network.people}
    month = network.advance()
    after = {s.number: (s.state, s.facts, s.url) for s in network.people}
    assert {n for n in after if n in before and after[n] != before[n]} == (
        month.changed | month.gone | month.returned
    )
    assert set(after) - set(before) == month.added
    assert not month.changed & (month.gone | month.returned)
    assert all(s.connected_on == dates.get(s.number, s.connected_on) for s in network.people)
    assert all(before[n][0] == HIDDEN for n in month.returned)
    assert all(s.connected_on < network.day for s in network.people)


def test_a_long_life_has_every_kind_of_event(network: Network) -> None:
    months = [network.advance() for _ in range(12)]
    for kind in months[0].__dataclass_fields__:
        assert any(getattr(month, kind) for month in months), kind


def test_promotions_change_one_share_and_nothing_else(network: Network) -> None:
    before = Counter(map(tuple, rows(network.connections())))
    chosen = network.promote(0.01)
    after = Counter(map(tuple, rows(network.connections())))
    assert len(chosen) == round(len(network.shown()) * 0.01)
    assert (before - after).total() == (after - before).total() == len(chosen)


def contents(path: Path | io.BytesIO) -> list[tuple[str, tuple[int, ...], bytes]]:
    """All that an archive says, apart from how well its bytes were squeezed."""
    with zipfile.ZipFile(path) as archive:
        return [(i.filename, i.date_time, archive.read(i)) for i in archive.infolist()]


def test_the_samples_are_what_their_script_makes(sample: Samples) -> None:
    made = runpy.run_path(str(CHECKOUT / "tests" / "sample" / "make.py"))["samples"]()
    assert list(made) == [sample.older.name, sample.newest.name]
    for path in (sample.older, sample.newest):
        assert contents(path) == contents(io.BytesIO(made[path.name]))
