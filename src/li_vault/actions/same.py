"""`same`: two contacts are one person, for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from li_vault.core import mending
from li_vault.core.model import Contact, Roster
from li_vault.errors import BadUsage
from li_vault.vault import Vault, lives, mendwork
from li_vault.vault.lookup import one_of
from li_vault.vault.mendwork import Decision, Result

__all__ = ["Result", "run"]


def run(
    vault: Vault,
    words: tuple[str, str],
    today: date,
    *,
    dry_run: bool = False,
    push: bool = True,
    notice: Callable[[], None] | None = None,
) -> Result:
    """Make one contact of the two that the words mean; who was seen first keeps UID and file.

    Raises:
        NotFound: One of the words means nobody.
        BadUsage: One means several people, or both people are in the newest list.
        BadVault: The vault is not usable.
    """

    def decide(roster: Roster) -> Decision:
        one, two = (one_of(roster, one) for one in words)
        if one.uid == two.uid:
            return Decision(one, None, None)
        if not (one.is_former or two.is_former):
            raise BadUsage(
                f"The newest list names both, each in a row of its own: {one.path} and "
                f"{two.path}. The next one would name two people again.",
                "Once LinkedIn lists only one of them, li-vault same makes them one.",
            )
        keeper, other = _by_first_sight(vault, one, two)
        after = mending.joined(roster, keeper.uid, other.uid)
        return Decision(after.contacts[keeper.uid], other, after)

    return mendwork.run(vault, "same", decide, today, dry_run=dry_run, push=push, notice=notice)


def _by_first_sight(vault: Vault, *both: Contact) -> tuple[Contact, Contact]:
    """The two in the order in which they were first seen; at once: by UID."""
    files = {c.uid: (c.file, *(alias.file for alias in c.aliases)) for c in both}
    life = lives.of(vault, [file for several in files.values() for file in several])
    seen = {
        uid: max((step.place for file in several for step in life[file]), default=-1)
        for uid, several in files.items()
    }
    first, second = sorted(both, key=lambda c: (-seen[c.uid], c.uid))
    return first, second
