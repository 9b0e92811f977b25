"""Why people are gone, by the lists that were recorded at both ends of a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from li_vault.core import layout, leaving
from li_vault.core.comparing import Comparison
from li_vault.core.timeline import Snapshot
from li_vault.formats import list_kinds, registry
from li_vault.store import history
from li_vault.vault import sightings
from li_vault.vault.opened import Vault


def reasons(
    vault: Vault, before: str | None, after: str | None, found: Comparison
) -> Mapping[str, str | None]:
    """Why people are gone, by the nameless rows of both exports."""
    ends = [_last_full(vault, commit) if commit else None for commit in (before, after)]
    if ends[0] is None or ends[1] is None or ends[0] == ends[1]:  # moved by hand, not by a list
        return {contact.uid: None for contact in found.gone}
    earlier, later = (end.record for end in ends if end)
    lists = _nameless(vault, [end for end in ends if end])
    if lists[0] is None or lists[1] is None:
        return {contact.uid: None for contact in found.gone}
    if registry.wrote_times(earlier.kind) != registry.wrote_times(later.kind):
        told = leaving.reasons_across_clocks(found.gone, lists[0], lists[1])
    else:
        came = [*found.added, *(one.contact for one in found.returned)]
        # Whoever connected after the earlier list was made can't have been a nameless row in it.
        back = [c for c in came if c.person.connected_on <= earlier.taken_on]
        days = date.fromisoformat(later.taken_on) - date.fromisoformat(earlier.taken_on)
        is_long = abs(days) > leaving.LONG
        told = leaving.reasons(found.gone, back, lists[0], lists[1], is_long=is_long)
    if earlier.taken_on <= later.taken_on:
        return told
    # Looking back, who has no row had none yet.
    return {uid: reason if reason == leaving.HIDDEN else None for uid, reason in told.items()}


def _nameless(vault: Vault, lists: Sequence[Snapshot]) -> list[tuple[str, ...] | None]:
    """The days of the nameless rows of these lists; None for one that does not tell days."""
    has_days = list_kinds.has_days
    wanted = [one for one in lists if one.record.nameless or not has_days(one.record.kind)]
    places = [(one.commit, f"{layout.EXPORTS}/{one.record.export}") for one in wanted]
    data = dict(zip(wanted, history.read_paths(vault.repo, places), strict=True)) if wanted else {}
    found: list[tuple[str, ...] | None] = []
    for one in lists:
        record, read = one.record, data.get(one)
        if one not in data:
            found.append(())
        elif read is None:
            found.append(None)
        else:
            found.append(registry.nameless(record.kind, record.export, read, record.nameless))
    return found


def _last_full(vault: Vault, commit: str) -> Snapshot | None:
    """The newest snapshot up to a commit whose list named everyone in `contacts/`, and no one else.

    A partial list says nothing of who is missing from it.
    """
    found = None
    for found in vault.past(commit):
        if sightings.is_full(vault, found, is_first=False):
            return found
    return found if found and sightings.is_full(vault, found, is_first=True) else None
