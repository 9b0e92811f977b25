from __future__ import annotations

import pytest

from li_vault.errors import BadUsage
from li_vault.store.remotes import urls


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:secret@host.example/a.git", "https://host.example/a.git"),
        ("https://secret@host.example/a", "https://host.example/a"),
        ("https://me:p@secret@host.example/a", "https://host.example/a"),
        ("https://me:it's%40secret@host.example/x", "https://host.example/x"),
        ('https://me:"secret"@host.example/x', "https://host.example/x"),
        ("https://me:a secret@host.example:8443/x", "https://host.example:8443/x"),
        ("https://me:pa/secret@host.example/x", "https://host.example/x"),
        ("https://me:pa?secret@host.example:1/x?secret", "https://host.example:1/x"),
        ("https://me?secret@host.example", "https://host.example"),
        ("https://host.example/a?access_token=secret", "https://host.example/a"),
        ("HTTPS://host.example/a?access_token=secret", "HTTPS://host.example/a"),
        ("https://host.example/a#secret", "https://host.example/a"),
        ("https://host.example/a@b", "https://host.example/a@b"),
        ("https://[::1]:8080/a@b", "https://[::1]:8080/a@b"),
        ("gcrypt::https://me:secret@host.example/a", "gcrypt::https://host.example/a"),
        ("ssh://me:secret@host.example/a", "ssh://host.example/a"),
        ("ssh://host.example/a?b#c", "ssh://host.example/a?b#c"),
        ("git@host.example:a/b.git", "git@host.example:a/b.git"),
        ("me:secret@host.example:a", "host.example:a"),
        ("/srv/vault", "/srv/vault"),
        ("/srv/it's a:b@c:d?e#f", "/srv/it's a:b@c:d?e#f"),
        ("file:///srv/a:b@c?d#e", "file:///srv/a:b@c?d#e"),
    ],
)
def test_what_is_shown(url: str, shown: str) -> None:
    assert urls.redact_url(url) == shown
    assert "secret" not in shown


@pytest.mark.parametrize("name", ["origin", "off-site_2", "a.b"])
def test_names(name: str) -> None:
    assert urls.check_name(name) == name


@pytest.mark.parametrize("name", ["", "-x", "--mirror", "a b", "a/b", "a..b", "a.lock", "a.", "é"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(BadUsage):
        urls.check_name(name)


@pytest.mark.parametrize(
    "url",
    [
        "https://host.example/a.git",
        "ssh://git@host.example:2222/a.git",
        "git@host.example:a.git",
        "host.example:a.git",
        "[::1]:a.git",
        "me@[::1]:a.git",
        "[me@host.example:2222]:a.git",
        "me@example.invalid@host.example:a.git",
        "nas:backup of 2026/vault.git",
        "ssh://me@[::1]:2222/a.git",
        "ssh://me%40example@host.example/a?b#c",
        "https://me%40example.invalid:p%20w%2F@host.example:8443/a%20b.git",
        "https://me:it's@host.example/~me@home/a.git",
        "https://[2001:db8::1]:8443/a@b.git",
        "https://me@host.example/",
        "git://host.example/a?b",
        "/srv/it's a folder/50 % of: all?#1.git",
        "./a:b",
        "~/vault.git",
        "file:///srv/a%20b#1.git",
        "gcrypt::https://host.example/a.git#branch",
        "gcrypt::https://me:secret@host.example/a.git",
        "gcrypt::sftp://me@host.example/a",
        "gcrypt::rsync://me@host.example:a",
        "gcrypt::rclone://cloud:a/b",
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
    assert urls.check_url(url) == url


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
        "https://host.example/a?private_token=secret",
        "https://host.example/a#secret",
        "HTTPS://host.example/a",
        "gcrypt::https://host.example/a?secret",
        "https://me:pa/secret@host.example/a",
        "https://me:12/secret@host.example/a",
        "https://me:pa?secret@host.example/a",
        "https://me:a secret@host.example/a",
        'https://me:"secret"@host.example/a',
        "https://host.example:port/a",
        "https://[host.example/a",
        "https://[host.example]/a",
        "https:///a",
        "ftp://me:secret@host.example/a",
        "git://me:secret@host.example/a",
        "ssh://me%3Asecret@host.example/a",
        "ssh://host#x/a",
        "gcrypt::sftp://me:secret@host.example/a",
        "gcrypt::rsync://me:secret@host.example/a",
        "file://me:secret@/srv/a",
        "me:secret@host.example:a",
        "file://",
        "ssh://",
        "ssh://host.example",
        "ssh:///x",
        "http:///x",
        "http://[::1/x",
        "http://a]b/x",
        "http://host.example:65536/x",
        "host.example:",
        ":a",
        "@host.example:a",
        "a host:a",
        "[-oProxyCommand=x]:a",
        "me@[-oProxyCommand=x:22]:a",
        "a b://host.example/a",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(BadUsage) as caught:
        urls.check_url(url)
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/srv/a", "/srv/a"),
        ("a/b:c", "a/b:c"),
        ("C:\\vault", None),
        ("file:///srv/a#b?c%FF", "/srv/a#b?c\udcff"),
        ("file://localhost/srv/a", "/srv/a"),
        ("/srv/a:b", "/srv/a:b"),
        ("a b:c", None),
        ("file:///srv/a%20b", "/srv/a b"),
        ("gcrypt::/srv/a", "/srv/a"),
        ("host.example:a", None),
        ("https://host.example/a", None),
    ],
)
def test_paths(url: str, path: str | None) -> None:
    assert urls.local_path(url) == path


def test_drives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urls, "_DRIVES", True)
    for path in ("C:\\vault", "c:/vault"):
        assert urls.check_url(path) == path
        assert urls.local_path(path) == path


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("git@host.example:a/b.git", ("git", "host.example", None, "a/b.git")),
        ("host.example:/srv/b.git", ("", "host.example", None, "/srv/b.git")),
        ("me@[::1]:~/b", ("me", "::1", None, "~/b")),
        ("ssh://me@host.example:2222/~/a%20b", ("me", "host.example", 2222, "~/a b")),
        ("ssh://host.example/srv/a", ("", "host.example", None, "/srv/a")),
        ("git+ssh://host.example/~you/a", ("", "host.example", None, "~you/a")),
        ("[me@host.example:2222]:a", ("me", "host.example", 2222, "a")),
        ("[host.example]:a", ("", "host.example", None, "a")),
        ("me@example@host.example:a", ("me@example", "host.example", None, "a")),
        ("ssh://me@[::1]:22/a", ("me", "::1", 22, "/a")),
        ("ssh://git%40host%2Eexample/a", ("git", "host.example", None, "/a")),
        ("ssh://host.example/a?b#c", ("", "host.example", None, "/a?b#c")),
        ("https://host.example/a", None),
        ("/srv/a", None),
    ],
)
def test_where_ssh_leads(url: str, parts: tuple[str, str, int | None, str] | None) -> None:
    assert urls.parse_ssh(url) == parts


def test_whom_the_users_word_is_for() -> None:
    assert urls.trust_key("https://me:secret@host.example/a") == "https://host.example/a"
    assert urls.trust_key("ssh://me@host.example/~/a") == "ssh://me@host.example/~/a"
    assert urls.trust_key("me@host.example:a") == "me@host.example:a"
    assert urls.trust_key("https://me:it's@host.example/a") == "https://host.example/a"
