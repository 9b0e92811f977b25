"""Text and JSON that several commands share: style, width, escaping, outcomes; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol
from urllib.parse import quote

from li_vault.errors import LiVaultError

if TYPE_CHECKING:  # every start of the program loads this file
    from li_vault.core.best_known import DatedValue
    from li_vault.core.fields import Change
    from li_vault.core.matching.match import Ambiguity
    from li_vault.core.model import Contact
    from li_vault.vault.habit.inbox import InboxScan
    from li_vault.vault.habit.seen_files import SeenFile
    from li_vault.vault.plan import dated_exports, planner
    from li_vault.vault.record import snapshot


_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_NARROWEST = 30
_IN_URLS = "%/:?#[]@!$&'()*+,;=~"
_LINKS = re.compile("\x1b]8;;[^\x1b]*\x1b\\\\")


class Look(NamedTuple):
    """Where the text goes: whether it takes colours, and how many columns it has (0: no limit).

    `links` tells whether it takes links that can be clicked (OSC 8).
    """

    colour: bool = False
    width: int = 0
    links: bool = False

    def paint(self, text: str, style: str) -> str:
        """The text in a style, where colours are taken."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colour and text else text

    def link(self, text: str, url: str) -> str:
        """The text as a link to a web address, where links are taken."""
        if not self.links or not text or not url.startswith(("https://", "http://")):
            return text
        return f"\x1b]8;;{quote(url, safe=_IN_URLS)}\x1b\\{text}\x1b]8;;\x1b\\"

    def cut(self, text: str, used: int = 0) -> str:
        """The text cut to the columns that are left after `used`."""
        room = max(self.width, _NARROWEST) - used if self.width else 0
        return cut_text(text, room) if room > 0 else text


def unlinked(text: str) -> str:
    """The text without the links in it; what they showed stays."""
    return _LINKS.sub("", text)


def display_width(text: str) -> int:
    """How many columns a terminal takes for a text."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


@cache
def _columns_of(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cut_text(text: str, room: int) -> str:
    """The text in at most `room` columns, with an ellipsis where it was cut."""
    if display_width(text) <= room:
        return text
    kept, used = [], 1
    for char in text:
        used += _columns_of(char)
        if used > room:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…"


def pad_text(text: str, room: int) -> str:
    """The text in exactly `room` columns."""
    text = cut_text(text, room)
    return text + " " * (room - display_width(text))


def wrap_text(text: str, width: int, indent: int = 0) -> list[str]:
    """The text in lines that fit into `width` columns behind an indent (0: all on one line).

    A word that does not fit stays whole: an address that was cut could not be copied.
    """
    room = max(width - indent, _NARROWEST // 2) if width else 0
    if not room or display_width(text) <= room:
        return [text] if text else []
    out: list[str] = []
    for word in text.split(" "):
        if out and display_width(out[-1]) + 1 + display_width(word) <= room:
            out[-1] += f" {word}"
        else:
            out.append(word)
    return out


_COMMANDS = "\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
_ANY = re.compile(f"[{_COMMANDS}]")
_LINE = re.compile(f"(?P<ours>\x1b\\[\\d?\\d?m|\x1b]8;;[!-~]*\x1b\\\\)|[{_COMMANDS}]")
_BLANK = re.compile("[ \t\n\r\x0b\x0c\x85\u2028\u2029]+")


def safe_words(text: str) -> str:
    """A value that somebody wrote, on one line, with nothing in it that commands a terminal."""
    if text.isprintable():
        return text
    return _ANY.sub(_number, _BLANK.sub(" ", text).strip(" "))


def safe_lines(text: str, *, styled: bool) -> str:
    """Lines as they may reach a terminal: of what commands one, our own styles and links alone."""
    if not styled:
        return _ANY.sub(_number, text) if _ANY.search(text) else text
    return _LINE.sub(lambda found: found[0] if found["ours"] else _number(found), text)


def safe_json(text: str) -> str:
    """JSON that says the same, with such signs escaped as JSON does."""
    return _ANY.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _number(found: re.Match[str]) -> str:
    return f"<U+{ord(found[0]):04X}>"


def arrived_as_text(taken: Mapping[str, int]) -> list[str]:
    """A line for each remote of which something was taken over: snapshots, or edits alone."""
    return [f"Took over {_what(number)} from {name}." for name, number in taken.items()]


def _what(snapshots: int) -> str:
    if not snapshots:
        return "what was done by hand"
    return f"{snapshots} snapshot{'' if snapshots == 1 else 's'}"


_DAY_FROM: Final = {
    "option": "as you said",
    "name": "by the archive's name",
    "archive": "by the time stamps in the archive",
    "file": "by the file's own date",
    "record": "as recorded",
    "api": "the day on which it was asked",
}
_LISTED = 10


def error_as_text(error: LiVaultError, look: Look) -> list[str]:
    """An error, and what to do."""
    found = [look.paint("Error: ", "red") + error.message]
    return [*found, look.paint("What to do: ", "bold") + error.hint] if error.hint else found


def snapshot_as_text(result: snapshot.RecordResult, look: Look) -> list[str]:
    """What a call of `snapshot` did."""
    out = [result.recovered] if result.recovered else []
    out += arrived_as_text(result.taken)
    if result.edited:
        out.append(f"Committed {count(result.edited, 'contact')} edited by hand.")
    out += [f"Put back: {path} (deleted by hand)" for path in result.put_back]
    out += [f"Left alone: {path} (nobody's card)" for path in result.strays[:_LISTED]]
    out += [f"Left as it is: {path} (changed by hand)" for path in result.kept]
    for one in result.snapshots:
        out += recorded_as_text(one, result.dry_run, look)
    out += _of_passed_over(result.passed_over)
    return out + outcomes_as_text(result.remotes, look)


def _of_passed_over(exports: Iterable[dated_exports.SkippedExport]) -> list[str]:
    """The exports that were left out for a fuller one of the same day."""
    return [f"{one.source}: passed over; {one.reason}." for one in exports]


def recorded_as_text(one: planner.SnapshotResult, dry_run: bool, look: Look) -> list[str]:
    """What became of one export."""
    account = one.account
    record = account.record
    if one.already:
        return [f"{account.source}: already recorded, as the snapshot of {record.taken_on}."]
    kinds = ("contacts", "nameless", "duplicates", "unmatched", "skipped")
    parts = [f"{getattr(record, kind)} {kind}" for kind in kinds]
    changes = [
        look.paint(f"{number} {word}", style)
        for number, word, style in (
            (record.added, "new", "green"),
            (record.changed, "changed", "yellow"),
            (record.gone, "gone", "red"),
            (record.returned, "returned", "cyan"),
        )
    ]
    would = "Would record" if dry_run else "Recorded"
    out = [
        look.paint(
            f"{would} {safe_words(account.source)} as the snapshot of {record.taken_on}", "bold"
        )
        + f" ({_DAY_FROM[account.origin]}).",
        f"  {record.rows} rows: {', '.join(parts)}",
        f"  {', '.join(changes)}, {account.unchanged} unchanged",
    ]
    out += _some([f"  row {skip.row} skipped: {skip.reason}" for skip in account.skipped])
    out += _some([f"  row {doubt.number} doubtful: {doubt.reason}" for doubt in account.doubts])
    if account.damage:
        cells = count(account.damage, "cell")
        out.append(f"  {cells} with lost characters or double-encoded text, recorded as they are")
    return out


def _some(found: list[str]) -> list[str]:
    if len(found) <= _LISTED:
        return found
    return [*found[:_LISTED], f"  … and {len(found) - _LISTED} more; --json lists all"]


def outcomes_as_text(outcomes: Mapping[str, OutcomeView], look: Look) -> list[str]:
    """What became of each remote."""
    words = {"pushed": "pushed", "up-to-date": "up to date"}
    return [
        f"{name}: {look.paint(words[one.state], 'green')}"
        if one.state in words
        else f"{name}: {look.paint(one.state, 'red')}, it stays pending: {one.reason}"
        for name, one in outcomes.items()
    ]


def megabytes(size: int) -> str:
    """Bytes as people say them."""
    return f"{size / 1e6:.1f} MB" if size < 1e9 else f"{size / 1e9:.2f} GB"


def count(number: int, word: str) -> str:
    """A number of things, in words."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


Data = dict[str, Any]


class OutcomeView(Protocol):
    """What became of a push to one remote."""

    @property
    def state(self) -> str:
        """`pushed`, `up-to-date`, `failed` or `refused`."""

    @property
    def reason(self) -> str | None:
        """Why it failed or was refused, without credentials."""


def error_as_json(error: LiVaultError) -> Data:
    """An error."""
    return {
        "error": {
            "kind": error.kind,
            "rule": error.rule or None,
            "message": error.message,
            "hint": error.hint or None,
            "status": error.status,
        }
    }


def snapshot_as_json(result: snapshot.RecordResult) -> Data:
    """What a call of `snapshot` did: one export's account itself, several as a list."""
    accounts = [recorded_as_json(one) for one in result.snapshots]
    whole = {
        "edited": result.edited,
        "put_back": list(result.put_back),
        "strays": list(result.strays),
        "kept": list(result.kept),
        "recovered": result.recovered or None,
        "dry_run": result.dry_run,
        "passed_over": skipped_as_json(result.passed_over),
        "taken_over": dict(result.taken),
        "remotes": outcomes_as_json(result.remotes),
    }
    if len(accounts) == 1 and not result.passed_over:
        return {**accounts[0], **whole}
    return {"snapshots": accounts, **whole}


def skipped_as_json(exports: Iterable[dated_exports.SkippedExport]) -> list[Data]:
    """The exports that were left out for a fuller one of the same day."""
    return [
        {"source": one.source, "taken_on": one.day.isoformat(), "reason": one.reason}
        for one in exports
    ]


def recorded_as_json(one: planner.SnapshotResult) -> Data:
    """What became of one export."""
    account = one.account
    record = account.record
    return {
        "commit": None if one.already else one.commit,
        "already_recorded": one.already,
        "recorded_as": one.commit,
        "taken_on": record.taken_on,
        "taken_on_from": "file" if account.origin == "api" else account.origin,  # the nearest
        "source": account.source,
        "kind": record.kind,
        "rows": record.rows,
        "contacts": record.contacts,
        "nameless": record.nameless,
        "duplicates": record.duplicates,
        "unmatched": record.unmatched,
        "skipped": [{"row": skip.row, "reason": skip.reason} for skip in account.skipped],
        "doubtful": [_of_doubt(doubt) for doubt in account.doubts],
        "added": 0 if one.already else record.added,
        "changed": 0 if one.already else record.changed,
        "gone": 0 if one.already else record.gone,
        "returned": 0 if one.already else record.returned,
        "unchanged": record.contacts if one.already else account.unchanged,
        "damaged": account.damage,
    }


def _of_doubt(doubt: Ambiguity) -> Data:
    return {"row": doubt.number, "reason": doubt.reason, "candidates": list(doubt.candidates)}


def outcomes_as_json(remotes_: Mapping[str, OutcomeView]) -> Data:
    """What became of each remote, by name."""
    return {name: {"state": one.state, "reason": one.reason} for name, one in remotes_.items()}


def _of_changes(changes: Iterable[Change]) -> list[Data]:
    return [change._asdict() for change in changes]


def _people(contacts: Iterable[Contact]) -> list[Data]:
    from li_vault.core import search

    return [search.person_as_data(contact) for contact in contacts]


def _of_seen(seen: DatedValue) -> Data:
    return {
        "value": seen.value,
        "first_seen": seen.first_seen or None,
        "last_seen": seen.last_seen or None,
    }


def unresolved_as_text(entries: Iterable[SeenFile]) -> list[dict[str, Any]]:
    """The exports that were not recorded, and that somebody has to look at."""
    return [
        {
            "path": one.path or None,
            "source": "file" if one.path else "api",
            "rule": one.rule or None,
            "message": one.message,
            "hint": one.hint or None,
        }
        for one in entries
    ]


_FIRST = ("name", "position", "company", "e-mail", "phone", "profile", "connected")
_PARTS_OF_NAME = ("first_name", "last_name")


def fields_in_order(fields: Iterable[str]) -> list[str]:
    """What is known of a person, in the order of looking; columns follow as they come."""
    return sorted(fields, key=lambda field: _FIRST.index(field) if field in _FIRST else len(_FIRST))


def scan_as_text(found: InboxScan, look: Look) -> list[str]:
    """What arrived, without what became of the remotes."""
    out: list[str] = []
    for one in found.arrivals:
        for recorded in one.recorded:
            out += recorded_as_text(recorded, dry_run=False, look=look)
        if one.error is not None:
            out.append(f"{look.paint('Not recorded:', 'red')} {safe_words(one.source)}")
            said = (one.error.message, one.error.hint)
            out += [f"  {safe_words(words)}" for words in said if words]
    return out + [f"Still arriving: {safe_words(name)}" for name in found.arriving]


def arrivals_as_json(sweep: InboxScan) -> list[dict[str, Any]]:
    """What became of each export that arrived."""
    return [
        {
            "source": one.source,
            "state": one.fate,
            "snapshots": [recorded_as_json(each) for each in one.recorded],
            "rule": (one.error.rule or None) if one.error else None,
            "message": one.error.message if one.error else None,
            "hint": (one.error.hint or None) if one.error else None,
        }
        for one in sweep.arrivals
    ]
