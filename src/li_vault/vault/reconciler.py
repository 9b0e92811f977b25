"""Hand edits of this machine upon another one's history: what both edited, and who was later."""

from __future__ import annotations

from datetime import date

from li_vault.core import layout, messages, reconciling
from li_vault.core.model import Contact
from li_vault.core.reconciling import Conflict
from li_vault.store import commit, fetching, history
from li_vault.vault.opened import Vault


class Reconciler:
    """Carries edits over to contacts of the other machine.

    Attributes:
        newest: ISO day of the newest export that the contacts know.
        conflicts: The fields for which two values were left, as they were found.
    """

    def __init__(self, vault: Vault, theirs: str, ours: str | None, newest: str) -> None:
        """Begin upon `theirs`; `ours` is our newest commit."""
        self.newest = newest
        self.conflicts: list[Conflict] = []
        self._vault = vault
        self._theirs = theirs
        self._new = fetching.lacking(vault.repo, theirs, ours)

    def carry(self, day: date, now: Contact, before: Contact, after: Contact) -> Contact:
        """The contact, edited as somebody edited `before` into `after` here on a day."""
        done = reconciling.reconcile(
            now,
            before,
            after,
            is_outdated=day.isoformat() < self.newest,
            theirs_is_later=lambda: self._edited_on(now) >= day,
        )
        self.conflicts += done.conflicts
        return done.contact

    def _edited_on(self, contact: Contact) -> date:
        """The day on which the other machine last edited this card by hand since both parted."""
        for touch in history.touching(self._vault.repo, self._theirs, layout.twin(contact)):
            one = touch.commit
            if one.id in self._new and (
                one.author != commit.EMAIL or messages.is_edit(one.message)
            ):
                return one.day
        return date.min
