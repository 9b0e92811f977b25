"""`find` and `show` at any day: by fields, phrases, days, and what changed since."""

from __future__ import annotations

from pathlib import Path

import pytest

import outside
from li_vault.core import search
from li_vault.vault import vault
from li_vault.vault.history import people
from outside import ADA, IN, KING, Call, Months, Row, git


@pytest.fixture
def months(call: Call, vault_dir: Path, home: Path) -> Months:
    """Four months: Ada moves in the second, is gone in the third and back in the fourth."""
    made = Months(call, vault_dir, home)
    made.snapshot(ADA)
    made.snapshot(row("Quov & Söhne", "Head of Tides"))
    made.snapshot(KING)
    made.snapshot(KING, row("Quov & Söhne", "Head of Tides"))
    return made


def row(company: str, position: str) -> Row:
    return (*ADA[:4], company, position, ADA[6])


def names(months: Months, *args: str, status: int = 0) -> list[str]:
    found = months.json("find", *args, status=status)
    return [person["first_name"] for person in found["people"]]


def test_by_fields_and_phrases(months: Months) -> None:
    assert names(months, "company:quov", "position:head") == ["Ada"]
    assert names(months, '"head of"') == ["Ada"]
    assert names(months, "company:Quov & Sohne") == ["Ada"]
    assert names(months, "QUOV", "söhne") == ["Ada"]
    assert names(months, "name:quov", status=1) == []
    assert len(names(months, "company:quov")) == 7


@pytest.mark.parametrize(
    ("day", "who"),
    [
        ("2025-01", "Engines"),
        ("2025-02-19", "Engines"),
        ("2025-02-20", "Quov & Söhne"),
        ("2025-02-28", "Quov & Söhne"),
        ("2025", "Quov & Söhne"),
        ("HEAD~3", "Engines"),
        ("2025/02/19", "Engines"),
        ("20.2.2025", "Quov & Söhne"),
        (":/Snapshot 2025-01", "Engines"),
    ],
)
def test_as_of_any_day_is_the_last_snapshot_not_after_it(
    months: Months, day: str, who: str
) -> None:
    found = months.json("find", "name:Ada", "--at", day)["people"]
    assert [person["company"] for person in found] == [who]
    shown = months.json("show", "ada-l", "--at", day)
    assert shown["person"]["company"] == who
    assert shown["former"] is False


def test_former_and_as_of_a_day(months: Months) -> None:
    assert names(months, "--former", status=0) == []
    assert names(months, "--former", "--at", "2025-03") == ["Ada"]
    assert months.json("show", "ada-l", "--at", "2025-03")["former"] is True
    assert names(months, "ada-l", "--at", "2025-03", status=1) == []


def test_before_the_first_snapshot_there_was_nobody(months: Months) -> None:
    for command in ("find", "show"):
        error = months.json(command, "ada", "--at", "2024-12-31", status=1)["error"]
        assert error["kind"] == "not-found"
        assert "log lists" in error["hint"]


def test_who_changed_since(months: Months) -> None:
    assert names(months, "--changed-since", "2025-01") == ["Ada", "Augusta"]
    assert names(months, "--changed-since", "2025-02") == ["Augusta"]
    assert names(months, "--changed-since", "2025-03") == ["Ada"]
    assert names(months, "--changed-since", "2025-04", status=1) == []
    assert names(months, "--changed-since", "2025-01", "--at", "2025-02") == ["Ada"]
    assert names(months, "--changed-since", "2025-02", "--at", "2025-03", "--former") == ["Ada"]
    # Everyone is new in a vault that is younger than that.
    assert len(names(months, "--changed-since", "2024-12")) == 8
    months.write("Augusta", "NOTE:by hand")
    months.snapshot(KING, row("Quov & Söhne", "Head of Tides"))
    assert names(months, "--changed-since", "2025-04") == ["Augusta"]
    assert names(months, "--changed-since", "2025-04", "filler", status=1) == []


def test_who_got_another_file_has_not_changed(months: Months) -> None:
    before = git(months.folder, "rev-parse", "HEAD").strip()
    path = months.card("ada-l")
    git(months.folder, "mv", str(path), str(path.with_name("countess.vcf")))
    git(months.folder, "commit", "-qm", "mine", "--no-verify")
    assert names(months, "--changed-since", before, status=1) == []


def test_who_has_an_address_in_another_spelling_has_not_changed(months: Months) -> None:
    for address in ("ada@example.com", "Ada@Example.com"):
        months.snapshot(KING, (*ADA[:3], address, "Quov & Söhne", "Head of Tides", ADA[6]))
    assert names(months, "--changed-since", "2025-04") == ["Ada"]
    assert names(months, "--changed-since", "2025-05", status=1) == []


def test_who_changed_within_one_snapshot_is_nobody(months: Months) -> None:
    assert names(months, "--changed-since", "2025-02-27", "--at", "2025-02-24", status=1) == []
    assert names(months, "--changed-since", "HEAD~1", "--at", "HEAD~1", status=1) == []


def test_a_vault_without_people_knows_what_a_day_is(call: Call, vault_dir: Path) -> None:
    call("init", vault_dir)
    for since, kind in (("nonsense", "not-found"), ("2025-13", "usage")):
        said = call("find", "--changed-since", since, "--json", "--vault", vault_dir, status=None)
        assert outside.one_object(said)["error"]["kind"] == kind
    said = call("find", "--changed-since", "2025-12", "--vault", vault_dir, status=1)
    assert (said.out, said.err) == ("", "")


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (("employer:quov",), 2, "no field 'employer'"),
        (('"head of',), 2, "no end"),
        (("company:",), 2, "Nothing follows"),
        (("--changed-since", "2025-02-30"), 2, "no day"),
        (("--changed-since", "sometime"), 1, "no commit"),
        (("--changed-since", " "), 2, "date is empty"),
        (("--changed-since", "2025-02", "--at", "2025-01"), 2, "'2025-02' is later than '2025-01'"),
        (("--changed-since", "HEAD", "--at", "HEAD~1"), 2, "'HEAD' is later than 'HEAD~1'"),
        (("--at", "2025-13"), 2, "no day"),
        (("--at", "03/04/2025"), 2, "which the month"),
        (("--at", "nonsense"), 1, "no commit"),
        (("--at", ""), 2, "date is empty"),
        (("--nonsense",), 2, "No such option"),
    ],
)
def test_what_can_not_be_found_is_told(
    months: Months, args: tuple[str, ...], status: int, said: str
) -> None:
    error = months.json("find", *args, status=status)["error"]
    assert said in error["message"]
    assert error["hint"]
    if said in ("no day", "no commit", "which the month"):
        assert "2026-11-23" in error["hint"]


def test_a_life_through_everything(months: Months) -> None:
    """Moved, gone, back, edited by hand: each fact with its days, each event marked."""
    months.write("ada-l", "TEL:+44 20")
    months.snapshot(KING, (*ADA[:3], "ada@example.com", "Quov & Söhne", "Head of Tides", ADA[6]))
    life = months.json("log", "ada-l")
    assert [(e["taken_on"][5:7], e["event"]) for e in life["events"]] == [
        ("05", "changed"), ("04", "edited"), ("04", "returned"), ("03", "gone"), ("02", "changed"),
        ("01", "added"),
    ]  # fmt: skip
    facts = [(f["field"], f["value"], f["first_seen"], f["last_seen"]) for f in life["facts"]]
    month = "2025-{:02}-20".format
    assert set(facts) >= {
        ("company", "Engines", month(1), month(1)),
        ("company", "Quov & Söhne", month(2), month(5)),
        ("position", "Analyst", month(1), month(1)),
        ("position", "Head of Tides", month(2), month(5)),
        ("emails", "ada@example.com", month(5), month(5)),
        ("phones", "+44 20", month(4), month(5)),
        ("profile_url", f"{IN}ada-l", month(1), month(5)),
    }
    said = months.call("log", "ada-l", "--vault", months.folder).out
    assert "2025-01-20  2025-01-20" in said
    assert "edited by hand" in said


def test_snapshots_tell_how_many_people_there_were(months: Months) -> None:
    found = months.json("log")["snapshots"]
    assert [one["people"] for one in found] == [8, 7, 7, 7]
    months.snapshot(ADA, options=["--partial"])
    found = months.json("log")["snapshots"]
    assert (found[0]["people"], found[0]["contacts"]) == (8, 7)
    said = months.call("log", "--vault", months.folder).out.splitlines()
    assert said[0].split() == ["day", "people", "growth", "new", "changed", "gone", "returned"]
    assert said[-1].startswith("2025-01-20  ")
    assert "█" in said[-1]


def test_mends_are_marked(call: Call, vault_dir: Path, home: Path) -> None:
    months = Months(call, vault_dir, home)
    months.snapshot(ADA)
    months.snapshot(KING)
    months.json("same", "ada-l", "countess-king")
    life = months.json("log", "countess-king")
    assert {event["mend"] for event in life["events"]} == {"same", None}
    said = months.call("log", "countess-king", "--vault", months.folder).out
    assert "made one of two by hand" in said
    assert "Lovelace" in said


def test_a_card_by_its_name_is_who_a_search_of_all_finds(months: Months) -> None:
    """File names and whole UIDs are looked up without the others; the answer is the same."""
    opened = vault.open_vault(months.folder)
    everyone = opened.roster()
    for start in (opened.tip(), opened.commits()[1].id):
        roster = opened.roster(start)
        assert start
        for one in everyone:
            for words in (one.uid, one.uid.upper(), one.file, one.path, f"former/{one.file}"):
                assert [people.named_card(opened.repo, start, words)] == [
                    *search.resolve_contacts(roster, words),
                    *([None] if one.uid not in roster.contacts else []),
                ]
    tip = opened.tip() or ""
    digits = next(iter(everyone)).uid[:8]
    for words in ("ada-l", "Ada", ADA[2], digits, "nobody.vcf", "*.vcf", ".vcf", "a/../b.vcf"):
        assert people.named_card(opened.repo, tip, words) is None


def test_who_was_taken_in_is_found_by_the_old_uid_and_file(
    call: Call, vault_dir: Path, home: Path
) -> None:
    months = Months(call, vault_dir, home)
    months.snapshot(ADA)
    ada = months.person("ada-l")
    months.snapshot(KING)
    king = months.person("countess-king")
    kept = months.json("same", "ada-l", "countess-king")["person"]
    other = king if kept["uid"] == ada["uid"] else ada
    for words in (other["uid"], other["path"].partition("/")[2], kept["uid"]):
        assert months.person(words)["uid"] == kept["uid"]


def test_a_broken_card_is_told_of_by_file_and_uid(months: Months) -> None:
    path = months.card("ada-l")
    name, uid = path.name, months.person("ada-l")["uid"]
    path.write_bytes(path.read_bytes().replace(b"END:VCARD", b"END"))
    git(months.folder, "commit", "-qam", "spoilt", "--no-verify")
    assert name in months.json("show", uid, status=5)["error"]["message"]
    assert months.json("show", "Ada", status=1)["error"]["kind"] == "not-found"
    assert name in months.json("show", name, status=5)["error"]["message"]


def test_a_card_from_a_telephone_is_found_by_its_file(months: Months) -> None:
    """Such cards are called as the telephone likes, capitals and all."""
    lines = ("BEGIN:VCARD", "VERSION:3.0", "UID:abc", "FN:Zed Ypsilon", "N:Ypsilon;Zed;;;")
    (months.folder / "former").mkdir(exist_ok=True)
    (months.folder / "former" / "Zoe.vcf").write_text("\n".join([*lines, "END:VCARD", ""]))
    git(months.folder, "add", ".")
    git(months.folder, "-c", "user.name=x", "-c", "user.email=x@x.x", "commit", "-qm", "mine")
    for words in ("Zoe.vcf", "former/Zoe.vcf", "Zoe", "zoe.vcf"):
        assert months.person(words)["path"] == "former/Zoe.vcf"
        assert [kind for _, kind in months.events(words)] == ["edited"]


def test_all_that_the_user_wrote_is_shown(months: Months) -> None:
    own = (
        "URL:https://ada.example",
        "TITLE;LANGUAGE=de:Gräfin",
        "ORG;LANGUAGE=de:Zweite;Nacht",
        "ADR;TYPE=HOME:;;Weg 1;Zürich;;8001;",
        "X-LI-COAT;COLUMN=Coat size:XL",
        "PHOTO;ENCODING=b:" + "QURB" * 900,
    )
    months.write("ada-l", "\r\n".join(own))
    months.snapshot(ADA)
    said = months.call("show", "ada-l", "--vault", months.folder).out
    facts = [line.split(maxsplit=1) for line in said.splitlines()[1:]]
    assert facts[:3] == [
        ["position", "Analyst"], ["company", "Engines"], ["profile", f"{IN}ada-l"],
    ]  # fmt: skip
    assert facts[4:-1] == [
        ["url", "https://ada.example"], ["title", "Gräfin"], ["org", "Zweite, Nacht"],
        ["adr", "Weg 1, Zürich, 8001"], ["Coat", "size  XL"], ["photo", "…"],
    ]  # fmt: skip


def test_what_stands_above_is_not_told_twice(months: Months) -> None:
    path = months.card("ada-l")
    data = path.read_bytes().replace(b"TITLE:Head of", b"TITLE;LANGUAGE=de:Haupt der")
    path.write_bytes(data.replace(b"ORG:Quov", b"ORG:Quov;North;East"))
    months.snapshot(KING, row("Quov & Söhne", "Head of Tides"))
    said = months.call("show", "ada-l", "--vault", months.folder).out
    assert said.count("Haupt der Tides") == 1
    assert "org        Quov, North, East" in said
