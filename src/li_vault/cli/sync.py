"""`li-vault sync`."""

from __future__ import annotations

import click

from li_vault.actions import sync
from li_vault.cli import options, output, progress


@click.command("sync", epilog="Example: li-vault sync origin")
@click.argument("names", metavar="[NAME…]", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Fetch, and tell what would happen; record nothing.")
@options.common
def command(names: tuple[str, ...], dry_run: bool, folder: str | None, as_json: bool) -> int:
    """Bring this vault and that of another machine together, through their remotes.

    NAME is a remote; without one it is done with all, one after the other. Nothing is ever
    forced. What the remote has is taken over. What was recorded here alone is done again on top
    of it: exports in the order of their days, hand edits, same and apart. A person keeps one UID
    and one file, the remote's where both machines met somebody new. An export that both recorded
    is one commit. Then it is pushed. The history that was here before stays as
    refs/li-vault/before-sync.

    Notes, phones and addresses of both are kept. Where both corrected the same field, the later
    one stands, and the other value is told. A file beside the cards that both changed has the
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
    with progress.bar(quiet=as_json) as told:
        result = sync.run(
            options.open_vault(folder),
            names,
            options.today(),
            dry_run=dry_run,
            progress=told,
            notice=options.waiting,
        )

    from li_vault.views import synced

    output.result(
        as_json, lambda: synced.data_of(result), lambda: synced.text_of(result, output.look())
    )
    return options.status_of_push(result.remotes)
