"""Where pushes really go: judged against what git itself says."""

from __future__ import annotations

from pathlib import Path

import pytest

from li_vault.store import credentials, destinations
from li_vault.store.destinations import Destination, Places
from store import invented
from store.invented import plain

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
    found = destinations.of(repo, [f"r{n}" for n in range(len(REMOTES))])
    for name, places in found.items():
        expected = plain(vault_dir, "remote", "get-url", "--push", "--all", name).splitlines()
        assert [one.real for one in places.pushed] == expected
    for (_, url), *more in REMOTES:
        if not more:
            number = [lines[0][1] for lines in REMOTES].index(url)
            assert destinations.would_be(repo, url) == found[f"r{number}"]


def test_pins_lead_where_it_was_judged(vault_dir: Path, home: Path) -> None:
    """With the settings of `pins` git goes to the same places, and none of them names a login."""
    repo = invented.begin(vault_dir)
    plain(home, "config", "--global", "url.https://quill:secret@b.example/.insteadOf", "work:")
    plain(home, "config", "--global", "url.https://c.example/.insteadOf", "https://b.example/")
    for url in ("work:vault.git", "https://t0ken@d.example/v", "https://d.example/plain"):
        plain(vault_dir, "config", "--add", "remote.one.url", url)
    places = destinations.of(repo, ["one"])["one"]
    assert [one.real for one in places.pushed] == [
        "https://quill:secret@b.example/vault.git",
        "https://t0ken@d.example/v",
        "https://d.example/plain",
    ]

    def environment(pins: credentials.Handed) -> dict[str, str]:
        found = {"GIT_CONFIG_COUNT": str(len(pins.settings)), **pins.variables}
        for number, (key, value) in enumerate(pins.settings):
            found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return found

    pins = destinations.pins(places)
    plain_urls = [
        "https://b.example/vault.git", "https://d.example/v", "https://d.example/plain"
    ]  # fmt: skip
    get = ("remote", "get-url", "--push", "--all", "one")
    assert plain(vault_dir, *get, env=environment(pins)).splitlines() == plain_urls
    assert "secret" not in str(pins.settings)
    assert "secret" in pins.variables.values()
    assert dict(pins.settings)["credential.https://d.example/v.username"] == "t0ken"
    for one, url in zip(places.pushed, plain_urls, strict=True):
        pins = destinations.pins_for_reading(places, one)
        said = plain(vault_dir, "ls-remote", "--get-url", "one", env=environment(pins))
        assert said.strip() == url


@pytest.mark.parametrize(
    ("places", "words"),
    [
        (Places("/a", (Destination("/a", "/a"),)), ""),
        (Places("/a", ()), "no address"),
        (Places("/a", (Destination("/a", "/a"),), "ext"), "'ext'"),
        (Places("a:b", (Destination("a:b", "ext::sh -c b"),)), "can run commands"),
        (Places("/a", (Destination("/a", "/a"), Destination("", ""))), "empty"),
    ],
)
def test_what_git_must_not_be_called_with(places: Places, words: str) -> None:
    found = destinations.objection(places)
    assert bool(found) is bool(words)
    assert words in found
