"""What a login at LinkedIn's API came to, as text and data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from li_vault.actions.fetch import Login


def text(done: Login) -> list[str]:
    """A token that was kept, and what is next."""
    said = [f"LinkedIn takes the token. It is kept in {done.place}."]
    if done.is_ready:
        return [*said, "Next: li-vault fetch"]
    return [*said, "LinkedIn puts the data together now; tomorrow: li-vault fetch"]


def data(done: Login) -> dict[str, Any]:
    """The same."""
    return {"kept_in": done.place, "ready": done.is_ready}
