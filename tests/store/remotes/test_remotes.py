from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import invented
from invented import plain
from li_vault.errors import BadUsage, BadVault
from li_vault.store import history
from li_vault.store.remotes import create_bare, push_urls, remotes, transfer
from li_vault.store.remotes.remotes import PushOutcome, Remote
from li_vault.store.repo import Repo
from li_vault.store.write import commit
from li_vault.store.write.commit import CommitDraft


def _with_remotes(vault_dir: Path, *names: str) -> Repo:
    repo = invented.begin(vault_dir)
    for name in names:
        create_bare.create_bare(repo, str(vault_dir.parent / f"{name}.git"), invented.HOOKS)
        remotes.add_remote(repo, name, str(vault_dir.parent / f"{name}.git"))
    return repo


def _push(
    repo: Repo, names: list[str], timeout: float = 60.0, *, prompt: bool = False
) -> dict[str, PushOutcome]:
    return transfer.push_main(
        repo, push_urls.urls_of_remotes(repo, names), timeout=timeout, prompt=prompt
    )


def test_no_remotes_no_gitpython(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    assert remotes.list_remotes(repo) == []
    assert _push(repo, []) == {}
    script = (
        "import sys; from pathlib import Path; from li_vault.store import repo;"
        "from li_vault.store.remotes import remotes;"
        "remotes.list_remotes(repo.open_repo(Path(sys.argv[1]))); print('git' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(vault_dir)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"


def test_adding_and_removing(vault_dir: Path, tmp_path: Path) -> None:
    repo = _with_remotes(vault_dir, "zeta", "alpha")
    assert remotes.list_remotes(repo) == [
        Remote("alpha", str(tmp_path / "alpha.git")),
        Remote("zeta", str(tmp_path / "zeta.git")),
    ]
    with pytest.raises(BadUsage, match="already"):
        remotes.add_remote(repo, "zeta", "https://host.example/a")
    with pytest.raises(BadUsage, match="no folder"):
        remotes.add_remote(repo, "lost", str(tmp_path / "lost.git"))
    remotes.remove_remote(repo, "zeta")
    with pytest.raises(BadUsage, match="no remote"):
        remotes.remove_remote(repo, "zeta")
    assert [one.name for one in remotes.list_remotes(repo)] == ["alpha"]
    assert (tmp_path / "zeta.git").exists()
    plain(vault_dir, "config", "remote.alpha.pushurl", "https://host.example/b")
    assert remotes.list_remotes(repo) == [Remote("alpha", "https://host.example/b")]


def test_addresses_are_checked(vault_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = invented.begin(vault_dir)
    monkeypatch.chdir(vault_dir.parent)
    assert remotes.check_new_url(repo, "a", "copy.git") == str(vault_dir.parent / "copy.git")
    assert remotes.check_new_url(repo, "a", "~/x.git") == str(Path.home() / "x.git")
    assert remotes.check_new_url(repo, "a", "git@host.example:a") == "git@host.example:a"
    for name, url in (("-a", "/x"), ("a", "ext::x"), ("a", str(vault_dir))):
        with pytest.raises(BadUsage):
            remotes.check_new_url(repo, name, url)


def test_pushing(vault_dir: Path, tmp_path: Path) -> None:
    repo = _with_remotes(vault_dir, "one", "two")
    assert (remotes.count_pending(repo, "one"), remotes.pushed_tip(repo, "one")) == (1, None)
    assert _push(repo, ["one", "two"]) == {
        "one": PushOutcome("pushed", None),
        "two": PushOutcome("pushed", None),
    }
    assert _push(repo, ["one"]) == {"one": PushOutcome("up-to-date", None)}
    assert remotes.pushed_tip(repo, "one") == history.main_tip(repo)
    commit.record_commits(repo, [invented.second()])
    assert remotes.count_pending(repo, "one") == 1
    plain(vault_dir, "branch", "other")
    plain(vault_dir, "tag", "-a", "-m", "x", "spring")
    assert _push(repo, ["two"])["two"].state == "pushed"
    assert plain(tmp_path / "two.git", "for-each-ref", "--format=%(refname)") == "refs/heads/main\n"
    assert plain(tmp_path / "two.git", "rev-parse", "main").strip() == history.main_tip(repo)
    assert plain(vault_dir, "status", "--porcelain") == ""


def test_other_history_is_refused_and_never_forced(vault_dir: Path, tmp_path: Path) -> None:
    repo = _with_remotes(vault_dir, "one")
    _push(repo, ["one"])
    plain(tmp_path, "clone", "-q", "one.git", "other")
    plain(tmp_path / "other", "commit", "-q", "--allow-empty", "-m", "theirs")
    plain(tmp_path / "other", "push", "-q")
    theirs = plain(tmp_path / "one.git", "rev-parse", "main")
    commit.record_commits(repo, [invented.second()])
    plain(vault_dir, "config", "remote.one.push", "+refs/heads/*:refs/heads/*")
    outcome = _push(repo, ["one"])["one"]
    assert outcome.state == "refused"
    assert "fetch first" in str(outcome.reason)
    assert plain(tmp_path / "one.git", "rev-parse", "main") == theirs


def test_what_the_remotes_own_hook_refuses(vault_dir: Path, tmp_path: Path) -> None:
    repo = _with_remotes(vault_dir, "one")
    hook = tmp_path / "one.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'the shelf is full' >&2\nexit 1\n", "ascii")
    outcome = _push(repo, ["one"])["one"]
    assert outcome.state == "refused"
    assert "the shelf is full" in str(outcome.reason)


def test_a_remote_that_is_gone(vault_dir: Path, tmp_path: Path) -> None:
    repo = _with_remotes(vault_dir, "one", "two")
    (tmp_path / "one.git").rename(tmp_path / "unplugged.git")
    found = _push(repo, ["one", "two"])
    assert found["one"].state == "failed"
    assert "does not appear to be a git repository" in str(found["one"].reason)
    assert found["two"] == PushOutcome("pushed", None)


def test_credentials_are_not_told(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    remotes.add_remote(repo, "web", "http://me:secret@127.0.0.1:9/a")
    outcome = _push(repo, ["web"])["web"]
    assert outcome.state == "failed"
    assert "127.0.0.1" in str(outcome.reason)
    assert "secret" not in str(outcome.reason)


def test_what_could_change_the_meaning_of_a_push(vault_dir: Path, home: Path) -> None:
    repo = _with_remotes(vault_dir, "one")
    hooks = home / "hooks"
    hooks.mkdir()
    (hooks / "pre-push").write_text("#!/bin/sh\nexit 1\n", "ascii")
    (hooks / "pre-push").chmod(0o755)
    for key, value in (
        ("core.hooksPath", str(hooks)),
        ("push.followTags", "true"),
        ("push.gpgSign", "true"),
        ("push.pushOption", "x"),
        ("push.default", "nothing"),
        ("remote.one.mirror", "true"),
    ):
        plain(vault_dir, "config", key, value)
    plain(vault_dir, "tag", "-a", "-m", "x", "spring")
    assert _push(repo, ["one"]) == {"one": PushOutcome("pushed", None)}
    refs = plain(vault_dir.parent / "one.git", "for-each-ref", "--format=%(refname)")
    assert refs == "refs/heads/main\n"


def test_the_users_own_ssh_is_used(
    vault_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = _with_remotes(vault_dir, "one")
    ssh = tmp_path / "ssh"
    ssh.write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n', "ascii")
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    remotes.add_remote(repo, "far", f"me@host.example:{tmp_path}/one.git")
    assert _push(repo, ["far"], prompt=False) == {"far": PushOutcome("pushed", None)}


def test_a_push_that_hangs_is_ended(
    vault_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = invented.begin(vault_dir)
    pid = tmp_path / "pid"
    ssh = tmp_path / "ssh"
    ssh.write_text(f"#!/bin/sh\necho $$ >'{pid}'\nexec sleep 100\n", "ascii")
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    remotes.add_remote(repo, "far", "me@host.example:a")
    started = time.monotonic()
    outcome = _push(repo, ["far"], timeout=1.0, prompt=False)["far"]
    assert outcome == PushOutcome("failed", "no answer within 1 seconds")
    assert time.monotonic() - started < 10
    for _ in range(50):
        if not Path(f"/proc/{pid.read_text('ascii').strip()}").exists():
            break
        time.sleep(0.1)
    else:
        pytest.fail("ssh still runs")


def test_a_broken_line_is_tried_once_more(
    vault_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = _with_remotes(vault_dir, "one")
    tries = tmp_path / "tries"
    ssh = tmp_path / "ssh"
    ssh.write_text(
        f"#!/bin/sh\nif [ ! -e '{tries}' ]; then touch '{tries}'; echo 'Connection reset' >&2;"
        ' exit 1; fi\nfor last; do :; done\nexec sh -c "$last"\n',
        "ascii",
    )
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    remotes.add_remote(repo, "far", f"me@host.example:{tmp_path}/one.git")
    assert _push(repo, ["far"]) == {"far": PushOutcome("pushed", None)}


def test_a_bare_repository_is_private_and_only_grows(vault_dir: Path, tmp_path: Path) -> None:
    repo = _with_remotes(vault_dir, "one")
    place = tmp_path / "one.git"
    assert place.stat().st_mode & 0o777 == 0o700
    assert plain(place, "symbolic-ref", "HEAD") == "refs/heads/main\n"
    _push(repo, ["one"])
    assert "not deleted" in plain(vault_dir, "push", "one", ":main", fails=True)
    commit.record_commits(repo, [invented.second()])
    _push(repo, ["one"])
    plain(vault_dir, "push", "-q", "-f", "one", "HEAD~1:main", fails=True)
    assert plain(place, "rev-parse", "main").strip() == history.main_tip(repo)
    with pytest.raises(BadUsage, match="not empty"):
        create_bare.create_bare(repo, str(place), invented.HOOKS)
    for url in ("https://host.example/a", "git@github.com:quill/a", "git://host.example/a"):
        with pytest.raises(BadUsage, match="at a host of your own"):
            create_bare.create_bare(repo, url, invented.HOOKS)


def test_what_can_not_be_made_leaves_nothing(
    vault_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = invented.begin(vault_dir)
    (tmp_path / "empty.git").mkdir()
    with pytest.raises(BadVault):
        create_bare.create_bare(repo, str(tmp_path / "new.git"), tmp_path / "no-hooks")
    with pytest.raises(BadVault):
        create_bare.create_bare(repo, str(tmp_path / "empty.git"), tmp_path / "no-hooks")
    with pytest.raises(BadVault, match="can't be made"):
        create_bare.create_bare(repo, str(tmp_path / "no" / "new.git"), invented.HOOKS)
    assert sorted(one.name for one in tmp_path.glob("*.git")) == ["empty.git"]
    assert not list(tmp_path.glob(".*.li-vault-*"))
    for name in ("new.git", "empty.git"):
        create_bare.create_bare(repo, str(tmp_path / name), invented.HOOKS)
        assert (tmp_path / name / "hooks" / "pre-receive").is_file()


def test_trust_ends_with_the_last_remote(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    for url in ("https://host.example/a", "https://host.example/b"):
        remotes.trust_url(repo, url)
    remotes.withdraw_trust(
        repo, ["https://host.example/a", "/srv/x"], but=["https://host.example/b"]
    )
    remotes.withdraw_trust(repo, ["https://me@host.example/b"], but=["https://host.example/b"])
    assert not remotes.is_trusted(repo, "https://host.example/a")
    assert remotes.is_trusted(repo, "https://host.example/b")


def test_trust_is_for_one_address(vault_dir: Path, home: Path) -> None:
    repo = invented.begin(vault_dir)
    plain(home, "config", "--global", "li-vault.trusted", "https://host.example/c")
    remotes.trust_url(repo, "https://me:secret@host.example/a")
    remotes.trust_url(repo, "https://host.example/b")
    remotes.trust_url(repo, "https://host.example/b")
    assert remotes.is_trusted(repo, "https://host.example/a")
    assert remotes.is_trusted(repo, "https://host.example/b")
    assert not remotes.is_trusted(repo, "https://host.example/c")
    assert "secret" not in plain(vault_dir, "config", "--list", "--local")


def test_a_large_push(vault_dir: Path, tmp_path: Path) -> None:
    repo = _with_remotes(vault_dir, "one")
    edits: dict[str, bytes | None] = {str(n): os.urandom(2000) for n in range(1500)}
    commit.record_commits(repo, [CommitDraft(edits, "many", invented.day(2))])
    assert _push(repo, ["one"])["one"].state == "pushed"
    assert plain(tmp_path / "one.git", "fsck", "--full", "--strict") == ""
