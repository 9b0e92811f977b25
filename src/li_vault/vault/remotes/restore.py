"""`restore`: a working vault from a remote, checked and counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from li_vault.core.model import Progress
from li_vault.core.snapshot import Snapshot
from li_vault.errors import BadVault
from li_vault.store import repo
from li_vault.store.remotes import clone, push_urls, urls
from li_vault.store.remotes.clone import RemoteSource
from li_vault.store.write import new_vault
from li_vault.store.write.hooks import install_hooks
from li_vault.store.write.new_vault import StagingPlace
from li_vault.vault.remotes import remotes
from li_vault.vault.vault import Vault
from li_vault.vault.verify import sound_tip


class RestoreResult(NamedTuple):
    """A vault that was restored.

    Attributes:
        last: The newest one, or None.
        age_days: Days since that one's day; None without one.
    """

    path: Path
    commit: str
    contacts: int
    former: int
    snapshots: int
    last: Snapshot | None
    age_days: int | None
    remote: str
    url: str
    hooks: Mapping[str, str]
    warnings: tuple[str, ...]


def restore_vault(
    url: str, path: Path, *, name: str, hooks: Path, command: str, today: date, progress: Progress
) -> RestoreResult:
    """Restore a vault into a new or empty folder; refused, nothing of it is there.

    Raises:
        BadUsage: Name or address is not usable.
        BadVault: The folder is not empty, or the source is no sound vault.
        GitFailed: The source can't be reached.
    """
    urls.check_name(name)
    source = clone.remote_source(url)
    _require_ground(path)
    with new_vault.reserve_staging(path) as place:
        made = Vault(repo.create_repo(place.vault))
        commit = clone.fetch_from(made.repo, source, name, progress)
        found = sound_tip.require_sound_tip(made, commit)
        clone.set_main(made.repo, commit, name, source.url)
        made.remember(found.roster)
        planted = install_hooks(made.repo, hooks, command)
        _put_into_place(place, made, commit)
    restored = Vault(repo.open_repo(place.target))
    last = found.snapshots[0] if found.snapshots else None
    return RestoreResult(
        path=restored.path,
        commit=commit,
        contacts=found.contacts,
        former=found.former,
        snapshots=len(found.snapshots),
        last=last,
        age_days=(today - date.fromisoformat(last.record.taken_on)).days if last else None,
        remote=name,
        url=urls.redact_url(source.url),
        hooks=planted,
        warnings=(*found.doubts, *_warnings(restored, name, source)),
    )


def _require_ground(path: Path) -> None:
    """A vault inside another one would be stray files there."""
    around = repo.enclosing_vault(path.parent)
    if around is not None:
        raise BadVault(
            f"{path} lies inside the vault {around}.", "Restore into a folder outside of it."
        )


def _put_into_place(place: StagingPlace, made: Vault, commit: str) -> None:
    """Write the files and move the vault; or the other way round, where it is made inside."""
    if not place.is_inside:
        clone.write_new_worktree(made.repo, commit)
        new_vault.move_into_place(place)
        return
    new_vault.move_into_place(place)
    clone.write_new_worktree(repo.open_repo(place.target), commit)


def _warnings(restored: Vault, name: str, source: RemoteSource) -> Iterator[str]:
    """What the user should know of the remote that the vault has now."""
    if source.had_login:
        yield (
            "The user name or password in the address was used, but not stored: let a credential "
            "helper of git have it (git help credentials), or pushes will not be let in."
        )
    places = push_urls.urls_of_remotes(restored.repo, [name])
    against = remotes.privacy_objections(restored, places).get(name)
    if against is not None and against.state == "refused":
        yield (
            f"{against.reason} Make it private: until then nothing is pushed to {name}, and what "
            "is there stays open."
        )
    elif against is not None:
        yield f"Nothing is pushed to {name} until that is known. {against.reason}"
    path = urls.local_folder(source.url)
    if path is not None and (path / ".git").exists():
        yield (
            f"{name} has a work tree, to which git does not push. Copies go to a bare repository: "
            "li-vault remote add NAME PATH --create"
        )
