"""Invented people for tests of the core: by hand, and as hypothesis makes them.

`person()` and `contact()` begin with Ada, whose card stands in the contract; `persons()` and
`contacts()` draw people with every nastiness that text can have.
"""

from __future__ import annotations

from typing import Any

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
