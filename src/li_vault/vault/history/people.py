"""From CONTACT and DATE to a person: `show`, `find`, `log CONTACT`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from li_vault.core import compare, content_lines, search, snapshot, text, vault_layout
from li_vault.core.best_known import AllValues, BestKnown, all_values
from li_vault.core.card import BrokenCard, read_card
from li_vault.core.model import Contact, Roster
from li_vault.core.vault_layout import FOLDERS
from li_vault.errors import BadUsage, BadVault, GitFailed, LiVaultError, NotFound
from li_vault.store import history
from li_vault.store.repo import Repo
from li_vault.vault.history import log
from li_vault.vault.history.log import Event
from li_vault.vault.vault import Vault


class ContactLife(NamedTuple):
    """What happened to one person, newest first, and all that was ever known of them."""

    contact: Contact
    events: tuple[Event, ...]
    known: AllValues


def contact_life(vault: Vault, words: str) -> ContactLife:
    """What happened to the person that the words mean.

    Whoever `same` took in is the same person, so the history of that card belongs to it, too; and
    what happened to a card while it was taken for two belongs to the one whose facts it showed.

    Raises:
        NotFound: Nobody is meant.
        BadUsage: Several people are meant; they are listed.
    """
    vault.tidy()
    contact = find_person(vault, words)
    steps = log.contact_history(vault, contact)
    start = vault.tip() or ""
    sights = log.card_states(steps, log.snapshot_days(vault, start))
    return ContactLife(contact, tuple(log.events_of(steps)), all_values(sights, contact))


_UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ENOUGH = 4  # digits of a UID
_LISTED = 20


def resolve_one(everyone: Iterable[Contact], words: str) -> Contact:
    """The one of these people whom the words mean.

    Raises:
        NotFound: Nobody is meant.
        BadUsage: Several people are meant; they are listed.
    """
    found = search.resolve_contacts(everyone, words)
    if not found:
        raise NotFound(f"No contact matches {words!r}.", "li-vault find lists everyone.")
    return require_one(found, words)


def require_one(people: Sequence[Contact], words: str) -> Contact:
    """The one of those whom the words mean.

    Raises:
        BadUsage: They are several; they are listed.
    """
    if len(people) > 1:
        found = search.order_by_name(people)
        listed = [f"  {contact.uid[:8]}  {contact.shown.name}" for contact in found[:_LISTED]]
        if len(found) > _LISTED:
            listed.append(f"  … and {len(found) - _LISTED} more")
        raise BadUsage(
            "\n".join([f"{len(found)} contacts match {words!r}:", *listed]),
            "Name one by the first digits of the UID, by slug or by file name.",
        )
    return people[0]


def named_card(repo: Repo, start: str, words: str) -> Contact | None:
    """The contact of a card at a commit, if the words are its file name or its whole UID.

    None if they are anything else, if there is no such card or it can't be read: who is meant is
    then for `search.resolve_contacts` to say.
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
    for path, data in zip(found, history.read_objects(repo, found.values()), strict=True):
        with suppress(BrokenCard):
            contact = read_card(data, path).contact
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


_NAME = re.compile(rb"^FN(?:;[^:\r\n]*)?:(.*(?:\r?\n[ \t].*)*)", re.MULTILINE | re.IGNORECASE)
_FOLD = re.compile(rb"\r?\n[ \t]")


def _find_card(vault: Vault, words: str, start: str | None) -> Contact:
    """The one person whom the words mean, by the cards of a commit; None is before the first."""
    found = named_card(vault.repo, start, words) if start else None
    if found is not None:
        return found
    roster = vault.roster(start)
    try:
        return resolve_one(roster, words)
    except NotFound as error:
        refuse_broken(roster.broken, words)
        if roster.broken:
            many = "A card" if len(roster.broken) == 1 else f"{len(roster.broken)} cards"
            error.hint = f"{many} can't be read, and could be meant: see li-vault doctor."
        raise


def find_person(vault: Vault, words: str) -> Contact:
    """The one person whom the words mean, by what is known now or, else, by a former name.

    Raises:
        NotFound: Nobody is meant.
        BadUsage: Several people are meant; they are listed.
        BadVault: The card that is meant is broken.
    """
    try:
        return _find_card(vault, words, vault.tip())
    except NotFound as error:
        return _formerly(vault, words, error)


def find_person_at(vault: Vault, words: str, start: str, day: str) -> Contact:
    """The one person whom the words mean, as the card was at a commit.

    First among those of that commit; if the words fit nobody there, among those of now.

    Raises:
        NotFound: Nobody is meant, or the one who is was not there.
        BadUsage: Several people are meant; they are listed.
        BadVault: The card that is meant is broken.
    """
    try:
        return _find_card(vault, words, start)
    except NotFound:
        then, now = vault.roster(start), find_person(vault, words)
    refuse_broken(then.broken, now.file)
    found = _by_uid(then, now)
    if found is not None:
        return found
    steps = log.contact_history(vault, now)
    ids = {one.id for one in vault.commits(start)}
    last = next((step for step in steps if step.commit.id in ids), None)
    if last is not None and last.after is not None:
        return last.after  # on the card of whom `apart` has told this one from since
    name = now.shown.name or now.file
    first = "".join(f"; first seen on {one.taken_on}" for one in list(log.events_of(steps))[-1:])
    raise NotFound(
        f"{name} was not there as of {day}{first}.",
        f"li-vault log {now.file} tells what happened when.",
    )


def _by_uid(then: Roster, now: Contact) -> Contact | None:
    """Someone at another time, as one of those whom `same` made one since."""
    uids = (now.uid, *(alias.uid for alias in now.aliases))
    return next((then.contacts[uid] for uid in uids if uid in then.contacts), None)


def _formerly(vault: Vault, words: str, error: LiVaultError) -> Contact:
    """The one who was once called so; whole words count, the full name before a part of one."""
    key = text.name_key(words)
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
            return require_one(found, words)
    raise error


def _former_names(vault: Vault, start: str) -> Iterator[tuple[str, str]]:
    """Each file name with the key of a name that its card had before a change.

    Only cards that were changed are read, and of those only the name: a second or two for ten
    years of 30,000 people.
    """
    changed = dict.fromkeys(
        (change.path.partition("/")[2], change.before)
        for touch in history.touching(vault.repo, start, vault_layout.FOLDERS)
        for change in touch.changes
        if change.before and vault_layout.is_card(change.path)
    )
    cards = history.read_objects(vault.repo, [ident for _, ident in changed])
    for (file, _), card in zip(changed, cards, strict=True):
        found = _NAME.search(card)
        if found:
            name = _FOLD.sub(b"", found[1]).decode("utf-8", "replace").rstrip("\r")
            yield file, text.name_key(content_lines.unescape(name))


class FindResult(NamedTuple):
    """Who was found, by name; `broken` cards could not be searched."""

    people: tuple[Contact, ...]
    broken: dict[str, str]


def find_people(
    vault: Vault,
    words: Sequence[str],
    at: str | None,
    today: date,
    *,
    former: bool,
    changed_since: str | None = None,
) -> FindResult:
    """Find people in `contacts/`, or in `former/`; without words, everyone there.

    Raises:
        NotFound: There is no such day or revision.
        BadUsage: The words can't be understood, a day is none, or `changed_since` is after `at`.
    """
    try:
        parts = search.parse_query(words)
    except search.BadQuery as error:
        raise BadUsage(str(error), error.hint) from error
    vault.tidy()
    start = vault.commit_of(at, today) if at is not None else vault.tip()
    roster = vault.roster(start)
    people = roster.former if former else roster.present
    if changed_since is not None:
        before = _start_of(vault, changed_since, today)
        if before and at is not None and before != start and _is_later(vault, before, start):
            raise BadUsage(
                f"{changed_since!r} is later than {at!r}: who changed since then and until then?",
                "Name the earlier day with --changed-since, the later one with --at.",
            )
        people = _changed(vault, people, before, start) if start else people
    found = search.order_by_name(search.filter_by_query(people, parts))
    return FindResult(tuple(found), dict(roster.broken))


def _start_of(vault: Vault, since: str, today: date) -> str | None:
    """The commit as of a day; None if the vault is younger."""
    try:
        return vault.commit_of(since, today)
    except NotFound:
        if snapshot.parse_date(since, today) is None:
            raise
        return None


def _is_later(vault: Vault, one: str, other: str | None) -> bool:
    return other in {commit.id for commit in vault.commits(one)}


def _changed(
    vault: Vault, people: Iterable[Contact], before: str | None, after: str
) -> list[Contact]:
    """Who differs from before: other facts, another folder, or not there at all."""
    if before is None:
        return list(people)
    changes = history.changed(vault.repo, before, after, vault_layout.FOLDERS)
    changed = {change.path.partition("/")[2] for change in changes}
    old = vault.read_cards({c.path: c.before for c in changes if c.before})
    was = {contact.uid: contact for contact in old.values()}
    return [
        contact
        for contact in people
        if contact.file in changed and _differs(was.get(contact.uid), contact)
    ]


def _differs(before: Contact | None, now: Contact) -> bool:
    return (
        before is None
        or before.folder != now.folder
        or before.own != now.own
        or bool(
            compare.contact_changes(search.effective_person(before), search.effective_person(now))
        )
    )


class ShowResult(NamedTuple):
    """One person at a commit; `taken_on` is the day of the newest snapshot up to there.

    `best` is what the history knows best of this person, if that was asked.
    """

    contact: Contact
    commit: str | None
    taken_on: str | None
    best: BestKnown | None = None


def show_person(
    vault: Vault, words: str, at: str | None, today: date, *, best_known: bool = False
) -> ShowResult:
    """Show the person that the words mean; with what the history knows best, if that is wanted.

    Raises:
        NotFound: Nobody is meant, who is was not there then, or there is no such day or revision.
        BadUsage: Several people are meant; they are listed.
    """
    vault.tidy()
    start = vault.commit_of(at, today) if at is not None else vault.tip()
    if at is None or start is None:
        contact = find_person(vault, words)
    else:
        contact = find_person_at(vault, words, start, at)
    snapshots = vault.snapshots(start)
    taken_on = snapshots[0].record.taken_on if snapshots else None
    if not best_known or start is None:
        return ShowResult(contact, start, taken_on)
    return ShowResult(contact, start, taken_on, log.best_known_of_contact(vault, contact, start))
