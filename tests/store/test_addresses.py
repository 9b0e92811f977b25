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
        "gcrypt::rsync://host.example/a",
        "https://me:secret@host.example/a.git",
        "ssh://me@host.example/~/a.git",
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
        "ssh://%2DoProxyCommand=x@host.example/a",
        "ssh://me@%2doProxyCommand=x/a",
        "ssh://me:secret@host.example/a",
        "https://me%0Ahost=x:secret@host.example/a",
        "transport::address",
        "rsync://host.example/a",
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


@pytest.mark.parametrize(
    ("url", "login", "plain"),
    [
        ("https://host.example/a", None, "https://host.example/a"),
        ("https://me@host.example/a", ("me", None), "https://host.example/a"),
        ("https://me:@host.example:8/a", ("me", ""), "https://host.example:8/a"),
        ("http://me:p%40ss%2F@host.example/a?b@c", ("me", "p@ss/"), "http://host.example/a?b@c"),
        ("https://me:p@ss@host.example", ("me", "p@ss"), "https://host.example"),
        ("https://host.example/a@b", None, "https://host.example/a@b"),
        ("ssh://me:x@host.example/a", None, "ssh://me:x@host.example/a"),
        ("me@host.example:a", None, "me@host.example:a"),
    ],
)
def test_logins(url: str, login: tuple[str, str | None] | None, plain: str) -> None:
    assert addresses.login(url) == login
    assert addresses.without_login(url) == plain


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("git@host.example:a/b.git", ("git", "host.example", None, "a/b.git")),
        ("host.example:/srv/b.git", ("", "host.example", None, "/srv/b.git")),
        ("me@[::1]:~/b", ("me", "::1", None, "~/b")),
        ("ssh://me@host.example:2222/~/a%20b", ("me", "host.example", 2222, "~/a b")),
        ("ssh://host.example/srv/a", ("", "host.example", None, "/srv/a")),
        ("git+ssh://host.example/~you/a", ("", "host.example", None, "~you/a")),
        ("https://host.example/a", None),
        ("/srv/a", None),
    ],
)
def test_where_ssh_leads(url: str, parts: tuple[str, str, int | None, str] | None) -> None:
    assert addresses.shell(url) == parts


def test_secrets_are_found_and_hidden() -> None:
    hidden = addresses.secrets(
        ["https://me:p%40ssword@host.example/a", "https://host.example/a?key=queryvalue"],
        {"MY_TOKEN": "tokenvalue", "DB_PASSWORD": "dbvalue", "HOME": "homevalue", "A_SECRET": "x"},
    )
    assert {"p@ssword", "p%40ssword", "queryvalue", "tokenvalue", "dbvalue"} <= hidden
    assert "homevalue" not in hidden
    assert "x" not in hidden
    said = addresses.scrubbed("said p@ssword to https://a:b@c.example/d, tokenvalue.", hidden)
    assert said == "said *** to https://c.example/d, ***."


def test_whom_the_users_word_is_for() -> None:
    assert addresses.vouched("https://me:secret@host.example/a") == "https://host.example/a"
    assert addresses.vouched("ssh://me@host.example/~/a") == "ssh://me@host.example/~/a"
    assert addresses.vouched("me@host.example:a") == "me@host.example:a"
