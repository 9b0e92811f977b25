"""Where pushes really go: judged against what git itself says."""

from __future__ import annotations

from pathlib import Path

import pytest

import invented
from invented import plain
from li_vault.store.remotes import credentials, push_urls
from li_vault.store.remotes.push_urls import PushUrl, RemoteUrls

RULES = [
    [],
    [("insteadOf", "https://b.example/", "https://a.example/")],
    [("pushInsteadOf", "git@b.example:", "https://a.example/")],
    [("insteadOf", "/srv/", "a:"), ("insteadOf", "https://a.example/", "/srv/")],
    [("insteadOf", "https://b.example/", "https://a.example/"),
     ("insteadOf", "https://c.example/", "https://a.example/quill/")],
    [("insteadOf", "https://b.example/", "https://a.example/"),
     ("pushInsteadOf", "https://c.example/", "https://a.example/quill/")],
    [("insteadOf", "https://first.example/", "https://a.example/"),
     ("insteadOf", "https://second.example/", "https://a.example/")],
    [("insteadOf", "https://b.example/", "")],
    [("pushInsteadOf", "https://c.example/", "https://a.example/only/")],
]  # fmt: skip
REMOTES = [
    [("url", "https://a.example/quill/vault.git")],
    [("url", "a:quill/vault.git")],
    [("url", "/srv/vault.git"), ("url", "https://a.example/only/vault.git")],
    [("url", "https://a.example/x"), ("pushurl", "https://a.example/quill/y")],
    [("pushurl", "https://a.example/only/y"), ("pushurl", "https://a.example/quill/z")],
]


@pytest.mark.parametrize("rules", RULES)
def test_as_git_says(vault_dir: Path, home: Path, rules: list[tuple[str, str, str]]) -> None:
    """The user's own rules count as well as the vault's."""
    repo = invented.begin(vault_dir)
    for number, (kind, base, start) in enumerate(rules):
        scope = "--global" if number % 2 == 0 else "--local"
        plain(vault_dir, "config", scope, "--add", f"url.{base}.{kind}", start)
    for number, lines in enumerate(REMOTES):
        for key, url in lines:
            plain(vault_dir, "config", "--add", f"remote.r{number}.{key}", url)
    found = push_urls.urls_of_remotes(repo, [f"r{n}" for n in range(len(REMOTES))])
    for name, places in found.items():
        expected = plain(vault_dir, "remote", "get-url", "--push", "--all", name).splitlines()
        assert [one.real for one in places.pushed] == expected
    for (_, url), *more in REMOTES:
        if not more:
            number = [lines[0][1] for lines in REMOTES].index(url)
            assert push_urls.urls_if_added(repo, url) == found[f"r{number}"]


def test_pins_lead_where_it_was_judged(vault_dir: Path, home: Path) -> None:
    """With the settings of `pins` git goes to the same places, and none of them names a login."""
    repo = invented.begin(vault_dir)
    plain(home, "config", "--global", "url.https://quill:secret@b.example/.insteadOf", "work:")
    plain(home, "config", "--global", "url.https://c.example/.insteadOf", "https://b.example/")
    for url in ("work:vault.git", "https://t0ken@d.example/v", "https://d.example/plain"):
        plain(vault_dir, "config", "--add", "remote.one.url", url)
    places = push_urls.urls_of_remotes(repo, ["one"])["one"]
    assert [one.real for one in places.pushed] == [
        "https://quill:secret@b.example/vault.git",
        "https://t0ken@d.example/v",
        "https://d.example/plain",
    ]

    def environment(pins: credentials.GitAuth) -> dict[str, str]:
        found = {"GIT_CONFIG_COUNT": str(len(pins.settings)), **pins.variables}
        for number, (key, value) in enumerate(pins.settings):
            found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return found

    pins = push_urls.pin_config(places)
    plain_urls = [
        "https://b.example/vault.git", "https://d.example/v", "https://d.example/plain"
    ]  # fmt: skip
    get = ("remote", "get-url", "--push", "--all", "one")
    assert plain(vault_dir, *get, env=environment(pins)).splitlines() == plain_urls
    assert "secret" not in str(pins.settings)
    assert "secret" in pins.variables.values()
    assert dict(pins.settings)["credential.https://d.example/v.username"] == "t0ken"
    for one, url in zip(places.pushed, plain_urls, strict=True):
        pins = push_urls.pin_config_for_fetch(places, one)
        said = plain(vault_dir, "ls-remote", "--get-url", "one", env=environment(pins))
        assert said.strip() == url


@pytest.mark.parametrize(
    ("places", "words"),
    [
        (RemoteUrls("/a", (PushUrl("/a", "/a"),)), ""),
        (RemoteUrls("/a", ()), "no address"),
        (RemoteUrls("/a", (PushUrl("/a", "/a"),), "ext"), "'ext'"),
        (RemoteUrls("a:b", (PushUrl("a:b", "ext::sh -c b"),)), "can run commands"),
        (RemoteUrls("/a", (PushUrl("/a", "/a"), PushUrl("", ""))), "empty"),
    ],
)
def test_what_git_must_not_be_called_with(places: RemoteUrls, words: str) -> None:
    found = push_urls.urls_objection(places)
    assert bool(found) is bool(words)
    assert words in found
