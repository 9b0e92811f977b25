"""Results as plain data for `--json`: the keys of the contract, and only ever more of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from li_vault.core import best_known, plain
from li_vault.core.best_known import SINGLE, BestKnown, Seen
from li_vault.core.diffs import Change
from li_vault.core.identity import Doubt
from li_vault.core.model import Contact
from li_vault.errors import LiVaultError

if TYPE_CHECKING:
    from li_vault.actions import (
        diff,
        doctor,
        find,
        init,
        log,
        push,
        rebuild,
        remotes,
        show,
        snapshot,
    )

Data = dict[str, Any]


class Outcome(Protocol):
    """What became of a push to one remote."""

    @property
    def state(self) -> str:
        """`pushed`, `up-to-date`, `failed` or `refused`."""

    @property
    def reason(self) -> str | None:
        """Why it failed or was refused, without credentials."""


def of_error(error: LiVaultError) -> Data:
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


def of_snapshot(result: snapshot.Result) -> Data:
    """What a call of `snapshot` did: one export's account itself, several as a list."""
    accounts = [of_recorded(one) for one in result.snapshots]
    whole = {
        "edited": result.edited,
        "put_back": list(result.put_back),
        "strays": list(result.strays),
        "kept": list(result.kept),
        "recovered": result.recovered or None,
        "dry_run": result.dry_run,
        "passed_over": of_passed_over(result.passed_over),
        "taken_over": dict(result.taken),
        "remotes": of_outcomes(result.remotes),
    }
    if len(accounts) == 1 and not result.passed_over:
        return {**accounts[0], **whole}
    return {"snapshots": accounts, **whole}


def of_passed_over(exports: Iterable[snapshot.PassedOver]) -> list[Data]:
    """The exports that were left out for a fuller one of the same day."""
    return [
        {"source": one.source, "taken_on": one.day.isoformat(), "reason": one.reason}
        for one in exports
    ]


def of_recorded(one: snapshot.Recorded) -> Data:
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


def _of_doubt(doubt: Doubt) -> Data:
    return {"row": doubt.number, "reason": doubt.reason, "candidates": list(doubt.candidates)}


def of_outcomes(remotes_: Mapping[str, Outcome]) -> Data:
    """What became of each remote, by name."""
    return {name: {"state": one.state, "reason": one.reason} for name, one in remotes_.items()}


def of_rebuild(result: rebuild.Result) -> Data:
    """A vault that was made anew."""
    return {
        "vault": str(result.path),
        "snapshots": [of_recorded(one) for one in result.snapshots],
        "edits": result.edits,
        "mended": result.mended,
        "lost": [{**one._asdict(), "uid": one.uid or None} for one in result.lost],
        "passed_over": of_passed_over(result.passed_over),
        "dry_run": result.dry_run,
    }


def of_push(result: push.Result) -> Data:
    """What became of each remote."""
    return {"taken_over": dict(result.taken), "remotes": of_outcomes(result.remotes)}


def of_diff(result: diff.Result) -> Data:
    """Who is new, gone, returned or changed."""
    found = result.differences.found
    return {
        "from": _of_end(result.start),
        "to": _of_end(result.end),
        "added": _people(found.added),
        "gone": [{**plain.person(c), "reason": found.reasons.get(c.uid)} for c in found.gone],
        "returned": [
            {**plain.person(one.contact), "changes": _of_changes(one.changes)}
            for one in found.returned
        ],
        "changed": [
            {
                "uid": one.contact.uid,
                "name": one.contact.shown.name or None,
                "path": one.contact.path,
                "changes": _of_changes(one.changes),
            }
            for one in found.changed
        ],
        "broken": dict(result.differences.broken),
    }


def _of_end(end: diff.End) -> Data:
    return {"commit": end.commit, "taken_on": end.taken_on}


def _of_changes(changes: Iterable[Change]) -> list[Data]:
    return [change._asdict() for change in changes]


def _people(contacts: Iterable[Contact]) -> list[Data]:
    return [plain.person(contact) for contact in contacts]


def of_show(result: show.Result) -> Data:
    """One person at a commit."""
    found: Data = {
        "person": plain.person(result.contact),
        "at": {"commit": result.commit, "taken_on": result.taken_on},
        "former": result.contact.is_former,
    }
    return {**found, "best_known": of_best_known(result.best)} if result.best else found


def of_best_known(best: BestKnown) -> Data:
    """The best known values with the day each was last seen; a field that never had one is null."""
    fields = {name: best.fields.get(name) for name in SINGLE}
    return {
        **{name: _of_seen(seen) if seen else None for name, seen in fields.items()},
        "emails": [_of_seen(seen) for seen in best.emails],
        "phones": [_of_seen(seen) for seen in best.phones],
        "extra": {column: _of_seen(seen) for column, seen in best.extra.items()},
    }


def _of_seen(seen: Seen) -> Data:
    return {
        "value": seen.value,
        "first_seen": seen.first_seen or None,
        "last_seen": seen.last_seen or None,
    }


def of_find(result: find.Result) -> Data:
    """The people found."""
    return {"people": _people(result.people), "broken": result.broken}


def of_log(entries: Iterable[log.Entry]) -> Data:
    """The snapshots, newest first."""
    return {
        "snapshots": [
            {
                "taken_on": record.taken_on,
                "commit": one.commit,
                "source": record.export,
                "kind": record.kind,
                "people": people,
                "contacts": record.contacts,
                "added": record.added,
                "changed": record.changed,
                "gone": record.gone,
                "returned": record.returned,
            }
            for one, people in entries
            for record in (one.record,)
        ]
    }


def of_life(life: log.Life) -> Data:
    """What happened to one person, newest first, and each fact with its days."""
    return {
        "uid": life.contact.uid,
        "name": life.contact.shown.name or None,
        "path": life.contact.path,
        "events": [
            {
                "taken_on": event.taken_on,
                "commit": event.commit,
                "event": event.kind,
                "mend": event.mend or None,
                "changes": _of_changes(event.changes),
            }
            for event in life.events
        ],
        "facts": [
            {"field": field, **_of_seen(seen)}
            for field, several in best_known.by_field(life.known).items()
            for seen in several
        ],
    }


def of_init(result: init.Result) -> Data:
    """A vault that was begun."""
    return {"vault": str(result.path), "created": result.created, "hooks": dict(result.hooks)}


def of_check(found: remotes.Check) -> Data:
    """What a check of remotes found, by name."""
    return {
        "remotes": {
            name: {
                "url": url,
                "reachable": one.is_reachable,
                "allowed": one.objection is None,
                "objection": one.objection,
                "state": one.state,
                "behind": one.behind,
                "reason": one.reason,
            }
            for name, (url, one) in found.remotes.items()
        }
    }


def of_remotes(entries: Iterable[remotes.Entry]) -> Data:
    """The remotes, by name."""
    return {"remotes": {one.name: {"url": one.url, "behind": one.behind} for one in entries}}


def of_doctor(result: doctor.Result) -> Data:
    """What was looked at, and what is wrong."""
    return {
        "vault": str(result.path) if result.path else None,
        "findings": [
            {"check": one.check, "ok": one.ok, "message": one.message, "hint": one.hint or None}
            for one in result.findings
        ],
    }
