"""What `same` and `apart` did, as text and as data for `--json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from li_vault.core import plain
from li_vault.core.model import Contact
from li_vault.views import arrived, data, text
from li_vault.views.look import Look

if TYPE_CHECKING:
    from li_vault.actions.same import Result


def data_of(result: Result) -> dict[str, Any]:
    """The commit, who keeps UID and file, and the other of the two."""
    return {
        "commit": result.commit,
        "already": result.already,
        "person": plain.person(result.contact),
        "other": plain.person(result.other) if result.other else None,
        "edited": result.edited,
        "put_back": list(result.put_back),
        "recovered": result.recovered or None,
        "dry_run": result.dry_run,
        "taken_over": dict(result.taken),
        "remotes": data.of_outcomes(result.remotes),
    }


def text_of(result: Result, look: Look) -> list[str]:
    """Who is one now, or two."""
    out = [result.recovered] if result.recovered else []
    out += arrived.text(result.taken)
    if result.edited:
        out.append(f"Committed hand edits first; contacts: {result.edited}.")
    out += [f"Put back: {path} (deleted by hand)" for path in result.put_back]
    if result.already:
        words = (
            "These are two contacts already." if result.other else "This is one contact already."
        )
    elif result.dry_run:
        words = "Would be so; nothing was recorded:"
    else:
        words = "Recorded, for good:"
    out += [look.paint(words, "bold"), _line(result.contact, look)]
    if result.other is not None:
        line = _line(result.other, look)
        out.append(f"{line}, taken in" if result.kind == "same" else line)
    return out + text.of_outcomes(result.remotes, look)


def _line(contact: Contact, look: Look) -> str:
    uid = look.paint(contact.uid[:8], "dim")
    return f"  {uid}  {contact.shown.name or 'Nameless'}  {contact.path}"
