"""Datasette opens the database that `export sqlite` writes, tables, search and links."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import clients
import outside
from network import Network
from outside import Call

FOUND = {
    "sova-minth": "Lu de la Sova-Minth",
    "jose exempli": "José Exempli",
    "سشصض": "\u200fسشصض طظعغ",
    "nobody at all": None,
}


def test_datasette_opens_searches_and_joins(
    call: Call, vault_dir: Path, home: Path, tmp_path: Path
) -> None:
    network = Network(seed=95, people=80)
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    network.advance(pace=2)
    call("snapshot", outside.write(home, network), "--vault", vault_dir)
    database = tmp_path / "network.db"
    call("export", "sqlite", "-o", database, "--vault", vault_dir)
    with clients.datasette(database) as url:
        (about,) = clients.fetched(f"{url}-/databases.json")
        assert about["name"] == "network"
        tables = clients.fetched(f"{url}network.json")["tables"]
        assert isinstance(tables, list)
        found = {one["name"]: one for one in tables if not one["hidden"]}
        assert found.keys() == {"people", "snapshots", "changes"}
        assert found["people"]["count"] == len(network.people) - len(network.nameless())
        assert found["people"]["fts_table"] == "people_fts"
        assert found["snapshots"]["count"] == 2
        assert found["changes"]["foreign_keys"]["outgoing"] == [
            {"column": "uid", "other_table": "people", "other_column": "uid"}
        ]
        for words, name in FOUND.items():
            ask = f"{url}network/people.json?_shape=array&_search={quote(words)}"
            assert [row["name"] for row in clients.fetched(ask)] == ([name] if name else [])
        one = clients.fetched(f"{url}network/changes.json?_shape=array&event=gone")
        assert len(one) == len(outside.cards(vault_dir, "former"))
