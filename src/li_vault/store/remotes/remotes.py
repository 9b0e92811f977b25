"""The configured remotes, what each was seen to have, and what is pending."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

from li_vault.errors import BadUsage, BadVault
from li_vault.store.remotes.urls import (
    check_name,
    check_url,
    is_encrypted,
    local_folder,
    repository_folders,
    trust_key,
)
from li_vault.store.repo import MAIN, Repo, read_settings, set_config
from li_vault.store.write import quarantine

State = Literal["pushed", "up-to-date", "failed", "refused"]


class Remote(NamedTuple):
    """A remote: its name, and the address that is pushed to (it may hold credentials)."""

    name: str
    url: str


class PushOutcome(NamedTuple):
    """What became of a push.

    Attributes:
        state: "pushed", "up-to-date", "refused" (the remote has other history, or did not want
            it) or "failed".
        reason: In git's own words without credentials; None for the first two.
    """

    state: State
    reason: str | None


def list_remotes(repo: Repo) -> list[Remote]:
    """The remotes of a vault, in the order of their names."""
    pattern = r"^remote\..*\.(url|pushurl)$"
    out = repo.run("config", "--local", "-z", "--get-regexp", pattern, ok=(0, 1))
    urls: dict[str, str] = {}
    for entry in sorted(out.decode("utf-8", "surrogateescape").split("\0")[:-1], key=_kind):
        key, _, url = entry.partition("\n")
        urls[key.removeprefix("remote.").rpartition(".")[0]] = url
    return [Remote(name, urls[name]) for name in sorted(urls)]


def _kind(entry: str) -> bool:
    """Sorts push addresses behind the others: they are the ones that count."""
    return entry.partition("\n")[0].lower().endswith(".pushurl")


def check_new_url(repo: Repo, name: str, url: str, *, must_exist: bool = False) -> str:
    """The address of a new remote as git should have it: a folder by its absolute path.

    Raises:
        BadUsage: Name or address is not usable, the name is taken, or nothing is there.
    """
    check_name(name)
    check_url(url)
    if name in {one.name for one in list_remotes(repo)}:
        raise BadUsage(
            f"There is a remote {name!r} already.",
            f"Take another name, or remove it first: li-vault remote remove {name}",
        )
    whole = local_folder(url)
    if whole is None:
        return url
    if whole == repo.path:
        raise BadUsage("A vault can't be its own remote.", "Choose a folder on another disk.")
    if must_exist:
        _require(whole, encrypted=is_encrypted(url))
    if "://" in url:
        return url
    return f"gcrypt::{whole}" if is_encrypted(url) else str(whole)


def _require(whole: Path, *, encrypted: bool) -> None:
    """A repository; git-remote-gcrypt can do with a folder."""
    if repository_folders(whole) or (encrypted and whole.is_dir()):
        return
    missing = "git repository at" if whole.exists() else "folder"
    hint = "Check the path, or make a bare repository there: --create"
    raise BadUsage(f"There is no {missing} {whole}.", hint)


def add_remote(repo: Repo, name: str, url: str) -> None:
    """Add a remote; nothing is asked over the network.

    The address is written into git's configuration file as git writes it, under git's own lock,
    rather than by `git remote add`: it may hold credentials, and everyone on the machine can read
    the arguments of a process.

    Raises:
        BadUsage: As `check_new_url`.
        BadVault: The configuration can't be written.
    """
    url = check_new_url(repo, name, url, must_exist=True)
    quoted = url.replace("\\", "\\\\").replace('"', '\\"')
    section = (
        f'[remote "{name}"]\n\turl = "{quoted}"\n\tfetch = +refs/heads/*:refs/remotes/{name}/*\n'
    )
    file, lock = repo.git_dir / "config", repo.git_dir / "config.lock"
    try:
        there = file.read_bytes()
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(handle, "wb") as opened:
                gap = b"" if there.endswith(b"\n") or not there else b"\n"
                opened.write(there + gap + section.encode())
                opened.flush()
                os.fsync(handle)
            lock.chmod(file.stat().st_mode & 0o777)
            lock.replace(file)
        except BaseException:
            lock.unlink(missing_ok=True)
            raise
        quarantine.sync_folder(repo.git_dir)
    except OSError as error:
        raise BadVault(
            f"The remote can't be noted in {file}: {error.strerror}.",
            "Mend the permissions; if no git runs, remove config.lock beside it.",
        ) from error


def remove_remote(repo: Repo, name: str) -> None:
    """Forget a remote; the copy there stays.

    Raises:
        BadUsage: There is none of that name.
    """
    if name not in {one.name for one in list_remotes(repo)}:
        raise BadUsage(f"There is no remote {name!r}.", "li-vault remote list shows them.")
    repo.run("remote", "remove", "--", name)
    # What was noted of it (the day of its last proof) is not true of the next one of that name.
    repo.run("config", "--local", "--remove-section", f"li-vault.{name}", ok=(0, 128))


def pushed_tip(repo: Repo, name: str) -> str | None:
    """The commit that the remote's `main` was seen at last; asks no network."""
    return _resolved(repo, f"refs/remotes/{name}/main")


def own_tip(repo: Repo) -> str | None:
    """The commit of this vault's `main`."""
    return _resolved(repo, MAIN)


def note_tip(repo: Repo, name: str, commit: str | None) -> None:
    """Note what the remote was seen to have; None for nothing."""
    ref = f"refs/remotes/{name}/main"
    if commit is None:
        repo.run("update-ref", "-d", ref)
    else:
        repo.run("update-ref", ref, commit)


def note_rewind(repo: Repo, name: str, seen: str | None, now: str) -> None:
    """Note it if a remote no longer has a commit that it was seen to have."""
    if seen is not None and not is_in_history(repo, seen, now):
        set_config(repo, f"li-vault.{name}.rewound", seen)


def rewound_from(repo: Repo, name: str) -> str | None:
    """The commit that the remote was seen to have, and then no longer; None if there is none."""
    return read_settings(repo, f"li-vault.{name}").get("rewound")


def forget_rewind(repo: Repo, name: str) -> None:
    """Forget it: the remote was proved, and has it again."""
    if rewound_from(repo, name):
        set_config(repo, f"li-vault.{name}.rewound", None)


def is_in_history(repo: Repo, commit: str, whole: str = MAIN) -> bool:
    """Whether a commit is known here and part of the history of `main` (or of `whole`)."""
    for one in (commit, whole):
        wanted = ("rev-parse", "--verify", "-q", "--end-of-options", f"{one}^{{commit}}")
        if not repo.run(*wanted, ok=(0, 1, 128)):
            return False
    return not repo.run("rev-list", "-1", commit, f"^{whole}")


def count_pending(repo: Repo, name: str) -> int:
    """How many commits of `main` the remote was not seen to have; asks no network."""
    seen = pushed_tip(repo, name)
    if own_tip(repo) is None:
        return 0
    known = (f"^{seen}",) if seen else ()
    return int(repo.run("rev-list", "--count", MAIN, *known))


def trust_url(repo: Repo, url: str) -> None:
    """Remember that the user vouches for exactly this address."""
    if not is_trusted(repo, url):
        repo.run("config", "--local", "--add", "li-vault.trusted", trust_key(url))


def withdraw_trust(repo: Repo, urls: Iterable[str], *, but: Iterable[str]) -> None:
    """Forget that the user vouches for these addresses, but for those that are still used."""
    for form in set(map(trust_key, urls)) - set(map(trust_key, but)):
        ask = ("--fixed-value", "--unset-all", "li-vault.trusted", form)
        repo.run("config", "--local", *ask, ok=(0, 5))


def is_trusted(repo: Repo, url: str) -> bool:
    """Whether the user vouches for this address (`li-vault.trusted` in the vault's own config)."""
    out = repo.run("config", "--local", "-z", "--get-all", "li-vault.trusted", ok=(0, 1))
    vouched_for = out.decode("utf-8", "surrogateescape").split("\0")[:-1]
    return trust_key(url) in vouched_for


def _resolved(repo: Repo, ref: str) -> str | None:
    out = repo.run("rev-parse", "--verify", "-q", "--end-of-options", ref, ok=(0, 1))
    return out.decode("ascii").strip() or None
