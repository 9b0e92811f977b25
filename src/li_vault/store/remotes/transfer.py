"""Fetch, push and ls-remote of `main`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from threading import Event
from typing import Literal, NamedTuple

from li_vault.store.remotes import credentials, network_git, push_urls, remotes, urls
from li_vault.store.remotes.network_git import GitAnswer, Limits
from li_vault.store.remotes.push_urls import RemoteUrls
from li_vault.store.remotes.remotes import PushOutcome, State
from li_vault.store.repo import MAIN, Progress, Repo

TIMEOUT = 20.0
"""Seconds that a fetch may take before something else is done, such as recording an export."""

SILENCE = 20.0
"""Seconds without a word after which nothing more is expected of a remote."""

Kinship = Literal["same", "ahead", "behind", "diverged", "unrelated"]
"""How our history stands to another: ahead of it, behind it, both, or with nothing in common."""

_SETTINGS = (
    ("core.fsmonitor", "false"),
    ("core.fsync", "objects,derived-metadata,reference"),
    ("fetch.fsckObjects", "true"),
    ("fetch.prune", "false"),
    ("fetch.pruneTags", "false"),
    ("fetch.recurseSubmodules", "no"),
    ("fetch.unpackLimit", "1"),
    ("fetch.writeCommitGraph", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("transfer.bundleURI", "false"),
)


class FetchedMain(NamedTuple):
    """What a remote has.

    Attributes:
        commits: `main` of each of its places, each once; none if it has none yet.
        words: Why it could not be asked, in git's own words; "" if it could.
        is_late: Whether that is because it did not answer, or not in time.
    """

    commits: tuple[str, ...]
    words: str
    is_late: bool = False


def fetch_main(
    repo: Repo,
    chosen: Mapping[str, RemoteUrls],
    *,
    timeout: float = TIMEOUT,
    prompt: bool | None = None,
) -> dict[str, FetchedMain]:
    """Fetch `main` of these remotes, from every place that they are pushed to."""
    may_ask = network_git.can_prompt() if prompt is None else prompt
    works = {
        name: partial(_fetch, (repo, name, places), timeout, may_ask)
        for name, places in chosen.items()
    }
    return network_git.run_parallel(repo, works, prompt=may_ask)


def _fetch(
    source: tuple[Repo, str, RemoteUrls], timeout: float, may_ask: bool, stopped: Event
) -> FetchedMain:
    repo, name, places = source
    ref = f"refs/remotes/{name}/main"
    # git-remote-gcrypt says nothing while it carries the whole copy.
    is_quiet = any(urls.is_encrypted(one.real) for one in places.pushed)
    silence = timeout if is_quiet else min(timeout, SILENCE)
    commits: dict[str, None] = {}
    seen = remotes.pushed_tip(repo, name)
    for one in places.pushed:
        if stopped.is_set():
            break
        pins = push_urls.pin_config_for_fetch(places, one)
        answer = network_git.call_git(
            repo, "fetch", "--progress", "--no-tags", "--no-prune", "--no-recurse-submodules",
            "--no-write-fetch-head", "--no-auto-maintenance", "--refmap=", "--",
            name, f"+{MAIN}:{ref}",
            auth=pins._replace(settings=(*_SETTINGS, *pins.settings)),
            limits=Limits(timeout, silence, may_ask),
            in_turn=is_quiet,
        )  # fmt: skip
        if answer.status == 0:
            out = repo.run("rev-parse", "--verify", "-q", f"{ref}^{{commit}}", ok=(0, 1, 128))
            if not out:
                return FetchedMain((), "its main is no commit")
            commit = out.decode("ascii").strip()
            commits[commit] = None
            if len(places.pushed) == 1:  # of several, one may just lack what the others have
                remotes.note_rewind(repo, name, seen, commit)
        elif answer.status is None:
            return FetchedMain((), f"no answer within {silence:g} seconds", is_late=True)
        elif "couldn't find remote ref" not in answer.words.lower():
            return FetchedMain((), answer.words or f"git ended with status {answer.status}")
    return FetchedMain(tuple(commits), "")


def kinship(repo: Repo, ours: str | None, theirs: str) -> Kinship:
    """How one commit's history stands to another's; None is a vault without a commit."""
    if ours == theirs:
        return "same"
    if ours is None:
        return "behind"
    base = repo.run("merge-base", ours, theirs, ok=(0, 1)).decode("ascii").strip()
    if not base:
        return "unrelated"
    return "behind" if base == ours else "ahead" if base == theirs else "diverged"


def lacking(repo: Repo, commit: str, other: str | None) -> frozenset[str]:
    """The ids of the commits of one history, by first parents, that are not in the other."""
    known = (f"^{other}",) if other else ()
    out = repo.run("rev-list", "--first-parent", commit, *known)
    return frozenset(out.decode("ascii").split())


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


class RemoteTip(NamedTuple):
    """What a remote has.

    Attributes:
        commit: Its `main`; None if it has none.
    """

    is_there: bool
    commit: str | None
    words: str


def push_main(
    repo: Repo,
    chosen: Mapping[str, RemoteUrls],
    *,
    timeout: float = TIMEOUT,
    prompt: bool | None = None,
    progress: Progress = lambda *_: None,
) -> dict[str, PushOutcome]:
    """Push `main` to these remotes, all side by side, never forced; each has an outcome."""
    may_ask = network_git.can_prompt() if prompt is None else prompt
    works = {
        name: partial(
            _push,
            partial(_push_once, repo, name, places, timeout, may_ask, _tell(progress, name)),
            (repo, name, places, timeout),
        )
        for name, places in chosen.items()
    }
    return network_git.run_parallel(repo, works, prompt=may_ask)


def _tell(progress: Progress, name: str) -> network_git.Tell:
    return lambda what, percent: progress(f"{name}: {what.lower()}", percent, 100)


def ls_remote_tips(
    repo: Repo, name: str, places: RemoteUrls, timeout: float = ASKING
) -> list[RemoteTip]:
    """Ask every place that a remote is pushed to for its `main`."""
    found: list[RemoteTip] = []
    for one in places.pushed:
        pins = push_urls.pin_config_for_fetch(places, one)
        answer = network_git.call_git(
            repo, "ls-remote", "--", name, MAIN,
            auth=pins,
            limits=Limits(timeout, prompt=network_git.can_prompt()),
            in_turn=urls.is_encrypted(one.real),
        )  # fmt: skip
        if answer.status == 0:
            commit = _ID.match(answer.out)
            found.append(RemoteTip(True, commit[1] if commit else None, ""))
        else:
            found.append(RemoteTip(False, None, _said(answer.words) or _no_answer(answer, timeout)))
    return found


def _push(
    once: Callable[[], PushOutcome], to: tuple[Repo, str, RemoteUrls, float], stopped: Event
) -> PushOutcome:
    """Push to one remote; once more if the line broke, or another machine was at it as well."""
    repo, name, places, _ = to
    is_forced = any(urls.is_encrypted(one.real) for one in places.pushed)
    if is_forced:
        refusal = _would_drop(*to)
        if refusal is not None:
            return refusal
    before = remotes.pushed_tip(repo, name)
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
        remotes.note_tip(repo, name, before)
    return outcome


def _would_drop(repo: Repo, name: str, places: RemoteUrls, timeout: float) -> PushOutcome | None:
    """git-remote-gcrypt replaces what is there, whatever it is: so that is looked at before."""
    for one in places.pushed:
        path = urls.local_folder(one.real, repo.path)
        if path is not None and not path.is_dir():
            return PushOutcome("failed", f"there is no folder {path} (is a disk not mounted?)")
    for there in ls_remote_tips(repo, name, places, timeout):
        if not there.is_there:
            return PushOutcome("failed", there.words)
        if there.commit is not None and not remotes.is_in_history(repo, there.commit):
            words = "it has commits that are not here: fetch first, nothing is replaced"
            return PushOutcome("refused", words)
    return None


def _push_once(
    repo: Repo, name: str, places: RemoteUrls, timeout: float, may_ask: bool, tell: network_git.Tell
) -> PushOutcome:
    pins = push_urls.pin_config(places)
    # git-remote-gcrypt says nothing while it carries the whole copy.
    is_quiet = any(urls.is_encrypted(one.real) for one in places.pushed)
    answer = network_git.call_git(
        repo, "push", "--porcelain", "--progress", "--no-verify", "--no-signed", "--", name,
        f"{MAIN}:{MAIN}",
        auth=pins._replace(settings=(*pins.settings, (f"remote.{name}.mirror", "false"))),
        limits=Limits(LONGEST, None if is_quiet else timeout, may_ask),
        in_turn=is_quiet,
        tell=tell,
    )  # fmt: skip
    if answer.status is None:
        return PushOutcome("failed", _no_answer(answer, timeout))
    return _outcome(answer, pins.hidden)


def _no_answer(answer: GitAnswer, timeout: float) -> str:
    if answer.status is None:
        return f"no answer within {timeout:g} seconds"
    return f"git ended with status {answer.status}"


def _outcome(answer: GitAnswer, hidden: Iterable[str]) -> PushOutcome:
    """What git's porcelain report says: `flag TAB from:to TAB summary`, for each place a line.

    The summary may be the host's own words, so it is told like them.
    """
    lines = [line.split("\t") for line in answer.out.splitlines() if line.count("\t") >= 2]
    flags = {flag for flag, *_ in lines}
    for flag, _, summary in (line[:3] for line in lines):
        if flag == "!":
            why = "\n".join(filter(None, (summary, _said(answer.words))))
            state: State = "failed" if "remote failed to report" in summary else "refused"
            return PushOutcome(state, credentials.redact(why, hidden))
    if answer.status == 0:
        return PushOutcome("up-to-date" if flags == {"="} else "pushed", None)
    return PushOutcome(
        "failed", _said(answer.words) or f"git push ended with status {answer.status}"
    )


def _said(words: str) -> str:
    """Git's words without its general hints, which do not fit here."""
    return "\n".join(line for line in words.splitlines() if not line.startswith("hint:")).strip()
