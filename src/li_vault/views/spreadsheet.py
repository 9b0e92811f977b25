"""Differences as CSV: a row a change, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from li_vault.core import finding, formulas, kinds
from li_vault.core.comparing import Changed
from li_vault.core.model import Contact

if TYPE_CHECKING:
    from li_vault.actions import diff

HEADER: Final = (
    "what", "name", "field", "before", "after", "reason",
    "company", "position", "emails", "profile_url", "connected_on", "uid", "path",
)  # fmt: skip
"""What differs, the field with both its values, and what is known of the person afterwards."""


def of_diff(result: diff.Result) -> list[str]:
    """Who is new, gone, returned or changed, behind a header."""
    found = result.differences.found
    rows: list[tuple[str, ...]] = []
    for one in found.changed:
        rows += _changes(one)
    rows += [_row(kinds.NEW, contact) for contact in found.added]
    rows += [_row(kinds.GONE, c, reason=found.reasons.get(c.uid) or "") for c in found.gone]
    for one in found.returned:
        rows += (
            _changes(one, kinds.RETURNED) if one.changes else [_row(kinds.RETURNED, one.contact)]
        )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    # Phone numbers, too: as numbers they would lose their plus sign.
    writer.writerows(map(formulas.marked, row) for row in rows)
    return text.getvalue().removesuffix("\n").split("\n")


def _changes(one: Changed, what: str = "") -> Iterator[tuple[str, ...]]:
    pieces = kinds.pieces(one.before, finding.as_read(one.contact), one.changes)
    kind_of = {piece.word: piece.kind for piece in pieces}
    for change in one.changes:
        values = (change.field, change.before or "", change.after or "")
        yield _row(what or kind_of[kinds.word(change.field)], one.contact, *values)


def _row(
    what: str, contact: Contact, field: str = "", before: str = "", after: str = "",
    *, reason: str = "",
) -> tuple[str, ...]:  # fmt: skip
    shown = contact.shown
    return (
        what, shown.name, field, before, after, reason,
        *(finding.told(contact, field) for field in ("company", "position")),
        ", ".join(finding.emails(contact)),
        finding.told(contact, "profile_url"),
        shown.connected_on, contact.uid, contact.path,
    )  # fmt: skip
