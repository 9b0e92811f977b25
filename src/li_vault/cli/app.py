"""Run the command group: errors to exit statuses, signals, bug reports."""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from types import FrameType

import click

from li_vault import __version__
from li_vault.cli import terminal
from li_vault.errors import BadUsage, BadVault, Interrupted, LiVaultError, Terminated

_HELD_BACK = ("LI_VAULT_TOKEN",)
"""Variables of the environment that no program which is started needs to know. It is that of
`host.token_store`, which every start would pay for."""


class _Ended(BaseException):
    """The process was asked to end; no `KeyboardInterrupt`, which Python may exit by itself with.

    Once one was raised inside an `exec` of text (every dataclass is made so), CPython ends by the
    signal, whatever status is asked for.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.is_interrupt = number == signal.SIGINT


def run(group: click.Group, args: Sequence[str]) -> int:
    """Run the command line; the exit status."""
    # A command ends soon, and what 30,000 people are made of holds no circles: looking for some
    # after every few hundred objects would take a quarter of its time.
    gc.disable()
    terminal.open_streams()
    is_json = _asks_for_json(_before_separator(args))
    given = {name: os.environ.pop(name) for name in _HELD_BACK if name in os.environ}
    state = terminal.Terminal(given)
    heard = _catch_signals(state)
    try:
        status = group.main(args=list(args), prog_name="li-vault", standalone_mode=False, obj=state)
        sys.stdout.flush()
    except click.exceptions.Exit as error:
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):  # watchfiles makes the latter of any signal
        status = _ended(Terminated if signal.SIGTERM in heard else Interrupted, is_json)
    except _Ended as error:
        status = _ended(Interrupted if error.is_interrupt else Terminated, is_json)
    except (terminal.ReaderGone, BrokenPipeError):  # the latter of what was still to be flushed
        terminal.hush()
        status = 0
    except Exception as error:  # noqa: BLE001 - the last resort, so that no one's data is printed
        status = _report(_in_words(error), is_json)
    finally:
        os.environ.update(given)  # a program that embeds us keeps its own
    return status if isinstance(status, int) else 0


def _ended(kind: type[Interrupted | Terminated], is_json: bool) -> int:
    """Say that the command was ended; from here on it does so without further signals."""
    with suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    error = kind(f"{kind.__name__}; nothing is half done.", "Run it again.")
    if is_json:
        return _report(error, is_json)
    terminal.note(error.message)
    return error.status


def _asks_for_json(args: Sequence[str]) -> bool:
    """Whether a command line asks for one object, however wrong it is otherwise."""
    return bool({"--json", "--format=json"} & set(args)) or ("--format", "json") in pairwise(args)


def _before_separator(args: Sequence[str]) -> Sequence[str]:
    return args[: args.index("--")] if "--" in args else args


def _report(error: LiVaultError, is_json: bool) -> int:
    from li_vault.store.remotes.credentials import redact_urls

    # An address can stand anywhere, even where a command line is wrong.
    error.message = redact_urls(error.message)
    error.hint = redact_urls(error.hint)
    try:
        terminal.show_error(error, is_json=is_json)
    except BrokenPipeError:
        terminal.hush()
    except OSError:  # not even an object can be written there
        terminal.hush()
        with suppress(OSError):
            terminal.show_error(error, is_json=False)
    return error.status


def _in_words(error: Exception) -> LiVaultError:
    """Any error as one of ours."""
    if isinstance(error, LiVaultError):
        return error
    if isinstance(error, click.UsageError):
        return _of_click(error)
    if isinstance(error, OSError):
        return _of_system(error)

    return report_bug(error)


def _of_click(error: click.UsageError) -> LiVaultError:
    hint = ""
    if error.ctx is not None:
        hint = f"See {error.ctx.command_path} --help."
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


def _catch_signals(state: terminal.Terminal) -> list[int]:
    """Let SIGTERM and SIGINT unwind, so that what was begun is cleared away; those that came."""
    heard: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        if not state.has_result:
            raise _Ended(number)

    handler: Callable[[int, FrameType | None], None] = end
    with suppress(ValueError):  # not the main thread: a program that embeds us keeps its own
        signal.signal(signal.SIGTERM, handler)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored
            signal.signal(signal.SIGINT, handler)
    return heard


_PACKAGE = Path(__file__).resolve().parent.parent


def report_bug(error: Exception) -> LiVaultError:
    """Save a report of an unexpected error, and return the error that tells where it is.

    The report names types, files and lines only: messages of exceptions can hold what was in an
    export.
    """
    import platform
    import traceback

    from li_vault.host import private_files, user_folders

    steps = traceback.extract_tb(error.__traceback__)
    chain = [type(error).__name__]
    cause = error.__cause__ or error.__context__
    while cause is not None:
        chain.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    text = "\n".join(
        [
            f"li-vault {__version__}, Python {platform.python_version()}, {sys.platform}",
            " <- ".join(chain),
            *(f"  {_place(step.filename)}:{step.lineno} in {step.name}" for step in steps),
            "",
        ]
    )
    message = f"That is a bug in li-vault ({chain[0]}); the vault is as it was."
    try:
        path = private_files.private_folder(user_folders.log_folder()) / "report.txt"
        private_files.write_private(path, text.encode())
    except (OSError, LiVaultError):
        return LiVaultError(f"{message}\n{text}", "Please report it with these lines.")
    return LiVaultError(message, f"Please report it with {path}, which holds nobody's data.")


def _place(filename: str) -> str:
    """A file's name without where it lies on this machine."""
    path = Path(filename)
    if path.is_relative_to(_PACKAGE):
        return str(path.relative_to(_PACKAGE.parent))
    return "/".join(path.parts[-2:])
