"""`li-vault same`."""

from __future__ import annotations

import click

from li_vault.actions import same
from li_vault.cli import options, output


@click.command("same", epilog="Example: li-vault same ada-lovelace-1a2b3c 0c4d4f6f")
@click.argument("one", metavar="A")
@click.argument("two", metavar="B")
@click.option("--dry-run", is_flag=True, help="Tell what would happen; record nothing.")
@click.option("--no-push", is_flag=True, help="Do not push to the remotes.")
@options.common
def command(
    one: str, two: str, dry_run: bool, no_push: bool, folder: str | None, as_json: bool
) -> int:
    """Two contacts, A and B, are one person: make them one, for good.

    Who was seen first keeps UID and file, the other card goes; the facts are those of whoever is
    in the newest list. Notes, corrections and former addresses of both are kept, and the history
    of both is then one. Two that the newest list names both can not be made one.

    A and B are each a UID or its first digits, a profile URL or slug, a file name, or a text that
    fits one person. What remotes have besides is taken over first, then hand edits are committed;
    then it is pushed.

    --json: commit (null if there was nothing to do), already, person (who stays), other (who was
    taken in, as it was; null if A and B were one already), edited, put_back, recovered, dry_run,
    taken_over, remotes.
    """
    result = same.run(
        options.open_vault(folder),
        (one, two),
        options.today(),
        dry_run=dry_run,
        push=not no_push,
        notice=options.waiting,
    )

    from li_vault.views import mends

    output.result(
        as_json, lambda: mends.data_of(result), lambda: mends.text_of(result, output.look())
    )
    return options.status_of_push(result.remotes)
