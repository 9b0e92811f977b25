"""The one person whom words mean; by file name or UID without everyone else's card being read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from li_vault.core import cards, finding
from li_vault.core.layout import FOLDERS
from li_vault.core.model import Contact
from li_vault.errors import BadUsage, BadVault, NotFound
from li_vault.store import history
from li_vault.store.repo import Repo

_UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ENOUGH = 4  # digits of a UID
_LISTED = 20


def one_of(everyone: Iterable[Contact], words: str) -> Contact:
    """The one of these people whom the words mean.

    Raises:
        NotFound: Nobody is meant.
        BadUsage: Several people are meant; they are listed.
    """
    found = finding.named(everyone, words)
    if not found:
        raise NotFound(f"Nobody is {words!r} here.", "li-vault find lists everyone.")
    return only_one(found, words)


def only_one(people: Sequence[Contact], words: str) -> Contact:
    """The one of those whom the words mean.

    Raises:
        BadUsage: They are several; they are listed.
    """
    if len(people) > 1:
        found = finding.ordered(people)
        listed = [f"  {contact.uid[:8]}  {contact.shown.name}" for contact in found[:_LISTED]]
        if len(found) > _LISTED:
            listed.append(f"  … and {len(found) - _LISTED} more")
        raise BadUsage(
            "\n".join([f"{len(found)} people are {words!r}:", *listed]),
            "Name one by the first digits of the UID, by slug or by file name.",
        )
    return people[0]


def named_card(repo: Repo, start: str, words: str) -> Contact | None:
    """The contact of a card at a commit, if the words are its file name or its whole UID.

    None if they are anything else, if there is no such card or it can't be read: who is meant is
    then for `finding.named` to say.
    """
    lower = words.strip().lower()
    file = words.strip().rpartition("/")[2]
    if lower.endswith(".vcf"):
        found = history.entries(repo, start, [f"{folder}/{file}" for folder in FOLDERS])
    elif _UID.fullmatch(lower):
        digits = f"-{lower[:8]}"  # a file is called by the name and at least so many digits
        everyone = history.files(repo, start, FOLDERS)
        found = {path: ident for path, ident in everyone.items() if digits in path}
    else:
        return None
    for path, data in zip(found, history.read(repo, found.values()), strict=True):
        with suppress(cards.BrokenCard):
            contact = cards.read(data, path).contact
            if contact.file == file or contact.uid.lower() == lower:
                return contact
    return None


def refuse_broken(broken: Mapping[str, str], words: str) -> None:
    """Refuse to say of a file that nobody is there, where only its card can't be read.

    Raises:
        BadVault: The words are the file name of one of the broken cards, by path, or the first
            digits of the UID that it is called by.
    """
    name = words.strip().lower().rpartition("/")[2]
    for path, why in broken.items():
        digits = path.lower().rpartition("-")[2].removesuffix(".vcf")
        is_meant = len(name) >= _ENOUGH and digits.startswith(name[: len(digits)])
        if is_meant or path.lower().endswith((f"/{name}", f"/{name}.vcf")):
            raise BadVault(
                f"{path} is no valid card: {why}.", "Mend the file; git log shows what it was."
            )
