"""`diff`: what it tells of whom, in which form, and of how much."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

import outside
from network import Network
from outside import Call, git

IN = "https://www.linkedin.com/in/"
HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
FILLERS = [
    (name, "Filler", f"{IN}{name.lower()}-filler", "", "Quov", "Weaver", "03 Mar 2020")
    for name in ("Bela", "Cato", "Dora", "Enno", "Fina", "Gisa", "Hedi", "Ilse")
]
ADA = ("Ada", "Byron", f"{IN}ada", "ada@example.com", "Quov", "Poet", "01 Jan 2019")
LADY = ("Ada", "Lovelace", f"{IN}ada", "", "Zanth | Sons", "Analyst", "01 Jan 2019")
MOVER = ("Eva", "Mover", f"{IN}eva", "", "Quov", "Keeper", "06 Jun 2019")
MOVED = (*MOVER[:2], f"{IN}eva-m", *MOVER[3:])
HIDER = ("Hida", "Hider", f"{IN}hida", "", "Quov", "Tuner", "02 Feb 2019")
LEAVER = ("Leo", "Leaver", f"{IN}leo", "", "Quov", "Smith", "04 Apr 2019")
COMER = ("=Cora", "Comer", f"{IN}cora", "cora@example.com", "Hesp", "-Grader", "05 May 2025")
NAMELESS = ("", "", "", "", "", "", "02 Feb 2019")


class Years:
    """A vault that gets a list a month."""

    def __init__(self, call: Call, folder: Path, home: Path) -> None:
        self.call, self.folder, self.home, self.month = call, folder, home, 0

    def snapshot(self, *rows: tuple[str, ...], options: tuple[str, ...] = ()) -> None:
        self.month += 1
        path = self.home / "Connections.csv"
        lines = [",".join(row) + "\n" for row in (*FILLERS, *rows)]
        path.write_text(HEADER + "".join(lines), encoding="utf-8")
        day = f"2025-{self.month:02}-20"
        self.call("snapshot", path, "--taken-on", day, "--init", "--vault", self.folder, *options)

    def diff(self, *args: str, status: int = 0) -> str:
        return self.call("diff", *args, "--vault", self.folder, status=status).out

    def json(self, *args: str) -> dict[str, Any]:
        return outside.one_object(self.call("diff", *args, "--json", "--vault", self.folder))


@pytest.fixture
def years(call: Call, vault_dir: Path, home: Path) -> Years:
    """Everything happens from January to February; then nothing, then all but one are back."""
    found = Years(call, vault_dir, home)
    found.snapshot(ADA, MOVER, HIDER, LEAVER)
    found.snapshot(LADY, MOVED, NAMELESS, COMER)
    found.snapshot(LADY, MOVED, NAMELESS, COMER)
    found.snapshot(ADA, MOVER, (*HIDER[:2], f"{IN}hida-2", *HIDER[3:5], "Boss", HIDER[6]), LEAVER)
    return found


WORDS = {
    "jobs": "Moved company (1)",
    "names": "Renamed (1)",
    "emails": "Address withdrawn (1)",
    "urls": "New profile URL (1)",
    "new": "New (1)",
    "gone": "Gone: hidden or closed (1)",
    "returned": "Returned (2)",
}


def test_everything_is_told_in_its_group(years: Years) -> None:
    assert years.diff("2025-01", "2025-02") == (
        "2025-01-20 → 2025-02-20\n"
        "2 changed, 1 new, 2 gone\n"
        "\n"
        "Moved company (1)\n"
        "  Ada Lovelace  Poet, Quov → Analyst, Zanth | Sons\n"
        "\n"
        "Renamed (1)\n"
        "  Ada Lovelace  Ada Byron → Ada Lovelace\n"
        "\n"
        "Address withdrawn (1)\n"
        "  Ada Lovelace  ada@example.com → –\n"
        "\n"
        "New profile URL (1)\n"
        "  Eva Mover  eva → eva-m\n"
        "\n"
        "New (1)\n"
        "  =Cora Comer  -Grader, Hesp\n"
        "\n"
        "Gone: hidden or closed (1)\n"
        "  Hida Hider  Tuner, Quov\n"
        "\n"
        "Gone: disconnected (1)\n"
        "  Leo Leaver  Smith, Quov\n"
    )


def test_who_returns_is_told_with_what_changed_meanwhile(years: Years) -> None:
    shown = years.diff("--only", "returned")
    assert "Hida Hider  Tuner; hida → Boss (Quov); hida-2" in shown
    assert "Leo Leaver                Smith, Quov" in shown
    (hida,) = [p for p in years.json()["returned"] if p["name"] == "Hida Hider"]
    assert [change["field"] for change in hida["changes"]] == ["profile_url", "position"]


def test_who_returns_in_another_job_is_told_among_the_jobs(years: Years) -> None:
    for words, before, after in (
        ("jobs", "Tuner", "Boss (Quov)"),
        ("urls,new", "hida", "hida-2"),
        ("jobs,returned", "Tuner; hida", "Boss (Quov); hida-2"),
    ):
        shown = years.diff("--only", words, "--exit-code", status=1)
        assert f"Hida Hider  {before} → {after}\n" in shown.replace("     ", "")
        assert ("Leo Leaver" in shown) == ("returned" in words)
    (hida,) = years.json("--only", "jobs")["returned"]
    assert [change["field"] for change in hida["changes"]] == ["position"]
    assert years.json("--only", "names")["returned"] == []


@pytest.mark.parametrize("word", WORDS)
def test_only_what_is_asked_for_is_told_and_counted(years: Years, word: str) -> None:
    ends = ("2025-03", "2025-04") if word == "returned" else ("2025-01", "2025-02")
    shown = years.diff(*ends, "--only", word, "--exit-code", status=1)
    groups = [line for line in shown.splitlines() if line.endswith(")") and line[:1] != " "]
    more = ["Gone: disconnected (1)"] if word == "gone" else []
    assert groups == [WORDS[word], *more]
    found = years.json(*ends, "--only", word)
    filled = {key for key in ("added", "gone", "returned", "changed") if found[key]}
    assert filled == {
        {"new": "added"}.get(word, word if word in ("gone", "returned") else "changed")
    }
    assert "No difference." in years.diff("2025-02", "2025-03", "--only", word, "--exit-code")


def test_several_words_are_taken_in_any_way(years: Years) -> None:
    ends = ("2025-01", "2025-02")
    wanted = years.diff(*ends, "--only", "jobs,new")
    assert "Moved company" in wanted
    assert "Renamed" not in wanted
    assert years.diff(*ends, "--only", "new", "--only", " JOBS ") == wanted
    everything = ",".join((*WORDS, "other"))
    assert years.diff(*ends, "--only", everything) == years.diff(*ends)
    changes = years.json(*ends, "--only", "jobs,emails")["changed"][0]["changes"]
    assert [change["field"] for change in changes] == ["emails", "company", "position"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--only", "jobs,friends"], "'friends'"),
        (["--only", ""], "''"),
        (["--only", "jobs,"], "''"),
        (["--format", "xml"], "'xml'"),
        (["--json", "--format", "csv"], "--format csv"),
        (["2025-13"], "'2025-13'"),
        (["2025-01", ""], "empty"),
        (["a", "b", "c"], "'c'|(c)"),
    ],
)
def test_what_cant_be_asked(years: Years, args: list[str], words: str) -> None:
    said = years.call("diff", *args, "--vault", years.folder, status=2)
    text = said.out if "--json" in args else said.err
    assert any(word in text for word in words.split("|"))
    if "--only" in args:
        assert "jobs, names, emails, urls, new, gone, returned" in text


@pytest.mark.parametrize("args", [["1999"], ["2024-12"], ["HEAD~9"], ["2025-01", "no-such"]])
def test_ends_that_are_not_there(years: Years, args: list[str]) -> None:
    said = years.call("diff", *args, "--format", "json", "--vault", years.folder, status=1)
    assert outside.one_object(said)["error"]["kind"] == "not-found"
    assert said.err == ""


def test_the_format_json_is_the_option_json(years: Years) -> None:
    wanted = json.dumps(years.json("HEAD~2"))
    for args in (["--format", "json"], ["--format=json"], ["--format", "json", "--json"]):
        assert json.dumps(json.loads(years.diff("HEAD~2", *args))) == wanted
    said = years.call("diff", "--format=json", "--vault", years.folder / "nowhere", status=5)
    assert outside.one_object(said)["error"]["status"] == 5


def test_csv_is_for_spreadsheets(years: Years) -> None:
    shown = years.diff("2025-01", "2025-02", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(shown, newline="")))
    assert [row["what"] for row in rows] == [
        "renamed", "address withdrawn", "moved company", "moved company", "new profile URL",
        "new", "gone", "gone",
    ]  # fmt: skip
    assert [row["reason"] for row in rows[-2:]] == ["hidden", "disconnected"]
    (new,) = [row for row in rows if row["what"] == "new"]
    assert (new["name"], new["position"]) == ("'=Cora Comer", "'-Grader")
    none = years.diff("HEAD", "HEAD", "--format", "csv")
    assert none.count("\n") == 1
    assert none.startswith("what,name,")


def test_markdown_is_for_mails(years: Years) -> None:
    shown = years.diff("2025-01", "2025-02", "--format", "markdown", "--only", "jobs")
    assert shown == (
        "**2025-01-20 → 2025-02-20**: 1 changed\n\n**Moved company (1)**\n\n"
        "| name | before | after |\n|---|---|---|\n"
        f"| [Ada Lovelace]({IN}ada) | Poet, Quov | Analyst, Zanth \\| Sons |\n"
    )
    assert years.diff("HEAD", "HEAD", "--format", "markdown").endswith("no difference\n")


def test_a_title_of_several_lines_is_one_row_of_a_table(years: Years) -> None:
    (card,) = (years.folder / "contacts").glob("leo-*.vcf")
    card.write_bytes(card.read_bytes().replace(b"TITLE:Smith", b"TITLE:Head\\nof \\n Tides"))
    years.snapshot(ADA, MOVER, HIDER, LEAVER)
    shown = years.diff("2025-04", "HEAD", "--format", "markdown", "--only", "jobs")
    assert f"\n| [Leo Leaver]({IN}leo) | Smith | Head of Tides (Quov) |\n" in shown


def test_looking_back_nobody_has_left(years: Years) -> None:
    back = years.json("2025-02", "2025-01")
    assert [p["name"] for p in back["returned"]] == ["Hida Hider", "Leo Leaver"]
    assert [(p["name"], p["reason"]) for p in back["gone"]] == [("=Cora Comer", None)]
    assert back["added"] == []


def test_who_came_and_left_in_between_is_not_told(years: Years) -> None:
    found = years.json("2025-01", "2025-04")
    assert found["added"] == found["gone"] == found["returned"] == []
    assert [one["name"] for one in found["changed"]] == ["Hida Hider"]


def test_a_partial_list_tells_nothing_of_who_left(years: Years) -> None:
    years.snapshot(LADY, MOVER, options=("--partial",))
    assert years.json()["gone"] == []
    years.snapshot(LADY, MOVER, NAMELESS, LEAVER)
    reasons = {p["name"]: p["reason"] for p in years.json()["gone"]}
    assert reasons == {"Hida Hider": "hidden"}


def test_hand_edits_are_differences(years: Years) -> None:
    (card,) = (years.folder / "contacts").glob("leo-*.vcf")
    card.write_bytes(card.read_bytes().replace(b"TITLE:Smith", b"TITLE:Farrier"))
    years.snapshot(ADA, MOVER, HIDER, LEAVER)
    assert "Leo Leaver  Smith → Farrier (Quov)" in years.diff("2025-04", "HEAD~1")
    assert "Smith" not in years.diff("HEAD~1", "HEAD")


def test_two_who_became_one_neither_came_nor_went(years: Years) -> None:
    years.snapshot(ADA, MOVER, LEAVER)
    years.call("same", "leo", "hida-2", "--vault", years.folder)
    for ends in (("2025-04", "HEAD"), ("HEAD", "2025-04"), ("HEAD~1", "HEAD"), ("HEAD", "HEAD~1")):
        found = years.json(*ends)
        assert found["added"] == found["gone"] == found["returned"] == [], ends


def test_a_vault_without_a_past(call: Call, vault_dir: Path, home: Path) -> None:
    call("init", vault_dir)
    assert "No difference." in call("diff", "--vault", vault_dir).out
    network = Network(seed=5, people=40)
    call("snapshot", outside.write(home, network), "--vault", vault_dir)
    found = outside.one_object(call("diff", "--json", "--vault", vault_dir))
    assert found["from"] == {"commit": None, "taken_on": None}
    assert len(found["added"]) == len(network.shown())


def test_what_the_user_adds_is_a_difference_like_any(
    call: Call, vault_dir: Path, home: Path
) -> None:
    network = Network(seed=77, people=12)
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    card = min((vault_dir / "contacts").iterdir())
    lines = b"EMAIL;TYPE=HOME:own@example.org\r\nTEL;TYPE=CELL:+49 30 1\r\nEND:"
    card.write_bytes(card.read_bytes().replace(b"END:", lines))
    network.advance()
    call("snapshot", outside.write(home, network), "--vault", vault_dir, "--allow", "gone")
    found = outside.one_object(call("diff", "HEAD~2", "HEAD~1", "--json", "--vault", vault_dir))
    (one,) = found["changed"]
    assert one["path"] == f"contacts/{card.name}"
    fields = {change["field"]: change for change in one["changes"]}
    assert fields["emails"]["after"].endswith("own@example.org")
    assert fields["phones"] == {"field": "phones", "before": None, "after": "+49 30 1"}
    life = outside.one_object(call("log", card.name, "--json", "--vault", vault_dir))
    edited = next(event for event in life["events"] if event["event"] == "edited")
    assert edited["changes"] == one["changes"]


def test_a_broken_card_is_nobody_who_left(call: Call, vault_dir: Path, home: Path) -> None:
    call(
        "snapshot", outside.write(home, Network(seed=78, people=12)), "--init", "--vault", vault_dir
    )
    card = min((vault_dir / "contacts").iterdir())
    card.write_bytes(card.read_bytes()[:60])
    git(vault_dir, "commit", "-q", "-a", "--no-verify", "-m", "Mine")
    for ends in (("HEAD~1", "HEAD"), ("HEAD", "HEAD~1")):
        said = call("diff", *ends, "--json", "--vault", vault_dir)
        found = outside.one_object(said)
        assert found["gone"] == found["added"] == found["changed"] == []
        assert card.name in said.err
    for command in ("show", "log"):
        refused = call(command, card.name, "--json", "--vault", vault_dir, status=5)
        assert card.name in outside.one_object(refused)["error"]["message"]
