"""What `sync` did, as data for `--json` and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from li_vault.views import arrived, data, text
from li_vault.views.look import Look

if TYPE_CHECKING:
    from li_vault.actions.sync import Meeting, Result

_WAS = {
    "same": "has the same history",
    "ahead": "lacks what is new here",
    "behind": "has more than this vault",
    "diverged": "has a history that parted from this one",
    "unrelated": "has nothing in common with this vault",
    "empty": "has nothing yet",
}
_LISTED = 10


def data_of(result: Result) -> dict[str, Any]:
    """For `--json`."""
    outcomes = data.of_outcomes(result.remotes)
    names = [*result.was, *(name for name in outcomes if name not in result.was)]
    nothing = {"state": None, "reason": None}
    return {
        "commit": result.commit,
        "before": result.before,
        "taken_over": dict(result.taken),
        "replayed": list(result.days),
        "shared": result.shared,
        "again": result.again,
        "edits": result.edits,
        "mended": result.mended,
        "conflicts": [one._asdict() for one in result.conflicts],
        "lost": [{**one._asdict(), "uid": one.uid or None} for one in result.lost],
        "joined": [
            {"uid": one.known.uid, "other": one.stranger.uid, "path": one.known.path}
            for one in result.joined
        ],
        "files": [one._asdict() for one in result.files],
        "kept": list(result.kept),
        "edited": result.edited,
        "put_back": list(result.put_back),
        "recovered": result.recovered or None,
        "dry_run": result.dry_run,
        "remotes": {
            name: {"was": result.was.get(name), **outcomes.get(name, nothing)} for name in names
        },
    }


def text_of(result: Result, look: Look) -> list[str]:
    """In a few lines."""
    out = [result.recovered] if result.recovered else []
    would = "Would not carry over" if result.dry_run else "Not carried over"
    lost = [f"{would}: {one.path} ({one.reason})" for one in result.lost]
    out += [look.paint(line, "red") for line in _some(lost)]
    if result.edited:
        out.append(f"Committed hand edits first; contacts: {result.edited}.")
    out += [f"Put back: {path} (deleted by hand)" for path in result.put_back]
    if result.dry_run:
        out += [f"{name}: {_WAS[was]}" for name, was in result.was.items() if was]
        out += [f"Would take over: {line}" for line in _counted(result)]
    else:
        out += arrived.text(result.taken)
    if result.days or result.edits or result.mended or result.shared:
        out += _of_reunion(result, look)
    out += _some(
        [
            f"  {one.path}: {one.field} is {one.kept or 'empty'!r} now; "
            f"the other value was {one.other or 'empty'!r}"
            for one in result.conflicts
        ]
    )
    out += _some(
        [
            f"  {one.stranger.path}: is {one.known.path}, as this machine knew (li-vault apart)"
            for one in result.joined
        ]
    )
    out += _some([f"  {one.path}: {_of_file(one)}" for one in result.files])
    out += _some([f"Left as it is: {path} (changed by hand)" for path in result.kept])
    if result.before is not None:
        out.append("This machine's history as it was: git log refs/li-vault/before-sync")
    return out + text.of_outcomes(result.remotes, look)


def _of_file(one: Meeting) -> str:
    if one.kept == "both":
        return "changed on both, and has the changes of both now"
    if one.kept == "ours":
        return "was taken away there, and stays, since it was changed here"
    if one.copy is None:
        return "was taken away here, and stays, since it was changed there"
    return f"changed on both; the remote's stays, this machine's is {one.copy}"


def _counted(result: Result) -> list[str]:
    return [f"{_count(number, 'snapshot')} of {name}" for name, number in result.taken.items()]


def _of_reunion(result: Result, look: Look) -> list[str]:
    would = "Would put" if result.dry_run else "Put"
    mine = _count(len(result.days), "snapshot")
    words = f"{would} on top of that what was recorded here: {mine}"
    days = f" ({', '.join(result.days)})" if result.days else ""
    out = [f"{look.paint(words, 'bold')}{days}."]
    if result.shared:
        out.append(f"  {_count(result.shared, 'export')} recorded on both, kept once")
    if result.again:
        out.append(
            f"  {_count(result.again, 'newer list')} recorded once more, so that the present is "
            "what it says"
        )
    if result.edits:
        out.append(f"  the hand edits of {_count(result.edits, 'card')}, done again")
    if result.mended:
        out.append(f"  {_count(result.mended, 'mend')} (same, apart), done again")
    return out


def _some(found: list[str]) -> list[str]:
    if len(found) <= _LISTED:
        return found
    return [*found[:_LISTED], f"  … and {len(found) - _LISTED} more; --json lists all"]


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
