"""Every recipe of the manual's page `export`, tried as a new user would."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import clients
import outside
import servers
from clients import CardDav
from isolation import Samples
from outside import Call
from pages import MANUAL, blocks

PAGES = {
    part.partition("\n")[0]: part.partition("\n")[2]
    for part in re.split(r"^## ", MANUAL["export"], flags=re.MULTILINE)[1:]
}
FILES = {
    "Google Contacts": "google.csv",
    "Outlook": "outlook.csv",
    "Apple": "contacts.vcf",
    "Thunderbird": "thunderbird.vcf",
    "Datasette": "network.db",
    "LinkedIn's own CSV": "Connections.csv",
}


@pytest.fixture
def vault(call: Call, home: Path, sample: Samples) -> Path:
    """A vault at the usual place, as the README's first steps make it."""
    call("init")
    call("snapshot", sample.newest)
    return home / ".local" / "share" / "li-vault"


def block(page: str, language: str) -> str:
    (found,) = blocks(PAGES[page], language)
    return found


def sh(command: str, stdin: str = "") -> str:
    """Run lines of a shell as they stand there; what they print."""
    ended = subprocess.run(
        ("bash", "-euc", command), input=stdin, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, (command, ended.stderr)
    return ended.stdout


def test_there_is_a_recipe_for_each() -> None:
    assert PAGES.keys() == {*FILES, "khard", "vdirsyncer and CardDAV", "Formulas"}


@pytest.mark.parametrize("page", FILES)
def test_the_file_is_made_as_told(page: str, vault: Path) -> None:
    made, *_ = block(page, "sh").splitlines()
    sh(made)
    path = Path(FILES[page])
    assert path.stat().st_size > 10_000
    assert len(outside.cards(vault)) == 391
    if path.suffix == ".vcf":
        (cards,) = clients.read_elsewhere("ical.js", path)
        assert len(cards) == 391


def test_datasette_opens_it(vault: Path) -> None:
    made, opened = block("Datasette", "sh").splitlines()
    sh(made)
    assert opened == "datasette network.db"
    with clients.datasette(Path("network.db")) as url:
        people = clients.fetched(f"{url}network/people.json?former=0&_size=0")
    assert people["filtered_table_rows_count"] == 391


def test_khard_finds_people(vault: Path) -> None:
    servers.need("khard")
    clients.configure(block("khard", "ini"), "khard", "khard.conf")
    found = sh(block("khard", "sh"))
    assert "Brilan Sonora, PhD, MBA" in found
    assert not list((vault / "former").iterdir())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CardDav]:
    with clients.radicale(tmp_path / "radicale") as found:
        yield found


def test_vdirsyncer_keeps_a_server_in_step(vault: Path, server: CardDav) -> None:
    servers.need("vdirsyncer")
    config = block("vdirsyncer and CardDAV", "ini")
    (secret,) = re.findall(r"^password\.fetch = .*$", config, re.MULTILINE)
    config = config.replace("https://dav.example.com/", server.url).replace(
        'username = "me"', f'username = "{clients.USER}"'
    )
    config = config.replace(secret, f'password.fetch = ["command", "echo", "{clients.PASSWORD}"]')
    clients.configure(config, "vdirsyncer", "config")
    sh(block("vdirsyncer and CardDAV", "sh"), stdin="y\n" * 4)
    assert len(server.cards("contacts")) == len(outside.cards(vault)) == 391
