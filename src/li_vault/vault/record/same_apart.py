"""`same` and `apart`: a wrong split or merge mended, recorded, pushed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from li_vault.core import search, snapshot, text
from li_vault.core.model import Alias, Contact, Roster
from li_vault.core.planning import same_apart
from li_vault.core.planning.same_apart import PartedContact
from li_vault.core.snapshot import SameApart
from li_vault.errors import BadUsage, NotFound
from li_vault.store.remotes.remotes import PushOutcome
from li_vault.store.write import commit, worktree
from li_vault.store.write.commit import CommitListener
from li_vault.vault.history.log import CardChange, Lives, histories_of, last_ending
from li_vault.vault.history.people import resolve_one
from li_vault.vault.plan import hand_edits
from li_vault.vault.plan.planner import RecordOptions, SnapshotPlanner
from li_vault.vault.remotes.push import FetchThenPush
from li_vault.vault.vault import Vault


class SameApartDecision(NamedTuple):
    """What is to be done.

    Attributes:
        other: Who is taken in, as it was; or who is parted from it, as it will be; or the other
            of two that are two already; None if both words mean one contact that is to be one.
        after: Everyone afterwards; None if there is nothing to do.
    """

    contact: Contact
    other: Contact | None
    after: Roster | None


class SameApartResult(NamedTuple):
    """What a call of `same` or `apart` did.

    Attributes:
        commit: The commit of the mend; None in a dry run, or if there was nothing to do.
        edited: Number of cards with hand edits that were committed first.
        recovered: What a run that was cut off had left to do, in words, or "".
        dry_run: Whether nothing was recorded, since nothing was to be.
        taken: Number of snapshots that were taken over from remotes first, by remote.
    """

    kind: str
    commit: str | None
    contact: Contact
    other: Contact | None
    already: bool
    edited: int
    put_back: tuple[str, ...]
    recovered: str
    remotes: Mapping[str, PushOutcome]
    dry_run: bool
    taken: Mapping[str, int] = {}


def record_same_apart(
    vault: Vault,
    kind: str,
    decide: Callable[[Roster], SameApartDecision],
    options: RecordOptions,
    notice: Callable[[], None] | None,
) -> SameApartResult:
    """Take over what remotes have besides, record a mend after the hand edits; then push.

    Raises:
        LiVaultError: Whatever `decide` raises; nothing was recorded.
        BadVault: The vault is not usable.
    """
    ids: list[str] = []
    edited = 0
    with (
        FetchThenPush(vault, wanted=options.push and not options.dry_run) as remotes,
        vault.writing(notice) as recovered,
    ):
        taken = remotes.fast_forward()
        found = worktree.worktree_changes(vault.repo)
        log = vault.commits()
        hand = hand_edits.collect_hand_edits(vault, log, found)
        session = SnapshotPlanner(vault, options, hand, log)
        decision = decide(session.roster)
        records = decision.after is not None and not options.dry_run
        if decision.after is not None and decision.other is not None:
            mend = SameApart(kind, decision.contact.uid, decision.other.uid)
            message = snapshot.same_apart_message(mend)
            _require_readable(message, mend)
            session.replay(decision.after, message, log[0].day, None)
        if records:
            edited = session.edited
            ids = commit.record_commits(
                vault.repo,
                session.drafts,
                seen=hand.seen,
                listener=CommitListener(meanwhile=lambda: vault.remember(session.roster)),
            )
            worktree.restore_files(vault.repo, [*hand.put_back, *hand.seen], seen=hand.seen)
    return SameApartResult(
        kind=kind,
        commit=ids[-1] if ids else None,
        contact=decision.contact,
        other=decision.other,
        already=decision.after is None,
        edited=edited,
        put_back=hand.put_back if records else (),
        recovered=recovered,
        remotes=remotes.push(),
        dry_run=options.dry_run,
        taken=taken,
    )


def _require_readable(message: str, mend: SameApart) -> None:
    if snapshot.read_same_apart(message) != mend:
        raise BadUsage(
            "One of the two cards has a UID that is no UUID in lower case; li-vault did not give "
            "it that, so it can't be mended for good.",
            "Join the two files by hand, or give their card a UUID and commit it.",
        )


def make_same(
    vault: Vault,
    words: tuple[str, str],
    options: RecordOptions,
    notice: Callable[[], None] | None = None,
) -> SameApartResult:
    """Make one contact of the two that the words mean; who was seen first keeps UID and file.

    Raises:
        NotFound: One of the words means nobody.
        BadUsage: One means several people, or both people are in the newest list.
        BadVault: The vault is not usable.
    """

    def decide(roster: Roster) -> SameApartDecision:
        one, two = (resolve_one(roster, one) for one in words)
        if one.uid == two.uid:
            return SameApartDecision(one, None, None)
        if not (one.is_former or two.is_former):
            raise BadUsage(
                f"The newest list names both, each in a row of its own: {one.path} and "
                f"{two.path}. The next one would name two people again.",
                "Once LinkedIn lists only one of them, li-vault same makes them one.",
            )
        keeper, other = _by_first_sight(vault, one, two)
        after = same_apart.join_in_roster(roster, keeper.uid, other.uid)
        return SameApartDecision(after.contacts[keeper.uid], other, after)

    return record_same_apart(vault, "same", decide, options, notice)


def _by_first_sight(vault: Vault, *both: Contact) -> tuple[Contact, Contact]:
    """The two in the order in which they were first seen; at once: by UID."""
    files = {c.uid: (c.file, *(alias.file for alias in c.aliases)) for c in both}
    life = histories_of(vault, [file for several in files.values() for file in several])
    seen = {
        uid: max((step.place for file in several for step in life[file]), default=-1)
        for uid, several in files.items()
    }
    first, second = sorted(both, key=lambda c: (-seen[c.uid], c.uid))
    return first, second


_Fits = Callable[[Contact], bool]


class _Ending(NamedTuple):
    """The commit at which somebody whom a word means became somebody else."""

    step: CardChange
    taken_in: Alias | None


def make_apart(
    vault: Vault,
    words: tuple[str, str],
    options: RecordOptions,
    notice: Callable[[], None] | None = None,
) -> SameApartResult:
    """Make two contacts of the one that both words mean, each by something else.

    Raises:
        NotFound: One of the words means nobody.
        BadUsage: One means several people, or the history can't tell the two apart.
        BadVault: The vault is not usable.
    """

    def decide(roster: Roster) -> SameApartDecision:
        found = [_meant(roster, word) for word in words]
        known = [contact for contact in found if contact is not None]
        if not known:
            resolve_one(roster, words[0])  # says that there is nobody
        if len(known) > 1 and known[0].uid != known[1].uid:
            return SameApartDecision(known[0], known[1], None)
        parted = _part(vault, roster, known[0], words)
        return SameApartDecision(parted.stays, parted.other, parted.roster)

    return record_same_apart(vault, "apart", decide, options, notice)


def _meant(roster: Roster, word: str) -> Contact | None:
    """Whom a word means; None if nobody now, since it can mean someone of earlier."""
    try:
        return resolve_one(roster, word)
    except NotFound:
        return None


def _part(vault: Vault, roster: Roster, now: Contact, words: tuple[str, str]) -> PartedContact:
    life = histories_of(vault, [now.file, *(alias.file for alias in now.aliases)])
    endings = []
    for word in words:
        fits = _only_then(now, word)
        ending = fits and _ending(life, now, word, fits)
        if ending:
            endings.append(ending)
        elif not search.resolve_contacts([now], word):
            raise NotFound(
                f"No contact matches {word!r}, now or in the past.", "li-vault find lists everyone."
            )
    if not endings:
        raise _indistinct(now)
    ending = max(endings, key=lambda found: found.step.place)
    mend = ending.step.mend
    if mend and mend.kind == "same":
        return _undone(roster, now, life, ending)
    then = ending.step.before
    first = life[now.file][-1].after
    if then is None or first is None:
        raise _indistinct(now)
    slug = text.profile_slug(now.person.url)
    now_is_first = slug != "" and text.profile_slug(first.person.url) == slug
    if not now_is_first or text.profile_slug(then.person.url) == slug:
        return same_apart.part_contact(roster, now, then, then_stays=True)
    for alias in now.aliases:
        taken, kept = _taken_in(life, now, alias)
        if (
            taken
            and kept
            and text.profile_slug(taken.person.url) == text.profile_slug(then.person.url)
        ):
            then = same_apart.separate_contact(then, taken, kept)
            return same_apart.part_contact(roster, now, then, then_stays=False, mine=kept)
    return same_apart.part_contact(roster, now, then, then_stays=False)


def _only_then(now: Contact, word: str) -> _Fits | None:
    """How to tell whom the word means from what the contact is now; None if it means that, too."""
    slug = text.profile_slug(word) or word.strip().lower().strip("/")
    present = text.profile_slug(now.shown.url)
    if slug == present != "":
        return None
    if slug in map(text.profile_slug, now.former_urls):
        return lambda contact: text.profile_slug(contact.person.url) == slug
    bare = now._replace(former_urls=(), same_as=())
    if search.resolve_contacts([bare], word):
        return None

    def fits(contact: Contact) -> bool:
        return bool(search.resolve_contacts([contact._replace(former_urls=(), same_as=())], word))

    return fits


def _ending(life: Lives, now: Contact, word: str, fits: _Fits) -> _Ending | None:
    """When whom the word means became who the contact is now."""
    named = search.matching_alias(now, word)
    if named is None and (step := last_ending(life[now.file], fits)):
        mend = step.mend
        taken_in = next((a for a in now.aliases if mend and a.uid == mend.other), None)
        return _Ending(step, taken_in)
    for alias in now.aliases:
        if named in (None, alias):
            step = _taking_in(life, alias)
            if step and (named or any(s.before and fits(s.before) for s in life[alias.file])):
                return _Ending(step, alias)
    return None


def _taking_in(life: Lives, alias: Alias) -> CardChange | None:
    """The step by which `same` took a contact in: the last of its card."""
    for step in life[alias.file]:
        mend = step.mend
        if mend and mend.kind == "same" and mend.other == alias.uid:
            return step
    return None


def _taken_in(life: Lives, now: Contact, alias: Alias) -> tuple[Contact | None, Contact | None]:
    """Who was taken in and who took it in, both as they were then; None if `now` did not do it."""
    step = _taking_in(life, alias)
    if step is None or step.mend is None or step.mend.uid != now.uid:
        return None, None
    kept = next((s for s in life[now.file] if s.commit.id == step.commit.id), None)
    return step.before, kept.before if kept else None


def _undone(roster: Roster, now: Contact, life: Lives, ending: _Ending) -> PartedContact:
    """Undo a `same`: both get back what was theirs; what came later stays where the facts are."""
    alias = ending.taken_in
    if alias is None:
        raise _indistinct(now)
    taken, kept = _taken_in(life, now, alias)
    if taken is None or kept is None:
        raise BadUsage(
            f"{alias.uid[:8]} was made one with a contact that was itself taken in by "
            f"{now.uid[:8]} later.",
            f"Take that apart first: {_choices(now)}.",
        )
    stayed = same_apart.facts_carrier(kept, taken) is kept
    then, mine = (taken, kept) if stayed else (kept, taken)
    return same_apart.part_contact(roster, now, then, then_stays=not stayed, mine=mine)


def _indistinct(now: Contact) -> BadUsage:
    return BadUsage(
        f"Both words mean {now.uid[:8]}, and its history can't tell by them who the two are.",
        f"Name who it is now, and who it was before: {_choices(now)}.",
    )


def _choices(now: Contact) -> str:
    """What else the contact was called, as words for the command line."""
    slugs = [slug for slug in map(text.profile_slug, now.former_urls) if slug]
    names = [*slugs, *(alias.uid[:8] for alias in now.aliases)]
    said = "a former profile, name, employer or date of connection"
    return f"{', '.join(names)}, or {said}" if names else said
