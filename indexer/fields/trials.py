"""
Trials: numbers of clinical trials in registries, and whose number one is.

    a record  ->  ("registration", "NCT01234567") of a registry's own record,
                  ("trial", "NCT01234567") of a paper that tells of the trial

A registration carries its number as a book carries its ISBN: equal numbers are one
record, two numbers of one registry are two. Ten papers may tell of one trial, so there
an equal number is no evidence, while two numbers still are two studies. All-zero and
counted-up numbers ("NCT00000000", "NCT12345678") are forms' examples and none.

Does not: look a number up, or compare records. A new registry is a row of REGISTRIES
and a line in tests/cases/identifiers.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from indexer.records import Record


class Registry(NamedTuple):
    """How one registry writes its numbers; group 1 of the pattern, or its words, are the number."""

    name: str
    trigger: str  # in lower case; the pattern is tried only where it stands in the text
    pattern: re.Pattern[str]
    prefix: str  # of the normalised number


def _row(name: str, trigger: str, pattern: str, prefix: str) -> Registry:
    return Registry(name, trigger, re.compile(rf"(?<![a-z0-9])(?:{pattern})", re.I), prefix)


# The primary registries of the WHO's network, and those that feed it.
REGISTRIES: Final = (
    _row("ClinicalTrials.gov", "nct", r"nct[\s:#-]?(\d{8})(?!\d)", "NCT"),
    _row("ISRCTN", "isrctn", r"isrctn[\s:-]?(\d{8})(?!\d)", "ISRCTN"),
    _row("EU Clinical Trials Register", "eu",
         r"(?:euctr|eudra[\s-]?ct)\D{0,12}(20\d\d-\d{6}-\d\d)(?!\d)", "EUCTR"),
    _row("EU Clinical Trials Register", "ctr-search",
         r"ctr-search/\S{0,60}?(20\d\d-\d{6}-\d\d)(?!\d)", "EUCTR"),
    _row("CTIS", "-5", r"(202\d-5\d{5}-\d\d)(?:-\d\d)?(?!\d)", "CTIS"),
    _row("DRKS", "drks", r"drks[\s-]?(\d{8})(?!\d)", "DRKS"),
    _row("ANZCTR", "actrn", r"actrn\s?(1\d{13})(?!\d)", "ACTRN"),
    # "ChiCTR-TRC-09000345" and "ChiCTR2000029308": the letters were given up
    _row("ChiCTR", "chictr", r"chictr(?:-?[a-z]{2,5})?[\s-]?(\d{8,10})(?!\d)", "CHICTR"),
    _row("UMIN", "umin", r"umin[\s-]?(?:ctr[\s:-]?)?(\d{9})(?!\d)", "UMIN"),
    _row("jRCT", "jrct", r"jrct\s?(s?\d{9,10})(?!\d)", "JRCT"),
    _row("JapicCTI", "japiccti", r"japiccti[\s-]?(\d{6})(?!\d)", "JAPICCTI-"),
    _row("CTRI", "ctri/", r"ctri/(\d{4}/\d{2,3}/\d{6})(?!\d)", "CTRI/"),
    _row("IRCT", "irct", r"irct\s?(\d{8,15}n\d{1,3})(?!\d)", "IRCT"),
    _row("Dutch Trial Register", "ntr", r"ntr[\s-]?(\d{3,5})(?!\d)", "NTR"),
    _row("Dutch Trial Register", "nl-omon", r"nl-omon(\d{4,6})(?!\d)", "NL-OMON"),
    _row("CRIS", "kct", r"kct\s?(\d{7})(?!\d)", "KCT"),
    _row("PACTR", "pactr", r"pactr\s?(\d{15,16})(?!\d)", "PACTR"),
    _row("ReBEC", "rbr-", r"rbr-([a-z0-9]{6,8})(?![a-z0-9])", "RBR-"),
    _row("RPCEC", "rpcec", r"rpcec\s?(\d{8})(?!\d)", "RPCEC"),
    _row("SLCTR", "slctr/", r"slctr/(\d{4}/\d{3})(?!\d)", "SLCTR/"),
    _row("TCTR", "tctr", r"tctr\s?(\d{11})(?!\d)", "TCTR"),
    _row("LBCTR", "lbctr", r"lbctr\s?(\d{10})(?!\d)", "LBCTR"),
    _row("REPEC", "per-", r"per-(\d{3}-\d\d)(?!\d)", "PER-"),
    _row("WHO", "u1111-", r"u1111-(\d{4}-\d{4})(?!\d)", "U1111-"),
)  # fmt: skip
_SEAM: Final = "\0"  # between fields: no number reaches over it
_BARE_EUDRACT: Final = re.compile(
    r"(?:^|\0)\s*(20\d\d-\d{6}-\d\d)(?:-[a-z]{2,3})?\s*(?=\0|$)", re.I
)
_LONG_NUMBER: Final = re.compile(r"\d{6}")  # most texts hold none, and are done with
_OF_FEW_DIGITS: Final = tuple(
    row
    for row in REGISTRIES
    if row.prefix in ("NTR", "NL-OMON", "RBR-", "SLCTR/", "PER-", "U1111-")
)
_SAME_DIGIT: Final = re.compile(r"(\d)(?:\1|\D)*")
_COUNTED: Final = "1234567890"
# Where registries publish, and how databases call what they took from one.
_OF_A_REGISTRY: Final = re.compile(
    r"clinicaltrials?\s?\.?\s?gov|clinical ?trials? regist|trials? ?search\.who|\bictrp\b|isrctn|"
    r"clinicaltrialsregister|euclinicaltrials|\bdrks\b|anzctr|chictr|umin\.ac\.jp|jrct|\bctri\b|"
    r"irct\.ir|trialregister|cris\.nih|pactr|ensaiosclinicos|trial regist(?:ry|er)|"
    r"regist(?:ry|er) of (?:clinical )?trials|trial registration",
    re.IGNORECASE,
)
_OWN_DOI: Final = re.compile(r"10\.1186/isrctn|10\.1002/central/", re.IGNORECASE)


def trials_of(record: Record) -> Iterator[tuple[str, str]]:
    """("registration" or "trial", number) of each trial that a record names, each once."""
    stated = dict.fromkeys(_stated(_SEAM.join(_fields(record))))
    if stated and _is_registration(record, stated):
        yield from (("registration", number) for number in stated)
        return
    told = numbers_in(_SEAM.join(_texts(record)))
    yield from (("trial", number) for number in dict.fromkeys((*stated, *told)))


def numbers_in(text: str) -> Iterator[str]:
    """The normalised numbers that stand in a text."""
    lowered = text.lower()
    for _, trigger, pattern, prefix in REGISTRIES if _LONG_NUMBER.search(text) else _OF_FEW_DIGITS:
        if trigger in lowered:
            for match in pattern.finditer(text):
                if not _example(match[1]):
                    yield prefix + match[1].upper()


def registry_of(number: str) -> str:
    """The registry that gave a normalised number; "" for none of REGISTRIES."""
    fitting = (row for row in REGISTRIES if number.startswith(row.prefix))
    return max(fitting, key=lambda row: len(row.prefix)).name if number else ""


def _stated(text: str) -> Iterator[str]:
    """Numbers in fields, where one of the EU's stands without a word before it too."""
    yield from numbers_in(text)
    for bare in _BARE_EUDRACT.finditer(text) if "-" in text else ():
        yield f"EUCTR{bare[1]}"


def _fields(record: Record) -> Iterator[str]:
    """Where a registry's record says its own number: everywhere but in running text."""
    yield from (record.source_id, record.accession_number, record.title, record.container)
    yield from (record.doi, *record.urls)
    yield from (value for _, value in record.identifiers)
    yield from (author.display for author in record.authors)


def _texts(record: Record) -> Iterator[str]:
    yield from (record.abstract, *record.alternate_titles, *record.notes)
    yield from (value for _, value in record.extra)


def _is_registration(record: Record, stated: dict[str, None]) -> bool:
    """
    It is the registry's own description of the trial, and no publication about it.

    What has a place in a journal, or a DOI that is not a registry's, is a publication.
    """
    if record.volume or record.pages or record.issn or record.isbn:
        return False
    if record.doi and not _OWN_DOI.search(record.doi):
        return False
    own = (record.source_id, record.accession_number)
    if any(number in stated for text in own for number in _stated(text)):
        return True
    kinds = (value for name, value in record.extra if name.endswith((":M3", ":DB")))
    of_registry = (record.container, record.type, record.database, record.source, *kinds)
    named = any(map(_OF_A_REGISTRY.search, of_registry))
    byline = [number for author in record.authors for number in _stated(author.display)]
    return named or bool(byline) or (not record.container and _lies_there(record))


def _lies_there(record: Record) -> bool:
    """Every address of the record is a registry's."""
    return bool(record.urls) and all(map(_OF_A_REGISTRY.search, record.urls))


def _example(number: str) -> bool:
    """Nothing but one digit, or counted up: a form's example."""
    digits = re.sub(r"\D", "", number)
    return bool(_SAME_DIGIT.fullmatch(digits)) or digits == _COUNTED[: len(digits)]
