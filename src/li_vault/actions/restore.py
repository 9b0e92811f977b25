"""`restore`: a working vault from a remote, proved before it is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from li_vault.core.timeline import Snapshot
from li_vault.errors import BadVault
from li_vault.store import addresses, berth, clone, destinations, local, plant, remote, repo
from li_vault.store.berth import Berth
from li_vault.store.clone import Progress, Source
from li_vault.vault import Vault, offsite, proof


class Result(NamedTuple):
    """A vault that was restored.

    Attributes:
        path: Its folder.
        commit: Its newest commit, which is the remote's.
        contacts: Number of cards in `contacts/`.
        former: Number of cards in `former/`.
        snapshots: Number of snapshots.
        last: The newest one, or None.
        age_days: Days since that one's day; None without one.
        remote: The name under which the source is a remote of it.
        url: The source's address, without credentials.
        hooks: What became of each hook.
        warnings: What should be known; sentences.
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


def run(
    url: str, path: Path, *, name: str, hooks: Path, command: str, today: date, progress: Progress
) -> Result:
    """Restore a vault into a new or empty folder; refused, nothing of it is there.

    Args:
        url: The remote's address, or the path of a repository or clone.
        path: The folder that the vault will be.
        name: The name that the remote will have.
        hooks: The folder of the hooks that came with the program.
        command: How a hook calls this program.
        today: The current day.
        progress: Told how far the transport is.

    Raises:
        BadUsage: Name or address is not usable.
        BadVault: The folder is not empty, or the source is no sound vault.
        GitFailed: The source can't be reached.
    """
    addresses.check_name(name)
    source = clone.source(url)
    _require_ground(path)
    with berth.reserved(path) as place:
        made = Vault(repo.create(place.vault))
        commit = clone.fetch(made.repo, source, name, progress)
        found = proof.prove(made, commit)
        clone.settle_on(made.repo, commit, name, source.url)
        made.remember(found.roster)
        planted = plant.plant(made.repo, hooks, command)
        _put_into_place(place, made, commit)
    restored = Vault(repo.open_repo(place.target))
    last = found.snapshots[0] if found.snapshots else None
    return Result(
        path=restored.path,
        commit=commit,
        contacts=found.contacts,
        former=found.former,
        snapshots=len(found.snapshots),
        last=last,
        age_days=(today - date.fromisoformat(last.record.taken_on)).days if last else None,
        remote=name,
        url=remote.shown(source.url),
        hooks=planted,
        warnings=(*found.doubts, *_warnings(restored, name, source)),
    )


def _require_ground(path: Path) -> None:
    """A vault inside another one would be stray files there."""
    around = repo.enclosing(path.parent)
    if around is not None:
        raise BadVault(
            f"{path} lies inside the vault {around}.", "Restore into a folder outside of it."
        )


def _put_into_place(place: Berth, made: Vault, commit: str) -> None:
    """Write the files and move the vault; or the other way round, where it is made inside."""
    if not place.is_inside:
        clone.write_files(made.repo, commit)
        berth.land(place)
        return
    berth.land(place)
    clone.write_files(repo.open_repo(place.target), commit)


def _warnings(restored: Vault, name: str, source: Source) -> Iterator[str]:
    """What the user should know of the remote that the vault has now."""
    if source.had_login:
        yield (
            "The user name or password in the address was used, but not stored: let a credential "
            "helper of git have it (git help credentials), or pushes will not be let in."
        )
    places = destinations.of(restored.repo, [name])
    against = offsite.objections(restored, places).get(name)
    if against is not None and against.state == "refused":
        yield (
            f"{against.reason} Make it private: until then nothing is pushed to {name}, and what "
            "is there stays open."
        )
    elif against is not None:
        yield f"Nothing is pushed to {name} until that is known. {against.reason}"
    path = local.folder(source.url)
    if path is not None and (path / ".git").exists():
        yield (
            f"{name} has a work tree, to which git does not push. Copies go to a bare repository: "
            "li-vault remote add NAME PATH --create"
        )
