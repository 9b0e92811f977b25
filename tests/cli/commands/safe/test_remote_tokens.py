"""Passwords and tokens: in no output, log, bug report or process list, wherever they come from."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import outside
import servers
from isolation import Outcome, Run
from network import Network
from outside import Call, git
from servers import PASSWORD, Forge

LOGIN = base64.b64encode(f"quill:{PASSWORD}".encode()).decode()
LEAKS = (PASSWORD, LOGIN, "pa55", "s3cret-of-env")


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path) -> Path:
    archive = outside.write(home, Network(seed=32, people=30))
    call("snapshot", archive, "--init", "--vault", vault_dir)
    return vault_dir


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Forge]:
    servers.bare(tmp_path / "served" / "vault.git")
    with servers.forge(tmp_path / "served") as forge:
        yield forge


def _with_login(web: Forge, place: str, login: str = f"quill:{PASSWORD}") -> str:
    return f"{web.address}/{place}/vault.git".replace("//", f"//{login}@")


def _is_clean(*said: Outcome) -> None:
    for one in said:
        for leak in LEAKS:
            assert leak not in one.out + one.err


def test_a_password_in_an_address(
    run: Run, vault: Path, web: Forge, tmp_path: Path, home: Path
) -> None:
    """It works, and no child process has it among its arguments, nor any word that is said."""
    record = tmp_path / "arguments"
    path = servers.recorder(tmp_path / "bin", record, "git", "ssh")
    # git starts its helpers from a folder of its own: they are seen by what git says it runs.
    trace = tmp_path / "trace"
    env = {"PATH": path, "GIT_TRACE2_EVENT": str(trace), "MY_API_TOKEN": "s3cret-of-env"}
    at = ("--vault", str(vault))
    secret = _with_login(web, "private")
    added = run("remote", "add", "origin", secret, *at, env=env)
    assert added.status == 0, added
    said = [
        run(*words, *at, env=env)
        for words in (
            ("remote", "list"), ("remote", "list", "--json"), ("remote", "check"), ("push",),
            ("push", "--json"), ("remote", "check", "--json"), ("status",), ("status", "--json"),
            ("doctor",), ("remote", "remove", "origin", "--json"),
        )
    ]  # fmt: skip
    assert said[3].out == "origin: pushed\n"
    _is_clean(added, *said)
    served = tmp_path / "served" / "vault.git"
    assert git(served, "rev-parse", "main") == git(vault, "rev-parse", "main")
    arguments = record.read_text("utf-8")
    assert "'push'" in arguments
    assert "ls-remote" in arguments
    events = trace.read_text("utf-8")
    assert "remote-http" in events
    for leak in LEAKS:
        assert leak not in arguments
        assert leak not in events
    for file in home.rglob("*"):
        if file.is_file() and "li-vault" in str(file):
            assert PASSWORD.encode() not in file.read_bytes()


@pytest.mark.parametrize("place", ["forbidden", "down", "tell", "nowhere"])
def test_gits_own_errors(run: Run, vault: Path, web: Forge, place: str) -> None:
    """`tell` even repeats what it was sent."""
    url, at = _with_login(web, place), ("--vault", str(vault))
    added = run("remote", "add", "x", url, "--trusted", *at)
    assert added.status == 0
    env = {"GIT_CURL_VERBOSE": "1", "GIT_TRACE": "1", "GIT_TRACE_REDACT": "0",
           "GIT_TRACE_CURL": "1", "GITHUB_TOKEN": PASSWORD}  # fmt: skip
    said = [run(*words, *at, env=env) for words in (("push",), ("push", "--json"))]
    said += [run("remote", "check", *at, env=env), run("remote", "check", "--json", *at, env=env)]
    assert [one.status for one in said] == [7, 7, 6, 6]
    _is_clean(added, *said)


@pytest.mark.parametrize("place", ["forbidden", "tell"])
def test_what_restore_and_verify_hear(
    run: Run, vault: Path, web: Forge, tmp_path: Path, place: str
) -> None:
    url, at = _with_login(web, place), ("--vault", str(vault))
    assert run("remote", "add", "x", url, "--trusted", *at).status == 0
    env = {"GIT_CURL_VERBOSE": "1", "GIT_TRACE_CURL": "1", "GIT_TRACE_REDACT": "0"}
    said = [
        run("restore", url, tmp_path / "new", env=env),
        run("restore", url, tmp_path / "new", "--json", env=env),
        run("verify", "--remote", "x", *at, env=env),
        run("verify", "--remote", "x", "--json", *at, env=env),
    ]
    plain = f"{web.address}/private/vault.git"
    helper = "!f() { echo no $GITHUB_TOKEN for you >&2; exit 1; }; f"
    env = {"GITHUB_TOKEN": PASSWORD, "GIT_CONFIG_COUNT": "1",
           "GIT_CONFIG_KEY_0": "credential.helper", "GIT_CONFIG_VALUE_0": helper}  # fmt: skip
    said.append(run("restore", plain, tmp_path / "new", env=env))
    assert "no *** for you" in said[-1].err
    assert [one.status for one in said] == [6] * 5, said
    _is_clean(*said)


def test_a_header_that_logs_in(
    run: Run, vault: Path, web: Forge, home: Path, tmp_path: Path
) -> None:
    """By the vault's own configuration, the user's or the environment; `tell` repeats it."""
    at, header = ("--vault", str(vault)), f"Authorization: Basic {LOGIN}"
    git(vault, "config", f"http.{web.address}/.extraHeader", header)
    private = run("remote", "add", "x", f"{web.address}/private/vault.git", *at)
    said = [private, run("push", *at), run("verify", "--remote", "x", *at)]
    assert [one.status for one in said] == [0] * 3, said
    run("remote", "add", "told", f"{web.address}/tell/vault.git", "--trusted", *at)
    said += [run("push", "told", *at), run("verify", "--remote", "told", "--json", *at)]
    git(home, "config", "--global", "http.extraHeader", header)
    said += [run("restore", f"{web.address}/tell/vault.git", tmp_path / "new")]
    git(home, "config", "--global", "--unset", "http.extraHeader")
    env = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader",
           "GIT_CONFIG_VALUE_0": header}  # fmt: skip
    said += [run("restore", f"{web.address}/tell/vault.git", tmp_path / "new", env=env)]
    assert [one.status for one in said[3:]] == [7, 6, 6, 6], said
    _is_clean(*said)


def test_a_rule_that_puts_a_password_into_addresses(
    run: Run, vault: Path, web: Forge, home: Path, tmp_path: Path
) -> None:
    """As it is done where programs build: no process of restore, push or verify is handed it."""
    at, trace = ("--vault", str(vault)), tmp_path / "trace"
    git(home, "config", "--global", f"url.{_with_login(web, 'private')[:-9]}.insteadOf", "work:")
    env = {"GIT_TRACE2_EVENT": str(trace)}
    said = [run("remote", "add", "x", "work:vault.git", *at, env=env)]
    said += [run(*words, *at, env=env) for words in (("push",), ("verify", "--remote", "x"))]
    said += [run("restore", "work:vault.git", tmp_path / "new", env=env)]
    assert [one.status for one in said] == [0] * 4, said
    assert git(tmp_path / "new", "config", "remote.origin.url") == "work:vault.git\n"
    _is_clean(*said)
    _is_in_no_arguments(trace)
    whole = f"url.{_with_login(web, 'private')}.insteadOf"
    git(home, "config", "--global", whole, f"{web.address}/private/vault.git")
    restored = run("restore", f"{web.address}/private/vault.git", tmp_path / "other", env=env)
    assert restored.status == 0, restored
    git(home, "config", "--global", whole, "work:vault.git")
    said = [run("push", *at, env=env), run("remote", "check", *at, env=env)]
    assert [one.status for one in said] == [7, 6], said
    assert "as long as its whole address" in said[0].out
    _is_clean(*said)
    _is_in_no_arguments(trace)


def test_a_password_of_an_encrypted_copy(
    run: Run, vault: Path, web: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git-remote-gcrypt calls git once more, for the inner address."""
    servers.need("git-remote-gcrypt", "gpg", "gpgconf")
    with tempfile.TemporaryDirectory(prefix="g") as name:
        servers.gpg_key(Path(name) / "keys")
        trace = tmp_path / "trace"
        env = {"GNUPGHOME": f"{name}/keys", "GIT_TRACE2_EVENT": str(trace)}
        at, url = ("--vault", str(vault)), f"gcrypt::{_with_login(web, 'private')}"
        said = [
            run("remote", "add", "safe", url, *at, env=env),
            run("push", *at, env=env),
            run("remote", "check", *at, env=env),
            run("restore", url, tmp_path / "new", env=env),
        ]
        servers.end_gpg(Path(name) / "keys")
    assert [one.status for one in said] == [0] * 4, said
    _is_clean(*said)
    assert "remote-http" in _is_in_no_arguments(trace)


def _is_in_no_arguments(trace: Path) -> str:
    events = [json.loads(line) for line in trace.read_text("utf-8").splitlines()]
    arguments = str([one["argv"] for one in events if "argv" in one])
    assert PASSWORD not in arguments
    return arguments


def test_a_token_from_the_environment_and_from_a_helper(
    run: Run, vault: Path, web: Forge, home: Path, tmp_path: Path
) -> None:
    """The usual ways: `GIT_ASKPASS`, a credential helper, `http.extraHeader`."""
    at = ("--vault", str(vault))
    assert run("remote", "add", "x", f"{web.address}/hidden/vault.git", *at).status == 0
    assert run("push", *at).status == 7
    askpass = home / "askpass"
    askpass.write_text(
        '#!/bin/sh\ncase "$1" in User*) echo quill;; *) echo "$MY_TOKEN";; esac\n', "ascii"
    )
    askpass.chmod(0o755)
    done = run("push", *at, env={"GIT_ASKPASS": str(askpass), "MY_TOKEN": PASSWORD})
    assert done.status == 0, done
    assert git(tmp_path / "served" / "vault.git", "rev-parse", "main") == git(
        vault, "rev-parse", "main"
    )
    env = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader",
           "GIT_CONFIG_VALUE_0": f"Authorization: Basic {LOGIN}"}  # fmt: skip
    assert run("push", *at, env=env).out == "x: up to date\n"
    git(home, "config", "--global", "credential.helper",
        f"!f() {{ echo username=quill; echo password={PASSWORD}; }}; f")  # fmt: skip
    found = run("push", *at)
    assert found.out == "x: up to date\n"
    _is_clean(done, found)


def test_an_address_in_the_wrong_place(call: Call, vault: Path, web: Forge) -> None:
    """Mistyped commands do not repeat it."""
    secret = _with_login(web, "private")
    said = [
        call("remote", "add", secret, "origin", "--vault", vault, status=2),
        call("remote", "add", "a", "b", secret, "--vault", vault, status=2),
        call("push", secret, "--vault", vault, status=2),
        call("remote", "remove", secret, "--vault", vault, "--json", status=2),
        call("remote", "check", secret, "--vault", vault, status=2),
        call("remote", "add", "x", secret, "--create", "--vault", vault, status=2),
        call(secret, status=2),
        call("remote", "add", "x", secret.replace("http://", "ssh://"), "--vault", vault, status=2),
    ]
    _is_clean(*said)


def test_the_bug_report(
    call: Call, vault: Path, web: Forge, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from li_vault.store.remotes import transfer

    def broken(*_: object, **__: object) -> None:
        raise ValueError(_with_login(web, "private"))

    call("remote", "add", "x", _with_login(web, "private"), "--vault", vault)
    monkeypatch.setattr(transfer, "push_main", broken)
    monkeypatch.setenv("MY_TOKEN", PASSWORD)
    said = call("push", "--vault", vault, status=70)
    _is_clean(said)
    reports = [path for path in home.rglob("report.txt") if path.is_file()]
    assert len(reports) == 1
    assert not any(leak in reports[0].read_text("utf-8") for leak in LEAKS)


def test_the_name_alone_is_a_token_too(run: Run, vault: Path, web: Forge, tmp_path: Path) -> None:
    """`https://TOKEN@host/…`, as some forges have it: never an argument."""
    at, trace = ("--vault", str(vault)), tmp_path / "trace"
    env = {"GIT_TRACE2_EVENT": str(trace)}
    added = run("remote", "add", "x", _with_login(web, "private", PASSWORD), *at, env=env)
    pushed = run("push", *at, env=env)
    assert (added.status, pushed.status) == (0, 7)
    _is_clean(added, pushed)
    events = [json.loads(line) for line in trace.read_text("utf-8").splitlines()]
    arguments = [one["argv"] for one in events if "argv" in one]
    assert any("remote-http" in str(argv) for argv in arguments)
    assert PASSWORD not in str(arguments)


def test_a_password_goes_to_its_own_host_alone(run: Run, vault: Path, web: Forge) -> None:
    """Also where that leads elsewhere: the same server has another name there."""
    at = ("--vault", str(vault))
    run("remote", "add", "x", _with_login(web, "away"), "--trusted", *at)
    assert run("push", *at).status == 7
    run("remote", "check", *at)
    told = [(path, headers) for _, path, headers in web.asked if path.startswith("/public")]
    assert told
    assert not any("Authorization" in headers for _, headers in told)


def test_the_configuration_stays_ones_own(call: Call, vault: Path, web: Forge) -> None:
    """Adding writes what git would have written, and keeps comments and modes."""
    file = vault / ".git" / "config"
    file.write_text(f"# mine\n{file.read_text('utf-8')}", "utf-8")
    file.chmod(0o600)
    url = _with_login(web, "private")
    call("remote", "add", "origin", url, "--vault", vault)
    assert file.read_text("utf-8").startswith("# mine\n")
    assert file.stat().st_mode & 0o777 == 0o600
    assert git(vault, "remote", "get-url", "origin").strip() == url
    fetch = git(vault, "config", "--get-all", "remote.origin.fetch").strip()
    assert fetch == "+refs/heads/*:refs/remotes/origin/*"
    (vault / ".git" / "config.lock").touch()
    call("remote", "add", "other", url, "--vault", vault, status=5)
    assert (vault / ".git" / "config.lock").exists()
