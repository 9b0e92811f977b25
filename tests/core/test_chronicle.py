from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import people
from li_vault.core import careers
from li_vault.core.careers import Chapter, Move
from li_vault.core.chronicle import Chronicle
from li_vault.core.model import Contact
from people import ADA, PATH, contact

PATHS = frozenset({PATH})
CARD = PATH.partition("/")[2]


def card(own: tuple[str, ...] = (), same_as: tuple[str, ...] = (), **changes: Any) -> Contact:
    person = ADA._replace(**changes)
    return contact(person, shown=person, own=own, same_as=same_as)


def test_whose_job_alone_changed() -> None:
    was, now = card(), card(company="Zanth", position="")
    (move,) = careers.chapter(PATHS, [(was, now)]).moves
    assert move == (CARD, ADA.name, ADA.url, ADA.company, ADA.position, "Zanth", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (card(), card(emails=())),
        (card(), card(company="Zanth", url="")),
        (card(), card(last_name="Byron")),
        (card(), card(extra=(("Tags", "x"),))),
        (card(), card(position="", own=("TITLE:Boss",))),
        (card(own=("NOTE:x",)), card(company="Zanth")),
        (card(), card(company="Zanth", same_as=("uid-2 other.vcf",))),
        (card(), card(company="Zanth")._replace(path=f"former/{CARD}")),
        (card(), card(company="Zanth")._replace(uid="another")),
    ],
)
def test_whoever_changed_otherwise_is_one_of_the_others(before: Contact, after: Contact) -> None:
    assert careers.chapter({before.path, after.path}, [(before, after)]) == ([], [CARD])


def test_only_what_the_commit_changed_is_in_its_chapter() -> None:
    paths = {"contacts/b.vcf", "former/b.vcf", "contacts/a.vcf", "vault.toml", "contacts/x.txt"}
    assert careers.chapter(paths, [(card(), card(company="Zanth"))]) == ([], ["a.vcf", "b.vcf"])


words = st.sampled_from(["", "Zanth", "Quov", "a\tb\nc", "אבגד", "x" * 200])
moves = st.builds(
    Move,
    st.sampled_from("abcdef"),
    st.sampled_from(people.NASTY),
    words,
    words,
    words,
    words,
    words,
)
chapters = st.lists(
    st.builds(
        Chapter,
        st.lists(moves, max_size=5, unique_by=lambda move: move.file),
        st.lists(st.sampled_from("abcdef"), max_size=2, unique=True),
    ),
    min_size=1,
    max_size=6,
)


def told(several: list[Chapter], without: frozenset[str]) -> set[Move]:
    """The first job and the last of everyone, one after the other."""
    known: dict[tuple[str, str, str], Move] = {}
    for move in (move for chapter in several for move in chapter.moves):
        if move.file not in without:
            known[move[:3]] = Move(*(known.get(move[:3]) or move)[:5], *move[5:])
    return set(known.values())


@given(chapters, st.integers(0, 5), st.integers(0, 5), st.integers(1, 400))
def test_what_is_kept_tells_any_part_of_the_way(
    several: list[Chapter], first: int, last: int, cut: int
) -> None:
    named = [(f"commit {number}", chapter) for number, chapter in enumerate(several)]
    chronicle = Chronicle(b"")
    for one in named:  # one by one, and by one that was read each time
        chronicle = Chronicle(bytes(chronicle))
        chronicle.add([one])
    at_once = Chronicle(b"")
    at_once.add(named)
    assert bytes(at_once) == bytes(chronicle)
    way = [ident for ident, _ in named[first : last + 1]]
    others = chronicle.others(way)
    assert others == {file for one in several[first : last + 1] for file in one.others}
    found = list(chronicle.moves(way, others)) if way else []
    assert set(found) == told(several[first : last + 1], others)
    assert len(found) == len(set(found))
    for spoilt in (bytes(chronicle)[:-cut], bytes(chronicle)[cut:]):
        left = Chronicle(spoilt)
        left.add([one for one in named if one[0] not in left])
        assert set(left.moves([ident for ident, _ in named], frozenset())) == told(
            several, frozenset()
        )


@pytest.mark.parametrize("data", [b"x", b"\n", b"5\nabc", b"99999999999\n", b"-1\n", b"\xff" * 40])
def test_what_is_no_chronicle_is_an_empty_one(data: bytes) -> None:
    assert bytes(Chronicle(data)) == b""
    assert "commit 0" not in Chronicle(data)
