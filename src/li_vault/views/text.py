"""Results as text for people: a list of lines for standard output each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from li_vault.errors import LiVaultError
from li_vault.views import arrived, safety
from li_vault.views.data import Outcome
from li_vault.views.look import Look

if TYPE_CHECKING:
    from li_vault.actions import (
        doctor,
        init,
        push,
        rebuild,
        remotes,
        snapshot,
    )

_DAY_FROM: Final = {
    "option": "as you said",
    "name": "by the archive's name",
    "archive": "by the time stamps in the archive",
    "file": "by the file's own date",
    "record": "as recorded",
    "api": "the day on which it was asked",
}
_LISTED = 10


def of_error(error: LiVaultError, look: Look) -> list[str]:
    """An error, and what to do."""
    found = [look.paint("Error: ", "red") + error.message]
    return [*found, look.paint("What to do: ", "bold") + error.hint] if error.hint else found


def of_snapshot(result: snapshot.Result, look: Look) -> list[str]:
    """What a call of `snapshot` did."""
    out = [result.recovered] if result.recovered else []
    out += arrived.text(result.taken)
    if result.edited:
        out.append(f"Committed {count(result.edited, 'contact')} edited by hand.")
    out += [f"Put back: {path} (deleted by hand)" for path in result.put_back]
    out += [f"Left alone: {path} (nobody's card)" for path in result.strays[:_LISTED]]
    out += [f"Left as it is: {path} (changed by hand)" for path in result.kept]
    for one in result.snapshots:
        out += of_recorded(one, result.dry_run, look)
    out += _of_passed_over(result.passed_over)
    return out + of_outcomes(result.remotes, look)


def _of_passed_over(exports: Iterable[snapshot.PassedOver]) -> list[str]:
    """The exports that were left out for a fuller one of the same day."""
    return [f"{one.source}: passed over; {one.reason}." for one in exports]


def of_recorded(one: snapshot.Recorded, dry_run: bool, look: Look) -> list[str]:
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
            f"{would} {safety.words(account.source)} as the snapshot of {record.taken_on}", "bold"
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


def of_rebuild(result: rebuild.Result, look: Look) -> list[str]:
    """A vault that was made anew."""
    old = [one for one in result.snapshots if one.account.origin == "record"]
    out: list[str] = []
    for one in result.snapshots:
        if one.account.origin != "record":
            out += of_recorded(one, result.dry_run, look)
    out += _of_passed_over(result.passed_over)
    would = "Would rebuild" if result.dry_run else "Rebuilt"
    added = sum(not one.already for one in result.snapshots) - len(old)
    words = f"{would} {count(len(old), 'snapshot')} and {added} found later"
    out.append(f"{look.paint(words, 'bold')}, in {result.path}.")
    if result.edits:
        out.append(f"  the hand edits of {count(result.edits, 'card')}, done again")
    if result.mended:
        out.append(f"  {count(result.mended, 'mend')} (same, apart), done again")
    out += _some([f"  not carried over: {one.path} ({one.reason})" for one in result.lost])
    if result.dry_run:
        return out
    out.append("The old vault is as it was. Remotes were not copied, and nothing was pushed.")
    return [*out, f"Next: li-vault remote add NAME URL --vault '{result.path}'"]


def _some(found: list[str]) -> list[str]:
    if len(found) <= _LISTED:
        return found
    return [*found[:_LISTED], f"  … and {len(found) - _LISTED} more; --json lists all"]


def of_outcomes(outcomes: Mapping[str, Outcome], look: Look) -> list[str]:
    """What became of each remote."""
    words = {"pushed": "pushed", "up-to-date": "up to date"}
    return [
        f"{name}: {look.paint(words[one.state], 'green')}"
        if one.state in words
        else f"{name}: {look.paint(one.state, 'red')}, it stays pending: {one.reason}"
        for name, one in outcomes.items()
    ]


def of_push(result: push.Result, look: Look) -> list[str]:
    """What became of each remote."""
    if not result.remotes:
        return ["There is no remote. Add one: li-vault remote add NAME URL"]
    return arrived.text(result.taken) + of_outcomes(result.remotes, look)


def of_init(result: init.Result, look: Look) -> list[str]:
    """A vault that was begun."""
    words = "Began a vault in" if result.created else "There is a vault already in"
    out = [f"{look.paint(words, 'bold')} {result.path}"]
    out += [
        f"The hook {name} is someone else's and was left as it is."
        for name, state in result.hooks.items()
        if state == "someone else's"
    ]
    return [*out, "Next: li-vault snapshot EXPORT"] if result.created else out


def of_check(found: remotes.Check, look: Look) -> list[str]:
    """What a check of remotes found, a line each."""
    words = {
        "up-to-date": "has everything",
        "ahead": "has commits that are not in main here: li-vault sync",
        "diverged": "has other commits, which are not here: li-vault sync",
        "empty": "has nothing yet: li-vault push",
    }
    out = []
    for name, (_, one) in found.remotes.items():
        if one.state == "behind":
            said = f"lacks {count(one.behind or 0, 'commit')}: li-vault push"
        else:
            said = words[one.state] if one.state else f"can't be reached: {one.reason}"
        if one.objection is not None and one.objection != one.reason:
            said = f"must not have the vault: {one.objection} It {said}"
        is_fine = one.objection is None and one.state == "up-to-date"
        said = " ".join(said.split())
        out.append(f"{name}: {look.paint(said, 'green' if is_fine else 'red')}")
    return out or ["There is no remote. Add one: li-vault remote add NAME URL"]


def of_remotes(entries: Iterable[remotes.Entry], look: Look) -> list[str]:
    """The remotes, a line each."""
    out = [
        f"{look.paint(one.name, 'bold')}  {one.url}  "
        + (f"lacks {count(one.behind, 'commit')}" if one.behind else "has everything")
        for one in entries
    ]
    return out or ["There is no remote. Add one: li-vault remote add NAME URL"]


def of_doctor(result: doctor.Result, look: Look) -> list[str]:
    """What was looked at, and what is wrong."""
    out = []
    for one in result.findings:
        sign = look.paint("ok   ", "green") if one.ok else look.paint("wrong", "red")
        out.append(f"{sign}  {one.message}")
        if one.hint:
            out.append(f"       {look.paint(one.hint, 'dim')}")
    return out


def megabytes(size: int) -> str:
    """Bytes as people say them."""
    return f"{size / 1e6:.1f} MB" if size < 1e9 else f"{size / 1e9:.2f} GB"


def count(number: int, word: str) -> str:
    """A number of things, in words."""
    return f"{number} {word}{'' if number == 1 else 's'}"
