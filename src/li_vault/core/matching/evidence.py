"""What agrees between a row and a contact, and the keys made of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from li_vault.core import fields, search, text
from li_vault.core.model import Contact, Person

_TITLES = "phd mba md msc bsc ma ba dr prof eng ing mr mrs ms jr sr ii iii cpa pmp csm llm esq"
_PARTICLES = "al bin da das de del della den der di do dos du e el ibn la le van von y zu"
_A_DAY = timedelta(1)
_CUT = fields.CUT  # what is longer was cut off in some lists, and not in others
_TITLE_WORDS = frozenset(_TITLES.split())
_PARTICLE_WORDS = frozenset(_PARTICLES.split())
_NO_NAME = _TITLE_WORDS | _PARTICLE_WORDS
"""Words that many names share, and that make no two names partly equal."""


def profile_slugs(person: Person) -> Iterable[Hashable]:
    """The profile's slug."""
    slug = text.profile_slug(person.url)
    return (slug,) if slug else ()


def former_slugs(contact: Contact) -> Iterable[Hashable]:
    """The slugs that the profile had before."""
    return {slug for slug in map(text.profile_slug, contact.former_urls) if slug}


def name_keys(person: Person) -> set[str]:
    """The keys of a name: the one in full, and first with last name."""
    if not person.full_name:
        return {text.name_key(person.name)} if person.name else set()
    bare = person._replace(full_name="").name
    return {text.name_key(name) for name in (person.full_name, bare) if name}


def name_and_date(person: Person) -> Iterable[Hashable]:
    """Name with the date of the connection."""
    return (
        [(name, person.connected_on) for name in name_keys(person)] if person.connected_on else ()
    )


def name_and_near_date(person: Person) -> Iterable[Hashable]:
    """Name with the date, the day before and the day after."""
    if not person.connected_on:
        return ()
    days = _near(person.connected_on)
    return [(name, day) for name in name_keys(person) for day in days]


@lru_cache(4096)
def _near(day: str) -> tuple[str, str, str]:
    """The ISO days before, at and after an ISO day; those at the end of time stand for others."""
    there = date.fromisoformat(day)
    first, last = max(there, date(1, 1, 2)), min(there, date(9999, 12, 30))
    return (first - _A_DAY).isoformat(), day, (last + _A_DAY).isoformat()


def emails(person: Person) -> Iterable[Hashable]:
    """Addresses, in lower case."""
    return {email.lower() for email in person.emails}


def known_emails(contact: Contact) -> Iterable[Hashable]:
    """The addresses that the exports say and those on the card."""
    emails = (*contact.person.emails, *search.all_emails(contact))
    return {email.lower() for email in emails}


def date_and_work(person: Person) -> Iterable[Hashable]:
    """The date with the company, and the date with the position."""
    if not person.connected_on:
        return ()
    return [(person.connected_on, *work) for work in _work(person)]


def near_date_and_work(person: Person) -> Iterable[Hashable]:
    """As `date_and_work`, for the day before and the day after too."""
    if not person.connected_on:
        return ()
    return [(day, *work) for work in _work(person) for day in _near(person.connected_on)]


def date_and_words(person: Person) -> Iterable[Hashable]:
    """The date with each word of the name that is neither initial, title nor particle."""
    return [(person.connected_on, word) for word in _words(person)] if person.connected_on else ()


def near_date_and_words(person: Person) -> Iterable[Hashable]:
    """As `date_and_words`, for the day before and the day after too."""
    if not person.connected_on:
        return ()
    words, days = _words(person), _near(person.connected_on)
    return [(day, word) for word in words for day in days]


def contact_values(
    of: Callable[[Person], Iterable[Hashable]],
) -> Callable[[Contact], Iterable[Hashable]]:
    """The same values for a contact, of what the exports say."""
    return lambda contact: of(contact.person)


def same_name(row: Person, contact: Contact) -> bool:
    """Whether the row has the name that the exports say or that the card shows."""
    return not name_keys(row).isdisjoint(name_keys(contact.person) | name_keys(contact.shown))


def same_date(row: Person, contact: Contact) -> bool:
    """Whether both tell the date, and the same."""
    return bool(row.connected_on) and row.connected_on == contact.person.connected_on


def near_date(row: Person, contact: Contact) -> bool:
    """Whether both tell the date, and at most one day lies between."""
    known = contact.person.connected_on
    return bool(row.connected_on and known) and known in _near(row.connected_on)


def name_and_date_agree(row: Person, contact: Contact) -> bool:
    """Whether both name and date agree."""
    return same_date(row, contact) and same_name(row, contact)


def name_and_near_date_agree(row: Person, contact: Contact) -> bool:
    """Whether the name agrees, and the date but for a day."""
    return near_date(row, contact) and same_name(row, contact)


def name_or_date_agrees(row: Person, contact: Contact) -> bool:
    """Whether name or date agrees."""
    return same_date(row, contact) or same_name(row, contact)


def name_or_near_date_agrees(row: Person, contact: Contact) -> bool:
    """Whether the name agrees, or the date but for a day."""
    return near_date(row, contact) or same_name(row, contact)


def nothing_disagrees(row: Person, contact: Contact) -> bool:
    """As `name_or_date_agrees`; one that has neither, or no name, can't disagree."""
    return _untold(row, contact) or name_or_date_agrees(row, contact)


def nothing_disagrees_but_for_a_day(row: Person, contact: Contact) -> bool:
    """As `nothing_disagrees`, where days can be off by one."""
    return _untold(row, contact) or name_or_near_date_agrees(row, contact)


def _untold(row: Person, contact: Contact) -> bool:
    return not (row.name or row.connected_on) or not contact.person.name


def partly_same_name(row: Person, contact: Contact) -> bool:
    """Whether the names share a word that is neither initial, title nor particle."""
    return not _words(row).isdisjoint(_words(contact.person))


def has_left_without_address(_row: Person, contact: Contact) -> bool:
    """Whether no list that had addresses and exact days has told of this former contact."""
    return contact.is_former and not contact.person.url


def same_but_for_additions(row: Person, contact: Contact) -> bool:
    """As `is_name_with_additions`, unless each has a profile, which then contradict."""
    if text.profile_slug(row.url) and text.profile_slug(contact.person.url):
        return False
    return is_name_with_additions(row, contact)


def is_name_with_additions(row: Person, contact: Contact) -> bool:
    """Whether one name is the other with something added.

    Added can be a title, credentials, a second surname, a middle initial; or a word is given by
    its initial alone. At least two words have to agree, one of them in full.
    """
    ours = [_in_order(name) for name in name_keys(row)]
    theirs = [_in_order(name) for name in name_keys(contact.person) | name_keys(contact.shown)]
    return any(_contains(*sorted((a, b), key=len)) for a in ours for b in theirs)


def _in_order(name: str) -> list[str]:
    """The words of a name's key without titles; names first, so that initials take what is left."""
    words = [word for word in name.split() if word not in _TITLE_WORDS]
    return sorted(words, key=len, reverse=True)


def _contains(few: list[str], many: list[str]) -> bool:
    """Whether each of the few words is one of the many, each of which counts once."""
    left, whole = list(many), 0
    for word in few:
        if word in left and (len(word) > 1 or not word.isascii()):
            left.remove(word)
            whole += 1
            continue
        like = next((other for other in left if _is_initial(word, other)), None)
        if like is None:
            return False
        left.remove(like)
    return len(few) > 1 and whole > 0


def _is_initial(word: str, other: str) -> bool:
    return 1 in (len(word), len(other)) and word[:1] == other[:1]


def one_has_name_only(row: Person, contact: Contact) -> bool:
    """Whether one of the two comes from a list that knew neither date nor address."""
    known = contact.person
    return not (row.url or row.connected_on) or not (known.url or known.connected_on)


def name_is_enough(row: Person, contact: Contact) -> bool:
    """As `one_has_name_only`; of someone who left, what else the row tells must not be new as well.

    People change their work while they are listed; a name that comes up again after somebody left,
    with other work and another address, is as likely a namesake's.
    """
    if not one_has_name_only(row, contact):
        return False
    if not contact.is_former:
        return True
    ours = _told(row)
    return not ours or not ours.isdisjoint(_told(contact.person))


def more_agrees(row: Person, contact: Contact) -> bool:
    """Whether company, position or an e-mail address is the same."""
    return not _told(row).isdisjoint(_told(contact.person))


def name_but_for_additions_is_enough(row: Person, contact: Contact) -> bool:
    """Whether one comes from a list of names, and the name had something added at most."""
    return one_has_name_only(row, contact) and same_but_for_additions(row, contact)


def email_is_enough(row: Person, contact: Contact) -> bool:
    """Whether one comes from a list of names, and the names fit someone of that e-mail address."""
    if not one_has_name_only(row, contact):
        return False
    if same_but_for_additions(row, contact):
        return True
    shared = _work(row) & _work(contact.person)
    return bool(shared) and partly_same_name(row, contact)


def words_with_more(person: Person) -> Iterable[Hashable]:
    """Each word of the name with the company, with the position and with each e-mail address."""
    told = _told(person)
    return [(word, *one) for word in _words(person) for one in told]


def _told(person: Person) -> set[tuple[str, str]]:
    """What a list of names tells beside the name: work and e-mail."""
    return _work(person) | {("email", email.lower()) for email in person.emails}


def _work(person: Person) -> set[tuple[str, str]]:
    work = (("company", person.company), ("position", person.position))
    return {(what, text.name_key(value[:_CUT])) for what, value in work if value}


def _words(person: Person) -> set[str]:
    words = {word for name in name_keys(person) for word in name.split()} - _NO_NAME
    # A particle is a name where it is the whole first name: Van, Al, El.
    first = text.name_key(person.first_name) if person.first_name else ""
    if first in _PARTICLE_WORDS:
        words.add(first)
    return {word for word in words if len(word) > 1 or not word.isascii()}


Values = Callable[[Person], Iterable[Hashable]]
Agreement = Callable[[Person, Contact], bool]


class Key(NamedTuple):
    """A named key.

    Attributes:
        words: What a row has that shares the key with someone known, for doubts.
        of_row: The values by which a person is looked up; several are alternatives.
        among_all: Whether the key must be unique among everyone, matched ones included.
        of_a_day: Whether everyone who can share it has the same date, or nearly.
        suspects: What must hold for a doubt at least, if not the same.
        wary: Whether someone who left must have more in common with the row than this key, if
            anyone else, matched or not, has the same name and date.
    """

    words: str
    of_row: Values
    of_contact: Callable[[Contact], Iterable[Hashable]]
    agrees: Agreement
    among_all: bool = False
    of_a_day: bool = False
    suspects: Agreement | None = None
    wary: bool = False


def _anything(_row: Person, _contact: Contact) -> bool:
    return True


_SLUG, _NAME_AND_DATE = (
    contact_values(profile_slugs),
    contact_values(name_and_date),
)


def _keys(*, near: bool) -> tuple[Key, ...]:
    agreed = name_or_near_date_agrees if near else name_or_date_agrees
    work = near_date_and_work if near else date_and_work
    words = near_date_and_words if near else date_and_words
    nearly = "nearly " if near else ""
    return (
        Key(
            "has the profile of",
            profile_slugs,
            _SLUG,
            name_and_near_date_agree if near else name_and_date_agree,
        ),
        Key(
            "has the profile of",
            profile_slugs,
            _SLUG,
            nothing_disagrees_but_for_a_day if near else nothing_disagrees,
            suspects=_anything,
        ),
        Key(
            f"has the name and {nearly}the date of",
            name_and_near_date if near else name_and_date,
            _NAME_AND_DATE,
            _anything,
            wary=True,
        ),
        Key(
            "has a former profile of",
            profile_slugs,
            former_slugs,
            agreed,
            suspects=_anything,
        ),
        Key(
            "has the e-mail of",
            emails,
            known_emails,
            lambda row, contact: agreed(row, contact) or email_is_enough(row, contact),
            suspects=_anything,
        ),
        Key(
            f"has {nearly}the date, the work and part of the name of",
            work,
            contact_values(date_and_work),
            partly_same_name,
        ),
        # The second key once more, for names to which something was added or from which it went.
        Key(
            f"has the name, but for additions, and {nearly}the date of",
            words,
            contact_values(date_and_words),
            same_but_for_additions,
            among_all=True,
            of_a_day=True,
        ),
        Key(
            "has the name of",
            name_keys,
            contact_values(name_keys),
            name_is_enough,
            among_all=True,
            suspects=one_has_name_only,
        ),
        Key(
            "has the name, but for additions, and the work of",
            words_with_more,
            contact_values(words_with_more),
            name_but_for_additions_is_enough,
            among_all=True,
        ),
    )


KEYS = _keys(near=False)
"""Strongest first."""

NEAR_KEYS = _keys(near=True)
"""The same, where the days of two lists in succession can be off by one."""

_LONG_GONE = Key(
    "has the name and nearly the date of",
    name_and_near_date,
    _NAME_AND_DATE,
    has_left_without_address,
    wary=True,
)
_AFTER_TIMES = (*KEYS[:3], _LONG_GONE, *KEYS[3:])


def key_rounds(*, near_days: bool, once_near: bool) -> tuple[Key, ...]:
    """The keys, strongest first; `once_near`: of those who left, days can be off by one."""
    if near_days:
        return NEAR_KEYS
    return _AFTER_TIMES if once_near else KEYS
