"""People, contacts and rosters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

CONTACTS = "contacts"
"""The folder of everyone in the newest full list."""

FORMER = "former"
"""The folder of everyone who is no longer in it."""


_IN_FORMER = f"{FORMER}/"


Progress = Callable[[str, int, int], None]
"""Told of long work: what is being done, how much is done, how much there is (0: unknown)."""


class Listener(NamedTuple):
    """Who hears of long work, and that another writer has to be waited for."""

    progress: Progress = lambda *_: None
    waiting: Callable[[], None] | None = None


SILENT = Listener()


class Person(NamedTuple):
    """The facts about one person, as one source states them.

    `full_name` is empty unless a source states a display name other than "first last".
    `url` is the profile's address as it came. `extra` holds every column that has no field of
    its own, as sorted `(column, value)` pairs without empty values.
    """

    first_name: str = ""
    last_name: str = ""
    url: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    company: str = ""
    position: str = ""
    connected_on: str = ""
    full_name: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The name to show: the stated one, else first and last name."""
        return self.full_name or " ".join(filter(None, (self.first_name, self.last_name)))


class Row(NamedTuple):
    """A data row of a list that names a person; `number` counts data rows from 1, as they stand."""

    number: int
    person: Person


FIELDS = frozenset(Person._fields) - {"extra"}
"""The names of a person's own fields; everything else is a column of `extra`."""


class Alias(NamedTuple):
    """What a contact was called while it was taken for two: a UID and a file name of its own."""

    uid: str
    file: str


class Contact(NamedTuple):
    """A person in the vault: who it is, where the card lies, and what it says.

    Attributes:
        uid: The person's UUID, given at first sight and kept for good.
        path: The card's path in the vault, `contacts/NAME.vcf` or `former/NAME.vcf`.
        shown: What the card says: the same, but for what the user corrected.
        former_urls: Addresses that the profile had before, oldest first.
        own: What the user added: unfolded vCard content lines, in their order.
        same_as: Contacts that `same` took in, oldest first: `UID FILE` each.
    """

    uid: str
    path: str
    person: Person
    shown: Person
    former_urls: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()

    @property
    def aliases(self) -> tuple[Alias, ...]:
        """The contacts that `same` took in; their UIDs and files are nobody else's."""
        return tuple(Alias(*entry.partition(" ")[::2]) for entry in self.same_as)

    @property
    def folder(self) -> str:
        """`contacts` or `former`."""
        return self.path.partition("/")[0]

    @property
    def file(self) -> str:
        """The card's file name, the same in both folders."""
        return self.path.partition("/")[2]

    @property
    def is_former(self) -> bool:
        """Whether the person is no longer in the newest full list."""
        return self.path.startswith(_IN_FORMER)


@dataclass(frozen=True)
class Roster:
    """Everyone in a vault at one commit, by UID.

    `crooked` names the UIDs whose card is not the canonical bytes of its contact (someone else
    wrote it); the next snapshot straightens those. `broken` are the cards that can't be read: path
    -> why.
    """

    contacts: Mapping[str, Contact]
    crooked: frozenset[str] = frozenset()
    broken: Mapping[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Contact]:
        return iter(self.contacts.values())

    def __len__(self) -> int:
        return len(self.contacts)

    @cached_property
    def present(self) -> Sequence[Contact]:
        """The contacts of `contacts/`."""
        return [c for c in self if not c.path.startswith(_IN_FORMER)]

    @cached_property
    def former(self) -> Sequence[Contact]:
        """The contacts of `former/`."""
        return [c for c in self if c.path.startswith(_IN_FORMER)]

    @classmethod
    def of(cls, contacts: Iterable[Contact]) -> Roster:
        """A roster of canonical contacts."""
        return cls({c.uid: c for c in contacts})


class Coverage(NamedTuple):
    """What a list can speak of: an empty value means "none" only in a field that is covered."""

    fields: frozenset[str]
    columns: frozenset[str] = frozenset()
