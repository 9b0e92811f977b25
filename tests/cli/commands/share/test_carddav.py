"""A vault's folder in step with a telephone: vdirsyncer between it and a real CardDAV server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import clients
import outside
import servers
from clients import CardDav
from network import Network
from outside import Call, git

PHONE, NOTE = "+39 011 555 0100", "Met in Turin, over tea; twice"


@pytest.fixture
def network() -> Network:
    return Network(seed=81, people=40)


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path, network: Network) -> Path:
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    return vault_dir


@pytest.fixture
def server(tmp_path: Path, vault: Path) -> Iterator[CardDav]:
    """A Radicale that vdirsyncer keeps in step with `contacts/`."""
    servers.need("vdirsyncer")
    with clients.radicale(tmp_path / "radicale") as found:
        clients.configure(
            f"""\
[general]
status_path = "{tmp_path}/status/"

[pair linkedin]
a = "vault"
b = "server"
collections = ["contacts"]
conflict_resolution = "b wins"

[storage vault]
type = "filesystem"
path = "{vault}"
fileext = ".vcf"

[storage server]
type = "carddav"
url = "{found.url}"
username = "{clients.USER}"
password = "{clients.PASSWORD}"
""",
            *("vdirsyncer", "config"),
        )
        clients.vdirsyncer("discover", stdin="y\n" * 4)
        clients.vdirsyncer("sync")
        yield found


def of(cards: dict[str, str], name: str) -> tuple[str, str]:
    """Path and text of the card with this name."""
    return next((path, card) for path, card in cards.items() if f"FN:{name}" in card)


def test_everyone_goes_to_the_server_and_the_vault_stays_as_it_is(
    vault: Path, server: CardDav, network: Network
) -> None:
    there = server.cards("contacts")
    assert len(there) == len(network.shown()) == len(outside.cards(vault))
    assert git(vault, "status", "--porcelain") == ""
    clients.vdirsyncer("sync")
    assert git(vault, "status", "--porcelain") == ""


def test_what_was_typed_on_the_telephone_survives_the_next_snapshot(
    call: Call, vault: Path, server: CardDav, home: Path, network: Network
) -> None:
    path, card = of(server.cards("contacts"), "Lu de la Sova-Minth")
    note = NOTE.replace(",", "\\,").replace(";", "\\;")
    server.put(path, card.replace("END:", f"NOTE:{note}\r\nTEL;TYPE=CELL:{PHONE}\r\nEND:"))
    clients.vdirsyncer("sync")
    network.advance(pace=0)
    lu = next(one for one in network.people if one.facts.first == "Lu")
    lu.facts = lu.facts._replace(position="Abbess")
    found = outside.one_object(
        call("snapshot", outside.write(home, network), "--vault", vault, "--json")
    )
    assert (found["edited"], found["changed"], found["gone"]) == (1, 1, 0)
    person = outside.one_object(call("show", "Sova-Minth", "--vault", vault, "--json"))["person"]
    assert (person["phones"], person["position"]) == ([PHONE], "Abbess")
    (kept,) = [one for one in outside.cards(vault).values() if b"FN:Lu de" in one]
    unfolded = kept.replace(b"\r\n ", b"").decode()
    assert f"NOTE:{note}\r\n" in unfolded
    assert person["company"] == "=HYPERLINK(1)"  # the export's own value, as it was

    # And back to the telephone: her new post, beside what was typed there.
    clients.vdirsyncer("sync")
    _, back = of(server.cards("contacts"), "Lu de la Sova-Minth")
    assert "TITLE:Abbess" in back
    assert PHONE in back
    assert "Met in Turin" in back
    assert call("verify", "--vault", vault).status == 0


def test_who_was_deleted_on_the_telephone_comes_back(
    call: Call, vault: Path, server: CardDav, home: Path, network: Network
) -> None:
    path, _ = of(server.cards("contacts"), "Osa Belth")
    server.ask(path, "DELETE")
    clients.vdirsyncer("sync")
    assert len(outside.cards(vault)) == len(network.shown()) - 1
    network.advance(pace=0)
    found = outside.one_object(
        call("snapshot", outside.write(home, network), "--vault", vault, "--json")
    )
    assert len(found["put_back"]) == 1
    clients.vdirsyncer("sync")
    assert len(server.cards("contacts")) == len(network.shown())


def test_who_was_added_on_the_telephone_is_left_alone(
    call: Call, vault: Path, server: CardDav, home: Path, network: Network
) -> None:
    """Not someone LinkedIn knows: the card lies in the folder, and no snapshot touches it."""
    lines = ("BEGIN:VCARD", "VERSION:3.0", "UID:aunt", "FN:Aunt Ottla", "N:;Aunt Ottla;;;")
    server.put(f"{clients.USER}/contacts/aunt.vcf", "\r\n".join((*lines, "END:VCARD", "")))
    clients.vdirsyncer("sync")
    network.advance(pace=0)
    found = outside.one_object(
        call("snapshot", outside.write(home, network), "--vault", vault, "--json")
    )
    assert len(found["strays"]) == 1
    assert [one for one in outside.cards(vault).values() if b"Aunt Ottla" in one]
    assert git(vault, "log", "--format=%H", "-S", "Aunt Ottla") == ""
