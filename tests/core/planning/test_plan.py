from __future__ import annotations

from collections.abc import Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from li_vault.core import card, vault_layout
from li_vault.core.matching import match
from li_vault.core.model import CONTACTS, FORMER, Contact, Coverage, Person, Roster
from li_vault.core.planning.plan import Plan, draw_plan
from matching import numbered
from people import ERA_2018, LINKEDIN, OUTLOOK

Tree = dict[str, bytes]


def plan_of(
    roster: Roster, rows: Sequence[Person], *, full: bool = True, coverage: Coverage = LINKEDIN
) -> Plan:
    """The plan that a list makes of a roster."""
    matching = match.match_rows(roster, numbered(rows), coverage)
    return draw_plan(roster, matching, coverage, full=full)


def who(number: int, **changes: object) -> Person:
    """An invented person by number."""
    names = ["Ada", "Bob", "Eve", "Dan", "Fay", "Gil"]
    base = Person(
        first_name=names[number],
        last_name=f"Number{number}",
        url=f"https://www.linkedin.com/in/p{number}",
        company=f"Company {number}",
        connected_on=f"2024-01-0{number + 1}",
    )
    return base._replace(**changes)  # type: ignore[arg-type]


def roster_of(rows: Sequence[Person]) -> Roster:
    """Everyone of a first list."""
    return plan_of(Roster({}), rows).after


def tree_of(roster: Roster) -> Tree:
    """The files that a roster is."""
    return {contact.path: card.write_card(contact) for contact in roster}


def applied(tree: Tree, edits: dict[str, bytes | None]) -> Tree:
    """The files after the edits."""
    after = {path: data for path, data in tree.items() if edits.get(path, b"") is not None}
    return after | {path: data for path, data in edits.items() if data is not None}


def counts(plan: Plan) -> tuple[int, ...]:
    """Numbers of the added, changed, gone, returned and unchanged."""
    lists = (plan.added, plan.changed, plan.gone, plan.returned)
    return (*map(len, lists), plan.unchanged)


def test_a_first_list_adds_everyone() -> None:
    plan = plan_of(Roster({}), [who(0), who(1)])
    assert counts(plan) == (2, 0, 0, 0, 0)
    assert {contact.person for contact in plan.after} == {who(0), who(1)}
    assert all(contact.folder == CONTACTS for contact in plan.after)


def test_the_same_list_again_is_an_empty_plan() -> None:
    roster = roster_of([who(0), who(1)])
    plan = plan_of(roster, [who(1), who(0)])
    assert counts(plan) == (0, 0, 0, 0, 2)
    assert vault_layout.card_edits(roster, plan.after) == {}
    assert all(plan.after.contacts[c.uid] is c for c in roster)


def test_a_full_list_says_who_is_new_changed_gone_and_back() -> None:
    roster = plan_of(roster_of([who(0), who(1), who(2)]), [who(0), who(1)]).after
    plan = plan_of(roster, [who(0, position="Boss"), who(2), who(3)])
    assert counts(plan) == (1, 1, 1, 1, 0)
    assert (plan.added[0].person, plan.changed[0].after.person) == (who(3), who(0, position="Boss"))
    assert (plan.gone[0].before.person, plan.returned[0].before.person) == (who(1), who(2))
    assert plan.known == 2
    assert plan.contacts == 3
    assert [contact.person.first_name for contact in plan.after.former] == ["Bob"]


def test_gone_and_returned_files_move_byte_for_byte() -> None:
    first = roster_of([who(0), who(1)])
    tree = tree_of(first)
    (before,) = [path for path in tree if "bob" in path]
    gone = plan_of(first, [who(0)]).after
    moved = before.replace(CONTACTS, FORMER)
    assert vault_layout.card_edits(first, gone) == {before: None, moved: tree[before]}
    back = plan_of(gone, [who(0), who(1)])
    assert vault_layout.card_edits(gone, back.after) == {moved: None, before: tree[before]}
    changed = plan_of(gone, [who(0), who(1, position="Boss")])
    assert counts(changed) == (0, 0, 0, 1, 1)
    assert b"TITLE:Boss" in (vault_layout.card_edits(gone, changed.after)[before] or b"")


def test_a_partial_list_moves_and_adds_nobody() -> None:
    roster = plan_of(roster_of([who(0), who(1), who(2)]), [who(0), who(1)]).after
    rows = [who(0, position="Boss"), who(2, position="Smith"), who(4)]
    plan = plan_of(roster, rows, full=False)
    assert counts(plan) == (0, 2, 0, 0, 0)
    assert (plan.unmatched, plan.contacts) == (1, 2)
    assert {c.path for c in plan.after} == {c.path for c in roster}
    assert plan_of(roster, [], full=False).after.contacts == roster.contacts


def test_a_longer_text_and_another_spelling_are_written_and_not_counted() -> None:
    roster = roster_of([who(0, company="x" * 100)])
    row = who(0, company="x" * 120, url="https://www.linkedin.com/in/P0/")
    plan = plan_of(roster, [row])
    assert counts(plan) == (0, 0, 0, 0, 1)
    assert next(iter(plan.after)).person == row


def test_crooked_cards_are_written_again() -> None:
    straight = roster_of([who(0), who(1)])
    uid = next(iter(straight.contacts))
    roster = Roster(straight.contacts, frozenset({uid}))
    plan = plan_of(roster, [who(0), who(1)])
    contact = straight.contacts[uid]
    assert vault_layout.card_edits(roster, plan.after) == {contact.path: card.write_card(contact)}


def test_what_the_user_added_moves_along() -> None:
    straight = roster_of([who(0)])
    contact: Contact = next(iter(straight))._replace(own=("NOTE:mine",))
    roster = Roster.of([contact])
    plan = plan_of(roster, [who(0, position="Boss")])
    assert next(iter(plan.after)).own == ("NOTE:mine",)
    gone = plan_of(plan.after, [who(1)])
    assert gone.gone[0].after.own == ("NOTE:mine",)


PEOPLE = st.builds(
    lambda number, position, moved, married, email: who(
        number,
        position=position,
        url=f"https://www.linkedin.com/in/p{number}{moved}",
        last_name=f"{married}{number}",
        emails=email,
    ),
    st.integers(0, 5),
    st.sampled_from(["", "Boss", "Smith"]),
    st.sampled_from(["", "-new"]),
    st.sampled_from(["Number", "King"]),
    st.sampled_from([(), ("x@example.com",)]),
)
LISTS = st.tuples(
    st.lists(PEOPLE, max_size=7), st.booleans(), st.sampled_from([LINKEDIN, ERA_2018, OUTLOOK])
)


@given(st.lists(LISTS, min_size=1, max_size=5), st.integers(0, 99))
def test_histories(history: list[tuple[list[Person], bool, Coverage]], seed: int) -> None:
    """Whatever lists come: the tree is the roster, and nobody goes without a word."""
    roster = Roster({})
    tree: Tree = {}
    for rows, full, coverage in history:
        plan = plan_of(roster, rows, full=full, coverage=coverage)
        edits = vault_layout.card_edits(roster, plan.after)
        tree = applied(tree, edits)
        assert tree == tree_of(plan.after)
        assert plan.contacts == sum(counts(plan)) - len(plan.gone)
        assert len(rows) == plan.contacts + plan.duplicates + plan.unmatched
        assert roster.contacts.keys() <= plan.after.contacts.keys()
        moved = {pair.before.uid for pair in (*plan.gone, *plan.returned)}
        for uid, contact in roster.contacts.items():
            after = plan.after.contacts[uid]
            assert after.file == contact.file
            assert (after.folder != contact.folder) == (uid in moved)
        if full:
            assert len(plan.after.present) == plan.contacts
        else:
            assert not plan.added
            assert not moved
        assert Roster.of(card.read_card(tree[p], p).contact for p in sorted(tree)).contacts == dict(
            plan.after.contacts
        )
        shuffled = list(rows)
        Random(seed).shuffle(shuffled)
        other = plan_of(roster, shuffled, full=full, coverage=coverage)
        assert vault_layout.card_edits(roster, other.after) == edits
        roster = plan.after


@given(st.lists(PEOPLE, max_size=7), st.lists(PEOPLE, max_size=7))
def test_a_list_once_more_is_an_empty_plan(first: list[Person], second: list[Person]) -> None:
    roster = roster_of(first)
    known = plan_of(roster, second)
    again = plan_of(known.after, second)
    if not known.doubts:
        assert counts(again) == (0, 0, 0, 0, known.contacts)
        assert vault_layout.card_edits(known.after, again.after) == {}
