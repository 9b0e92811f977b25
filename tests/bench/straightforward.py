"""What anyone would write first: csv, vobject, GitPython. The bench measures li-vault against it.

`python tests/bench/straightforward.py Connections.csv FOLDER`: one card a person, one commit.
"""

from __future__ import annotations

import csv
import sys
import uuid
from pathlib import Path

import git
import vobject


def main(export: Path, folder: Path) -> None:
    """Turn an export of today's form into a repository of cards."""
    repository = git.Repo.init(folder)
    (folder / "contacts").mkdir()
    with export.open(encoding="utf-8", newline="") as file:
        while not (line := file.readline()).startswith("First Name,"):
            assert line, "no header"
        rows = list(csv.DictReader(file, line.strip().split(",")))
    paths = []
    for row in rows:
        if not row["First Name"]:
            continue
        card = vobject.vCard()
        card.add("uid").value = str(uuid.uuid5(uuid.NAMESPACE_URL, row["URL"]))
        card.add("fn").value = f"{row['First Name']} {row['Last Name']}".strip()
        card.add("n").value = vobject.vcard.Name(row["Last Name"], row["First Name"])
        card.add("url").value = row["URL"]
        for name, column in (("title", "Position"), ("email", "Email Address")):
            if row[column]:
                card.add(name).value = row[column]
        if row["Company"]:
            card.add("org").value = [row["Company"]]
        card.add("x-li-connected-on").value = row["Connected On"]
        path = folder / "contacts" / f"{card.uid.value}.vcf"
        path.write_text(card.serialize(), encoding="utf-8", newline="")
        paths.append(str(path))
    repository.index.add(paths)
    repository.index.commit(f"{len(paths)} contacts")
    repository.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
