"""
Carried: what no field of a record holds, under the tag that a format has for it.

    extra of a canonical record, a format  ->  (tag, value), ...

What came in the same format goes back under its own tag. What came in another goes
where that format puts the same thing, if it does: one row of SAME_THING. The rest stays
in the JSON Lines and in the column `extra` of the CSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

# What it is: how each format calls it. Of several names the first is written.
SAME_THING: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "affiliation": {
        "ris": ("AD",), "nbib": ("AD",), "wos": ("C1",), "enw": ("+",),
        "bibtex": ("affiliation", "author+an", "affiliations"),
        "endnote": ("auth-address",),
        "csv": ("affiliations", "affiliation", "author address", "authors with affiliations"),
        "ovid": ("Institution",), "noteexpress": ("Author Address",), "refworks": ("AD",),
    },
    "short title": {
        "ris": ("ST",), "bibtex": ("shorttitle",), "csl": ("title-short", "shortTitle"),
        "enw": ("!",), "endnote": ("short-title",), "csv": ("short title",),
    },
    "short container": {
        "ris": ("J2", "JA", "JO", "JI", "J9"), "nbib": ("TA",),
        "bibtex": ("shortjournal", "journal-iso", "abbrev_source_title"),
        "wos": ("J9", "JI"), "csl": ("container-title-short", "journalAbbreviation"),
        "endnote": ("abbr-1",), "csv": ("journal abbreviation", "abbreviated source title"),
    },
    "edition": {
        "ris": ("ET",), "bibtex": ("edition",), "csl": ("edition",), "enw": ("7",),
        "endnote": ("edition",), "csv": ("edition",),
    },
    "call number": {
        "ris": ("CN",), "bibtex": ("lccn", "callnumber"), "csl": ("call-number",), "enw": ("L",),
        "endnote": ("call-num",), "csv": ("call number",),
    },
    "kind of work": {
        "ris": ("M3",), "bibtex": ("type",), "csl": ("genre",), "enw": ("9",),
        "endnote": ("work-type",), "csv": ("type of work",),
    },
    "series": {
        "ris": ("T3",), "bibtex": ("series",), "csl": ("collection-title",), "enw": ("S",),
        "endnote": ("tertiary-title",), "csv": ("series", "series title"),
    },
    "volumes": {
        "ris": ("NV",), "bibtex": ("volumes",), "csl": ("number-of-volumes",), "enw": ("6",),
        "endnote": ("num-vols",), "csv": ("number of volumes",),
    },
    "seen on": {
        "ris": ("Y2",), "bibtex": ("urldate",), "enw": ("[",), "endnote": ("access-date",),
        "csv": ("access date",),
    },
    "file": {
        "ris": ("L1",), "bibtex": ("file",), "enw": (">",), "endnote": ("pdf-urls",),
        "csv": ("file attachments",),
    },
    "research notes": {
        "ris": ("RN",), "endnote": ("research-notes",), "bibtex": ("annotation", "annote"),
        "csl": ("annote",), "csv": ("research notes",),
    },
    "funding": {
        "nbib": ("GR",), "wos": ("FU",), "ris": ("FU",), "bibtex": ("funding", "funding_details"),
        "csv": ("funding details",),
    },
    "corresponding author": {
        "wos": ("RP",), "bibtex": ("correspondence_address1",), "csv": ("correspondence address",),
    },
    "provider": {
        "ris": ("DP",), "endnote": ("remote-database-provider",), "enw": ("W",),
    },
}  # fmt: skip
_TAGS: Final = {
    "ris": re.compile(r"[A-Z][A-Z0-9]"),
    "bibtex": re.compile(r"[A-Za-z][\w:+./-]*"),
    "csl": re.compile(r"[A-Za-z][\w-]*"),
}
_NO_WORD: Final = re.compile(r"[^0-9a-z]+")


def carried(
    extra: Iterable[tuple[str, str]] | Iterable[list[str]], target: str
) -> list[tuple[str, str, bool]]:
    """All that the format has a tag for: (tag, value, whether it came in this format)."""
    placed = []
    for name, value in extra:
        form, _, tag = name.partition(":")
        if form == target:
            own = tag.replace(" ", "_")  # Scopus calls a field of BibTeX "funding_text 1"
            if _TAGS[target].fullmatch(own):
                placed.append((own, value, True))
        elif there := _THERE.get((form, _plain(form, tag)), {}).get(target):
            placed.append((there[0], value, False))
    return placed


def left_over(extra: Iterable[list[str]], target: str) -> list[list[str]]:
    """What the format has no place for."""
    return [[name, value] for name, value in extra if not carried([(name, value)], target)]


def _plain(form: str, tag: str) -> str:
    """A tag as the table has it: a column in lower case, a field without its percent sign."""
    if form == "csv":
        return _NO_WORD.sub(" ", tag.casefold()).strip()
    return tag.lstrip("%") if form == "enw" else tag


_THERE: Final[Mapping[tuple[str, str], Mapping[str, Any]]] = {
    (form, tag): places
    for places in SAME_THING.values()
    for form, tags in places.items()
    for tag in tags
}
