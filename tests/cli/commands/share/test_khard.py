"""khard on a vault's two folders, as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

import clients
import outside
import servers
from network import Network
from outside import Call, git


@pytest.fixture
def network() -> Network:
    return Network(seed=91, people=80)


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path, network: Network) -> Path:
    """Two snapshots, and two address books of khard's: who is here, and who left."""
    servers.need("khard")
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    for number in (30, 31, 32):
        network.people[number].state = "gone"
    network.advance()
    card = next(p for p in (vault_dir / "contacts").iterdir() if p.name.startswith("brilan-"))
    typed = b"NOTE:met in Turin\r\nTEL;TYPE=CELL:+39 011 555 0100\r\nEND:"
    card.write_bytes(card.read_bytes().replace(b"END:", typed))
    call("snapshot", outside.write(home, network), "--vault", vault_dir)
    clients.configure(
        f"[addressbooks]\n[[linkedin]]\npath = {vault_dir}/contacts\n"
        f"[[former]]\npath = {vault_dir}/former\n",
        *("khard", "khard.conf"),
    )
    return vault_dir


def test_it_lists_everyone_in_both_folders(vault: Path) -> None:
    for book, folder in (("linkedin", "contacts"), ("former", "former")):
        listed = clients.khard(
            "list", "-a", book, "--parsable", "--fields", "uid,name"
        ).splitlines()
        cards = outside.cards(vault, folder)
        uids = {card.partition(b"UID:")[2].split(b"\r\n")[0].decode() for card in cards.values()}
        assert {line.partition("\t")[0] for line in listed} == uids
        assert len(listed) == len(cards) > 0
        assert all(line.partition("\t")[2].strip() for line in listed)
    assert git(vault, "status", "--porcelain") == ""


def test_it_shows_and_finds_people(vault: Path) -> None:
    shown = clients.khard("show", "Brilan")
    for words in ("Brilan", 'Ombri "Looms", Ltd.', "Weaver", "brilan@example.com", "met in Turin"):
        assert words in shown
    assert "Dovena Kelmo 🚀" in clients.khard("list", "Quov; Trell")
    assert "=HYPERLINK(1)" in clients.khard("show", "Sova-Minth")
    assert "سشصض" in clients.khard("list", "--parsable", "طظعغ")
    assert clients.khard("email", "--parsable", "--remove-first-line", "brilan").startswith(
        "brilan@example.com\tBrilan Sonora, PhD, MBA"
    )
    assert clients.khard("phone", "--parsable", "brilan").startswith("+39 011 555 0100\t")


def test_what_is_edited_with_it_is_kept(
    call: Call, vault: Path, home: Path, network: Network
) -> None:
    """khard writes the whole card anew, by vobject; the next snapshot takes the edit."""
    template = clients.khard("show", "--format", "yaml", "Osa Belth")
    edited = home / "osa.yaml"
    edited.write_text(template.replace("\nNote:", "\nNote: she draws maps"), encoding="utf-8")
    assert "she draws maps" in edited.read_text(encoding="utf-8")
    clients.khard("edit", "--input-file", str(edited), "Osa Belth", stdin="y\n")
    network.advance(pace=0)
    ask = ("snapshot", outside.write(home, network), "--vault", vault, "--json")
    found = outside.one_object(call(*ask))
    assert (found["edited"], found["gone"], found["added"]) == (1, 0, 0)
    assert "she draws maps" in clients.khard("show", "Osa Belth")
    (card,) = [c for n, c in outside.cards(vault).items() if n.startswith("osa-belth")]
    assert b"NOTE:she draws maps\r\n" in card
