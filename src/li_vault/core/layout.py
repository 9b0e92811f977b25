"""Where things lie in a vault, and what a plan makes of them."""

from __future__ import annotations

import tomllib
from typing import Final, NamedTuple

from li_vault.core import cards
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


def marker(owner: str = "") -> bytes:
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


def edits(before: Roster, after: Roster) -> dict[str, bytes | None]:
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
        changes[contact.path] = cards.write(contact)
    return changes


def is_card(path: str) -> bool:
    """Whether a path of the vault is that of a card: a `.vcf` directly in one of the folders."""
    folder, _, file = path.partition("/")
    return folder in FOLDERS and "/" not in file and file.lower().endswith(".vcf")


def twin(contact: Contact) -> tuple[str, ...]:
    """The paths that this person's card can have, in either folder."""
    return tuple(f"{folder}/{contact.file}" for folder in FOLDERS)


def _toml_text(value: str) -> str:
    """A basic string of TOML; the value holds no control characters."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
