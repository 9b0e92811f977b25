"""The table of commands, in the groups in which the help lists them."""

from __future__ import annotations

import errno
import gc
import importlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from types import FrameType

import click

from li_vault import __version__
from li_vault.cli import terminal

COMMANDS = {
    "init": "Begin a vault.",
    "snapshot": "Record exports from LinkedIn, then push.",
    "watch": "Record exports as they arrive in the Downloads folder.",
    "schedule": "Let the machine run remind every day: install, show, remove.",
    "remind": "Record what is new, push, prove a copy, and tell what is due.",
    "fetch": "Record what LinkedIn's own portability API lists, then push.",
    "status": "How old, how many, what is not pushed, when the next one is due.",
    "log": "The snapshots, or what happened to one person.",
    "show": "One person, now or then.",
    "find": "People by any field; without a text, everyone.",
    "diff": "Who is new, gone, returned, changed and how.",
    "same": "Two contacts are one person: make them one, for good.",
    "apart": "One contact is two people: make it two, for good.",
    "remote": "Off-site copies: add, list, remove, check.",
    "push": "Push what is pending.",
    "sync": "Bring the vaults of two machines together.",
    "verify": "Prove that vault or remote is whole.",
    "restore": "A working vault from a remote, checked and counted.",
    "rebuild": "A new vault from all recorded originals, and older exports found later.",
    "export": "Everyone for an address book, or for another tool.",
    "doctor": "What is wrong with this machine or vault, and how to mend it.",
}
"""Every command, in the order of `--help`; each lives in a module of its name."""

_HIDDEN = ("hook",)


class _Commands(click.Group):
    """Commands that are imported when they are called, so that each starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        if cmd_name not in COMMANDS and cmd_name not in _HIDDEN:
            return None
        module = importlib.import_module(f"li_vault.cli.{cmd_name}")
        found: click.Command = module.command
        return found

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:  # click would end with Python's own status 1
            raise terminal.ReaderGone from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"li-vault {__version__}")
        ctx.exit()


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: li-vault snapshot ~/Downloads/Basic_LinkedInDataExport_11-20-2026.zip",
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version,
    help="Show the version.",
)  # fmt: skip
def group() -> None:
    """A vault for your LinkedIn contacts: one vCard each, versioned by git, pushed off-site.

    A command's own --help tells its options, with an example. The vault is --vault DIR, else
    LI_VAULT, else the one around the current folder, else the usual place.
    """
