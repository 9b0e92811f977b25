"""Where a remote's pushes really go: what is configured, rewritten as git would rewrite it.

`url.<base>.insteadOf` and `pushInsteadOf` of any configuration, the user's own included, can lead
a push elsewhere than `remote.<name>.url` says. What git will use is what must be judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from li_vault.errors import BadUsage
from li_vault.store import addresses, network
from li_vault.store.repo import Repo


class Destination(NamedTuple):
    """One address that a remote's pushes go to.

    Attributes:
        configured: As it stands in the configuration.
        real: As git uses it; both may hold credentials.
    """

    configured: str
    real: str


class Places(NamedTuple):
    """All addresses of one remote.

    Attributes:
        fetched: The configured address that is fetched from.
        pushed: Where a push goes, one after the other.
        helper: The transport that `remote.<name>.vcs` names, or "".
    """

    fetched: str
    pushed: tuple[Destination, ...]
    helper: str = ""


class _Settings(NamedTuple):
    """The user's and the vault's configuration of addresses, in git's order."""

    urls: dict[str, list[str]]
    push_urls: dict[str, list[str]]
    helpers: dict[str, str]
    rules: list[tuple[str, str]]
    push_rules: list[tuple[str, str]]


def of(repo: Repo, names: Iterable[str]) -> dict[str, Places]:
    """The addresses of these remotes.

    Raises:
        GitFailed: The configuration can't be read.
    """
    settings = _read(repo)
    return {name: _places(settings, name) for name in names}


def real(repo: Repo, url: str) -> str:
    """The address that git would push to if `url` were that of a remote."""
    return _pushed(_read(repo), [url], [])[0].real


def objection(places: Places) -> str:
    """Why git must not be called with these addresses at all; "" if it may be."""
    if places.helper:
        return f"its transport {places.helper!r} (remote.….vcs) can run commands"
    if not places.pushed:
        return "it has no address"
    for one in places.pushed:
        try:
            addresses.check_url(one.real)
        except BadUsage as error:
            return error.message
    return ""


class Pins(NamedTuple):
    """What git is called with, through its environment.

    Attributes:
        settings: Configuration.
        variables: Variables that it speaks of.
    """

    settings: tuple[tuple[str, str], ...]
    variables: dict[str, str]


def pins(places: Places) -> Pins:
    """What makes a push go exactly to what was judged, and names no credentials.

    git hands an address to its helpers as an argument, which everyone on the machine can read;
    so it gets the address without credentials, and a helper that has them from the environment
    and gives them to no other host, wherever a redirect leads.
    """
    found: list[tuple[str, str]] = []
    for one in places.pushed:
        base = f"url.{addresses.without_login(one.real)}"
        found += [(f"{base}.insteadOf", one.configured), (f"{base}.pushInsteadOf", one.configured)]
    return _with_logins(found, places.pushed)


def pins_for_reading(places: Places, one: Destination) -> Pins:
    """What makes a fetch from the remote ask one of the places that it is pushed to."""
    base = f"url.{addresses.without_login(one.real)}"
    return _with_logins([(f"{base}.insteadOf", places.fetched)], [one])


def _with_logins(settings: Iterable[tuple[str, str]], places: Sequence[Destination]) -> Pins:
    found, variables = list(settings), dict[str, str]()
    for number, one in enumerate(places):
        login = addresses.login(one.real)
        if login is None:
            continue
        section = f"credential.{addresses.without_login(one.real)}"
        found.append((f"{section}.username", login.user))
        if login.password is not None:
            user, password = f"LI_VAULT_USER_{number}", f"LI_VAULT_WORD_{number}"
            variables |= {user: login.user, password: login.password}
            say = f'printf "username=%s\\npassword=%s\\n" "${user}" "${password}"'
            helper = f'!f() {{ case "$1" in get) {say} ;; esac; }}; f'
            found += [(f"{section}.helper", ""), (f"{section}.helper", helper)]
    return Pins(tuple(found), variables)


def _read(repo: Repo) -> _Settings:
    found = _Settings({}, {}, {}, [], [])
    answer = network.call(repo, "config", "-z", "--get-regexp", r"^(url|remote)\..*\.", timeout=30)
    for entry in answer.out.split("\0")[:-1]:
        key, _, value = entry.partition("\n")
        section, _, rest = key.partition(".")
        middle, _, last = rest.rpartition(".")
        match (section, last):
            case ("remote", "url"):
                found.urls.setdefault(middle, []).append(value)
            case ("remote", "pushurl"):
                found.push_urls.setdefault(middle, []).append(value)
            case ("remote", "vcs"):
                found.helpers[middle] = value
            case ("url", "insteadof"):
                found.rules.append((middle, value))
            case ("url", "pushinsteadof"):
                found.push_rules.append((middle, value))
    return found


def _places(settings: _Settings, name: str) -> Places:
    urls, push_urls = settings.urls.get(name, []), settings.push_urls.get(name, [])
    pushed = tuple(_pushed(settings, urls, push_urls))
    return Places((urls or push_urls or [""])[0], pushed, settings.helpers.get(name, ""))


def _pushed(settings: _Settings, urls: list[str], push_urls: list[str]) -> list[Destination]:
    """As git's remote.c has it: addresses for pushing alone count before all others."""
    if push_urls:
        return [Destination(url, _rewritten(url, settings.rules) or url) for url in push_urls]
    for_push = [(url, _rewritten(url, settings.push_rules)) for url in urls]
    led = [Destination(url, there) for url, there in for_push if there is not None]
    return led or [Destination(url, _rewritten(url, settings.rules) or url) for url in urls]


def _rewritten(url: str, rules: list[tuple[str, str]]) -> str | None:
    """The address by the rule with the longest match, the first of several; None without one."""
    fitting = [(base, start) for base, start in rules if url.startswith(start)]
    if not fitting:
        return None
    base, start = max(fitting, key=lambda rule: len(rule[1]))
    return base + url[len(start) :]
