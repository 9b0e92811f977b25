from __future__ import annotations

import pytest

from li_vault.errors import BadUsage
from li_vault.store import addresses


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:secret@host.example/a.git", "https://host.example/a.git"),
        ("https://token@host.example/a", "https://host.example/a"),
        ("https://me:p@ss@host.example/a", "https://host.example/a"),
        ("https://host.example/a?access_token=secret", "https://host.example/a"),
        ("ssh://me:secret@host.example/a", "ssh://host.example/a"),
        ("git@host.example:a/b.git", "git@host.example:a/b.git"),
        ("/srv/vault", "/srv/vault"),
        (
            "fatal: unable to access 'https://me:secret@h.example/a/': x, https://u@h.example",
            "fatal: unable to access 'https://h.example/a/': x, https://h.example",
        ),
    ],
)
def test_credentials_are_taken_out(url: str, shown: str) -> None:
    assert addresses.without_credentials(url) == shown
    assert "secret" not in shown


@pytest.mark.parametrize("name", ["origin", "off-site_2", "a.b"])
def test_names(name: str) -> None:
    assert addresses.check_name(name) == name


@pytest.mark.parametrize("name", ["", "-x", "--mirror", "a b", "a/b", "a..b", "a.lock", "a.", "é"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(BadUsage):
        addresses.check_name(name)


@pytest.mark.parametrize(
    "url",
    [
        "https://host.example/a.git",
        "ssh://git@host.example:2222/a.git",
        "git@host.example:a.git",
        "host.example:a.git",
        "[::1]:a.git",
        "/srv/vault.git",
        "../vault.git",
        "file:///srv/vault.git",
        "gcrypt::git@host.example:a.git",
        "gcrypt::/srv/vault.git",
    ],
)
def test_addresses(url: str) -> None:
    assert addresses.check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "-oProxyCommand=x",
        "--upload-pack=x",
        "ext::sh -c x",
        "fd::7",
        "persistent-https::https://host.example",
        "gcrypt::ext::sh -c x",
        "gcrypt::",
        "ssh://-oProxyCommand=x/a",
        "ssh://me@-oProxyCommand=x/a",
        "-oProxyCommand=x:a",
        "me@-oProxyCommand=x:a",
        "file://host.example/srv/vault",
        "javascript://host.example/a",
        "https://host.example/a\nb",
        "https://me:secret@host.example/\x07",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(BadUsage) as caught:
        addresses.check_url(url)
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/srv/a", "/srv/a"),
        ("a/b:c", "a/b:c"),
        ("C:\\vault", "C:\\vault"),
        ("file:///srv/a%20b", "/srv/a b"),
        ("gcrypt::/srv/a", "/srv/a"),
        ("host.example:a", None),
        ("https://host.example/a", None),
    ],
)
def test_paths(url: str, path: str | None) -> None:
    assert addresses.local_path(url) == path
