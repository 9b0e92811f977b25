"""Invented people: names and words, contacts and rosters."""

from __future__ import annotations

import unicodedata
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st

from li_vault.core import text
from li_vault.core.model import FIELDS, Contact, Coverage, Person
from li_vault.core.planning import plan

UID = "7d1f3f0e-6c55-5c0e-9a57-0c4d4f6f3f2a"
PATH = "contacts/ada-lovelace-phd-7d1f3f0e.vcf"
ADA = Person(
    first_name="Ada",
    last_name="Lovelace, PhD",
    url="https://www.linkedin.com/in/ada-lovelace-1a2b3c",
    emails=("ada@example.com",),
    phones=("+44 20 7946 0000",),
    company='Analytical "Engines", Ltd.',
    position="Mathematician",
    connected_on="2024-01-01",
)
LINKEDIN = Coverage(FIELDS - {"phones", "full_name"})
"""What LinkedIn's own list of today can speak of."""
ERA_2018 = Coverage(LINKEDIN.fields - {"url"})
OUTLOOK = Coverage(frozenset({"first_name", "last_name", "emails", "company", "position"}))

NASTY = (
    *("", "Ada", "José", "云石 川", "אבגד", "\u200fسشصض", "👩\u200d💻", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "𝗕𝗿𝗲𝗻"),
    "Zero\u200bwidth",
    *("END:VCARD", "BEGIN:VCARD", "a;b", "a,b", "a\\", "\\n", "\\\\;", '"', 'say "hi"', "a:b", "^"),
    *("^n", "^^'", "=HYPERLINK(1)", "X-LI-OWN:below", "UID:1", "<<<<<<< ours", "=======", ";;;;"),
    *("x" * 200, "é" * 100, "👩\u200d💻" * 30, "https://example.com/?a=1;b=2,c"),
    *(":", "FN:X", ";TYPE=HOME"),
)
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=90),
    st.text(alphabet='\\;,:"^nN=-. \u0301é🚀\u200d\n\r\t', max_size=12),
    st.lists(st.sampled_from(NASTY), max_size=3).map(" ".join),
).map(text.clean)
full = texts.filter(bool)
days = st.dates().map(lambda day: day.isoformat())
columns = st.one_of(
    full,
    st.sampled_from(
        ["Department", "Middle Name", "Name Prefix", "Name Suffix", "Tags", "Straße", "名前", "URL"]
    ),
    st.sampled_from(
        [
            "Same as",
            "Export",
            "Export Title",
            "Own",
            "Former URL",
            "Connected-On",
            'a"b',
            "a:b;c,d",
            "^n^",
        ]
    ),
)


@st.composite
def persons(draw: st.DrawFn) -> Person:
    """Anyone whom a format could make, in the form that the core keeps."""
    extra = draw(st.dictionaries(columns, full, max_size=4))
    person = Person(
        first_name=draw(texts),
        last_name=draw(texts),
        url=draw(st.one_of(texts, full.map(lambda slug: f"https://www.linkedin.com/in/{slug}"))),
        emails=tuple(draw(st.lists(full, max_size=2))),
        phones=tuple(draw(st.lists(full, max_size=2))),
        company=draw(texts),
        position=draw(texts),
        connected_on=draw(st.one_of(st.just(""), days)),
        full_name=draw(st.one_of(st.just(""), texts)),
        extra=tuple(sorted(extra.items())),
    )
    return plan.without_implied_name(person)


own_lines = st.one_of(
    st.sampled_from(
        ["NOTE:x", "CATEGORIES:a,b", "TEL:1", "EMAIL;TYPE=INTERNET:u@example.org", "URL:u", "FN2:x"]
    ),
    st.sampled_from(
        ["item1.EMAIL:a@example.org", "item1.X-ABLabel:_$!<Home>!$_", "TITLE:Boss", "ORG:A;B;C"]
    ),
    st.sampled_from(
        ["PHOTO;ENCODING=b;TYPE=JPEG:" + "/9j4AAQ" * 60, "REV:2024-01-01T00:00:00Z", "NOTE:"]
    ),
    st.sampled_from(
        ["X-LI-CONNECTED-ON:2020-01-01", "X-LI-FORMER-URL:x", "X-LI-EXPORT-TITLE:x", "note:low"]
    ),
    st.sampled_from(["X-LI-SAME-AS:x y", "X-LI-SAME-AS;COLUMN=Same as:x"]),
    st.sampled_from(["X-LI-TAGS;COLUMN=Tags:mine", "X-LI-EXPORT-TAGS;COLUMN=Tags:mine"]),
    texts.map(lambda value: f"NOTE:{value}"),
)


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    """Anyone who could be in a vault: corrected or not, with lines of the user's own."""
    person = draw(persons())
    return Contact(
        uid=str(draw(st.uuids())),
        path=PATH,
        person=person,
        shown=draw(st.one_of(st.just(person), persons())),
        former_urls=tuple(draw(st.lists(full, max_size=2))),
        own=tuple(draw(st.lists(own_lines, max_size=4))),
        same_as=tuple(draw(st.lists(full, max_size=2))),
    )


def person(**changes: Any) -> Person:
    """Ada, but for what is named."""
    return ADA._replace(**changes)


def contact(of: Person = ADA, **changes: Any) -> Contact:
    """Ada's contact, or someone else's with her UID and path, but for what is named."""
    return Contact(UID, PATH, of, of)._replace(**changes)


def lines_of(data: bytes) -> list[str]:
    """The lines of a card as they stand on disk."""
    return data.decode().split("\r\n")


class Facts(NamedTuple):
    """What a person's own profile says; text exactly as LinkedIn would print it."""

    first: str
    last: str
    company: str = ""
    position: str = ""
    email: str = ""


_LONG = (
    "Principal Advisor for Tidal Granaries, Amber Looms and the Ninefold Registry "
    "of Wandering Lighthouses, Northern Reach"
)
_ROLES = "Keeper Weaver Reckoner Binder Founder Pilot Steward Grader Warden Smith Tuner".split()
_GRADES = ["", "", "", "Senior ", "Lead ", "Chief ", "Junior ", "Head of Guild, "]
_THINGS = "Ledgers Looms Lanterns Tides Granaries Kilns Orchards Ferries Clocks Maps".split()
_BRANDS = "Quov Trell Ombri Zanth Pluma Ferro Nivek Ulmo Grask Yarrow Hesp Dunmo".split()
_TAILS = ["", "", "", " Ltd.", ", Inc.", " GmbH", " & Daughters", " S.A.", " – Group", " (North)"]
_HEADS = "ba be bri ca do dru e fa gli ho i ja ke la mo ni o pra qui ra sa tu vo wi zo".split()
_MIDDLES = "la ri no be dra mi so ve ta lu ge ka".split()
_ENDS = ["n", "ra", "s", "l", "mo", "th", "x", "ne", "k", "da", "rik", "sha"]
_SCRIPTS = {
    "latin": ("áéíóúñçøłßàêöüåžš", 0.08),
    "greek": ("αβγδεζηθικλμνξοπρστυ", 0.004),
    "cyrillic": ("абвгдежзиклмнопрсту", 0.01),
    "hebrew": ("אבגדהוזחטיכלמנסעפ", 0.006),
    "arabic": ("ابتثجحخدذرزسشصضطظعغ", 0.008),
    "cjk": ("云石川林水火木山月星花竹风雪", 0.01),
    "kana": ("あかさたなはまやらわきしちに", 0.004),
}
_BOLD = {ord(c): 0x1D5D4 + i for i, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {
    ord(c): 0x1D5EE + i for i, c in enumerate("abcdefghijklmnopqrstuvwxyz")
}

PECULIAR = [
    Facts("Brilan", "Sonora, PhD, MBA", 'Ombri "Looms", Ltd.', "Weaver ", "brilan@example.com"),
    Facts("Dovena", "Kelmo 🚀", "Quov; Trell", "Pilot\\Reckoner"),
    Facts(
        "Falis", "Raduk 👩‍💻", "Zanth", "Tuner 🏴󠁧󠁢󠁳󠁣󠁴󠁿"
    ),  # joiners and tags: one sign, many code points
    Facts("José", "Exempli", "", "Freelancer", "jose@example.com"),
    Facts(unicodedata.normalize("NFD", "Zoé"), "Nörvik", "Pluma", "Keeper"),
    Facts("אבגד", "הוזח", "טיכל", "מנסע"),
    Facts("\u200fسشصض", "طظعغ", "Ferro", "Warden"),
    Facts("云石", "川", "林水火", "木山"),
    Facts("𝗕𝗿𝗲𝗻", "𝗧𝗼𝗹𝗺𝗼", "Nivek", "Binder"),
    Facts(" Holena", "Draskor  ", "  Ulmo ", "\u00a0Steward\u00a0"),
    Facts("Ilo\tven", "Mo\u00a0ra", "Grask\tHall", "Smith"),
    Facts("=Jaro", "+Kenn", "@Yarrow", "-Grader"),
    Facts("Lu", "de la Sova-Minth", "=HYPERLINK(1)", "+1 of 2"),
    Facts("Kasimirolandofredericaninobelumatisovegadralukatis", "O'Vell", "Hesp", "Founder"),
    Facts("Mira", "T.", "Dunmo", _LONG),
    Facts("Nolo", "Vess", "Order of " + _LONG, "Keeper"),
    Facts("Osa", "Belth", "", ""),
    Facts("Prava", "Quist", "Trell", "First line\u2028second\u0085third\x0bfourth"),
    Facts("Quilo", "Ren\u200dda", "Zero\u200bwidth", "\ufeffTuner"),
    Facts('"Rask"', "“Tolva”", "Semi;colon", 'Quote"inside'),
    Facts("Twina", "Same", "Quov", "Weaver"),
    Facts("Twina", "Same", "Ombri", "Pilot"),
    Facts("NULL", "None", "N/A", "-"),
    Facts("Undeni", "Ωmega", "Ærø ﬁne Ｆull", "½ Keeper"),
]


def _word(rng: Random) -> str:
    middle = rng.choice(_MIDDLES) if rng.random() < 0.5 else ""
    return (rng.choice(_HEADS) + middle + rng.choice(_ENDS)).capitalize()


def _foreign(rng: Random, script: str) -> str:
    letters = _SCRIPTS[script][0]
    if script == "latin":
        return _word(rng) + rng.choice(letters) + rng.choice(_ENDS)
    return "".join(rng.choices(letters, k=2 if script == "cjk" else 5))


def name(rng: Random) -> tuple[str, str]:
    """An invented first and last name."""
    script, draw = "", rng.random()
    for candidate, (_, share) in _SCRIPTS.items():
        if draw < share:
            script = candidate
            break
        draw -= share
    first = _foreign(rng, script) if script else _word(rng)
    last = _foreign(rng, script) if script else _word(rng) + rng.choice(_ENDS)
    draw = rng.random()
    if draw < 0.024:
        last += rng.choice([", PhD", ", MBA", ", PMP, CSM", ", MD"])
    elif draw < 0.034:
        last += rng.choice([" 🚀", " ✨", " 🇺🇳", " 👩‍💻", " ☕️"])
    elif draw < 0.044:
        first, last = first + " ", last + " "
    elif draw < 0.050:
        last = last[0] + "."
    elif draw < 0.054 and not script:
        first = first.translate(_BOLD)
    return first, last


def company(rng: Random, people: int) -> str:
    """An invented company: one of about a sixth of `people` different ones."""
    number = int(people / 6 * rng.random() ** 2)
    own = Random(number)  # the same company whenever its number is drawn
    text = f"{own.choice(_BRANDS)}{own.choice(_ENDS)} {own.choice(_THINGS)}{own.choice(_TAILS)}"
    return text if own.random() < 0.98 else f'"{text}"'


def position(rng: Random) -> str:
    """An invented post; one in twenty with white space at its end."""
    text = f"{rng.choice(_GRADES)}{rng.choice(_ROLES)} of {rng.choice(_THINGS)}"
    draw = rng.random()
    if draw < 0.05:
        return text + " "
    return text + f" | {rng.choice(_THINGS)} 🌍" if draw < 0.07 else text


def facts(rng: Random, number: int, people: int) -> Facts:
    """What the profile of person `number` says, in a network of about `people`."""
    if number < len(PECULIAR):
        return PECULIAR[number]
    first, last = name(rng)
    work = rng.random() >= 0.022
    return Facts(
        first,
        last,
        company(rng, people) if work else "",
        position(rng) if work else "",
        f"person{number}@example.org" if rng.random() < 0.03 else "",
    )


def slug(facts: Facts, number: int, renames: int = 0) -> str:
    """The last part of a profile's address, before percent-encoding; unique by `number`."""
    plain = unicodedata.normalize("NFKD", f"{facts.first}-{facts.last}").lower()
    text = "".join(c for c in plain if c.isascii() and (c.isalnum() or c == "-")).strip("-")
    if number % 50 in {1, 2} or not text:  # 4 % keep their letters, signs and joiners
        text = "-".join(f"{facts.first} {facts.last}".lower().split())
        text = unicodedata.normalize("NFC", text).replace("/", "")
    mark = f"{(number * 2654435761 + renames * 40503) % 2**32:08x}"
    return f"{text}-{mark}" if not renames else f"{text}-r{renames}-{mark[:5]}{number:x}"
