"""
Containers: the journal, proceedings, book or repository a work stands in.

    "Trans. Amer. Math. Soc., 373 (2020), 5747-5772"
        ->  Container(words ("trans", "amer", "math", "soc"), volume "373", year "2020", ...)

The words are those that ISO 4 abbreviates, in order, without articles and prepositions,
so that "Dtsch Med Wochenschr" and "Deutsche Medizinische Wochenschrift" can be compared
word by word, each the beginning of its partner or made of its letters.

Does not: know journals by a list, or compare two containers. A publisher's name in this
field says nothing of a container: it is shown, and has no words. A new repository or
publisher is a word of its pattern and one line in tests/cases/container_names.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from stdnum import issn

from indexer.fields.containers.container_kinds import kind_of_container
from indexer.fields.text.folding import fold, repair


@dataclass(frozen=True, slots=True)
class Container:
    """Where a work was published; every part is empty when the record does not say."""

    text: str = ""  # repaired, for display
    key: str = ""  # the words joined by a space
    words: tuple[str, ...] = ()  # folded, in order; no articles, prepositions, years or ordinals
    kind: str = (
        ""  # "repository", "journal", "proceedings", "book", "thesis" or "publisher"; "" unknown
    )
    issns: frozenset[str] = frozenset()  # normalised "1234-567X"
    volume: str = ""  # of a reference that stood in the field: "..., 373 (2020), 5747-5772"
    year: str = ""
    pages: str = ""


NO_CONTAINER: Final = Container()


def container_of(text: str, issns: Iterable[str] = ()) -> Container:
    """A container as harvested, with the normalised ISSNs of its record."""
    container = _parsed(text) if text else NO_CONTAINER
    known = frozenset(issns)
    if known <= container.issns:
        return container
    return replace(container, issns=container.issns | known, kind=container.kind or "journal")


@lru_cache(maxsize=1 << 16)
def _parsed(text: str) -> Container:
    shown = repair(text)[:LONGEST]
    name, number = _without_issn(_without_lead(shown))
    name, volume, year, pages = _without_reference(name)
    name = _INITIALISM.sub(lambda match: match[0].replace(".", "") + " ", _without_additions(name))
    key = fold(name).replace(" u s a", " usa")
    kind = kind_of_container(key, fold(shown))
    words = () if kind in ("publisher", "unknown") else _words(key, kind)
    return Container(
        text=shown,
        key=" ".join(words),
        words=words,
        issns=frozenset({number} if number else ()),
        kind="" if kind == "unknown" else kind or ("journal" if number else ""),
        volume=volume,
        year=year,
        pages=pages,
    )


LONGEST: Final = 500  # characters; a container's name is never longer

# --- what stands around a name -------------------------------------------------------

_LEAD: Final = re.compile(
    r"^[\s'\"“”‘’(\[]*(?:(?:in|In|IN|to appear in|published in|appeared in|presented at)\s*:?\s+"
    r"(?=['\"“]?\w)|in:)?[\s'\"“”‘’]*"
)
# What follows a name and is made of numbers and their markers only, "53 (2009), 431-440".
# Nothing in it gives back what it took: 40 digits in a row would be tried for hours.
_MARKER: Final = (
    r"vol(?:ume)?s?|v|n|no|nr|num(?:ber)?|issue|iss|pp?|pages?|pgs?|art(?:icle)?|id|bd|heft|t|tome|"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|suppl"
)
_REFERENCE: Final = re.compile(
    rf"[\s,;:(]+(?=[^\d]*\d)(?:(?:(?:{_MARKER})\b|[a-z]?\d[\w./–—-]*+|[-–—])[\s.,;:()]*+)++$",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"(?<![\d-])((?:1[89]|20)\d\d)(?![\d-])")
_PAGES: Final = re.compile(r"([a-z]?\d+)\s*[-–—]+\s*([a-z]?\d+)", re.IGNORECASE)
_VOLUME: Final = re.compile(r"\b(?:vol(?:ume)?|v|bd|t|tome)\b\.?\s*(\d{1,4})\b", re.IGNORECASE)
_ISSUE: Final = re.compile(
    r"\(\d{1,3}(?:[-–/]\d{1,3})?\)|\b(?:no?|nr|issue|number)\b\.?\s*\d+", re.I
)
_NUMBER: Final = re.compile(r"\b[a-z]?\d+\b", re.IGNORECASE)
_FORTHCOMING: Final = re.compile(
    r"[\s.,;]+(?:forthcoming|in press|to appear|submitted|accepted|pp?\.?)[\s.,;:]*$", re.IGNORECASE
)
_ISSN: Final = re.compile(r"\s*(?:[\[(]|\bISSN:?\s*)+(\d{4})-?(\d{3}[\dXx])[\])]?\s*$")
_CONFERENCE: Final = re.compile(
    r"\s*[.;]\s*Conference(?: (?:Publication|Abstracts?|Start|Proceedings?))?\s*:.*$|"
    r"\s*\(var\.?pagings\).*$",
    re.IGNORECASE,
)
_BRACKETS: Final = re.compile(r"\s*[\[(][^\[\]()]*[\])]?\s*$|\s*\((?:[^()]|\([^()]*\))*\)\s*$")
_PARALLEL: Final = re.compile(
    r"\s+[/=]\s+.*$|(?<=[a-z])\.(?=[A-Z][a-z]+ [a-z]).*$"
    r"|(?<=[A-Z])-(?:REVUE|REVISTA|RIVISTA|ZEITSCHRIFT|AN INTERNATIONAL|THE OFFICIAL|JOURNAL|"
    r"INTERNATIONAL JOURNAL)\b.*$"
)
# ": official journal of …", ": an international journal of …", ": JAIDS", "- JDDG": the same
# again; but "Circulation: Heart Failure" and "Section B: Sciences" are other journals.
_SAME_AGAIN: Final = re.compile(
    r"\s*[:;]\s*(?:(?:the |an? |official |international |interdisciplinary |european |american )*"
    r"(?:official|journal|publication|organ|bulletin|quarterly|review of the)\b.*|[A-Z]{2,8}\s*)$"
    r"|\s+(?:—|–|--?|&mdash;)\s+(?:the |an )?(?:international )?journal (?:of|on)\b.*$"
    r"|\s+[-–—]+\s+[A-Z]{2,8}(?:\s+'\d\d)?\s*$",
    re.IGNORECASE,
)
_ACRONYM_FIRST: Final = re.compile(r"^[A-Z]{2,8}\s*(?::|\s[-–—])\s+(?=\S+ \S+)")


def _without_lead(text: str) -> str:
    lead = _LEAD.match(text)
    return text[lead.end() :] if lead and lead.end() < len(text) else text


def _without_issn(text: str) -> tuple[str, str]:
    """The name, and an ISSN that stands behind it: "Stroke (00392499)"."""
    match = _ISSN.search(text)
    if match is None or match.start() < 2:
        return text, ""
    digits = match[1] + match[2]
    if not issn.is_valid(digits):
        return text, ""
    return text[: match.start()], issn.format(digits.upper())


def _without_reference(text: str) -> tuple[str, str, str, str]:
    """The name, and the volume, year and pages of a reference written behind it."""
    match = _REFERENCE.search(text) if any(map(str.isdigit, text)) else None
    if match is None or match.start() < 3:
        return text, "", "", ""
    rest = match[0]
    pages = _PAGES.search(rest)
    if pages:
        rest = rest[: pages.start()] + " ; " + rest[pages.end() :]
    year = next(reversed(_YEAR.findall(rest)), "")
    marked = _VOLUME.search(rest)
    numbers = [n for n in _NUMBER.findall(_ISSUE.sub(" ", rest)) if n != year]
    volume = marked[1] if marked else numbers[0] if numbers and len(numbers[0]) <= 4 else ""
    if pages:
        return text[: match.start()], volume, year, f"{pages[1]}-{pages[2]}"
    page = numbers[-1] if numbers and numbers[-1] != volume and len(numbers[-1]) > 2 else ""
    return text[: match.start()], volume, year, page


def _without_additions(name: str) -> str:
    before = ""
    while name != before:
        before = name
        name = _CONFERENCE.sub("", name)
        for pattern in (_FORTHCOMING, _BRACKETS, _PARALLEL, _SAME_AGAIN):
            shorter = pattern.sub("", name)
            name = shorter if any(map(str.isalpha, shorter)) else name
        name = name.strip(" .,;:'\"“”‘’-")
    return _ACRONYM_FIRST.sub("", name)


# --- words ---------------------------------------------------------------------------

_SMALL: Final = (
    "a an the of and in on for to with at by from its their de la le les des du et d l der die das "
    "und fur von vom zu zur im y e o del los las el en el di della delle dei degli e il lo gli "
    "da do dos das em na no och i og for v k och van het een voor w"
)
_SMALL_WORDS: Final = frozenset(_SMALL.split())
_ORDINAL: Final = re.compile(
    r"(?:\d+(?:st|nd|rd|th)?|(?:19|20)\d\d|(?:twenty|thirty|forty|fifty)?(?:first|second|third|fourth|"
    r"fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|"
    r"sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)|annual|annu|twenty|thirty|"
    r"st|nd|rd|th)$"
)
_OF_PROCEEDINGS: Final = frozenset({"proceedings", "proceeding", "proc", "preproceedings", "pre"})
_INITIALISM: Final = re.compile(r"\b(?!J)(?:[A-Za-z]\.){2,}(?:[A-Za-z]\b)?")  # "U.S.A.", "A.C.M."


def _words(key: str, kind: str) -> tuple[str, ...]:
    *words, last = key.split() or [""]
    words = [word for word in words if word not in _SMALL_WORDS]
    words += [last] if len(last) == 1 or last not in _SMALL_WORDS else []  # "Physics A"
    if kind == "proceedings":
        # "Proc. 31st Annual Symposium on X" and "31st Symp. X" are one meeting series.
        words = [w for w in words if not _ORDINAL.match(w) and w not in _OF_PROCEEDINGS] or words
    return tuple(words or key.split())
