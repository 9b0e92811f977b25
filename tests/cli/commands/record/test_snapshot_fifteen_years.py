"""One person from an Outlook file of 2012 to a telephone's vCard of today."""

from __future__ import annotations

from pathlib import Path

import outside
from outside import Call, git

_CASES = Path(__file__).parents[3] / "formats" / "cases"
OUTLOOK = (_CASES / "outlook" / "linkedin" / "input.csv").read_bytes().split(b"\n")[0].decode()
PREAMBLE = (
    'Notes:\n"When exporting your connection data, you may notice that some of the email '
    'addresses are missing."\n\n'
)
OTHERS = [f"Person{n}" for n in range(11)]


def _of_2012(folder: Path) -> Path:
    columns = [cell.strip('"') for cell in OUTLOOK.split(",")]

    def row(**cells: str) -> str:
        named = {key.replace("_", " "): value for key, value in cells.items()}
        return ",".join(f'"{named.get(column, "")}"' for column in columns)

    rows = [
        row(First_Name="Zoé", Last_Name="Quillin", Company="Tidal Mills", Job_Title="Miller")
    ] + [
        row(First_Name=name, Last_Name="Other", Company="Looms", Job_Title="Weaver")
        for name in OTHERS
    ]
    path = folder / "linkedin_connections_export_microsoft_outlook.csv"
    path.write_bytes("".join(f"{line}\n" for line in [OUTLOOK, *rows]).encode("cp1252"))
    return path


def _connections(folder: Path, head: str, zoe: str, others: str, end: str = "\n") -> Path:
    folder.mkdir()
    path = folder / "Connections.csv"
    rows = [zoe, *(others.format(name=name, slug=name.lower()) for name in OTHERS)]
    path.write_bytes((head + "\n".join(rows) + end).encode())
    return path


def _telephone(folder: Path) -> Path:
    path = folder / "contacts of my phone.vcf"
    path.write_bytes(
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"
        b"Quillin-Moss;Zo=C3=A9;;;\r\nTEL;CELL:+44 7700 900123\r\n"
        b"URL:https://uk.linkedin.com/in/zo%C3%A9-quillin/\r\nEND:VCARD\r\n"
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Plumber\r\nTEL:+44 7700 900999\r\nEND:VCARD\r\n"
    )
    return path


def test_a_life(call: Call, vault_dir: Path, tmp_path: Path) -> None:
    of_2017 = _connections(
        tmp_path / "2017",
        "First Name,Last Name,Email Address,Company,Position,Connected On\n",
        'Zoé,Quillin,zoe@mills.example,Tidal Mills,Head Miller,"3/7/11, 11:40 PM"',
        '{name},Other,,Looms,Weaver,"1/31/15, 3:04 PM"',
    )
    of_2021 = _connections(
        tmp_path / "2021",
        PREAMBLE + "First Name,Last Name,Email Address,Company,Position,Connected On\n",
        "Zoé,Quillin,,Amber Looms,Director,08 Mar 2011",
        "{name},Other,,Looms,Weaver,31 Jan 2015",
        "",
    )
    of_today = _connections(
        tmp_path / "2026",
        PREAMBLE + "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n",
        "Zoé,Quillin-Moss,https://www.linkedin.com/in/zo%C3%A9-quillin,,Amber Looms,Director,"
        "08 Mar 2011",
        "{name},Other,https://www.linkedin.com/in/{slug},,Looms,Weaver,31 Jan 2015",
        "",
    )
    years = [(_of_2012(tmp_path), "2012-05-01"), (of_2017, "2017-06-01"), (of_2021, "2021-02-01")]
    years += [(of_today, "2026-11-01"), (_telephone(tmp_path), "2026-11-20")]
    found = {}
    for export, day in years:
        args = ("snapshot", export, "--taken-on", day, "--vault", vault_dir, "--json")
        found = outside.one_object(call(*args, *(["--init"] if day < "2013" else [])))
        assert found["doubtful"] == []
    assert (found["changed"], found["unmatched"], found["added"]) == (1, 1, 0)

    people = outside.one_object(call("find", "--json", "--vault", vault_dir))["people"]
    assert len(people) == 1 + len(OTHERS)
    (zoe,) = (person for person in people if person["first_name"] == "Zoé")
    assert zoe["last_name"] == "Quillin-Moss"
    assert zoe["phones"] == ["+44 7700 900123"]
    assert zoe["connected_on"] == "2011-03-08"
    assert outside.cards(vault_dir, "former") == {}

    life = outside.one_object(call("log", "zoé-quillin", "--json", "--vault", vault_dir))
    assert life["uid"] == zoe["uid"]
    days = [(event["taken_on"], event["event"]) for event in life["events"]]
    assert days == [(day, "changed") for _, day in years[:0:-1]] + [("2012-05-01", "added")]
    told = call("log", "zoé-quillin", "--vault", vault_dir).out
    assert len(told.splitlines()) <= 24
    for value in ("Miller", "Head Miller", "Director", "zoe@mills.example", "Quillin-Moss"):
        assert value in told
    log = git(vault_dir, "log", "--format=%as", "--", f"*/{zoe['path'].rpartition('/')[2]}")
    assert len(log.split()) == len(years)
