"""The days of the rows without a name in a list that was recorded."""

from __future__ import annotations

from collections import Counter

import pytest

from li_vault.formats import registry
from li_vault.formats.tables import export
from network import Network

HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
ADA = "Ada,Lovelace,https://www.linkedin.com/in/ada,,Engines,Mathematician,01 Jan 2024"
KIND = "linkedin-connections/2023"


def days(data: bytes) -> tuple[str, ...] | None:
    return registry.nameless_days("Connections.csv", data)


@pytest.mark.parametrize(
    "era", [Network.connections, Network.connections_2018, Network.connections_2015]
)
def test_every_era_tells_the_days(era: object) -> None:
    network = Network(seed=3, people=500)
    data = era(network)  # type: ignore[operator]
    count = len(network.nameless())
    found = days(data)
    assert found is not None
    assert count == len(found) > 5
    wanted = Counter(one.connected_on.isoformat() for one in network.nameless())
    if era is not Network.connections_2015:  # whose days can be the next ones
        assert Counter(found) == wanted
    assert days(data.replace(b"\n", b"\r\n")) == found


@pytest.mark.parametrize(
    "lines",
    [
        [HEADER, ADA, ",,,,,,03 Mar 2021", ",,,,,,04 Mar 2021"],
        [HEADER, ",,,,,,03 Mar 2021", '"","","","","","","04 Mar 2021"', ADA],
        [HEADER.replace(",", ";"), ";;;;;;03 Mar 2021", ";;;;;;04 Mar 2021", ADA.replace(",", ";")],
        ["Connected On,First Name,Last Name", "03 Mar 2021,,", "04 Mar 2021,,", "01 Jan 2024,A,B"],
        [HEADER, ",,,,,,03/04/2021", ",,,,,,04/04/2021", ADA.replace("01 Jan 2024", "3/31/2021")],
    ],
)
@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_unusual_lists_are_read_as_a_whole(lines: list[str], coding: str) -> None:
    data = "\n".join(lines).encode(coding)
    wanted = {"2021-03-03", "2021-03-04"}
    if "/2021" in lines[1]:  # only the other rows tell that the month is first
        wanted = {"2021-03-04", "2021-04-04"}
    assert set(days(data) or ()) == wanted


def test_what_cant_be_read_tells_nothing() -> None:
    assert days(b"nothing of the kind") is None
    assert days(b"") is None


def test_a_list_without_days_tells_nothing() -> None:
    outlook = b'"First Name","Last Name","E-mail Address"\n"Ada","Lovelace","ada@example.com"\n'
    assert days(outlook) is None
    assert not export.has_days("outlook-csv")
    assert export.has_days(KIND)
