"""The table of commands, in the groups in which the help lists them."""

from __future__ import annotations

import importlib

import click

from li_vault import __version__
from li_vault.cli import terminal

GROUPS = {
    "Record": {
        "init": ("record.init", "Begin a vault."),
        "snapshot": ("record.snapshot", "Record exports from LinkedIn, then push."),
        "same": ("record.same_apart:same", "Two contacts are one person: merge them, for good."),
        "apart": ("record.same_apart:apart", "One contact is two people: split it, for good."),
        "rebuild": ("record.rebuild", "Make a new vault from all originals and older exports."),
    },
    "Look": {
        "status": ("look.status", "Age, people, what is not pushed, when the next one is due."),
        "log": ("look.log", "The snapshots, or what happened to one contact."),
        "show": ("look.people:show", "One contact, now or then."),
        "find": ("look.people:find", "Contacts by any field; without a text, everyone."),
        "diff": ("look.diff", "Who is new, gone, returned or changed, and how."),
    },
    "Share": {
        "export": ("share.export", "Write contacts for an address book or another tool."),
    },
    "Keep safe": {
        "remote": ("safe.remote", "Off-site remotes: add, list, remove, check."),
        "push": ("safe.push", "Push what is pending."),
        "sync": ("safe.sync", "Bring the vaults of two machines together."),
        "verify": ("safe.verify", "Check that a vault or remote is whole."),
        "restore": ("safe.restore", "Get a working vault back from a remote."),
    },
    "Set up": {
        "schedule": ("setup.schedule", "Run remind every day: install, show, remove."),
        "watch": ("setup.watch", "Record exports as they arrive in the Downloads folder."),
        "remind": ("setup.remind", "The daily run: record, push, verify, notify."),
        "fetch": ("setup.fetch", "Record what LinkedIn's portability API lists, then push."),
        "doctor": ("setup.doctor", "Find what is wrong with this machine or vault."),
    },
}
"""Group of the help -> name of a command -> its module below this package (and the function in
it, where the module has several), and its line of help."""

COMMANDS = {name: row for group in GROUPS.values() for name, row in group.items()}
"""Every command, in the order of `--help`."""

_HIDDEN = {"hook": "safe.push:hook"}


class _Commands(click.Group):
    """Commands that are imported when they are called, so that each starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        place = _HIDDEN.get(cmd_name) or COMMANDS.get(cmd_name, ("", ""))[0]
        if not place:
            return None
        module, _, function = place.partition(":")
        name = f"{function}_command" if function else "command"
        found: click.Command = getattr(importlib.import_module(f"{__name__}.{module}"), name)
        return found

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:  # click would end with Python's own status 1
            raise terminal.ReaderGone from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, words) for name, (_, words) in commands.items()])


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

    Each command has --help, with an example. The vault is --vault DIR, else LI_VAULT, else the one
    that encloses the current folder, else the default place.
    """
