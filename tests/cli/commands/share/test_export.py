"""Everyone taken out of a vault: who, as of when, where to, and what is told of it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest

import outside
from isolation import Outcome, Run
from li_vault.formats import writers
from network import Network
from outside import ADA, Call, Months, git

FILES = [name for name in writers.NAMES if name != writers.SQLITE]


@pytest.fixture
def network() -> Network:
    return Network(seed=61, people=60)


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path, network: Network) -> Path:
    """Two snapshots; somebody is gone, and somebody was edited by hand."""
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    network.advance(pace=2)
    assert not (vault_dir / "former").exists()
    network.people[5].state = "gone"
    card = min((vault_dir / "contacts").iterdir())
    card.write_bytes(card.read_bytes().replace(b"END:", b"NOTE:met in Turin\r\nEND:"))
    call("snapshot", outside.write(home, network), "--vault", vault_dir)
    return vault_dir


def exported(call: Call, vault: Path, *args: object) -> dict[str, Any]:
    return outside.one_object(call("export", *args, "--force", "--json", "--vault", vault))


def told_by_log(call: Call, vault: Path, uid: str) -> list[tuple[Any, ...]]:
    life = outside.one_object(call("log", uid, "--json", "--vault", vault))
    return [
        (one["taken_on"], one["event"], *field)
        for one in reversed(life["events"])
        for field in [tuple(c.values()) for c in one["changes"]] or [(None, None, None)]
    ]


def told_by_base(base: sqlite3.Connection, uid: str) -> list[tuple[Any, ...]]:
    ask = "SELECT taken_on, event, field, before, after FROM changes WHERE uid = ? ORDER BY id"
    return [tuple(row) for row in base.execute(ask, (uid,))]


def names(said: Outcome) -> list[str]:
    return [json.loads(line)["name"] for line in said.out.splitlines()]


@pytest.mark.parametrize("name", FILES)
def test_standard_output_and_a_file_get_the_same(
    name: str, call: Call, vault: Path, tmp_path: Path, network: Network
) -> None:
    said = call("export", name, "--vault", vault)
    told = exported(call, vault, name, "-o", tmp_path / "out")
    data = (tmp_path / "out").read_bytes()
    assert data == said.out.encode()
    assert call("export", name, "-o", "-", "--vault", vault).out == said.out
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o600
    assert (told["export"], told["bytes"], told["file"]) == (name, len(data), str(tmp_path / "out"))
    assert told["people"] == len(network.shown())
    assert told["at"]["commit"] == git(vault, "rev-parse", "HEAD").strip()
    assert told["at"]["taken_on"] == network.day.isoformat()
    assert (
        f"Exported {len(network.shown())} people, as of the snapshot of {network.day}." in said.err
    )
    for one in told["lost"]:
        assert f"  {one['field']}: of {one['people']}\n" in said.err
    assert list(tmp_path.iterdir()) == [*filter(Path.is_dir, tmp_path.iterdir()), tmp_path / "out"]


@pytest.mark.parametrize("name", FILES)
def test_the_cache_plays_no_part(name: str, call: Call, vault: Path) -> None:
    said = call("export", name, "--vault", vault)
    shutil.rmtree(vault / ".git" / "li-vault")
    assert call("export", name, "--vault", vault) == said


def test_a_file_is_not_replaced_unless_it_may_be(call: Call, vault: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_bytes(b"mine")
    said = call("export", "google-csv", "-o", out, "--vault", vault, status=2)
    assert "is there already" in said.err
    assert "--force" in said.err
    assert out.read_bytes() == b"mine"
    call("export", "google-csv", "-o", out, "--force", "--vault", vault)
    assert out.read_bytes().startswith(b"First Name,Middle Name")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nonsense"], "'nonsense' is not one of"),
        ([], "Missing argument"),
        (["sqlite"], "A database can't go to standard output"),
        (["sqlite", "-o", "-"], "A database can't go to standard output"),
        (["vcf", "--json"], "the export can't go to standard output"),
        (["vcf", "-o", ""], "names no file"),
        (["vcf", "--force"], "--force is about a file"),
        (["google-csv", "--vcard", "4.0"], "--vcard is about vcf"),
        (["vcf", "--vcard", "2.1"], "'2.1' is not one of"),
        (["vcf", "--at", "2026-02-31"], "is no day"),
        (["vcf", "-o", "."], "is a folder"),
        (["vcf", "-o", "nowhere/out.vcf"], "can't be written"),
        (["vcf", "-o", "{vault}/contacts/all.vcf"], "one of the vault's own files"),
        (["vcf", "-o", "{vault}/former/all.vcf"], "one of the vault's own files"),
        (
            ["vcf", "-o", "{vault}/exports/Connections.csv", "--force"],
            "one of the vault's own files",
        ),
        (["vcf", "-o", "{vault}/README.md", "--force"], "one of the vault's own files"),
    ],
)
def test_wrong_use_writes_nothing(args: list[str], words: str, call: Call, vault: Path) -> None:
    before = outside.state(vault)
    said = call("export", *(arg.format(vault=vault) for arg in args), "--vault", vault, status=2)
    told = json.loads(said.out)["error"]["message"] if "--json" in args else said.err
    assert words in told
    if "--json" not in args:
        assert said.out == ""
    assert outside.state(vault) == before
    assert not Path("out.vcf").exists()


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="standard output has no name here")
def test_an_object_and_an_export_share_no_output(run: Run, call: Call, vault_dir: Path) -> None:
    call("init", vault_dir)
    said = run("export", "json", "-o", "/dev/stdout", "--json", "--vault", vault_dir)
    assert said.status == 2
    assert "can't go to standard output" in json.loads(said.out)["error"]["message"]
    assert run("export", "vcf", "-o", "/dev/stdout", "--vault", vault_dir).out == ""


@pytest.mark.parametrize(
    "args", [["--only", "nobody at all"], ["--at", "2000"], ["--at", "no-such"]]
)
def test_nobody_and_no_such_day_are_one(args: list[str], call: Call, vault: Path) -> None:
    said = call("export", "vcf", "-o", "out.vcf", *args, "--vault", vault, status=1)
    assert "Error: " in said.err
    assert not Path("out.vcf").exists()


def test_who_is_taken_along(call: Call, vault: Path, network: Network) -> None:
    everyone = names(call("export", "json", "--vault", vault))
    gone = names(call("export", "json", "--former", "--vault", vault))
    assert len(everyone) == len(network.shown())
    assert gone
    assert len(gone) == len(outside.cards(vault, "former"))
    then = names(call("export", "json", "--at", "2026-10-20", "--vault", vault))
    assert set(gone) <= set(then)
    said = call("export", "json", "--former", "--vault", vault)
    assert f"Exported {len(gone)} former people" in said.err
    found = outside.one_object(call("find", "weaver", "--json", "--vault", vault))["people"]
    assert len(found) not in (0, len(everyone))
    only = names(call("export", "json", "--only", "weaver", "--vault", vault))
    assert sorted(only) == sorted(person["name"] for person in found)


def test_best_known_fills_what_the_cards_lack(call: Call, vault_dir: Path, home: Path) -> None:
    months = Months(call, vault_dir, home)
    months.snapshot((*ADA[:3], "ada@example.com", "Engines", *ADA[5:]))
    months.snapshot((*ADA[:3], "", "", "Countess", ADA[6]))
    ask = ("export", "linkedin-csv", "--only", "Lovelace", "--vault", vault_dir)
    assert call(*ask).out.endswith("ada-l,,,Countess,01 Jan 2019")
    best = call(*ask, "--best-known").out
    assert best.endswith("ada-l,ada@example.com,Engines,Countess,01 Jan 2019")
    then = call(*ask, "--best-known", "--at", "2025-01").out
    assert then.endswith("ada-l,ada@example.com,Engines,Analyst,01 Jan 2019")
    # What is looked for is what is exported.
    mail = ("export", "json", "--only", "ada@example.com", "--vault", vault_dir)
    call(*mail, status=1)
    assert names(call(*mail, "--best-known")) == ["Ada Lovelace"]


def test_a_broken_card_is_told(call: Call, vault: Path, network: Network) -> None:
    path = max((vault / "contacts").iterdir())
    path.write_bytes(b"nonsense")
    git(vault, "-c", "core.hooksPath=/dev/null", "commit", "-qam", "spoilt")
    told = exported(call, vault, "vcf", "-o", "out.vcf")
    assert told["broken"].keys() == {f"contacts/{path.name}"}
    assert told["people"] == len(network.shown()) - 1
    said = call("export", "vcf", "--vault", vault)
    assert f"contacts/{path.name} is no valid card and is not in it" in said.err


def test_an_empty_vault_is_nobody(call: Call, vault_dir: Path) -> None:
    call("init", vault_dir)
    for name in writers.NAMES:
        assert exported(call, vault_dir, name, "-o", "out")["people"] == 0
        assert Path("out").exists()


def test_a_database_tells_what_log_tells(call: Call, vault: Path, network: Network) -> None:
    told = exported(call, vault, "sqlite", "-o", "out.db")
    base = sqlite3.connect("out.db")
    base.row_factory = sqlite3.Row
    people = base.execute("SELECT * FROM people").fetchall()
    former = len(outside.cards(vault, "former"))
    assert told["people"] == len(people) == len(network.shown()) + former
    assert sum(row["former"] for row in people) == former
    snapshots = base.execute("SELECT * FROM snapshots ORDER BY taken_on DESC").fetchall()
    log = outside.one_object(call("log", "--json", "--vault", vault))["snapshots"]
    assert [row["commit_id"] for row in snapshots] == [one["commit"] for one in log]
    kinds = set()
    for person in people:
        events = told_by_log(call, vault, person["uid"])
        assert told_by_base(base, person["uid"]) == events
        kinds |= {event for _, event, *_ in events}
    assert kinds >= {"added", "changed", "gone", "edited"}
    base.close()
    alone = exported(call, vault, "sqlite", "-o", "out.db", "--former")
    assert alone["people"] == former


def test_a_database_tells_of_cards_that_were_broken_for_a_while_or_came_back(
    call: Call, vault: Path, home: Path, network: Network
) -> None:
    path = max((vault / "contacts").iterdir())
    whole = path.read_bytes()
    uid = whole.split(b"UID:")[1].split(b"\r\n")[0].decode()
    for data in (b"nonsense", whole.replace(b"END:", b"TEL:+39 011 555 0100\r\nEND:")):
        path.write_bytes(data)
        git(vault, "-c", "core.hooksPath=/dev/null", "commit", "-qam", "typed")
    network.people[5].state = "shown"
    call("snapshot", outside.write(home, network), "--vault", vault, "--taken-on", "2026-11-21")
    exported(call, vault, "sqlite", "-o", "out.db")
    base = sqlite3.connect("out.db")
    events = told_by_log(call, vault, uid)
    assert told_by_base(base, uid) == events
    assert len([event for _, event, *_ in events if event == "edited"]) >= 2  # spoilt, and mended
    assert events[-1][1:] == ("edited", None, None, None)
    ask = "SELECT DISTINCT uid FROM changes WHERE event = 'returned'"
    (returned,) = base.execute(ask).fetchone()
    assert told_by_base(base, returned) == told_by_log(call, vault, returned)
    base.close()


def test_what_the_user_wrote_goes_along(call: Call, vault: Path) -> None:
    assert "NOTE:met in Turin" in call("export", "vcf", "--vault", vault).out
    assert "NOTE:met in Turin" in call("export", "vcf", "--vcard", "4.0", "--vault", vault).out
    assert '"own": ["NOTE:met in Turin"]' in call("export", "json", "--vault", vault).out
    for name in ("google-csv", "outlook-csv"):
        table = io.StringIO(call("export", name, "--vault", vault).out, newline="")
        notes = [row["Notes"] for row in csv.DictReader(table)]
        assert sum("met in Turin" in note for note in notes) == 1
    said = call("export", "linkedin-csv", "--vault", vault)
    assert "met in Turin" not in said.out
    assert "  Note: of 1\n" in said.err


@pytest.mark.parametrize("name", ["google-csv", "outlook-csv", "vcf"])
def test_what_was_added_elsewhere_comes_back(name: str, call: Call, vault: Path) -> None:
    """Out to an address book, a phone typed in there, and back as that book's own export."""
    said = call("export", name, "--vault", vault).out
    number = "+39 011 555 0100"
    if name == "vcf":
        changed = said.replace("END:VCARD", f"TEL;TYPE=CELL:{number}\r\nEND:VCARD", 1)
    else:
        rows = list(csv.reader(io.StringIO(said, newline="")))
        field = {"google-csv": "Phone 1 - Value", "outlook-csv": "Mobile Phone"}[name]
        rows[1][rows[0].index(field)] = number
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        changed = out.getvalue()
    Path("back").write_text(changed, encoding="utf-8", newline="")
    ask = ("snapshot", "back", "--taken-on", "2026-12-20", "--json", "--vault", vault)
    found = outside.one_object(call(*ask))
    assert found["kind"] == {"outlook-csv": "outlook-com-csv"}.get(name, name)
    assert (found["unmatched"], found["added"], found["gone"]) == (0, 0, 0)
    assert found["changed"] == 1  # not those who were only out and back, notes and all
    cards = outside.cards(vault).values()
    assert sum(f"TEL:{number}\r\n".encode() in card for card in cards) == 1


def test_rows_that_are_nobody_are_told_by_what_they_are(
    call: Call, vault_dir: Path, home: Path, tmp_path: Path
) -> None:
    months = Months(call, vault_dir, home)
    nobody = ("", "", "", "", "Quov", "Smith", "04 Apr 2019")
    hidden = ("", "", "", "", "", "", "05 Apr 2019")
    months.snapshot(ADA, ADA, nobody, hidden, hidden)
    said = call("export", "linkedin-csv", "-o", tmp_path / "list.csv", "--vault", vault_dir)
    assert [
        line for line in (said.out + said.err).splitlines() if line.startswith("Not in it")
    ] == [
        "Not in it: 2 rows of the newest list (no name, only a day).",
        "Not in it: 1 row of the newest list (said again in another row).",
        "Not in it: 1 row of the newest list (naming nobody, or unreadable).",
    ]
