"""User names and passwords in addresses: how they are handed to git, and kept out of its words."""

from __future__ import annotations

import pytest

from li_vault.store.remotes import credentials


@pytest.mark.parametrize(
    ("url", "login", "plain"),
    [
        ("https://host.example/a", None, "https://host.example/a"),
        ("https://me@host.example/a", ("me", None), "https://host.example/a"),
        ("https://me:@host.example:8/a", ("me", ""), "https://host.example:8/a"),
        ("http://me:p%40ss%2F@host.example/a@b", ("me", "p@ss/"), "http://host.example/a@b"),
        ("https://me:p@ss@host.example", ("me", "p@ss"), "https://host.example"),
        ("https://host.example/a@b", None, "https://host.example/a@b"),
        ("ssh://me:x@host.example/a", None, "ssh://me:x@host.example/a"),
        ("me@host.example:a", None, "me@host.example:a"),
        ("/srv/a:b@c", None, "/srv/a:b@c"),
        ("gcrypt::https://me:x@host.example/a#b", ("me", "x"), "gcrypt::https://host.example/a#b"),
        ("gcrypt::me@host.example:a", None, "gcrypt::me@host.example:a"),
    ],
)
def test_logins(url: str, login: tuple[str, str | None] | None, plain: str) -> None:
    assert credentials.login_of(url) == login
    assert credentials.strip_login(url) == plain


@pytest.mark.parametrize(
    "url",
    [
        "https://example.invalid/v.git",
        "git@example.invalid:me/v.git",
        "ssh://git@example.invalid/v.git",
        "file:///srv/v%20x.git",
        "/srv/what?/v#1.git",
    ],
)
def test_nothing_to_hand_over(url: str) -> None:
    assert credentials.git_auth([url]) == ((), {}, frozenset())


def test_a_password_goes_by_the_environment_and_for_one_host() -> None:
    found = credentials.git_auth(["gcrypt::https://m%40e:p%3Aword@example.invalid:8443/a/v.git#b"])
    assert sorted(found.variables.values()) == ["m@e", "p:word"]
    host = "credential.https://example.invalid:8443"
    assert {key.rpartition(".")[0] for key, _ in found.settings} == {host, f"{host}/a/v.git"}
    assert (f"{host}.username", "m@e") in found.settings
    assert not any("p:word" in value for _, value in found.settings)
    assert {"p:word", "p%3Aword"} <= found.hidden


def test_two_at_one_host_have_their_own() -> None:
    urls = [f"https://{who}:{who}-word@example.invalid/{who}" for who in ("one", "two")]
    found = credentials.git_auth(urls)
    for number, who in enumerate(("one", "two")):
        section = f"credential.https://example.invalid/{who}"
        assert (f"{section}.username", who) in found.settings
        helpers = [value for key, value in found.settings if key == f"{section}.helper"]
        assert helpers[0] == ""
        assert f"LI_VAULT_WORD_{number}" in helpers[1]
        assert found.variables[f"LI_VAULT_WORD_{number}"] == f"{who}-word"


def test_a_name_alone_leaves_the_users_helpers_to_answer() -> None:
    found = credentials.git_auth(["https://token@example.invalid/v.git"])
    assert {key.rpartition(".")[2] for key, _ in found.settings} == {"username"}
    assert found.variables == {}
    assert "token" in found.hidden


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("fatal: unable to access 'https://me:secret@h.example/a/': x, https://u@h.example",
         "fatal: unable to access 'https://h.example/a/': x, https://h.example"),
        ("(https://me:it's%40secret@h.example/a)", "(https://h.example/a)"),
        ("(https://me:pa/secret@h.example/a) b@c", "(https://h.example/a) b@c"),
        ("HTTPS://h.example/a?token=secret b", "HTTPS://h.example/a b"),
        ("'https://h.example/a#secret'", "'https://h.example/a'"),
        ("see https://h.example:8443/a, or a@b", "see https://h.example:8443/a, or a@b"),
    ],
)  # fmt: skip
def test_any_text(said: str, told: str) -> None:
    assert credentials.redact_urls(said) == told


def test_headers_that_log_in() -> None:
    login = credentials.Login("me", "secret")
    assert {"secret", login.header.split()[1]} == credentials.secrets_of_header(
        f"Authorization: {login.header}"
    )
    assert credentials.secrets_of_header("Private-Token: t0ken") == {"t0ken"}
    assert credentials.secrets_of_header("Authorization: Bearer t0ken") == {"t0ken"}


def test_secrets_are_found_and_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MY_TOKEN", "tokenvalue"), ("DB_PASSWORD", "dbvalue"), ("A_SECRET", "x")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", "homevalue")
    monkeypatch.setenv("https_proxy", "http://me:proxyvalue@proxy.example:8080")
    hidden = credentials.secrets_of(
        ["https://me:p%40ssword@host.example/a", "https://host.example/a?key=queryvalue",
         "gcrypt::https://t0ken@host.example/a"]
    )  # fmt: skip
    assert {"p@ssword", "p%40ssword", "queryvalue", "t0ken"} <= hidden
    said = "said p@ssword to https://a:b@c.example/d, tokenvalue, dbvalue, proxyvalue, homevalue."
    told = "said *** to https://c.example/d, ***, ***, ***, homevalue."
    assert credentials.redact(said, hidden) == told
