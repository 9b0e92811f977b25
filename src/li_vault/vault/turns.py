"""One remote proved in turn, so that over the months each of them is."""

from __future__ import annotations

from datetime import date, timedelta

from li_vault.errors import BadUsage, GitFailed
from li_vault.store import remote, repo, scratch
from li_vault.store.remote import Remote
from li_vault.vault import copies, known
from li_vault.vault.audit import Progress
from li_vault.vault.copies import Copy
from li_vault.vault.opened import Vault


def next_one(vault: Vault, today: date, days: int) -> Remote | None:
    """The remote whose last proof is oldest, if that is some days ago; else None."""
    if vault.tip() is None:
        return None
    since = (today - timedelta(days=days)).isoformat()
    waiting = [
        (verified_on(vault, one.name) or "", one)
        for one in remote.listed(vault.repo)
        if remote.pushed_tip(vault.repo, one.name)
    ]
    oldest = min(waiting, default=("9999", None), key=lambda pair: pair[0])
    return oldest[1] if oldest[0] <= since else None


def verified_on(vault: Vault, name: str) -> str | None:
    """The ISO day of a remote's last proof, or None."""
    return vault.settings.get(f"{name}.verified")


def prove(vault: Vault, one: Remote, today: date, progress: Progress = lambda *_: None) -> Copy:
    """Prove a remote in full, and note the day if it is whole."""
    proved = known.load(vault.repo)
    with scratch.held(vault.repo) as place:
        try:
            copy = copies.proved(vault, one, place / "0", proved, progress, quick=False)
        except (GitFailed, BadUsage) as error:
            return copies.unreached(one, error)
    known.keep(vault.repo, proved)
    if copy.whole:
        repo.set_config(vault.repo, f"li-vault.{one.name}.verified", today.isoformat())
    return copy
