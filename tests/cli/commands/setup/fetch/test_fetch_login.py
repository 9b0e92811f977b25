"""Where `fetch` goes, and with which token."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

import outside
import websites
from li_vault.host import token_store
from outside import Call
from websites import TOKEN, Member, answering


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://api.example", "not encrypted"),
        ("ftp://127.0.0.1", "no address of the web"),
        ("api.linkedin.com", "no address of the web"),
        ("https://me:secret@api.example", "user or a password"),
        ("https://api.example/?x=1", "query or a fragment"),
    ],
)
def test_an_address_that_may_not_be_asked(
    address: str, words: str, call: Call, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LI_VAULT_API", address)
    monkeypatch.setenv("LI_VAULT_TOKEN", TOKEN)
    said = call("fetch", "--vault", vault, "--json", status=2)
    outside.is_refused(said, 2, "", words)
    assert "secret" not in said.out


def test_a_host_that_can_not_be(call: Call, vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LI_VAULT_API", "https://a..b")
    monkeypatch.setenv("LI_VAULT_TOKEN", TOKEN)
    outside.is_refused(call("fetch", "--vault", vault, "--json", status=3), 3, "", "can't be asked")


@pytest.mark.parametrize("value", ["two words", "line\nline", "tök", " ", "x" * 5000])
def test_what_is_no_token(
    value: str, call: Call, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LI_VAULT_TOKEN", value)
    said = call("fetch", "--vault", vault, "--json", status=2)
    outside.is_refused(said, 2, "", "no token")


def test_a_token_that_is_entered_is_tried_and_kept(
    call: Call, vault: Path, member: Member, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.delenv("LI_VAULT_TOKEN")
    outside.is_refused(call("fetch", "--vault", vault, "--json", status=2), 2, "", "no token for")
    monkeypatch.setattr("sys.stdin", io.StringIO("wrong\n"))
    outside.is_refused(call("fetch", "--login", "--json", status=3), 3, "", "no longer")
    monkeypatch.setattr("sys.stdin", io.StringIO(f" {TOKEN} \n"))
    said = call("fetch", "--login")
    assert "token-generator" in said.err
    assert TOKEN not in said.out + said.err
    kept = home / ".config" / "li-vault" / "token"
    assert str(kept) in said.out
    assert kept.read_text() == f"{TOKEN}\n"
    assert kept.stat().st_mode & 0o777 == 0o600
    call("fetch", "--vault", vault)
    kept.chmod(0o640)
    outside.is_refused(
        call("fetch", "--vault", vault, "--json", status=2), 2, "", "others can read"
    )
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert "No token was entered" in call("fetch", "--login", status=2).err


@pytest.mark.parametrize(
    ("status", "data", "kind", "words"),
    [
        (200, b"<html>log in</html>", "text/html", "is a web page"),
        (200, b"{}", "text/html", "is a web page"),
        (200, b'{"a":1}', "application/json", "has no paging"),
        (200, websites.END, "application/json", "is not one page"),
        (404, b"<html>not here</html>", "text/html", "is a web page"),
        (404, b"not here", "text/plain", "names another error"),
        (404, b'{"code":"RESOURCE_NOT_FOUND"}', "application/json", "names another error"),
    ],
)
def test_what_is_no_answer_of_the_api_proves_no_token(
    status: int, data: bytes, kind: str, words: str, call: Call, vault: Path, member: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    token_store.keep_token("the good one")
    member.trouble = answering(status, data, at=0, content_type=kind)
    monkeypatch.setattr("sys.stdin", io.StringIO("another\n"))
    outside.is_refused(call("fetch", "--login", "--json", status=3), 3, "", words)
    assert token_store.token_file().read_text() == "the good one\n"
    said = call("fetch", "--vault", vault, "--json", status=3)
    outside.is_refused(said, 3, "", words)


def test_a_token_is_taken_before_there_is_data(
    call: Call, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    member.pages = []
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{TOKEN}\n"))
    assert outside.one_object(call("fetch", "--login", "--json"))["ready"] is False
    assert token_store.token_file().read_text() == f"{TOKEN}\n"
