"""The one runner for git over the network: limits, environment, redaction."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, TypeVar

from li_vault.store.remotes import credentials
from li_vault.store.remotes.credentials import NO_AUTH, GitAuth
from li_vault.store.repo import Repo, open_gitpython

_OVERRIDES = (
    f"core.hooksPath={os.devnull}",
    "http.followRedirects=initial",
    "push.followTags=false",
    "push.gpgSign=false",
    "push.pushOption=",
    "push.recurseSubmodules=no",
    "push.useForceIfIncludes=false",
)
_PROGRESS = re.compile(r"(?:remote: )?([A-Z][a-z]+ [a-z]+): +(\d+)% \(")

_COUNTED = re.compile(r"(?:remote: )?(?:[A-Z][a-z]+ing [a-z]+: +\d+|Total \d+ )")
"""What git says of its progress besides, such as "Enumerating objects: 12, done."."""

_WAYS = ("credential.", "http.", "protocol.", "ssh.", "core.askpass", "core.gitproxy",
         "core.sshcommand", "gcrypt.")  # fmt: skip

Tell = Callable[[str, int], None]
"""Told how far git is: what it does ("Writing objects"), and per cent."""

Found = TypeVar("Found")


class Limits(NamedTuple):
    """How long a call may take, in seconds, and whether it may ask for credentials.

    Attributes:
        silence: How long it may say nothing, not even how far it is; None is no limit.
        prompt: Whether it may ask at the terminal. A call that may not leads a process group of
            its own, which is ended with it.
    """

    timeout: float
    silence: float | None = None
    prompt: bool = False


class GitAnswer(NamedTuple):
    """What a call ended with.

    Attributes:
        status: git's exit status; None if it was ended for want of time, or could not be started.
        words: Standard error without progress; of `call_git`, without credentials, too.
    """

    status: int | None
    out: str
    words: str


def can_prompt() -> bool:
    """Whether there is a terminal where someone can be asked for a password."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def run_parallel(
    repo: Repo, works: Mapping[str, Callable[[threading.Event], Found]], *, prompt: bool
) -> dict[str, Found]:
    """Do several works that call git, each in a thread; what each found, by name.

    Each is told by an event that it should stop; where one fails, or the user has enough, every
    git is ended.
    """
    if not works:
        return {}
    with open_gitpython(repo):
        pass  # imported once, before the threads do it
    stopped = threading.Event()
    with ThreadPoolExecutor(len(works)) as pool:
        try:
            turns = {name: pool.submit(work, stopped) for name, work in works.items()}
            return {name: turn.result() for name, turn in turns.items()}
        except BaseException:
            stopped.set()
            end_all(repo, group=not prompt)
            raise


def call_git(
    repo: Repo,
    *args: str,
    limits: Limits,
    auth: GitAuth = NO_AUTH,
    in_turn: bool = False,
    tell: Tell | None = None,
) -> GitAnswer:
    """Call the user's git in the vault, with `auth` in its environment alone.

    `in_turn` waits for other such calls on this vault: git-remote-gcrypt keeps what it is about
    in a ref of the vault, the same for every remote.
    """
    overrides = [part for one in _OVERRIDES for part in ("-c", one)]
    environment = {**environment_of(auth.settings), **auth.variables}
    if not limits.prompt:
        environment["GIT_TERMINAL_PROMPT"] = "0"
    with repo.processes.turn if in_turn else nullcontext(), open_gitpython(repo) as opened:
        # Its wrapper ends the process when it is thrown away: hold it until the end.
        held = opened.git.execute(
            ["git", *overrides, *args],
            as_process=True,
            env=environment,
            start_new_session=not limits.prompt,
        )
        if held.proc is None:
            return GitAnswer(None, "", "git could not be started")
        answer = wait_for(held.proc, limits, running=repo.processes.running, tell=tell)
    return answer._replace(words=credentials.redact(answer.words, auth.hidden).strip())


def run_process(
    args: Sequence[str],
    limits: Limits,
    *,
    cwd: Path | str,
    env: Mapping[str, str],
    stdin: bytes = b"",
    tell: Tell | None = None,
) -> GitAnswer:
    """Run a program for a remote in just this environment, to which GitPython could only add.

    Raises:
        OSError: It can't be started.
    """
    process = subprocess.Popen(
        args,
        cwd=cwd,
        env=env,
        stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=not limits.prompt,  # then nothing it starts can ask on the terminal
    )
    return wait_for(process, limits, stdin=stdin, tell=tell)


def transport_config(repo: Repo) -> tuple[tuple[str, str], ...]:
    """What a vault's own configuration says of how git reaches hosts: for a call elsewhere.

    Keys of a deploy, proxies and headers are set there, and count for a look at its copies, too.
    """
    out = repo.run("config", "--local", "-z", "--list").decode("utf-8", "surrogateescape")
    pairs = (entry.partition("\n") for entry in out.split("\0")[:-1])
    return tuple((key, value) for key, _, value in pairs if key.startswith(_WAYS))


def environment_of(settings: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The variables for settings, behind those that the environment has (`GIT_CONFIG_COUNT`)."""
    count = os.environ.get("GIT_CONFIG_COUNT", "")
    number = int(count) if count.isdigit() else 0
    found = {"GIT_TRACE_REDACT": "1"}
    for key, value in settings:
        found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        number += 1
    return found | ({"GIT_CONFIG_COUNT": str(number)} if number else {})


def wait_for(
    process: subprocess.Popen[bytes],
    limits: Limits,
    *,
    running: set[subprocess.Popen[bytes]] | None = None,
    stdin: bytes = b"",
    tell: Tell | None = None,
) -> GitAnswer:
    """Wait for a process that was started with pipes; end it when its time is up.

    A helper that lives on, such as ssh that keeps its line open for later, is not waited for.
    """
    out, words = list[str](), list[str]()
    heard = _Heard(time.monotonic())
    readers = [
        threading.Thread(target=_read, args=(process.stdout, out, None, heard), daemon=True),
        threading.Thread(target=_read, args=(process.stderr, words, tell, heard), daemon=True),
    ]
    status: int | None = None
    with _held(process, set() if running is None else running, group=not limits.prompt):
        for reader in readers:
            reader.start()
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.write(stdin)
            with suppress(OSError):
                process.stdin.close()
        try:
            status = _wait(process, limits.timeout, limits.silence or limits.timeout, heard)
        except subprocess.TimeoutExpired:
            _end(process, group=not limits.prompt)
        for reader in readers:
            reader.join(2)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    return GitAnswer(status, "\n".join(out), "\n".join(words))


@dataclass(slots=True)
class _Heard:
    """When a process was last heard, on the monotonic clock."""

    at: float


def _wait(process: subprocess.Popen[bytes], timeout: float, silence: float, heard: _Heard) -> int:
    end = time.monotonic() + timeout
    while True:
        left = min(end, heard.at + silence) - time.monotonic()
        if left <= 0:
            raise subprocess.TimeoutExpired(process.args, timeout)
        with suppress(subprocess.TimeoutExpired):
            return process.wait(left)


def _read(pipe: IO[bytes] | None, lines: list[str], tell: Tell | None, heard: _Heard) -> None:
    """Collect lines; progress is reported instead of collected."""
    rest = b""
    while pipe is not None:
        with suppress(OSError, ValueError):
            chunk = os.read(pipe.fileno(), 65536)
            if chunk:
                heard.at = time.monotonic()
                *whole, rest = re.split(rb"[\r\n]", rest + chunk)
                for line in whole:
                    _take(line, lines, tell)
                continue
        break
    _take(rest, lines, tell)


def _take(line: bytes, lines: list[str], tell: Tell | None) -> None:
    text = line.decode("utf-8", "replace")
    step = _PROGRESS.match(text)
    if step is None:
        if text.strip() and not _COUNTED.match(text):
            lines.append(text)
    elif tell is not None:
        tell(step[1], int(step[2]))


@contextmanager
def _held(
    process: subprocess.Popen[bytes], running: set[subprocess.Popen[bytes]], *, group: bool
) -> Iterator[None]:
    """Let a process be among those that run, and end it if the block is left by an error."""
    running.add(process)
    try:
        yield
    except BaseException:
        _end(process, group=group)
        raise
    finally:
        running.discard(process)


def end_all(repo: Repo, *, group: bool) -> None:
    """End every git that is called in a vault right now; whoever waits for one hears of its end."""
    for process in tuple(repo.processes.running):
        _end(process, group=group)


def _end(process: subprocess.Popen[bytes], *, group: bool) -> None:
    """End git, and the ssh or helper that it started where they have a group of their own."""
    with suppress(OSError):
        if group and hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGTERM)
        else:
            process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
