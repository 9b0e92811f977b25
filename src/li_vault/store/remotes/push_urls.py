"""Where pushes of a remote go after `insteadOf`, and how git is pinned to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from li_vault.errors import BadUsage
from li_vault.store.remotes import credentials, network_git
from li_vault.store.remotes.credentials import GitAuth
from li_vault.store.remotes.network_git import Limits
from li_vault.store.remotes.urls import check_url, is_encrypted
from li_vault.store.repo import Repo

_SETTINGS = r"^(url|remote)\..*\.|^http\.(.*\.)?extraheader$"
_NAME = "li-vault:source"


class PushUrl(NamedTuple):
    """One address that a remote's pushes go to."""

    configured: str
    real: str


class RemoteUrls(NamedTuple):
    """All addresses of one remote.

    Attributes:
        helper: The transport that `remote.<name>.vcs` names, or "".
        is_led_away: Whether a rule of the user's would win against `pins`.
        hidden: What the user's settings log in with by a header, which must not be told.
    """

    fetched: str
    pushed: tuple[PushUrl, ...]
    helper: str = ""
    is_led_away: bool = False
    hidden: frozenset[str] = frozenset()


class _Rules(NamedTuple):
    """`insteadOf` and `pushInsteadOf`, in git's order: what is written, and what for."""

    reading: tuple[tuple[str, str], ...] = ()
    pushing: tuple[tuple[str, str], ...] = ()

    def and_then(self, more: _Rules) -> _Rules:
        return _Rules(self.reading + more.reading, self.pushing + more.pushing)


class _Settings(NamedTuple):
    """The user's and the vault's configuration of addresses."""

    urls: dict[str, list[str]]
    push_urls: dict[str, list[str]]
    helpers: dict[str, str]
    rules: _Rules
    hidden: frozenset[str]


def urls_of_remotes(repo: Repo, names: Iterable[str]) -> dict[str, RemoteUrls]:
    """The addresses of these remotes.

    Raises:
        GitFailed: The configuration can't be read.
    """
    settings = _read(repo)
    return {
        name: _places(
            settings,
            settings.urls.get(name, [name])[0],  # its name, as git has it if it is only pushed to
            settings.urls.get(name, []),
            settings.push_urls.get(name, []),
        )._replace(helper=settings.helpers.get(name, ""))
        for name in names
    }


def urls_if_added(repo: Repo, url: str) -> RemoteUrls:
    """The addresses of a remote that has this one alone."""
    return _places(_read(repo), url, [url], [])


def urls_objection(places: RemoteUrls) -> str:
    """Why git must not be called with these addresses at all; "" if it may be."""
    if places.helper:
        return f"its transport {places.helper!r} (remote.….vcs) can run commands"
    if not places.pushed:
        return "it has no address"
    for one in places.pushed:
        try:
            check_url(one.real)
        except BadUsage as error:
            return error.message
    if places.is_led_away:
        return (
            "a rule of git's configuration (url.….insteadOf) is as long as its whole address, so "
            "that git can't be held to what was looked at: give it the address of that rule"
        )
    return ""


def pin_config(places: RemoteUrls) -> GitAuth:
    """What makes a push go exactly to what was judged, and names no credentials."""
    return _handed(_for_pushing(places.pushed), places.pushed, places.hidden)


def pin_config_for_fetch(places: RemoteUrls, one: PushUrl) -> GitAuth:
    """What makes a fetch from the remote ask one of the places that it is pushed to."""
    return _handed(_for_reading(places.fetched, one.real), [one], places.hidden)


class FetchTarget(NamedTuple):
    """How git is called for an address that no remote has."""

    given: str
    real: str
    pins: GitAuth


def fetch_target(
    repo: Repo, url: str, *, is_real: bool, ways: Iterable[tuple[str, str]]
) -> FetchTarget:
    """How git fetches from an address.

    It is given a name of our own, so that no rule of the user's leads it elsewhere once more.
    """
    settings = _read(repo)
    real = url if is_real else _led(settings.rules, url, to_push=False)
    given = credentials.strip_login(real) if is_encrypted(real) else _NAME
    found = _handed(_for_reading(given, real), [PushUrl(real, real)])
    hidden = found.hidden | settings.hidden | _hidden(ways)
    return FetchTarget(given, real, found._replace(hidden=hidden))


def _hidden(settings: Iterable[tuple[str, str]]) -> frozenset[str]:
    headers = (value for key, value in settings if key.lower().endswith(".extraheader"))
    return frozenset[str]().union(*map(credentials.secrets_of_header, headers))


def _handed(
    rules: _Rules, places: Sequence[PushUrl], more: frozenset[str] = frozenset()
) -> GitAuth:
    settings, variables, hidden = credentials.git_auth(one.real for one in places)
    found = [(f"url.{base}.insteadOf", start) for base, start in rules.reading]
    found += [(f"url.{base}.pushInsteadOf", start) for base, start in rules.pushing]
    hidden |= more | credentials.secrets_of(one.configured for one in places)
    return GitAuth((*found, *settings), variables, hidden)


def _for_reading(configured: str, real: str) -> _Rules:
    """git-remote-gcrypt calls git once more, with the inner address: it is to stay as it is."""
    plain = credentials.strip_login(real)
    inner = plain.removeprefix("gcrypt::")
    itself = ((inner, inner),) if inner != plain else ()
    return _Rules(((plain, configured), *itself), itself)


def _for_pushing(places: Iterable[PushUrl]) -> _Rules:
    found = _Rules()
    for one in places:
        reading, _ = _for_reading(one.configured, one.real)
        found = found.and_then(_Rules(reading, reading))
    return found


def _read(repo: Repo) -> _Settings:
    urls, push_urls = dict[str, list[str]](), dict[str, list[str]]()
    helpers = dict[str, str]()
    reading, pushing = list[tuple[str, str]](), list[tuple[str, str]]()
    answer = network_git.call_git(
        repo, "config", "-z", "--get-regexp", _SETTINGS, limits=Limits(30)
    )
    entries = [one.partition("\n") for one in answer.out.split("\0")[:-1]]
    for key, _, value in entries:
        section, _, rest = key.partition(".")
        middle, _, last = rest.rpartition(".")
        match (section, last):
            case ("remote", "url"):
                urls.setdefault(middle, []).append(value)
            case ("remote", "pushurl"):
                push_urls.setdefault(middle, []).append(value)
            case ("remote", "vcs"):
                helpers[middle] = value
            case ("url", "insteadof"):
                reading.append((middle, value))
            case ("url", "pushinsteadof"):
                pushing.append((middle, value))
    hidden = _hidden((key, value) for key, _, value in entries)
    return _Settings(urls, push_urls, helpers, _Rules(tuple(reading), tuple(pushing)), hidden)


def _places(settings: _Settings, fetched: str, urls: list[str], push_urls: list[str]) -> RemoteUrls:
    rules = settings.rules
    pushed = tuple(_pushed(rules, urls, push_urls))
    wanted = [credentials.strip_login(one.real) for one in pushed]
    held = _pushed(rules.and_then(_for_pushing(pushed)), urls, push_urls)
    is_led_away = [one.real for one in held] != wanted or any(
        _led(rules.and_then(_for_reading(fetched, there)), fetched, to_push=False) != there
        for there in wanted
    )
    return RemoteUrls(fetched, pushed, is_led_away=is_led_away, hidden=settings.hidden)


def _pushed(rules: _Rules, urls: list[str], push_urls: list[str]) -> list[PushUrl]:
    """As git's remote.c has it: addresses for pushing alone count before all others."""
    if push_urls:
        return [PushUrl(url, _led(rules, url, to_push=False)) for url in push_urls]
    for_push = [url for url in urls if _rewritten(url, rules.pushing) is not None]
    return [PushUrl(url, _led(rules, url, to_push=True)) for url in for_push or urls]


def _led(rules: _Rules, url: str, *, to_push: bool) -> str:
    """Where git goes; by git-remote-gcrypt, which calls it once more."""
    by_push = _rewritten(url, rules.pushing) if to_push else None
    by_any = _rewritten(url, rules.reading)
    there = by_push if by_push is not None else by_any if by_any is not None else url
    if not is_encrypted(there):
        return there
    return f"gcrypt::{_led(rules, there.removeprefix('gcrypt::'), to_push=to_push)}"


def _rewritten(url: str, rules: Iterable[tuple[str, str]]) -> str | None:
    """The address by the rule with the longest match, the first of several; None without one."""
    fitting = [(base, start) for base, start in rules if url.startswith(start)]
    if not fitting:
        return None
    base, start = max(fitting, key=lambda rule: len(rule[1]))
    return base + url[len(start) :]
