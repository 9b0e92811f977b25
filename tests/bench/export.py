"""How fast people are written in each format: li-vault against the modules anyone would use.

    python tests/bench/export.py [--people 30000] [--runs 5] [--only vcf,json,…]

Two tables. The first is about the writing alone: contacts in memory -> bytes, against Python's csv,
json and sqlite3 writing the very same rows, which they find ready made; vCards are written by plain
code. The second is about whole processes: `li-vault export` against a script that reads the same
rows from a file and writes them with the same module. Ends with status 1 if the first says that a
limit is broken: the second has the vault in it, which no module reads.
"""

from __future__ import annotations

import argparse
import csv
import gc
import io
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import plain_cards
from measure import HERE, Bench, Cost, seconds
from rows import Row, table

sys.path.insert(0, str(HERE.parent.parent / "src"))

from li_vault.core.model import Contact, Person
from li_vault.formats import databases, writers
from li_vault.formats.linkedin import connections
from li_vault.vault.vault import open_vault

LIMIT = 2.0
Work = Callable[[], bytes]

COPY = {
    "csv": "import csv,sys\n"
    "with open(sys.argv[1], newline='', encoding='utf-8') as f: rows = list(csv.reader(f))\n"
    "with open(sys.argv[2], 'w', newline='', encoding='utf-8') as f: csv.writer(f).writerows(rows)",
    "json": "import json,sys\n"
    "with open(sys.argv[1], encoding='utf-8') as f: rows = [json.loads(line) for line in f]\n"
    "with open(sys.argv[2], 'w', encoding='utf-8') as f:\n"
    "    f.writelines(json.dumps(row, ensure_ascii=False) + '\\n' for row in rows)",
    "sqlite": "import sqlite3,sys\n"
    "old, new = (sqlite3.connect(name) for name in sys.argv[1:3])\n"
    'for (made,) in old.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT'
    " LIKE 'people_fts_%' AND name NOT LIKE 'sqlite%' ORDER BY type DESC\"): new.execute(made)\n"
    "for name in ('people', 'snapshots', 'changes'):\n"
    "    rows = old.execute(f'SELECT * FROM {name}').fetchall()\n"
    "    if rows: new.executemany(f\"INSERT INTO {name} VALUES ({','.join('?' * len(rows[0]))})\","
    " rows)\n"
    "new.execute(\"INSERT INTO people_fts (people_fts) VALUES ('rebuild')\")\n"
    "new.commit()",
}
"""Scripts that read a file's rows and write them to another."""


def best(work: Work, runs: int) -> float:
    """The seconds of the quickest of some runs; the machine can only add to them."""
    found = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        found.append(time.perf_counter() - begin)
    return min(found)


def ours(name: str, contacts: list[Contact]) -> Work:
    """Our writing of a format, `vcf-4.0` being one."""
    if name == writers.SQLITE:
        added = [
            databases.HistoryEvent(one.uid, "2025-01-20", "0" * 40, "added", ()) for one in contacts
        ]
        return lambda: databases.write_sqlite(contacts, [], added).data
    kind, _, version = name.partition("-4")
    return lambda: writers.write_contacts(kind, contacts, "4.0" if version else "3.0").data


def theirs(name: str, data: bytes, contacts: list[Contact]) -> Work:
    """The same rows by the usual module; by plain code, where there is none."""
    if name.startswith("vcf"):
        people = [plain_cards.Someone(one.uid, *_facts(one.shown)) for one in contacts]
        return lambda: plain_cards.write(people, "4.0" if name.endswith("4.0") else "3.0")
    if name == writers.SQLITE:
        return _by_sqlite3(data)
    if name == "json":
        objects = [json.loads(line) for line in data.decode().splitlines()]
        return lambda: "".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects).encode()
    text = data.decode().removeprefix(connections.NOTES)
    rows = list(csv.reader(io.StringIO(text, newline="")))

    def written() -> bytes:
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        return out.getvalue().encode()

    return written


def _facts(p: Person) -> tuple[str, str, str, str, tuple[str, ...], str, str]:
    return (p.first_name, p.last_name, p.company, p.position, p.emails, p.url, p.connected_on)


def _by_sqlite3(data: bytes) -> Work:
    base = sqlite3.connect(":memory:")
    base.deserialize(data)
    people = base.execute("SELECT * FROM people").fetchall()
    changes = base.execute("SELECT * FROM changes").fetchall()
    base.close()

    def written() -> bytes:
        new = sqlite3.connect(":memory:")
        new.executescript(databases.SCHEMA)
        new.executemany(databases._into("people", len(people[0])), people)
        new.executemany(databases._into("changes", len(changes[0])), changes)
        new.executescript(databases._INDEX)
        new.commit()
        found = new.serialize()
        new.close()
        return found

    return written


NAMES = (*writers.NAMES[:3], "vcf", "vcf-4.0", *writers.NAMES[4:])


def writing(contacts: list[Contact], name: str, runs: int) -> Row:
    """The writing alone."""
    work = ours(name, contacts)
    other = theirs(name, work(), contacts)
    a, b = best(work, runs), best(other, runs)
    return Row(f"{name}: contacts -> bytes", f"{a:.3f} s", f"{b:.3f} s", a / b, LIMIT)


def whole(bench: Bench, vault: Path, name: str) -> Row:
    """Whole processes."""
    kind, _, version = name.partition("-4")
    options = ("--vcard", "4.0") if version else ()
    file = bench.fresh(name)
    source = "google-csv" if kind == "vcf" else kind
    bench.cost(*bench.ours, "export", source, "--vault", vault, "-o", file)
    export = (*bench.ours, "export", kind, *options, "--vault", vault)
    script: tuple[str | Path, ...] = ("-c", COPY.get(kind, COPY["csv"]), file)
    if kind == "vcf":
        script = (HERE / "plain_cards.py", file)

    def other(_: int) -> Cost:
        return bench.cost(sys.executable, *script, bench.fresh(name), *options[1:] or ("3.0",))

    a, b = bench.in_turn(lambda _: bench.cost(*export, "-o", bench.fresh(name)), other)
    peak = max(cost.megabytes for cost in a)
    what = f"li-vault export {name} ({peak:.0f} MB) / script that reads and writes the rows"
    return Row(what, f"{seconds(a):.3f} s", f"{seconds(b):.3f} s", seconds(a) / seconds(b), None)


def main() -> int:
    """Measure what is asked for, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=30_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default=",".join(NAMES), help="formats, with commas between")
    parser.add_argument("--scratch", type=Path, help="an existing folder to work in")
    asked = parser.parse_args()
    names = asked.only.split(",")
    if unknown := sorted(set(names) - set(NAMES)):
        parser.error(f"no such format: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    with tempfile.TemporaryDirectory(prefix="li-vault-bench-", dir=asked.scratch) as scratch:
        bench = Bench(Path(scratch), asked.runs)
        (export,) = bench.exports(asked.people)
        vault = bench.fresh("vault")
        bench.snapshot(vault, "2025-01-20", export)
        processes = [whole(bench, vault, name) for name in names]
        contacts = sorted(open_vault(vault).roster(), key=lambda one: one.path)
        gc.disable()  # as a command does
        written = [writing(contacts, name, asked.runs) for name in names]
    print(table(written))
    print(table(processes))
    return 1 if any(row.verdict == "BROKEN" for row in written) else 0


if __name__ == "__main__":
    sys.exit(main())
