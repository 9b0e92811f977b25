"""What remotes have, fetched side by side into `refs/remotes/NAME/main`; nothing else moves.

git looks at every object as it comes in, and sees that nothing is missing. What the objects say
is not believed here: see `vault.proof`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from threading import Event
from typing import Literal, NamedTuple

from li_vault.store import addresses, destinations, network, remote
from li_vault.store.destinations import Places
from li_vault.store.repo import MAIN, Repo

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


class Fetched(NamedTuple):
    """What a remote has.

    Attributes:
        commits: `main` of each of its places, each once; none if it has none yet.
        words: Why it could not be asked, in git's own words; "" if it could.
        is_late: Whether that is because it did not answer, or not in time.
    """

    commits: tuple[str, ...]
    words: str
    is_late: bool = False


def fetch(
    repo: Repo,
    chosen: Mapping[str, Places],
    *,
    timeout: float = TIMEOUT,
    prompt: bool | None = None,
) -> dict[str, Fetched]:
    """Fetch `main` of these remotes, from every place that they are pushed to.

    Args:
        repo: The vault's repository.
        chosen: Names of its remotes, each with its places, which were judged.
        timeout: Seconds that each place may take.
        prompt: Whether git may ask for credentials; by default if there is a terminal.
    """
    may_ask = network.may_ask() if prompt is None else prompt
    works = {
        name: partial(_fetch, (repo, name, places), timeout, may_ask)
        for name, places in chosen.items()
    }
    return network.side_by_side(repo, works, prompt=may_ask)


def _fetch(
    source: tuple[Repo, str, Places], timeout: float, may_ask: bool, stopped: Event
) -> Fetched:
    repo, name, places = source
    ref = f"refs/remotes/{name}/main"
    # git-remote-gcrypt says nothing while it carries the whole copy.
    is_quiet = any(addresses.is_encrypted(one.real) for one in places.pushed)
    silence = timeout if is_quiet else min(timeout, SILENCE)
    commits: dict[str, None] = {}
    seen = remote.pushed_tip(repo, name)
    for one in places.pushed:
        if stopped.is_set():
            break
        pins = destinations.pins_for_reading(places, one)
        answer = network.call(
            repo, "fetch", "--progress", "--no-tags", "--no-prune", "--no-recurse-submodules",
            "--no-write-fetch-head", "--no-auto-maintenance", "--refmap=", "--",
            name, f"+{MAIN}:{ref}",
            settings=(*_SETTINGS, *pins.settings),
            variables=pins.variables,
            hidden=pins.hidden,
            timeout=timeout,
            silence=silence,
            in_turn=is_quiet,
            prompt=may_ask,
        )  # fmt: skip
        if answer.status == 0:
            out = repo.run("rev-parse", "--verify", "-q", f"{ref}^{{commit}}", ok=(0, 1, 128))
            if not out:
                return Fetched((), "its main is no commit")
            commit = out.decode("ascii").strip()
            commits[commit] = None
            if len(places.pushed) == 1:  # of several, one may just lack what the others have
                remote.note_rewind(repo, name, seen, commit)
        elif answer.status is None:
            return Fetched((), f"no answer within {silence:g} seconds", is_late=True)
        elif "couldn't find remote ref" not in answer.words.lower():
            return Fetched((), answer.words or f"git ended with status {answer.status}")
    return Fetched(tuple(commits), "")


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
