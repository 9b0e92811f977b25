"""The screens of tests/cli/screens: what they show, and how they are made anew.

python tests/support/screens.py        # after a change of words that is meant
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from li_vault.cli import render
from li_vault.cli.commands.look import diff, people
from li_vault.cli.commands.look.log import life_as_text, log_as_text
from li_vault.cli.commands.look.status import as_text as status_as_text
from li_vault.cli.commands.record import same_apart
from li_vault.cli.commands.safe import push
from li_vault.cli.commands.setup.doctor import as_text as doctor_as_text
from li_vault.cli.render import Look
from li_vault.core import fields
from li_vault.core.best_known import AllValues, BestKnown, DatedValue
from li_vault.core.compare import ChangedContact, Comparison, build_report
from li_vault.core.fields import Change
from li_vault.core.model import Contact, Person
from li_vault.core.snapshot import Snapshot, Trailers
from li_vault.errors import Refused
from li_vault.formats.tables.export import SkippedRow
from li_vault.host.downloads import StatSignature
from li_vault.store.remotes.remotes import PushOutcome
from li_vault.vault.habit import status
from li_vault.vault.habit.seen_files import Fate, SeenFile
from li_vault.vault.history import compare, log
from li_vault.vault.history.log import Event
from li_vault.vault.history.people import ContactLife, FindResult, ShowResult
from li_vault.vault.plan.planner import RowCounts, SnapshotResult
from li_vault.vault.record import snapshot
from li_vault.vault.record.same_apart import SameApartResult
from li_vault.vault.remotes.push import PushResult
from li_vault.vault.verify import doctor

FOLDER = Path(__file__).parents[1] / "cli" / "screens"
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
        "Ada",
        "Lovelace, PhD 🚀",
        "https://www.linkedin.com/in/ada-lovelace-1a2b3c",
        ("ada@example.com",),
        (),
        'Analytical "Engines", Ltd.',
        "Mathematician",
        "2024-01-01",
        extra=(("Followed", "yes"),),
    ),
    own=(
        "NOTE:Met at the fair\\, twice\\nand once more",
        "TEL;TYPE=CELL:+44 20 7946 0000",
        "CATEGORIES:Friends",
        "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJD" * 600,
    ),
)
MARY = _contact(2, Person("Mary", "Somerville", company="Order of " + "Wandering Lights " * 6))
CLOUD = _contact(3, Person("云石", "川", position="木山", company="林水火"))
WORK = "Keeper of Tides and Granaries of the North"
HIDDEN = _contact(4, Person("Élise", "Example", position=WORK, company="Quov"), former=True)
BARE = _contact(5, Person("Osa", "Belth"))
OTHER = _contact(
    6,
    Person(
        "Élodie",
        "Ørsted-Nakamura",
        company="Ærø ﬁne Ｆull",
        position="Warden",
        emails=("elodie.orsted-nakamura@lanterns.example.com", "el@example.com"),
    ),
)
RECORD = Trailers(
    "2026-11-20",
    "Connections.csv",
    "0" * 64,
    "linkedin-connections/2023",
    1346,
    1312,
    33,
    0,
    0,
    1,
    3,
    14,
    1,
    1,
)
FIRST = RECORD._replace(taken_on="2026-10-20", added=1310, changed=0, gone=0, returned=0)
SNAPSHOTS = (Snapshot("a" * 40, RECORD), Snapshot("b" * 40, FIRST))
ENTRIES = (
    log.LogEntry(SNAPSHOTS[0], 1312),
    log.LogEntry(SNAPSHOTS[1]._replace(record=FIRST._replace(added=250, gone=12)), 1310),
    log.LogEntry(
        SNAPSHOTS[1]._replace(record=FIRST._replace(taken_on="2026-09-20", added=69)), 1072
    ),
    log.LogEntry(SNAPSHOTS[1]._replace(record=FIRST._replace(taken_on="2025-02-20", added=3)), 3),
)
MOVE = (
    Change("profile_url", "https://www.linkedin.com/in/ada", "https://www.linkedin.com/in/ada-b"),
    Change("company", None, 'Analytical "Engines", Ltd.'),
    Change("position", "Poet", "Mathematician"),
)
OUTCOMES = {
    "nas": PushOutcome("pushed", None),
    "origin": PushOutcome("up-to-date", None),
    "usb": PushOutcome("failed", "'/mnt/usb/vault.git' does not appear to be a git repository"),
    "web": PushOutcome("refused", "Strangers can read this remote: https://example.com answers."),
}


def _status(look: Look) -> list[str]:
    found = status.StatusResult(
        Path("/home/ada/vault"),
        12,
        1312,
        40,
        SNAPSHOTS[0],
        40,
        date(2026, 12, 21),
        True,
        {
            "nas": status.RemoteStatus("/mnt/nas/vault.git", 0, "2026-11-20", None),
            "origin": status.RemoteStatus("https://example.com/v.git", 2, "2026-10-20", None),
        },
        1,
        21_400_064,
        "Finished an interrupted snapshot.",
    )
    return status_as_text(found, look)


def _refused_status(look: Look) -> list[str]:
    mark = StatSignature(1, 2, 3)
    rows: tuple[tuple[Fate, str], ...] = (
        ("refused", "gone"),
        ("refused", "older"),
        ("unreadable", ""),
    )
    left = tuple(
        SeenFile("0" * 64, f"/home/ada/Downloads/{number}.zip", mark, fate, rule)
        for number, (fate, rule) in enumerate(rows)
    )
    found = status.StatusResult(
        Path("/home/ada/vault"),
        12,
        1312,
        40,
        SNAPSHOTS[0],
        3,
        date(2026, 12, 21),
        False,
        {"nas": status.RemoteStatus("/mnt/nas/vault.git", 0, "2026-11-20", "2026-11-21")},
        0,
        21_400_064,
        "",
        left,
    )
    return status_as_text(found, look)


def _empty_status(look: Look) -> list[str]:
    day = date(2026, 11, 23)
    found = status.StatusResult(
        Path("/home/ada/vault"), 0, 0, 0, None, None, day, True, {}, 0, 0, ""
    )
    return status_as_text(found, look)


def _show(look: Look) -> list[str]:
    return people.show_as_text(ShowResult(ADA, "a" * 40, "2026-11-20"), look)


def _show_former(look: Look) -> list[str]:
    return people.show_as_text(ShowResult(HIDDEN, "a" * 40, "2026-11-20"), look)


def _best_known(look: Look) -> list[str]:
    known = BestKnown(
        {
            "name": DatedValue(HIDDEN.shown.name, "2026-10-20"),
            "position": DatedValue(WORK, "2026-10-20"),
            "company": DatedValue("Quov", "2026-09-20"),
            "connected_on": DatedValue("2019-03-03", "2026-10-20"),
            "profile_url": DatedValue("https://www.linkedin.com/in/élise-example", "2026-10-20"),
        },
        (
            DatedValue("elise@example.com", "2026-10-20"),
            DatedValue("e.example@quov.example", "2025-01-20"),
        ),
        (DatedValue("+33 1 23", "2024-01-20"),),
        {
            "Followed": DatedValue("yes", "2023-02-20"),
            "Tags": DatedValue("a very long tag " * 7, ""),
        },
    )
    return people.show_as_text(ShowResult(HIDDEN, "a" * 40, "2026-11-20", known), look)


KNOWN = AllValues(
    {
        "name": (
            DatedValue(ADA.shown.name, "2026-11-20", "2026-09-20"),
            DatedValue("Ada Byron", "2026-08-20", "2026-08-20"),
        ),
        "last_name": (DatedValue("Lovelace, PhD 🚀", "2026-11-20", "2026-09-20"),),
        "company": (DatedValue(ADA.shown.company, "2026-11-20", "2026-09-20"),),
        "position": (
            DatedValue("Mathematician", "2026-11-20", "2026-09-20"),
            DatedValue("Poet " + "of Tides and Granaries " * 4, "2026-08-20", "2026-08-20"),
        ),
        "connected_on": (DatedValue("2024-01-01", "2026-11-20", "2026-08-20"),),
        "emails": (
            DatedValue("ada@example.com", "2026-11-20", "2026-08-20"),
            DatedValue("a@b.example", "", ""),
        ),
        "profile_url": (DatedValue(ADA.shown.url, "2026-11-20", "2026-09-20"),),
    },
    {"Followed": (DatedValue("yes", "2026-11-20", "2026-08-20"),)},
)


def _life(look: Look) -> list[str]:
    events = (
        Event("2026-11-20", "a" * 40, "returned", ()),
        Event("2026-10-20", "b" * 40, "gone", ()),
        Event("2026-10-20", "b" * 40, "edited", (), "same"),
        Event("2026-09-21", "c" * 40, "edited", MOVE[2:]),
        Event("2026-09-20", "d" * 40, "changed", MOVE),
        Event("2026-08-20", "e" * 40, "added", ()),
    )
    return life_as_text(ContactLife(ADA, events, KNOWN), look)


def _find(look: Look) -> list[str]:
    return people.find_as_text(FindResult((ADA, MARY, CLOUD, HIDDEN, BARE), {}), look)


def _changed(contact: Contact, before: Person) -> ChangedContact:
    return ChangedContact(contact, before, fields.field_changes(before, contact.shown))


def compared() -> compare.DiffResult:
    """Everyone whom a comparison can tell of."""
    ada, mary, cloud, bare = ADA.shown, MARY.shown, CLOUD.shown, BARE.shown
    found = Comparison(
        added=(MARY, CLOUD),
        gone=(HIDDEN, BARE, OTHER),
        returned=(
            ChangedContact(BARE, BARE.shown, ()),
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
    ends = (compare.DiffEnd("b" * 40, "2026-10-20"), compare.DiffEnd("a" * 40, "2026-11-20"))
    return compare.DiffResult(*ends, found, build_report(found), {})


def _none_compared() -> compare.DiffResult:
    start, end = compare.DiffEnd(None, None), compare.DiffEnd("c" * 40, None)
    return compare.DiffResult(start, end, Comparison(), build_report(Comparison()), {})


def _snapshot(look: Look) -> list[str]:
    skips = tuple(
        SkippedRow(number, "the day of connecting can't be read") for number in range(2, 15)
    )
    account = RowCounts(
        None, "Basic_LinkedInDataExport_11-20-2026.zip", "name", RECORD, skips, (), 1294, 2
    )
    again = SnapshotResult("b" * 40, True, account)
    found = snapshot.RecordResult(
        (SnapshotResult("a" * 40, False, account), again),
        1,
        ("contacts/put-back.vcf",),
        ("notes.txt",),
        ("README.md",),
        "",
        OUTCOMES,
        False,
    )
    return render.snapshot_as_text(found, look)


def _doctor(look: Look) -> list[str]:
    findings = (
        doctor.DoctorFinding("git", True, "git 2.39.5."),
        doctor.DoctorFinding(
            "privacy", False, "Others may enter the vault's folder.", "chmod 700 '/v'"
        ),
    )
    return doctor_as_text(doctor.DoctorResult(Path("/v"), findings), look)


def _error(look: Look) -> list[str]:
    error = Refused(
        "39 of 76 people would move to former/.", "--allow gone moves them.", rule="gone"
    )
    return render.error_as_text(error, look)


def _same(look: Look) -> list[str]:
    done = SameApartResult("same", "a" * 40, ADA, MARY, False, 1, (), "", OUTCOMES, dry_run=False)
    return same_apart.as_text(done, look)


SCREENS: dict[str, Callable[[Look], list[str]]] = {
    "status": _status,
    "status-refused": _refused_status,
    "status-empty": _empty_status,
    "log": lambda look: log_as_text(ENTRIES, look),
    "log-contact": _life,
    "show": _show,
    "show-former": _show_former,
    "show-best-known": _best_known,
    "find": _find,
    "diff": lambda look: diff.as_text(compared(), look),
    "diff-none": lambda look: diff.as_text(_none_compared(), look),
    "diff-markdown": lambda _: diff.as_markdown(compared()),
    "diff-csv": lambda _: diff.as_csv(compared()),
    "snapshot": _snapshot,
    "same": _same,
    "push": lambda look: push.as_text(PushResult(OUTCOMES), look),
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
