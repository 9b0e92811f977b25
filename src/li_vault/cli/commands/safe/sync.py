"""`li-vault sync`."""

from __future__ import annotations

from typing import Any

import click

from li_vault.cli import options, render, terminal
from li_vault.cli.render import Look, count
from li_vault.vault.plan.replay import FileConflict
from li_vault.vault.remotes import sync
from li_vault.vault.remotes.sync import SyncResult


@click.command("sync", epilog="Example: li-vault sync origin")
@click.argument("names", metavar="[NAME…]", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Fetch and show what would happen; record nothing.")
@options.vault_and_json
def command(names: tuple[str, ...], dry_run: bool, folder: str | None, is_json: bool) -> int:
    """Bring this vault and that of another machine together, through their remotes.

    NAME is a remote; without one it is done with all, one after the other. Nothing is ever
    forced. What the remote has is fetched. What was recorded here alone is replayed on top of
    it: exports in the order of their days, hand edits, same and apart. A person keeps one UID
    and one file, the remote's where both machines met somebody new. An export that both recorded
    is one commit. Then it is pushed. The history that was here before stays as
    refs/li-vault/before-sync.

    Notes, phones and addresses of both are kept. Where both corrected the same field, the later
    one stands, and the other value is shown. A file beside the cards that both changed has the
    changes of both, if it is a text and they do not meet; else this machine's lies beside it, as
    NAME.conflict-1a2b3c4d.

    Ends with 0; 2 if there is no such remote; 5 if the remote is no sound vault, or has nothing
    in common with this one; 7 if a remote lacks something afterwards: if another machine was
    quicker, run it again.

    --json: {"format", "commit", "before", "taken_over": {name: n}, "replayed": [days], "shared",
    "again", "edits", "mended", "conflicts": [{"uid", "path", "field", "kept", "other"}],
    "lost": [{"path", "uid", "reason"}], "joined": [{"uid", "other", "path"}],
    "files": [{"path", "kept", "copy"}], "kept", "edited", "put_back", "recovered",
    "dry_run", "remotes": {name: {"was", "state", "reason"}}}
    """
    with terminal.progress_bar(quiet=is_json) as told:
        result = sync.sync_vault(
            options.open_chosen_vault(folder),
            names,
            options.current_day(),
            dry_run=dry_run,
            progress=told,
            notice=options.note_waiting,
        )

    terminal.result(is_json, result, as_json, as_text)
    return options.status_of_push(result.remotes)


_WAS = {
    "same": "has the same history",
    "ahead": "lacks what is new here",
    "behind": "has more than this vault",
    "diverged": "has a history that parted from this one",
    "unrelated": "has nothing in common with this vault",
    "empty": "has nothing yet",
}
_LISTED = 10


def as_json(result: SyncResult) -> dict[str, Any]:
    """For `--json`."""
    done = result.rebased
    outcomes = render.outcomes_as_json(result.remotes)
    names = [*result.was, *(name for name in outcomes if name not in result.was)]
    nothing = {"state": None, "reason": None}
    return {
        "commit": result.commit,
        "before": result.before,
        "taken_over": dict(result.taken),
        "replayed": list(done.days),
        "shared": done.shared,
        "again": done.again,
        "edits": done.edits,
        "mended": done.mended,
        "conflicts": [one._asdict() for one in done.conflicts],
        "lost": [{**one._asdict(), "uid": one.uid or None} for one in done.lost],
        "joined": [
            {"uid": one.known.uid, "other": one.stranger.uid, "path": one.known.path}
            for one in done.joined
        ],
        "files": [one._asdict() for one in done.files],
        "kept": list(result.kept),
        "edited": result.edited,
        "put_back": list(result.put_back),
        "recovered": result.recovered or None,
        "dry_run": result.dry_run,
        "remotes": {
            name: {"was": result.was.get(name), **outcomes.get(name, nothing)} for name in names
        },
    }


def as_text(result: SyncResult, look: Look) -> list[str]:
    """In a few lines."""
    done = result.rebased
    out = [result.recovered] if result.recovered else []
    would = "Would not carry over" if result.dry_run else "Not carried over"
    lost = [f"{would}: {one.path} ({one.reason})" for one in done.lost]
    out += [look.paint(line, "red") for line in _some(lost)]
    if result.edited:
        out.append(f"Committed hand edits first; contacts: {result.edited}.")
    out += [f"Put back: {path} (deleted by hand)" for path in result.put_back]
    if result.dry_run:
        out += [f"{name}: {_WAS[was]}" for name, was in result.was.items() if was]
        out += [f"Would take over: {line}" for line in _counted(result)]
    else:
        out += render.arrived_as_text(result.taken)
    if done.days or done.edits or done.mended or done.shared:
        out += _rebased_as_text(result, look)
    out += _some(
        [
            f"  {one.path}: {one.field} is {one.kept or 'empty'!r} now; "
            f"the other value was {one.other or 'empty'!r}"
            for one in done.conflicts
        ]
    )
    out += _some(
        [
            f"  {one.stranger.path}: is {one.known.path}, as this machine knew (li-vault apart)"
            for one in done.joined
        ]
    )
    out += _some([f"  {one.path}: {_of_file(one)}" for one in done.files])
    out += _some([f"Left as it is: {path} (changed by hand)" for path in result.kept])
    if result.before is not None:
        out.append("This machine's history as it was: git log refs/li-vault/before-sync")
    return out + render.outcomes_as_text(result.remotes, look)


def _of_file(one: FileConflict) -> str:
    if one.kept == "both":
        return "changed on both, and has the changes of both now"
    if one.kept == "ours":
        return "was taken away there, and stays, since it was changed here"
    if one.copy is None:
        return "was taken away here, and stays, since it was changed there"
    return f"changed on both; the remote's stays, this machine's is {one.copy}"


def _counted(result: SyncResult) -> list[str]:
    return [f"{count(number, 'snapshot')} of {name}" for name, number in result.taken.items()]


def _rebased_as_text(result: SyncResult, look: Look) -> list[str]:
    done = result.rebased
    would = "Would put" if result.dry_run else "Put"
    mine = count(len(done.days), "snapshot")
    words = f"{would} on top of that what was recorded here: {mine}"
    days = f" ({', '.join(done.days)})" if done.days else ""
    out = [f"{look.paint(words, 'bold')}{days}."]
    if done.shared:
        out.append(f"  {count(done.shared, 'export')} recorded on both, kept once")
    if done.again:
        out.append(
            f"  {count(done.again, 'newer list')} recorded once more, so that the present is "
            "what it says"
        )
    if done.edits:
        out.append(f"  the hand edits of {count(done.edits, 'card')}, done again")
    if done.mended:
        out.append(f"  {count(done.mended, 'mend')} (same, apart), done again")
    return out


def _some(found: list[str]) -> list[str]:
    if len(found) <= _LISTED:
        return found
    return [*found[:_LISTED], f"  … and {len(found) - _LISTED} more; --json lists all"]
