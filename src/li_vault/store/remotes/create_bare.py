"""A bare repository made at a path or over ssh."""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path

from li_vault.errors import BadUsage, BadVault, GitFailed
from li_vault.store.remotes import credentials, network_git, urls
from li_vault.store.remotes.network_git import Limits
from li_vault.store.remotes.urls import SshUrl
from li_vault.store.remotes.visibility import FORGES
from li_vault.store.repo import Repo
from li_vault.store.write.hooks import copy_hooks

_SETTINGS = (
    ("receive.denyDeletes", "true"),
    ("receive.denyNonFastForwards", "true"),
    ("receive.fsckObjects", "true"),
    ("core.useReplaceRefs", "false"),
)
_TAKEN = "li-vault: something is there"
_MADE = "li-vault: made"
_TIMEOUT = 120.0
_END = "END OF THE HOOK"


def create_bare(repo: Repo, url: str, hooks: Path) -> None:
    """Make a bare repository where an address leads to: a path, or one behind ssh.

    Raises:
        BadUsage: It can't be made at such an address, or something is there already.
        BadVault: It can't be made in that folder.
        GitFailed: The host can't be reached, or would not.
    """
    path, shell = urls.local_folder(url), urls.parse_ssh(url.removeprefix("gcrypt::"))
    shown = urls.redact_url(url)
    hook = None if urls.is_encrypted(url) else hooks / "pre-receive"
    if path is not None:
        _create_here(path, hook)
    elif shell is None or shell.host.lower() in FORGES:
        raise BadUsage(
            f"A repository can be made on this machine or by ssh at a host of your own, not at "
            f"{shown}.",
            "Make it at the host's own site, then add it without --create.",
        )
    else:
        _create_there(repo, shell, shown, hook)


def _create_here(path: Path, hook: Path | None) -> None:
    """It appears as a whole, or not at all, unless an empty folder is there already."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise BadUsage(f"{path} is not empty.", "Name a new folder, or add it without --create.")
    new = path if path.exists() else path.with_name(f".{path.name}.li-vault-{os.getpid()}")
    try:
        new.mkdir(mode=0o700, exist_ok=True)
        new.chmod(0o700)
        _make(new, hook)
        if new != path:
            new.rename(path)
    except BaseException as error:
        for part in new.iterdir() if new.is_dir() else ():
            shutil.rmtree(part) if part.is_dir() else part.unlink()
        if new != path and new.is_dir():
            new.rmdir()
        if isinstance(error, OSError):
            words = f"{path} can't be made: {error.strerror}."
            raise BadVault(words, "Check the path.") from error
        raise


def _make(place: Path, hook: Path | None) -> None:
    bare = Repo(place)
    bare.run("init", "-q", "--bare", "--initial-branch=main", "--template=", str(place))
    for key, value in _SETTINGS if hook else ():
        bare.run("config", "--local", key, value)
    if hook:
        copy_hooks(place, hook.parent, (hook.name,))


def _create_there(repo: Repo, shell: SshUrl, shown: str, hook: Path | None) -> None:
    """One call of ssh: the whole work goes over its standard input, nothing through arguments."""
    script = _script(shell.path, hook.read_text("utf-8") if hook else None)
    try:
        status, out, words = network_git.run_process(
            (*_ssh(repo, shell), "exec sh -s"),
            Limits(_TIMEOUT, prompt=network_git.can_prompt()),
            cwd=".",
            env=os.environ | {"LC_ALL": "C"},
            stdin=os.fsencode(script),
        )
    except OSError as error:
        raise GitFailed(f"ssh could not be started: {error.strerror}.", "Install ssh.") from error
    if status == 0 and _MADE in out:
        return
    if _TAKEN in out:
        raise BadUsage(f"{shown} is not empty.", "Name a new folder, or add it without --create.")
    said = credentials.redact(words).strip()
    ended = said or (f"it ended with status {status}" if status is not None else "no answer")
    raise GitFailed(
        f"The repository could not be made at {shown}: {ended}",
        f"See that `ssh {shell.host}` lets you in and that git is installed there; or make it at "
        "the host, then add it without --create.",
    )


def _ssh(repo: Repo, shell: SshUrl) -> tuple[str, ...]:
    """The ssh that git would use, up to the host: by environment or configuration."""
    configured = network_git.call_git(
        repo, "config", "--get", "core.sshCommand", limits=Limits(30)
    ).out
    command = os.environ.get("GIT_SSH_COMMAND") or configured.strip()
    program = command or os.environ.get("GIT_SSH") or "ssh"
    name = Path(shlex.split(program)[0] if command else program).stem.lower()
    port = () if shell.port is None else ("-p" if "plink" not in name else "-P", str(shell.port))
    who = f"{shell.user}@{shell.host}" if shell.user else shell.host
    if not command:
        return (program, *port, who)
    return ("sh", "-c", f'{command} "$@"', program, *port, who)  # as git itself calls it


def _script(path: str, hook: str | None) -> str:
    """What the shell there is to do; the repository appears as a whole, or not at all."""
    if path.startswith("~/"):
        place = '"$HOME"/' + shlex.quote(path[2:])
    elif path.startswith("~"):
        raise BadUsage(
            f"A repository can't be made in {path.partition('/')[0]}, another user's home.",
            "Write the whole path.",
        )
    else:
        place = shlex.quote(path if path.startswith("/") else f"./{path}")
    keeping = _keeping(hook) if hook else ""
    return f"""set -eu
umask 077
place={place}
place=${{place%/}}
new="$place.li-vault-$$"
if [ -e "$place" ] || [ -L "$place" ]; then
    rmdir "$place" 2>/dev/null || {{ echo '{_TAKEN}'; exit 1; }}
fi
trap 'rm -rf "$new"' EXIT
mkdir "$new"
git init -q --bare --template= "$new" </dev/null
git --git-dir="$new" symbolic-ref HEAD refs/heads/main
{keeping}
chmod 700 "$new"
mv "$new" "$place"
echo '{_MADE}'
"""


def _keeping(hook: str) -> str:
    settings = "\n".join(f'git --git-dir="$new" config {key} {value}' for key, value in _SETTINGS)
    return f"""{settings}
mkdir -p "$new/hooks"
cat >"$new/hooks/pre-receive" <<'{_END}'
{hook}{_END}
chmod 755 "$new/hooks/pre-receive\""""
