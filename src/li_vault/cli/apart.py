"""`li-vault apart`."""

from __future__ import annotations

import click

from li_vault.actions import apart
from li_vault.cli import options, output


@click.command("apart", epilog="Example: li-vault apart ada-lovelace-1a2b3c ada-king-7f8e9d")
@click.argument("one", metavar="A")
@click.argument("two", metavar="B")
@click.option("--dry-run", is_flag=True, help="Tell what would happen; record nothing.")
@click.option("--no-push", is_flag=True, help="Do not push to the remotes.")
@options.common
def command(
    one: str, two: str, dry_run: bool, no_push: bool, folder: str | None, as_json: bool
) -> int:
    """One contact, which A and B mean both, is two people: make it two, for good.

    One word names who it is now, the other who it was before: a former profile, name, employer or
    date, or the UID of a contact that `same` took in. Who was seen first keeps UID and file; who
    it was before gets the facts of that time, in former/.

    A and B are each a UID or its first digits, a profile URL or slug, a file name, or a text that
    fits one person. What remotes have besides is taken over first, then hand edits are committed;
    then it is pushed.

    --json: commit (null if there was nothing to do), already, person (who keeps UID and file),
    other, edited, put_back, recovered, dry_run, taken_over, remotes.
    """
    result = apart.run(
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
