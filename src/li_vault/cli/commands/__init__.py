"""The table of commands, in the groups in which the help lists them."""

from __future__ import annotations

import importlib

import click

from li_vault import __version__
from li_vault.cli import terminal

GROUPS = {
    "Record": {
        "init": "Begin a vault.",
        "snapshot": "Record exports from LinkedIn, then push.",
        "same": "Make one contact of two that are one person.",
        "apart": "Make two contacts of one that is two people.",
        "rebuild": "Make a new vault of all that was recorded and of older exports.",
    },
    "Look": {
        "status": "Show the age of the last snapshot, what is pending, what is due.",
        "log": "List the snapshots, or what happened to one contact.",
        "show": "Show one contact, now or on any day.",
        "find": "Find contacts by any field; without a text, list everyone.",
        "diff": "Show who is new, gone, returned or changed between two days.",
        "help": "Show the manual, or how a command is called.",
    },
    "Share": {
        "export": "Write contacts for an address book or another program.",
    },
    "Keep safe": {
        "remote": "Add, list, remove and check off-site copies.",
        "push": "Push what is pending.",
        "sync": "Bring the vaults of two machines together.",
        "verify": "Check that the vault, or a remote, is whole.",
        "restore": "Make a working vault from a remote.",
    },
    "Set up": {
        "schedule": "Run remind every day: install, show or remove the timer.",
        "watch": "Record exports as they arrive in the Downloads folder.",
        "remind": "Record new exports, push, verify a remote, say what is due.",
        "fetch": "Record what LinkedIn's portability API lists, then push.",
        "doctor": "Check this machine and the vault, and say how to fix them.",
    },
}
"""The commands as `--help` groups them, each with its line of help."""

COMMANDS = {name: line for group in GROUPS.values() for name, line in group.items()}
"""Every command with its line of help."""

_FOLDERS = {
    "Record": "record", "Look": "look", "Share": "share", "Keep safe": "safe", "Set up": "setup",
}  # fmt: skip
_TOGETHER = {"same": "same_apart", "apart": "same_apart", "show": "people", "find": "people"}
"""Commands that share a module, where the function of each is called after it."""

_HIDDEN = {"hook": "safe.push"}


def _module_of(name: str) -> str:
    """The module of a command below this package; "" if there is no such command."""
    for title, commands in GROUPS.items():
        if name in commands:
            return f"{_FOLDERS[title]}.{_TOGETHER.get(name, name)}"
    return _HIDDEN.get(name, "")


class _Commands(click.Group):
    """Commands that are imported when they are called, so that each starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        module = _module_of(cmd_name)
        if not module:
            return None
        own = cmd_name in _TOGETHER or cmd_name in _HIDDEN
        loaded = importlib.import_module(f"{__name__}.{module}")
        found: click.Command = getattr(loaded, f"{cmd_name}_command" if own else "command")
        return found

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:  # click would end with Python's own status 1
            raise terminal.ReaderGone from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        width = max(map(len, COMMANDS))
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:{width}}", line) for name, line in commands.items()])


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

    Every command has --help, with an example; li-vault help lists the topics of the manual. The
    vault is --vault DIR, else LI_VAULT, else the one that encloses the current folder, else the
    default place.
    """
