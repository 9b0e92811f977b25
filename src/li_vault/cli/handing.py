"""What was named on the command line, opened."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from li_vault.cli import options
from li_vault.errors import BadUsage
from li_vault.formats import registry
from li_vault.formats.base import Export
from li_vault.host import intake

Progress = Callable[[str, int, int], None]
"""Told of long work: what is being done, how much is done, how much there is."""


def handed_over(paths: Sequence[str], told: Progress) -> list[Export]:
    """The exports at these paths, in their order; those of a folder sorted by name.

    Raises:
        BadUsage: Standard input is named twice.
        BadExport: Something is not there, or can't be read.
    """
    if paths.count("-") > 1:
        raise BadUsage("Standard input can be read only once.", "Give - once.")
    exports: list[Export] = []
    for number, path in enumerate(paths):

        def opened(done: int, total: int, number: int = number) -> None:
            told("Opening", number * total + done, len(paths) * total)

        opened(0, 1)
        exports += intake.open_exports(
            path,
            wanted=registry.wanted,
            stdin=sys.stdin.buffer,
            today=options.today(),
            progress=opened,
        )
    return exports
