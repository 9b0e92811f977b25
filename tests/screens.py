"""The screens of tests/views/screens: what they show, and how they are made anew.

python tests/screens.py        # after a change of words that is meant
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from li_vault.actions import diff, doctor, find, log, push, show, snapshot, status
from li_vault.core import diffs
from li_vault.core.best_known import BestKnown, Known, Seen
from li_vault.core.comparing import Changed, Comparison
from li_vault.core.diffs import Change
from li_vault.core.messages import Record
from li_vault.core.model import Contact, Person
from li_vault.core.telling import Differences
from li_vault.core.timeline import Snapshot
from li_vault.errors import Refused
from li_vault.formats.base import Skip
from li_vault.host.downloads import Mark
from li_vault.store.remote import Outcome
from li_vault.vault.accounts import Account, Recorded
from li_vault.vault.events import Event
from li_vault.vault.ledger import Entry, Fate
from li_vault.vault.mendwork import Result
from li_vault.views import (
    differences,
    history,
    markdown,
    mends,
    people,
    spreadsheet,
    standing,
    text,
)
from li_vault.views.look import Look

FOLDER = Path(__file__).parent / "views" / "screens"
WIDTHS = (0, 60, 80, 140)

_IDS = [f"{number:08d}-0000-5000-8000-000000000000" for number in range(9)]


def _contact(
    number: int, person: Person, *, former: bool = False, own: tuple[str, ...] = ()
) -> Contact:
    folder = "former" if former else "contacts"
    path = f"{folder}/someone-{number}-{_IDS[number][:8]}.vcf"
    return Contact(_IDS[number], path, person, person, (), own)


ADA = _contact(
    1,
    Person(
        "Ada", "Lovelace, PhD 🚀", "https://www.linkedin.com/in/ada-lovelace-1a2b3c",
        ("ada@example.com",), (), 'Analytical "Engines", Ltd.', "Mathematician", "2024-01-01",
        extra=(("Followed", "yes"),),
    ),
    own=("NOTE:Met at the fair\\, twice\\nand once more", "TEL;TYPE=CELL:+44 20 7946 0000",
         "CATEGORIES:Friends", "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJD" * 600),
)  # fmt: skip
MARY = _contact(2, Person("Mary", "Somerville", company="Order of " + "Wandering Lights " * 6))
CLOUD = _contact(3, Person("云石", "川", position="木山", company="林水火"))
WORK = "Keeper of Tides and Granaries of the North"
HIDDEN = _contact(4, Person("Élise", "Example", position=WORK, company="Quov"), former=True)
BARE = _contact(5, Person("Osa", "Belth"))
OTHER = _contact(
    6,
    Person(
        "Élodie", "Ørsted-Nakamura", company="Ærø ﬁne Ｆull", position="Warden",
        emails=("elodie.orsted-nakamura@lanterns.example.com", "el@example.com"),
    ),
)  # fmt: skip
RECORD = Record("2026-11-20", "Connections.csv", "0" * 64, "linkedin-connections/2023", 1346, 1312,
                33, 0, 0, 1, 3, 14, 1, 1)  # fmt: skip
FIRST = RECORD._replace(taken_on="2026-10-20", added=1310, changed=0, gone=0, returned=0)
SNAPSHOTS = (Snapshot("a" * 40, RECORD), Snapshot("b" * 40, FIRST))
ENTRIES = (
    log.Entry(SNAPSHOTS[0], 1312),
    log.Entry(SNAPSHOTS[1]._replace(record=FIRST._replace(added=250, gone=12)), 1310),
    log.Entry(SNAPSHOTS[1]._replace(record=FIRST._replace(taken_on="2026-09-20", added=69)), 1072),
    log.Entry(SNAPSHOTS[1]._replace(record=FIRST._replace(taken_on="2025-02-20", added=3)), 3),
)
MOVE = (
    Change("profile_url", "https://www.linkedin.com/in/ada", "https://www.linkedin.com/in/ada-b"),
    Change("company", None, 'Analytical "Engines", Ltd.'),
    Change("position", "Poet", "Mathematician"),
)
OUTCOMES = {
    "nas": Outcome("pushed", None),
    "origin": Outcome("up-to-date", None),
    "usb": Outcome("failed", "'/mnt/usb/vault.git' does not appear to be a git repository"),
    "web": Outcome("refused", "Strangers can read this remote: https://example.com answers."),
}


def _status(look: Look) -> list[str]:
    found = status.Result(
        Path("/home/ada/vault"), 12, 1312, 40, SNAPSHOTS[0], 40, date(2026, 12, 21), True,
        {"nas": status.RemoteState("/mnt/nas/vault.git", 0, "2026-11-20", None),
         "origin": status.RemoteState("https://example.com/v.git", 2, "2026-10-20", None)},
        1, 21_400_064, "Finished an interrupted snapshot.",
    )  # fmt: skip
    return standing.text(found, look)


def _refused_status(look: Look) -> list[str]:
    mark = Mark(1, 2, 3)
    rows: tuple[tuple[Fate, str], ...] = (
        ("refused", "gone"), ("refused", "older"), ("unreadable", ""),
    )  # fmt: skip
    left = tuple(
        Entry("0" * 64, f"/home/ada/Downloads/{number}.zip", mark, fate, rule)
        for number, (fate, rule) in enumerate(rows)
    )
    found = status.Result(
        Path("/home/ada/vault"), 12, 1312, 40, SNAPSHOTS[0], 3, date(2026, 12, 21), False,
        {"nas": status.RemoteState("/mnt/nas/vault.git", 0, "2026-11-20", "2026-11-21")},
        0, 21_400_064, "", left,
    )  # fmt: skip
    return standing.text(found, look)


def _empty_status(look: Look) -> list[str]:
    day = date(2026, 11, 23)
    found = status.Result(Path("/home/ada/vault"), 0, 0, 0, None, None, day, True, {}, 0, 0, "")
    return standing.text(found, look)


def _show(look: Look) -> list[str]:
    return people.of_show(show.Result(ADA, "a" * 40, "2026-11-20"), look)


def _show_former(look: Look) -> list[str]:
    return people.of_show(show.Result(HIDDEN, "a" * 40, "2026-11-20"), look)


def _best_known(look: Look) -> list[str]:
    known = BestKnown(
        {"name": Seen(HIDDEN.shown.name, "2026-10-20"), "position": Seen(WORK, "2026-10-20"),
         "company": Seen("Quov", "2026-09-20"), "connected_on": Seen("2019-03-03", "2026-10-20"),
         "profile_url": Seen("https://www.linkedin.com/in/élise-example", "2026-10-20")},
        (Seen("elise@example.com", "2026-10-20"), Seen("e.example@quov.example", "2025-01-20")),
        (Seen("+33 1 23", "2024-01-20"),),
        {"Followed": Seen("yes", "2023-02-20"), "Tags": Seen("a very long tag " * 7, "")},
    )  # fmt: skip
    return people.of_show(show.Result(HIDDEN, "a" * 40, "2026-11-20", known), look)


KNOWN = Known(
    {"name": (Seen(ADA.shown.name, "2026-11-20", "2026-09-20"),
              Seen("Ada Byron", "2026-08-20", "2026-08-20")),
     "last_name": (Seen("Lovelace, PhD 🚀", "2026-11-20", "2026-09-20"),),
     "company": (Seen(ADA.shown.company, "2026-11-20", "2026-09-20"),),
     "position": (Seen("Mathematician", "2026-11-20", "2026-09-20"),
                  Seen("Poet " + "of Tides and Granaries " * 4, "2026-08-20", "2026-08-20")),
     "connected_on": (Seen("2024-01-01", "2026-11-20", "2026-08-20"),),
     "emails": (Seen("ada@example.com", "2026-11-20", "2026-08-20"), Seen("a@b.example", "", "")),
     "profile_url": (Seen(ADA.shown.url, "2026-11-20", "2026-09-20"),)},
    {"Followed": (Seen("yes", "2026-11-20", "2026-08-20"),)},
)  # fmt: skip


def _life(look: Look) -> list[str]:
    events = (
        Event("2026-11-20", "a" * 40, "returned", ()),
        Event("2026-10-20", "b" * 40, "gone", ()),
        Event("2026-10-20", "b" * 40, "edited", (), "same"),
        Event("2026-09-21", "c" * 40, "edited", MOVE[2:]),
        Event("2026-09-20", "d" * 40, "changed", MOVE),
        Event("2026-08-20", "e" * 40, "added", ()),
    )
    return history.of_life(log.Life(ADA, events, KNOWN), look)


def _find(look: Look) -> list[str]:
    return people.of_find(find.Result((ADA, MARY, CLOUD, HIDDEN, BARE), {}), look)


def _changed(contact: Contact, before: Person) -> Changed:
    return Changed(contact, before, diffs.changes(before, contact.shown))


def compared() -> diff.Result:
    """Everyone whom a comparison can tell of."""
    ada, mary, cloud, bare = ADA.shown, MARY.shown, CLOUD.shown, BARE.shown
    found = Comparison(
        added=(MARY, CLOUD),
        gone=(HIDDEN, BARE, OTHER),
        returned=(
            Changed(BARE, BARE.shown, ()),
            _changed(ADA, ada._replace(url="https://www.linkedin.com/in/ada")),
        ),
        changed=(
            _changed(
                ADA,
                ada._replace(
                    last_name="Byron",
                    url="https://www.linkedin.com/in/ada",
                    emails=(),
                    company="Analytical Society of the Nine Lanterns",
                    position="Poet",
                    extra=(),
                ),
            ),
            _changed(CLOUD, cloud._replace(position="火山")),
            _changed(MARY, mary._replace(company="", emails=("mary@example.com",))),
            _changed(OTHER, OTHER.shown._replace(emails=("el@example.com", "elise@example.com"))),
            _changed(BARE, bare._replace(position="Keeper 🚀", phones=("+44 20 7946 0000",))),
        ),
        reasons={HIDDEN.uid: "hidden", BARE.uid: "disconnected", OTHER.uid: None},
    )
    ends = (diff.End("b" * 40, "2026-10-20"), diff.End("a" * 40, "2026-11-20"))
    return diff.Result(*ends, Differences(lambda: found))


def _none_compared() -> diff.Result:
    start, end = diff.End(None, None), diff.End("c" * 40, None)
    return diff.Result(start, end, Differences(Comparison))


def _snapshot(look: Look) -> list[str]:
    skips = tuple(Skip(number, "the day of connecting can't be read") for number in range(2, 15))
    account = Account(None, "Basic_LinkedInDataExport_11-20-2026.zip", "name", RECORD, skips, (),
                      1294, 2)  # fmt: skip
    again = Recorded("b" * 40, True, account)
    found = snapshot.Result(
        (Recorded("a" * 40, False, account), again), 1, ("contacts/put-back.vcf",),
        ("notes.txt",), ("README.md",), "", OUTCOMES, False,
    )  # fmt: skip
    return text.of_snapshot(found, look)


def _doctor(look: Look) -> list[str]:
    findings = (
        doctor.Finding("git", True, "git 2.39.5."),
        doctor.Finding("privacy", False, "Others may enter the vault's folder.", "chmod 700 '/v'"),
    )
    return text.of_doctor(doctor.Result(Path("/v"), findings), look)


def _error(look: Look) -> list[str]:
    error = Refused(
        "39 of 76 people would move to former/.", "--allow gone moves them.", rule="gone"
    )
    return text.of_error(error, look)


def _same(look: Look) -> list[str]:
    done = Result("same", "a" * 40, ADA, MARY, False, 1, (), "", OUTCOMES, dry_run=False)
    return mends.text_of(done, look)


SCREENS: dict[str, Callable[[Look], list[str]]] = {
    "status": _status,
    "status-refused": _refused_status,
    "status-empty": _empty_status,
    "log": lambda look: history.of_log(ENTRIES, look),
    "log-contact": _life,
    "show": _show,
    "show-former": _show_former,
    "show-best-known": _best_known,
    "find": _find,
    "diff": lambda look: differences.of_diff(compared(), look),
    "diff-none": lambda look: differences.of_diff(_none_compared(), look),
    "diff-markdown": lambda _: markdown.of_diff(compared()),
    "diff-csv": lambda _: spreadsheet.of_diff(compared()),
    "snapshot": _snapshot,
    "same": _same,
    "push": lambda look: text.of_push(push.Result(OUTCOMES), look),
    "doctor": _doctor,
    "error": _error,
}


def drawn(name: str) -> str:
    """A screen at every width (only once where widths make no difference), and in colour.

    Also with links, where there are any.
    """
    parts: dict[str, list[str]] = {}
    for width in WIDTHS:
        shown = "\n".join(SCREENS[name](Look(colour=False, width=width)))
        parts.setdefault(shown, []).append(str(width) if width else "no limit")
    found = [f"== columns: {', '.join(widths)}\n{shown}\n" for shown, widths in parts.items()]
    coloured, linked = (
        "\n".join(SCREENS[name](Look(True, 80, links))).replace("\x1b", "␛")
        for links in (False, True)
    )
    found.append(f"== 80 columns, in colour\n{coloured}\n")
    if linked != coloured:
        found.append(f"== 80 columns, with links\n{linked}\n")
    return "".join(found)


if __name__ == "__main__":
    for screen in SCREENS:
        (FOLDER / f"{screen}.txt").write_text(drawn(screen), encoding="utf-8")
