"""`same` and `apart`: a wrong split or merge is mended in one command, for good."""

from __future__ import annotations

from pathlib import Path

import pytest

import outside
from outside import ADA, FILLERS, IN, KING, Call, Months, Row, git


@pytest.fixture
def months(call: Call, vault_dir: Path, home: Path) -> Months:
    return Months(call, vault_dir, home)


@pytest.fixture
def split(months: Months) -> Months:
    """Ada is in former/, and taken for somebody new."""
    months.snapshot(ADA)
    found = months.snapshot(KING)
    assert (found["added"], found["gone"]) == (1, 1)
    return months


def test_two_become_one_for_good(split: Months) -> None:
    ada, king = split.person("ada-l"), split.person("countess-king")
    split.write("ada-l", "NOTE:Numbers")
    split.write("countess-king", "NOTE:Byron's")
    said = split.json("same", "countess-king", "ada-l")
    assert said["person"]["uid"] == ada["uid"]
    assert said["other"]["uid"] == king["uid"]
    assert (said["already"], said["edited"], said["remotes"]) == (False, 2, {})
    assert said["commit"] == git(split.folder, "rev-parse", "HEAD").strip()
    uids = f"{ada['uid']} {king['uid']}"
    assert outside.trailers(split.message()) == {"Li-Same": uids}
    assert split.message("HEAD~1").strip() == "Edited by hand: 2 contacts"
    dates = git(split.folder, "log", "-2", "--format=%ad %cd", "--date=short").split()
    assert dates == ["2025-02-20"] * 4
    file = Path(ada["path"]).name
    assert said["person"]["path"] == f"contacts/{file}"
    assert not (split.folder / king["path"]).exists()
    assert not (split.folder / ada["path"]).exists()
    card = (split.folder / "contacts" / file).read_text(encoding="utf-8")
    for line in ("FN:Augusta King", "X-LI-FORMER-URL:" + ADA[2], "NOTE:Numbers", "NOTE:Byron's"):
        assert line in card.splitlines()
    assert f"X-LI-SAME-AS:{king['uid']} {Path(king['path']).name}" in card.replace("\n ", "")
    for words in (king["uid"], king["uid"][:8], Path(king["path"]).name, "ada-l", ada["uid"]):
        assert split.person(words)["uid"] == ada["uid"], words
    split.is_whole()
    for _ in range(3):
        found = split.snapshot(KING)
        assert (found["added"], found["gone"], found["returned"]) == (0, 0, 0)
        assert (found["changed"], found["doubtful"]) == (0, [])
    assert split.json("status")["contacts"] == len(FILLERS) + 1


def test_the_history_is_one(split: Months) -> None:
    split.json("same", "ada-l", "countess-king")
    assert split.events("ada-l") == [
        ("2025-02", "edited"), ("2025-02", "gone"), ("2025-02", "added"), ("2025-01", "added"),
    ]  # fmt: skip
    changed = split.snapshot((*KING[:5], "Lady", KING[6]))
    assert changed["changed"] == 1
    assert split.events("ada-l")[0] == ("2025-03", "changed")
    across = split.json("diff", "2025-02", "2025-03")
    assert (across["gone"], across["added"], across["returned"]) == ([], [], [])
    assert [one["name"] for one in across["changed"]] == ["Augusta King"]


def test_it_goes_to_former_returns_is_edited_and_cloned(split: Months, tmp_path: Path) -> None:
    uid = split.json("same", "ada-l", "countess-king")["person"]["uid"]
    assert split.snapshot()["gone"] == 1
    split.write("ada-l", "CATEGORIES:Friends")
    assert split.snapshot(KING)["returned"] == 1
    assert split.person("ada-l")["uid"] == uid
    card = split.card("ada-l")
    assert b"CATEGORIES:Friends" in card.read_bytes()
    assert b"X-LI-SAME-AS:" in card.read_bytes()
    card.write_bytes(card.read_bytes().replace(b"X-LI-SAME-AS:", b"X-NOTHING:"))
    split.snapshot(KING)
    assert b"X-LI-SAME-AS:" in card.read_bytes()  # it is no line of the user's
    copy = tmp_path / "copy"
    git(tmp_path, "clone", "-q", "-b", "main", str(split.folder), str(copy))
    there = Months(split.call, copy, split.home)
    there.month = split.month
    assert there.json("same", "ada-l", "countess-king")["already"] is True
    assert there.snapshot(KING, options=["--no-push"])["changed"] == 0
    assert there.person("countess-king")["uid"] == uid


def test_a_uid_that_was_taken_in_is_nobody_elses(months: Months) -> None:
    """Both appear beside each other after all: apart gives each back what it had."""
    countess = (*KING[:6], ADA[6])  # the same day: who is named by a former profile is known by it
    months.snapshot(ADA)
    months.snapshot(countess)
    months.write("ada-l", "NOTE:Numbers")
    months.write("countess-king", "NOTE:Byron's")
    king = months.person("countess-king")
    months.json("same", "ada-l", "countess-king")
    assert months.snapshot(ADA)["added"] == 0
    said = months.json("apart", "ada-l", "countess-king")
    again = said["other"]
    assert (again["uid"], Path(again["path"]).name) == (king["uid"], Path(king["path"]).name)
    ada, old = (months.card(words).read_text(encoding="utf-8") for words in (ADA[2], KING[2]))
    assert ("NOTE:Numbers" in ada, "NOTE:Numbers" in old, "NOTE:Byron's" in old) == (1, 0, 1)
    for data in (ada, old):
        assert "X-LI-FORMER-URL" not in data
        assert "X-LI-SAME-AS" not in data
    found = months.snapshot(ADA, countess)
    assert (found["added"], found["changed"], found["returned"]) == (0, 0, 1)


def test_same_again_after_a_return_under_the_old_name(split: Months) -> None:
    """Nothing but a former profile tells, which is not enough; `same` says it once more."""
    uid = split.json("same", "ada-l", "countess-king")["person"]["uid"]
    assert split.snapshot(ADA)["added"] == 1
    new = split.person("ada-l")["uid"]
    said = split.json("same", new, uid)
    assert (said["person"]["uid"], said["person"]["name"]) == (uid, "Ada Lovelace")
    found = split.snapshot(ADA)
    assert (found["added"], found["changed"], found["gone"]) == (0, 0, 0)
    split.json("apart", uid, new)
    assert split.person(new)["name"] == "Ada Lovelace"
    assert split.person(uid)["name"] == "Augusta King"
    assert split.json("apart", uid, "Lovelace")["already"] is True
    split.is_whole()


def test_one_already_is_said(split: Months) -> None:
    head = git(split.folder, "rev-parse", "HEAD")
    said = split.json("same", "ada-l", "Ada Lovelace")
    assert (said["already"], said["commit"], said["other"]) == (True, None, None)
    assert "already" in split.call("same", "ada-l", "ada-l", "--vault", split.folder).out
    said = split.json("apart", "ada-l", "countess-king")
    assert (said["already"], said["commit"]) == (True, None)
    assert git(split.folder, "rev-parse", "HEAD") == head


def test_a_dry_run_records_nothing(split: Months) -> None:
    split.write("ada-l", "NOTE:Numbers")
    before = outside.state(split.folder)
    said = split.json("same", "ada-l", "countess-king", "--dry-run")
    assert (said["commit"], said["dry_run"], said["already"]) == (None, True, False)
    assert said["person"]["path"].startswith("contacts/")
    assert outside.state(split.folder) == before


def test_two_whom_the_newest_list_names_both_stay_two(months: Months) -> None:
    months.snapshot(ADA, KING)
    before = outside.state(months.folder)
    said = months.call(
        "same", "ada-l", "countess-king", "--json", "--vault", months.folder, status=2
    )
    outside.is_refused(said, 2, "", "newest list")
    assert outside.state(months.folder) == before


def test_nobody_and_several(split: Months) -> None:
    assert split.json("same", "ada-l", "nobody-at-all", status=1)["error"]["kind"] == "not-found"
    assert split.json("same", "ada-l", "Filler", status=2)["error"]["kind"] == "usage"
    assert split.json("apart", "ada-l", "nobody-at-all", status=1)["error"]["kind"] == "not-found"
    assert split.json("apart", "ada-l", "Ada Lovelace", status=2)["error"]["kind"] == "usage"


def test_same_is_undone_by_apart(split: Months) -> None:
    split.write("ada-l", "NOTE:Numbers")
    split.write("countess-king", "NOTE:Byron's")
    split.snapshot(KING)
    former, present = split.card("ada-l"), split.card("countess-king")
    before = former.read_bytes(), present.read_bytes()
    split.json("same", "ada-l", "countess-king")
    split.write("countess-king", "CATEGORIES:Later")
    uid = split.person("ada-l")["uid"]
    said = split.json("apart", "countess-king", "ada-l")
    assert outside.trailers(split.message()) == {"Li-Apart": f"{uid} {said['other']['uid']}"}
    later = before[1].replace(b"END:VCARD", b"CATEGORIES:Later\r\nEND:VCARD")
    assert (former.read_bytes(), present.read_bytes()) == (before[0], later)
    split.is_whole()
    for _ in range(3):
        found = split.snapshot(KING)
        assert (found["added"], found["gone"], found["changed"]) == (0, 0, 0)
    assert split.snapshot(KING, ADA)["returned"] == 1
    assert split.events("countess-king")[-2:] == [("2025-02", "edited"), ("2025-02", "added")] or (
        split.events("countess-king")[-1] == ("2025-02", "added")
    )
    assert split.events("ada-l")[-2:] == [("2025-02", "gone"), ("2025-01", "added")]


def test_what_came_later_is_undone_where_the_facts_are(split: Months) -> None:
    """The later one was gone when it was taken in: it goes back there."""
    split.snapshot(ADA)
    ada, king = split.card("ada-l"), split.card("countess-king")
    before = ada.read_bytes(), king.read_bytes()
    assert (ada.parent.name, king.parent.name) == ("contacts", "former")
    king_uid = split.person("countess-king")["uid"]
    said = split.json("same", "countess-king", "ada-l")
    assert said["person"]["name"] == "Ada Lovelace"
    assert not king.exists()
    split.json("apart", "ada-l", king_uid)
    assert (ada.read_bytes(), king.read_bytes()) == before


# ------------------------------------------------------------------ a wrong merge by a list

OTHER: Row = ("Ada", "Lovelace", f"{IN}ada-of-milan", "", "Scala", "Singer", "01 Jan 2019")
"""Another Ada, who connected on the same day: the second key takes her for the first."""


@pytest.fixture
def merged(months: Months) -> Months:
    months.snapshot(ADA)
    months.write("ada-l", "NOTE:Numbers")
    months.snapshot(ADA)
    found = months.snapshot(OTHER)
    assert (found["added"], found["gone"], found["changed"]) == (0, 0, 1)
    months.write("ada-of-milan", "NOTE:Sings")
    return months


@pytest.mark.parametrize("words", [("ada-l", "ada-of-milan"), ("ada-of-milan", "Engines")])
def test_a_wrong_merge_becomes_two_for_good(merged: Months, words: tuple[str, str]) -> None:
    before = merged.person("ada-of-milan")
    said = merged.json("apart", *words)
    first, second = said["person"], said["other"]
    assert (first["uid"], first["company"]) == (before["uid"], "Engines")
    assert first["path"] == "former/" + Path(before["path"]).name
    assert (second["company"], second["path"].partition("/")[0]) == ("Scala", "contacts")
    assert second["uid"] != first["uid"]
    assert merged.message("HEAD~1").strip() == "Edited by hand: 1 contacts"
    old = (merged.folder / first["path"]).read_text(encoding="utf-8")
    new = (merged.folder / second["path"]).read_text(encoding="utf-8")
    assert ("NOTE:Numbers" in old, "NOTE:Sings" in old) == (True, False)
    assert ("NOTE:Numbers" in new, "NOTE:Sings" in new) == (False, True)
    assert "X-LI-FORMER-URL" not in old + new
    merged.is_whole()
    assert merged.json("apart", *words)["already"] is True
    for _ in range(3):
        found = merged.snapshot(OTHER)
        assert (found["added"], found["gone"], found["changed"], found["returned"]) == (0, 0, 0, 0)
    found = merged.snapshot(ADA, OTHER)
    assert (found["added"], found["changed"], found["returned"]) == (0, 0, 1)
    assert merged.person("ada-l")["uid"] == first["uid"]
    assert merged.person("ada-of-milan")["uid"] == second["uid"]


def test_each_has_the_history_that_belongs_to_it(merged: Months) -> None:
    merged.json("apart", "ada-l", "ada-of-milan")
    assert merged.events("ada-l") == [
        ("2025-03", "edited"), ("2025-01", "edited"), ("2025-01", "added"),
    ]  # fmt: skip
    assert merged.events("ada-of-milan") == [
        ("2025-03", "edited"), ("2025-03", "edited"), ("2025-03", "added"),
    ]  # fmt: skip


def test_both_words_mean_who_it_is_now(merged: Months) -> None:
    found = merged.json("apart", "ada-of-milan", "Singer", status=2)["error"]
    assert "ada-l" in found["hint"]


def test_who_was_there_again_stays_first(merged: Months) -> None:
    """The wrong one was listed in between: the one of the beginning keeps the UID."""
    uid = merged.person("ada-l")["uid"]
    assert merged.snapshot(ADA)["added"] == 0
    said = merged.json("apart", "ada-of-milan", "ada-l")
    assert said["person"]["uid"] == uid
    assert (said["person"]["company"], said["other"]["company"]) == ("Engines", "Scala")
    assert said["person"]["path"].startswith("contacts/")
    assert said["other"]["path"].startswith("former/")
    found = merged.snapshot(ADA, OTHER)
    assert (found["added"], found["changed"], found["returned"]) == (0, 0, 1)


def test_the_same_mends_give_the_same_commits(call: Call, tmp_path: Path, home: Path) -> None:
    ids = []
    for name in ("one", "two"):
        months = Months(call, tmp_path / name, home)
        months.snapshot(ADA)
        months.snapshot(KING)
        months.json("same", *("ada-l", "countess-king")[:: 1 if name == "one" else -1])
        months.json("apart", "ada-l", "countess-king")
        ids.append(git(tmp_path / name, "log", "--format=%H"))
    assert ids[0] == ids[1]


def test_it_is_pushed(split: Months, tmp_path: Path) -> None:
    split.json("remote", "add", "nas", str(tmp_path / "nas.git"), "--create")
    assert split.json("same", "ada-l", "countess-king", "--no-push")["remotes"] == {}
    said = split.json("apart", "ada-l", "countess-king")
    assert said["remotes"]["nas"]["state"] == "pushed"
    assert git(tmp_path / "nas.git", "rev-parse", "main").strip() == said["commit"]


def test_people_read_it(split: Months) -> None:
    said = split.call("same", "ada-l", "countess-king", "--vault", split.folder).out
    assert "Augusta King" in said
    assert "for good" in said


def test_a_commit_of_the_users_upon_it_brings_nobody_back(split: Months) -> None:
    split.json("same", "ada-l", "countess-king")
    split.write("ada-l", "NOTE:By git")
    git(split.folder, "commit", "-q", "-a", "-m", "My own")
    found = split.snapshot(KING)
    assert (found["added"], found["gone"], found["put_back"]) == (0, 0, [])
    assert b"NOTE:By git" in split.card("ada-l").read_bytes()
    assert split.json("status")["contacts"] == len(FILLERS) + 1
    assert split.json("status")["former"] == 0


def test_it_is_in_the_way_of_no_rebuild(split: Months, tmp_path: Path) -> None:
    split.json("same", "ada-l", "countess-king")
    split.snapshot(KING)
    made = split.json("rebuild", "--into", tmp_path / "anew")
    assert (made["mended"], made["lost"]) == (1, [])
    heads = [git(folder, "rev-parse", "HEAD") for folder in (split.folder, tmp_path / "anew")]
    assert heads[0] == heads[1]
