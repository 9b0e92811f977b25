"""`li-vault doctor`."""

from __future__ import annotations

import click

from li_vault.cli import options, terminal
from li_vault.cli.options import how_called
from li_vault.cli.render import Data, Look
from li_vault.host import user_folders
from li_vault.vault.verify import doctor


def as_text(result: doctor.DoctorResult, look: Look) -> list[str]:
    """What was looked at, and what is wrong."""
    out = []
    for one in result.findings:
        sign = look.paint("ok   ", "green") if one.ok else look.paint("wrong", "red")
        out.append(f"{sign}  {one.message}")
        if one.hint:
            out.append(f"       {look.paint(one.hint, 'dim')}")
    return out


def as_json(result: doctor.DoctorResult) -> Data:
    """What was looked at, and what is wrong."""
    return {
        "vault": str(result.path) if result.path else None,
        "findings": [
            {"check": one.check, "ok": one.ok, "message": one.message, "hint": one.hint or None}
            for one in result.findings
        ],
    }


@click.command("doctor", epilog="Example: li-vault doctor")
@options.vault_and_json
def command(folder: str | None, is_json: bool) -> int:
    """What is wrong with this machine or vault, and how to mend it; 1 if anything is."""
    result = doctor.diagnose(
        options.chosen_place(folder).path, user_folders.hooks_folder(), how_called()
    )

    terminal.result(is_json, result, as_json, as_text)
    return int(not result.is_fine)
