"""Whom words mean on some day, though they were found out later, or are forgotten since.

Who is asked for by today's name or address is looked up today and shown as of the day; who is
asked for by a name that nobody has any more is the one who had it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from li_vault.core import layout, lines, text
from li_vault.core.model import Contact, Roster
from li_vault.errors import BadVault, GitFailed, LiVaultError, NotFound
from li_vault.store import history
from li_vault.vault import biography, events
from li_vault.vault.lookup import only_one, refuse_broken
from li_vault.vault.opened import Vault

_NAME = re.compile(rb"^FN(?:;[^:\r\n]*)?:(.*(?:\r?\n[ \t].*)*)", re.MULTILINE | re.IGNORECASE)
_FOLD = re.compile(rb"\r?\n[ \t]")


def person(vault: Vault, words: str) -> Contact:
    """The one person whom the words mean, by what is known now or, else, by a former name.

    Raises:
        NotFound: Nobody is meant.
        BadUsage: Several people are meant; they are listed.
        BadVault: The card that is meant is broken.
    """
    try:
        return vault.person(words)
    except NotFound as error:
        return _formerly(vault, words, error)


def person_at(vault: Vault, words: str, start: str, day: str) -> Contact:
    """The one person whom the words mean, as the card was at a commit.

    First among those of that commit; if the words fit nobody there, among those of now.

    Args:
        vault: The vault.
        words: Who is meant.
        start: The id of the commit.
        day: What the commit is called, for the words of an error.

    Raises:
        NotFound: Nobody is meant, or the one who is was not there.
        BadUsage: Several people are meant; they are listed.
        BadVault: The card that is meant is broken.
    """
    try:
        return vault.person(words, start)
    except NotFound:
        then, broken = vault.roster(start), dict(vault.broken)
        now = person(vault, words)
    refuse_broken(broken, now.file)
    found = _by_uid(then, now)
    if found is not None:
        return found
    steps = biography.of(vault, now)
    ids = {one.id for one in vault.commits(start)}
    last = next((step for step in steps if step.commit.id in ids), None)
    if last is not None and last.after is not None:
        return last.after  # on the card of whom `apart` has told this one from since
    name = now.shown.name or now.file
    first = "".join(f"; first seen on {one.taken_on}" for one in list(events.of(steps))[-1:])
    raise NotFound(
        f"{name} was not there as of {day}{first}.",
        f"li-vault log {now.file} tells what happened when.",
    )


def _by_uid(then: Roster, now: Contact) -> Contact | None:
    """Someone at another time, as one of those whom `same` made one since."""
    uids = (now.uid, *(alias.uid for alias in now.aliases))
    return next((then.contacts[uid] for uid in uids if uid in then.contacts), None)


def _formerly(vault: Vault, words: str, error: LiVaultError) -> Contact:
    """The one who was once called so; whole words count, the full name before a part of one.

    Raises:
        LiVaultError: `error`, if nobody was, or the history lacks something and can't tell.
        BadUsage: Several people were; they are listed.
    """
    key = text.key(words)
    asked, start = set(key.split()), vault.tip()
    if not asked or start is None:
        raise error
    whole: set[str] = set()
    part: set[str] = set()
    try:
        for file, name in _former_names(vault, start):
            if name == key:
                whole.add(file)
            elif asked <= set(name.split()):
                part.add(file)
    except (BadVault, GitFailed) as lacking:
        raise error from lacking
    for files in (whole, part):
        found = [
            contact
            for contact in vault.roster()
            if contact.file in files or any(alias.file in files for alias in contact.aliases)
        ]
        if found:
            return only_one(found, words)
    raise error


def _former_names(vault: Vault, start: str) -> Iterator[tuple[str, str]]:
    """Each file name with the key of a name that its card had before a change.

    Only cards that were changed are read, and of those only the name: a second or two for ten
    years of 30,000 people.
    """
    changed = dict.fromkeys(
        (change.path.partition("/")[2], change.before)
        for touch in history.touching(vault.repo, start, layout.FOLDERS)
        for change in touch.changes
        if change.before and layout.is_card(change.path)
    )
    cards = history.read(vault.repo, [ident for _, ident in changed])
    for (file, _), card in zip(changed, cards, strict=True):
        found = _NAME.search(card)
        if found:
            name = _FOLD.sub(b"", found[1]).decode("utf-8", "replace").rstrip("\r")
            yield file, text.key(lines.unescape(name))
