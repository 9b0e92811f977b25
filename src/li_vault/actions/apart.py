"""`apart`: one contact is two people, for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from li_vault.core import finding, mending, text
from li_vault.core.mending import Parted
from li_vault.core.model import Alias, Contact, Roster
from li_vault.errors import BadUsage, NotFound
from li_vault.vault import Vault, lives, mendwork
from li_vault.vault.lives import Lives, Step
from li_vault.vault.lookup import one_of
from li_vault.vault.mendwork import Decision, Result

__all__ = ["Result", "run"]

_Fits = Callable[[Contact], bool]


class _Ending(NamedTuple):
    """The commit at which somebody whom a word means became somebody else."""

    step: Step
    taken_in: Alias | None


def run(
    vault: Vault,
    words: tuple[str, str],
    today: date,
    *,
    dry_run: bool = False,
    push: bool = True,
    notice: Callable[[], None] | None = None,
) -> Result:
    """Make two contacts of the one that both words mean, each by something else.

    Raises:
        NotFound: One of the words means nobody.
        BadUsage: One means several people, or the history can't tell the two apart.
        BadVault: The vault is not usable.
    """

    def decide(roster: Roster) -> Decision:
        found = [_meant(roster, word) for word in words]
        known = [contact for contact in found if contact is not None]
        if not known:
            one_of(roster, words[0])  # says that there is nobody
        if len(known) > 1 and known[0].uid != known[1].uid:
            return Decision(known[0], known[1], None)
        parted = _part(vault, roster, known[0], words)
        return Decision(parted.stays, parted.other, parted.roster)

    return mendwork.run(vault, "apart", decide, today, dry_run=dry_run, push=push, notice=notice)


def _meant(roster: Roster, word: str) -> Contact | None:
    """Whom a word means; None if nobody now, since it can mean someone of earlier."""
    try:
        return one_of(roster, word)
    except NotFound:
        return None


def _part(vault: Vault, roster: Roster, now: Contact, words: tuple[str, str]) -> Parted:
    life = lives.of(vault, [now.file, *(alias.file for alias in now.aliases)])
    endings = []
    for word in words:
        fits = _only_then(now, word)
        ending = fits and _ending(life, now, word, fits)
        if ending:
            endings.append(ending)
        elif not finding.named([now], word):
            raise NotFound(f"Nobody is or was {word!r} here.", "li-vault find lists everyone.")
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
    slug = text.slug(now.person.url)
    now_is_first = slug != "" and text.slug(first.person.url) == slug
    if not now_is_first or text.slug(then.person.url) == slug:
        return mending.part(roster, now, then, then_stays=True)
    for alias in now.aliases:
        taken, kept = _taken_in(life, now, alias)
        if taken and kept and text.slug(taken.person.url) == text.slug(then.person.url):
            then = mending.told_apart(then, taken, kept)
            return mending.part(roster, now, then, then_stays=False, mine=kept)
    return mending.part(roster, now, then, then_stays=False)


def _only_then(now: Contact, word: str) -> _Fits | None:
    """How to tell whom the word means from what the contact is now; None if it means that, too."""
    slug = text.slug(word) or word.strip().lower().strip("/")
    present = text.slug(now.shown.url)
    if slug == present != "":
        return None
    if slug in map(text.slug, now.former_urls):
        return lambda contact: text.slug(contact.person.url) == slug
    bare = now._replace(former_urls=(), same_as=())
    if finding.named([bare], word):
        return None

    def fits(contact: Contact) -> bool:
        return bool(finding.named([contact._replace(former_urls=(), same_as=())], word))

    return fits


def _ending(life: Lives, now: Contact, word: str, fits: _Fits) -> _Ending | None:
    """When whom the word means became who the contact is now."""
    named = finding.alias(now, word)
    if named is None and (step := lives.ending(life[now.file], fits)):
        mend = step.mend
        taken_in = next((a for a in now.aliases if mend and a.uid == mend.other), None)
        return _Ending(step, taken_in)
    for alias in now.aliases:
        if named in (None, alias):
            step = _taking_in(life, alias)
            if step and (named or any(s.before and fits(s.before) for s in life[alias.file])):
                return _Ending(step, alias)
    return None


def _taking_in(life: Lives, alias: Alias) -> Step | None:
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


def _undone(roster: Roster, now: Contact, life: Lives, ending: _Ending) -> Parted:
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
    stayed = mending.carrier(kept, taken) is kept
    then, mine = (taken, kept) if stayed else (kept, taken)
    return mending.part(roster, now, then, then_stays=not stayed, mine=mine)


def _indistinct(now: Contact) -> BadUsage:
    return BadUsage(
        f"Both words mean {now.uid[:8]}, and its history can't tell by them who the two are.",
        f"Name who it is now, and who it was before: {_choices(now)}.",
    )


def _choices(now: Contact) -> str:
    """What else the contact was called, as words for the command line."""
    slugs = [slug for slug in map(text.slug, now.former_urls) if slug]
    names = [*slugs, *(alias.uid[:8] for alias in now.aliases)]
    said = "a former profile, name, employer or date of connection"
    return f"{', '.join(names)}, or {said}" if names else said
