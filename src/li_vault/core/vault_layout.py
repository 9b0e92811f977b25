"""Where files lie in a vault, and what its tree may hold."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, Protocol

from li_vault.core import card
from li_vault.core.model import CONTACTS, FORMER, Contact, Roster

FORMAT: Final = 1
"""Version of the vault format that this program writes and reads."""

MARKER: Final = "vault.toml"
EXPORTS: Final = "exports"
FOLDERS: Final = (CONTACTS, FORMER)
"""The folders that hold cards."""

_MARKS = "# Marks this folder as a vault of LinkedIn contacts; README.md tells more."
_ATTRIBUTES = b"* -text\n*.vcf whitespace=cr-at-eol\n"

_README = """\
# A vault of LinkedIn contacts

Every contact is one vCard file (RFC 2426, UTF-8). Every export from LinkedIn is one git commit.
git and a text editor are all that it takes to read this folder and to bring it back.

| place | what it holds |
|---|---|
| `contacts/` | everyone in the newest full list, one file each |
| `former/` | everyone who is no longer in it: the same files, moved, byte for byte |
| `exports/` | the original bytes of the export that was read last |
| `vault.toml` | the version of this format |

A file keeps its name for good, in both folders. Lines that begin with `X-LI-` are columns of the
export that vCard has no word for. `X-LI-EXPORT-…` is the export's own value beside one that was
corrected by hand.

## Read it with git alone

These commands work as written, in this folder:

```sh
git log --stat --max-count=12 main                      # the snapshots, newest first
git log --since=2024-01-01 --format='%as %s' main       # a commit's date is the day of its export
git ls-tree --name-only main contacts/ | head           # who is in it
git grep -i -l 'engineer' main -- '*.vcf' || true        # whose card says so
git log --stat --find-renames --max-count=1 main        # what the last snapshot changed
```

A card is named by its file, in whichever folder it is; the recipes below begin with

```sh
file=$(git ls-tree --name-only main contacts/ | head -n 1)
file=${file##*/}
```

What happened to a person, newest first: each change as the lines that went and came, moves to
`former/` and back as they are:

```sh
git log --patch --find-renames --format='%n%as %s' main -- "*/$file"
```

What the card said on a day:

```sh
git show "$(git rev-list --max-count=1 --before='2099-12-31 23:59 +0000' main):contacts/$file"
```

Since when each line stands on it:

```sh
git blame -s --date=short main -- "contacts/$file"
```

Who changed from the first snapshot to now, and how:

```sh
first=$(git rev-list --max-parents=0 main | head -n 1)
git diff --stat --find-renames "$first" main -- contacts/ former/
git diff --unified=0 "$first" main -- "*/$file"
```

Who left, or came back, and when: files that moved and did not change:

```sh
git log --find-renames=100% --diff-filter=R --name-status --format='%n%as' main -- contacts/ former/
```

## Bring it back

A copy of everything, from here or (with its address instead of the dot) from any remote:

```sh
git clone -b main . ../vault-copy
```

One old state, into a folder of its own:

```sh
mkdir ../vault-then && git archive main | tar -x -C ../vault-then
```

Cards that were deleted or spoilt in the work tree:

```sh
git restore --source=main -- '*.vcf'
```

Any address book takes the files of `contacts/`; this makes one file of them all:

```sh
cat contacts/*.vcf > ../all-contacts.vcf
```

## Change it

Add to a card what you like (a note, a phone, a category): it stays. Do not change its `UID`, and
do not rename or delete the file. Changes are committed with the next snapshot, or by you with
`git commit`.
"""


class Marker(NamedTuple):
    """What `vault.toml` says."""

    version: int
    owner: str = ""


def marker_bytes(owner: str = "") -> bytes:
    """The bytes of `vault.toml`."""
    said = [_MARKS, f"format = {FORMAT}"]
    if owner:
        said.append(f"owner = {_toml_text(owner)}")
    return "\n".join([*said, ""]).encode()


def read_marker(data: bytes) -> Marker:
    """What these bytes of `vault.toml` say.

    Raises:
        ValueError: They are no marker of a vault; the text says why.
    """
    try:
        found = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"it is not TOML: {error}"
        raise ValueError(msg) from error
    version, owner = found.get("format"), found.get("owner", "")
    if not isinstance(version, int) or isinstance(version, bool) or not isinstance(owner, str):
        msg = "it does not say `format = 1`"
        raise ValueError(msg)  # noqa: TRY004 - to the caller it is the text that is wrong
    return Marker(version, owner)


def fixed_files() -> dict[str, bytes]:
    """The files whose text is fixed for this version of the format, by path."""
    return {"README.md": _README.encode(), ".gitattributes": _ATTRIBUTES}


def card_edits(before: Roster, after: Roster) -> dict[str, bytes | None]:
    """What becomes of the card files: new bytes by path, None for a file that goes.

    Whoever stays the same object in both rosters costs nothing, unless the card is crooked.
    """
    known = before.contacts
    changes: dict[str, bytes | None] = {}
    for uid, contact in after.contacts.items():
        old = known.get(uid)
        if old is contact and uid not in before.crooked:
            continue
        if old is not None and old.path != contact.path:
            changes[old.path] = None
        changes[contact.path] = card.write_card(contact)
    return changes


def is_card(path: str) -> bool:
    """Whether a path of the vault is that of a card: a `.vcf` directly in one of the folders."""
    folder, _, file = path.partition("/")
    return folder in FOLDERS and "/" not in file and file.lower().endswith(".vcf")


def possible_paths(contact: Contact) -> tuple[str, ...]:
    """The paths that this person's card can have, in either folder."""
    return tuple(f"{folder}/{contact.file}" for folder in FOLDERS)


def _toml_text(value: str) -> str:
    """A basic string of TOML; the value holds no control characters."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


FILE: Final = "100644"
"""The mode of an ordinary file in git's trees."""

FOLDER: Final = "040000"
"""The mode of a folder in git's trees."""

LONGEST: Final = 255
"""Bytes that a file's name may have on every usual file system."""

_KINDS: Final = {
    "120000": "a symbolic link",
    "160000": "a submodule",
    "100755": "an executable file",
    "100664": "a file that a group may write",
}
_HARMFUL = frozenset('\\:*?"<>|')
_FOLDERS = (*FOLDERS, EXPORTS)
_ROOT = (MARKER, *fixed_files())


class TreeEntry(NamedTuple):
    """One entry of a tree: its mode in six octal digits, its object's id, its whole path."""

    mode: str
    ident: str
    path: str


def tree_problems(entries: Iterable[TreeEntry], attributes: str) -> Iterator[str]:
    """What in a tree has no place in a vault, in words that begin with the path."""
    seen: set[str] = set()
    for entry in entries:
        path = entry.path
        shown = path if path.isprintable() else ascii(path)
        key = unicodedata.normalize("NFC", path).casefold()
        if key in seen:
            yield f"{shown} is there twice, in names that some file systems take for one"
        seen.add(key)
        why = _misplaced(entry)
        if why:
            yield f"{shown} {why}"
        elif path == ".gitattributes" and entry.ident != attributes:
            yield f"{shown} does not hold the text that every vault has there"


def _misplaced(entry: TreeEntry) -> str:
    """Why an entry has no place in a vault; empty if it has."""
    if entry.mode == FOLDER:
        return "" if entry.path in _FOLDERS else "is a folder that no vault has"
    if entry.mode != FILE:
        kind = _KINDS.get(entry.mode, f"something of mode {entry.mode}")
        return f"is {kind}, not an ordinary file"
    folder, slash, file = entry.path.partition("/")
    return _misplaced_in(folder, file) if slash else _misplaced_at_the_root(folder)


def _misplaced_at_the_root(file: str) -> str:
    """Why an ordinary file has no place beside `vault.toml`; one that a user committed may have.

    A folder of the user's may not: it could be a repository of its own, whose configuration git
    would run for whoever enters it.
    """
    if file in _FOLDERS:
        return "is a file in place of a folder"
    plain = file in _ROOT or _is_plain(file)
    return "" if plain else "has a name that means something else on some systems"


def _misplaced_in(folder: str, file: str) -> str:
    """Why an ordinary file has no place in a folder of the root; empty if it has."""
    if folder not in _FOLDERS or "/" in file:
        return "lies in a folder that no vault has"
    if not _is_plain(file):
        return "has a name that means something else on some systems"
    if folder in FOLDERS and not is_card(f"{folder}/{file}"):
        return "is no vCard file, among the cards"
    return ""


def _is_plain(file: str) -> bool:
    """Whether a file's name is only a name, on every usual file system."""
    return (
        file.isprintable()
        and not _HARMFUL.intersection(file)
        and not file.startswith(".")
        and not file.endswith((".", " "))
        and len(file.encode("utf-8", "surrogateescape")) <= LONGEST
    )


class DamageFinding(NamedTuple):
    """One thing that is damaged.

    Attributes:
        kind: What kind of thing: `object`, `file` (of `.git`), `ref`, `history`, `layout`,
            `card`, `reader`, `account`, `derivation`, `original` or `work-tree`.
        path: The path in the vault (or in its folder, for a file of `.git`), or empty.
        message: What was found and what was expected, in words that name no one.
    """

    kind: str
    commit: str
    path: str
    message: str
    hint: str


class RemoteView(Protocol):
    """What was seen of a remote, as `store.sight` tells it."""

    @property
    def visible(self) -> bool | None:
        """Whether strangers can read it; None if that could not be found out."""

    @property
    def how(self) -> str:
        """How that was found out, in words."""


def privacy_objection(sight: RemoteView, *, trusted: bool) -> str:
    """Why a remote may not have the vault; empty if it may."""
    if trusted or sight.visible is False:
        return ""
    if sight.visible:
        return f"Strangers can read this remote: {sight.how}."
    return f"It is not known whether strangers can read this remote: {sight.how}."
