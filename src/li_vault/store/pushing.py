"""Pushing to remotes, side by side, and asking them for what they have; nothing is forced."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from threading import Event
from typing import NamedTuple

from li_vault.store import addresses, credentials, destinations, local, network, remote
from li_vault.store.destinations import Places
from li_vault.store.network import Answer
from li_vault.store.remote import Outcome, State
from li_vault.store.repo import MAIN, Repo

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much is done, and how much there is."""

TIMEOUT = 120.0
"""Seconds that one push may say nothing, not even how far it is."""

LONGEST = 3600.0
"""Seconds that it may take: years of history over a slow line do."""

ASKING = 40.0
"""Seconds that it may take to be told what a remote has."""

_BROKEN_LINE = (
    "connection reset", "broken pipe", "early eof", "hung up unexpectedly", "rpc failed",
    "unexpected disconnect", "connection closed", "connection timed out", "empty reply",
    "unexpected eof", "transfer closed", "recv failure", "send failure", "end of file",
    "connection to", "failed to report",
)  # fmt: skip
_ID = re.compile(r"([0-9a-f]{40,64})\t")
_AT_ONCE = ("cannot lock ref", "failed to update ref", "reference already exists")
"""What a remote says where another machine pushes to it at the same moment."""

_NO_USE = ("permission denied", "authentication failed", "not appear to be", "not found")


class Tip(NamedTuple):
    """What a remote has.

    Attributes:
        is_there: Whether it could be asked.
        commit: Its `main`; None if it has none.
        words: git's own words where it could not be asked.
    """

    is_there: bool
    commit: str | None
    words: str


def push(
    repo: Repo,
    chosen: Mapping[str, Places],
    *,
    timeout: float = TIMEOUT,
    prompt: bool | None = None,
    progress: Progress = lambda *_: None,
) -> dict[str, Outcome]:
    """Push `main` to these remotes, all side by side, never forced; each has an outcome.

    Args:
        repo: The vault's repository.
        chosen: Names of its remotes, each with its places, which were judged.
        timeout: Seconds that each may say nothing.
        prompt: Whether git may ask for credentials; by default if there is a terminal.
        progress: Told of long work.
    """
    may_ask = network.may_ask() if prompt is None else prompt
    works = {
        name: partial(
            _push,
            partial(_push_once, repo, name, places, timeout, may_ask, _tell(progress, name)),
            (repo, name, places, timeout),
        )
        for name, places in chosen.items()
    }
    return network.side_by_side(repo, works, prompt=may_ask)


def _tell(progress: Progress, name: str) -> network.Tell:
    return lambda what, percent: progress(f"{name}: {what.lower()}", percent, 100)


def tips(repo: Repo, name: str, places: Places, timeout: float = ASKING) -> list[Tip]:
    """Ask every place that a remote is pushed to for its `main`."""
    found: list[Tip] = []
    for one in places.pushed:
        pins = destinations.pins_for_reading(places, one)
        answer = network.call(
            repo, "ls-remote", "--", name, MAIN,
            settings=pins.settings,
            variables=pins.variables,
            hidden=pins.hidden,
            timeout=timeout,
            in_turn=addresses.is_encrypted(one.real),
            prompt=network.may_ask(),
        )  # fmt: skip
        if answer.status == 0:
            commit = _ID.match(answer.out)
            found.append(Tip(True, commit[1] if commit else None, ""))
        else:
            found.append(Tip(False, None, _said(answer.words) or _no_answer(answer, timeout)))
    return found


def _push(
    once: Callable[[], Outcome], to: tuple[Repo, str, Places, float], stopped: Event
) -> Outcome:
    """Push to one remote; once more if the line broke, or another machine was at it as well."""
    repo, name, places, _ = to
    is_forced = any(addresses.is_encrypted(one.real) for one in places.pushed)
    if is_forced:
        refusal = _would_drop(*to)
        if refusal is not None:
            return refusal
    before = remote.pushed_tip(repo, name)
    outcome = once()
    words = (outcome.reason or "").lower()
    is_broken = any(sign in words for sign in _BROKEN_LINE)
    is_useless = any(sign in words for sign in _NO_USE)
    again = outcome.state == "failed" and is_broken and not is_useless
    if (again or any(sign in words for sign in _AT_ONCE)) and not stopped.is_set():
        outcome = once()
    if is_forced and outcome.state == "pushed":
        outcome = _would_drop(*to) or outcome  # another machine may have replaced it at once
    if outcome.reason is not None and (is_forced or len(places.pushed) > 1):
        # git notes what the first of several places took, though another lacks it.
        remote.note_tip(repo, name, before)
    return outcome


def _would_drop(repo: Repo, name: str, places: Places, timeout: float) -> Outcome | None:
    """git-remote-gcrypt replaces what is there, whatever it is: so that is looked at before."""
    for one in places.pushed:
        path = local.folder(one.real, repo.path)
        if path is not None and not path.is_dir():
            return Outcome("failed", f"there is no folder {path} (is a disk not mounted?)")
    for there in tips(repo, name, places, timeout):
        if not there.is_there:
            return Outcome("failed", there.words)
        if there.commit is not None and not remote.is_ours(repo, there.commit):
            words = "it has commits that are not here: fetch first, nothing is replaced"
            return Outcome("refused", words)
    return None


def _push_once(
    repo: Repo, name: str, places: Places, timeout: float, may_ask: bool, tell: network.Tell
) -> Outcome:
    pins = destinations.pins(places)
    # git-remote-gcrypt says nothing while it carries the whole copy.
    is_quiet = any(addresses.is_encrypted(one.real) for one in places.pushed)
    answer = network.call(
        repo, "push", "--porcelain", "--progress", "--no-verify", "--no-signed", "--", name,
        f"{MAIN}:{MAIN}",
        settings=(*pins.settings, (f"remote.{name}.mirror", "false")),
        variables=pins.variables,
        hidden=pins.hidden,
        timeout=LONGEST,
        silence=None if is_quiet else timeout,
        in_turn=is_quiet,
        prompt=may_ask,
        tell=tell,
    )  # fmt: skip
    if answer.status is None:
        return Outcome("failed", _no_answer(answer, timeout))
    return _outcome(answer, pins.hidden)


def _no_answer(answer: Answer, timeout: float) -> str:
    if answer.status is None:
        return f"no answer within {timeout:g} seconds"
    return f"git ended with status {answer.status}"


def _outcome(answer: Answer, hidden: Iterable[str]) -> Outcome:
    """What git's porcelain report says: `flag TAB from:to TAB summary`, for each place a line.

    The summary may be the host's own words, so it is told like them.
    """
    lines = [line.split("\t") for line in answer.out.splitlines() if line.count("\t") >= 2]
    flags = {flag for flag, *_ in lines}
    for flag, _, summary in (line[:3] for line in lines):
        if flag == "!":
            why = "\n".join(filter(None, (summary, _said(answer.words))))
            state: State = "failed" if "remote failed to report" in summary else "refused"
            return Outcome(state, credentials.scrubbed(why, hidden))
    if answer.status == 0:
        return Outcome("up-to-date" if flags == {"="} else "pushed", None)
    return Outcome("failed", _said(answer.words) or f"git push ended with status {answer.status}")


def _said(words: str) -> str:
    """Git's words without its general hints, which do not fit here."""
    return "\n".join(line for line in words.splitlines() if not line.startswith("hint:")).strip()
