"""The command group, and the one place where errors become words and exit statuses."""

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
from li_vault.cli import output
from li_vault.errors import BadUsage, BadVault, Interrupted, LiVaultError, Terminated

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
_HELD_BACK = ("LI_VAULT_TOKEN",)
"""Variables of the environment that no program which is started needs to know. It is that of
`host.tokens`, which every start would pay for."""


class _Ended(BaseException):
    """The process was asked to end; no `KeyboardInterrupt`, which Python may exit by itself with.

    Once one was raised inside an `exec` of text (every dataclass is made so), CPython ends by the
    signal, whatever status is asked for.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.is_interrupt = number == signal.SIGINT


_heard: list[int] = []
"""The signals that came."""


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
            raise output.ReaderGone from error

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


def run(args: Sequence[str]) -> int:
    """Run the command line; the exit status."""
    # A command ends soon, and what 30,000 people are made of holds no circles: looking for some
    # after every few hundred objects would take a quarter of its time.
    gc.disable()
    output.begin()
    as_json = _asks_for_json(_before_separator(args))
    _catch_signals()
    given = {name: os.environ.pop(name) for name in _HELD_BACK if name in os.environ}
    try:
        status = group.main(args=list(args), prog_name="li-vault", standalone_mode=False, obj=given)
        sys.stdout.flush()
    except click.exceptions.Exit as error:
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):  # watchfiles makes the latter of any signal
        status = _ended(Terminated if signal.SIGTERM in _heard else Interrupted, as_json)
    except _Ended as error:
        status = _ended(Interrupted if error.is_interrupt else Terminated, as_json)
    except (output.ReaderGone, BrokenPipeError):  # the latter of what was still to be flushed
        output.hush()
        status = 0
    except Exception as error:  # noqa: BLE001 - the last resort, so that no one's data is printed
        status = _report(_in_words(error), as_json)
    finally:
        os.environ.update(given)  # a program that embeds us keeps its own
    return status if isinstance(status, int) else 0


def _ended(kind: type[Interrupted | Terminated], as_json: bool) -> int:
    """Say that the command was ended; from here on it does so without further signals."""
    with suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    error = kind(f"{kind.__name__}; nothing is half done.", "Run it again.")
    if as_json:
        return _report(error, as_json)
    output.note(error.message)
    return error.status


def _asks_for_json(args: Sequence[str]) -> bool:
    """Whether a command line asks for one object, however wrong it is otherwise."""
    return bool({"--json", "--format=json"} & set(args)) or ("--format", "json") in pairwise(args)


def _before_separator(args: Sequence[str]) -> Sequence[str]:
    return args[: args.index("--")] if "--" in args else args


def _report(error: LiVaultError, as_json: bool) -> int:
    from li_vault.store.credentials import without_credentials

    # An address can stand anywhere, even where a command line is wrong.
    error.message = without_credentials(error.message)
    error.hint = without_credentials(error.hint)
    try:
        output.show_error(error, as_json=as_json)
    except BrokenPipeError:
        output.hush()
    except OSError:  # not even an object can be written there
        output.hush()
        with suppress(OSError):
            output.show_error(error, as_json=False)
    return error.status


def _in_words(error: Exception) -> LiVaultError:
    """Any error as one of ours."""
    if isinstance(error, LiVaultError):
        return error
    if isinstance(error, click.UsageError):
        return _of_click(error)
    if isinstance(error, OSError):
        return _of_system(error)
    from li_vault.cli import bug

    return bug.reported(error)


def _of_click(error: click.UsageError) -> LiVaultError:
    hint = ""
    if error.ctx is not None:
        hint = f"{error.ctx.command_path} --help shows how it is called."
    return BadUsage(error.format_message(), hint)


def _of_system(error: OSError) -> LiVaultError:
    """What the operating system refused, in words; a path of the vault may be named."""
    where = f" ({error.filename})" if error.filename else ""
    hints = {
        errno.ENOSPC: "The disk is full: free some space and run it again.",
        errno.EDQUOT: "Your quota is used up: free some space and run it again.",
        errno.EROFS: "The file system is read-only.",
        errno.EACCES: "Mend the permissions and run it again.",
        errno.EPERM: "Mend the permissions and run it again.",
    }
    hint = hints.get(error.errno or 0, "Run it again; what was begun is finished or undone then.")
    return BadVault(f"The system refused: {error.strerror or error}{where}.", hint)


def _catch_signals() -> None:
    """Let SIGTERM and SIGINT unwind, so that what was begun is cleared away."""
    _heard.clear()

    def end(number: int, _frame: FrameType | None) -> None:
        _heard.append(number)
        if not output.is_said():
            raise _Ended(number)

    handler: Callable[[int, FrameType | None], None] = end
    with suppress(ValueError):  # not the main thread: a program that embeds us keeps its own
        signal.signal(signal.SIGTERM, handler)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored
            signal.signal(signal.SIGINT, handler)
