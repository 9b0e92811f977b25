"""`li-vault doctor`."""

from __future__ import annotations

import click

from li_vault.actions import doctor
from li_vault.cli import options, output
from li_vault.cli.init import how_called
from li_vault.host import shipped


@click.command("doctor", epilog="Example: li-vault doctor")
@options.common
def command(folder: str | None, as_json: bool) -> int:
    """What is wrong with this machine or vault, and how to mend it; 1 if anything is."""
    result = doctor.run(options.place(folder).path, shipped.hooks(), how_called())

    from li_vault.views import data, text

    output.result(
        as_json, lambda: data.of_doctor(result), lambda: text.of_doctor(result, output.look())
    )
    return int(not result.is_fine)
