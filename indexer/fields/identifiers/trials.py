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
    # Of a trigger that words have too ("function", "control"): one of these stands wherever
    # the pattern matches, in the text as `_with_noughts` gives it.
    shapes: tuple[bytes, ...]


def _row(name: str, trigger: str, pattern: str, prefix: str, *shapes: bytes) -> Registry:
    compiled = re.compile(rf"(?<![a-z0-9])(?:{pattern})", re.I)
    return Registry(name, trigger, compiled, prefix, shapes or (b"",))


# What stands between a registry's name and its number: "ISRCTN: 40…", "ISRCTN number 40…".
_SEP: Final = r"(?:[\s:#.,-]|no|number|nr|id){0,4}"
# The primary registries of the WHO's network, and those that feed it.
REGISTRIES: Final = (
    _row("ClinicalTrials.gov", "nct", rf"nct{_SEP}(\d{{8}})(?!\d)", "NCT", b"00000000"),
    _row("ISRCTN", "isrctn", rf"isrctn{_SEP}(\d{{8}})(?!\d)", "ISRCTN"),
    _row("EU Clinical Trials Register", "eu",
         r"(?:euctr|eudra[\s-]?ct)[^\d\0]{0,12}(20\d\d-\d{6}-\d\d)(?!\d)", "EUCTR", b"-000000"),
    _row("EU Clinical Trials Register", "eudra",
         r"(20\d\d-\d{6}-\d\d)(?:-[a-z]{2,3})?[\s(\[]{1,3}eudra", "EUCTR"),
    _row("EU Clinical Trials Register", "ctr-search",
         r"ctr-search/[^\s\0]{0,60}?(20\d\d-\d{6}-\d\d)(?!\d)", "EUCTR"),
    _row("CTIS", "-5", r"(202\d-5\d{5}-\d\d)(?:-\d\d)?(?!\d)", "CTIS", b"-000000"),
    _row("DRKS", "drks", rf"drks{_SEP}(\d{{8}})(?!\d)", "DRKS"),
    _row("ANZCTR", "actrn", rf"actrn{_SEP}0?(1\d{{13}})(?!\d)", "ACTRN"),
    # "ChiCTR-TRC-09000345" and "ChiCTR2000029308": the letters were given up
    _row("ChiCTR", "chictr", rf"chictr(?:-?[a-z]{{2,5}})?{_SEP}(\d{{8,10}})(?!\d)", "CHICTR"),
    _row("ITMCTR", "itmctr", rf"itmctr{_SEP}(\d{{10}})(?!\d)", "ITMCTR"),
    _row("UMIN", "umin", rf"umin(?:-?ctr)?{_SEP}(c?\d{{9}})(?!\d)", "UMIN", b"000000000"),
    _row("UMIN", "jprn-c", r"jprn-(c\d{9})(?!\d)", "UMIN"),
    _row("jRCT", "jrct", rf"jrct{_SEP}(s?\d{{9,10}})(?!\d)", "JRCT"),
    _row("JapicCTI", "japiccti", rf"japiccti{_SEP}(\d{{6}})(?!\d)", "JAPICCTI-"),
    _row("CTRI", "ctri/", r"ctri/(\d{4}/\d{2,3}/\d{5,6})(?!\d)", "CTRI/"),
    _row("IRCT", "irct", rf"irct{_SEP}(\d{{8,15}}n\d{{1,3}})(?!\d)", "IRCT"),
    _row("Dutch Trial Register", "ntr", r"ntr[\s-]?(\d{3,5})(?!\d)", "NTR",
         b"ntr000", b"ntr 000", b"ntr-000"),
    # It numbers its trials twice: NTR… as they were, NL… as they are.
    _row("Dutch Trial Register, new numbers", "trialregister.nl/",
         r"trialregister\.nl/(?:trial|en/trial)/(\d{3,5})(?!\d)", "NL"),
    _row("Dutch Trial Register, new numbers", "trial regist",
         r"trial regist\w{1,3}[^\d\0]{0,30}?nl[\s-]?(\d{3,5})(?!\d)", "NL"),
    _row("Dutch Trial Register, OMON", "nl-omon", r"nl-omon(\d{4,6})(?!\d)", "NL-OMON"),
    _row("CRIS", "kct", rf"kct{_SEP}(\d{{7}})(?!\d)", "KCT"),
    _row("PACTR", "pactr", rf"pactr{_SEP}(\d{{15,16}})(?!\d)", "PACTR"),
    _row("ReBEC", "rbr-", r"rbr-([a-z0-9]{6,8})(?![a-z0-9])", "RBR-"),
    _row("RPCEC", "rpcec", rf"rpcec{_SEP}(\d{{8}})(?!\d)", "RPCEC"),
    _row("SLCTR", "slctr/", r"slctr/(\d{4}/\d{3})(?!\d)", "SLCTR/"),
    _row("TCTR", "tctr", rf"tctr{_SEP}(\d{{11}})(?!\d)", "TCTR"),
    _row("LBCTR", "lbctr", rf"lbctr{_SEP}(\d{{10}})(?!\d)", "LBCTR"),
    _row("SNCTP", "snctp", rf"snctp{_SEP}(\d{{9}})(?!\d)", "SNCTP"),
    _row("HKUCTR", "hkuctr", rf"hkuctr{_SEP}(\d{{3,5}})(?!\d)", "HKUCTR-"),
    _row("PHRR", "phrr", rf"phrr{_SEP}(\d{{6}}-\d{{6}})(?!\d)", "PHRR"),
    _row("REPEC", "per-", r"per-(\d{3}-\d\d)(?!\d)", "PER-", b"per-000"),
    _row("WHO", "u1111-", r"u1111-(\d{4}-\d{4})(?!\d)", "U1111-"),
)  # fmt: skip
_SEAM: Final = "\0"  # between fields: no number reaches over it
_BARE_EUDRACT: Final = re.compile(
    r"(?:^|\0)\s*(20\d\d-\d{6}-\d\d)(?:-[a-z]{2,3})?\s*(?=\0|$)", re.I
)
# What is no ASCII counts as digits: a digit of any script stays one, and is longer in bytes.
_NOUGHTS: Final = bytes.maketrans(
    b"123456789\t\n\v\f\r\x1c\x1d\x1e\x1f" + bytes(range(0x80, 0x100)),
    b"0" * 9 + b" " * 9 + b"0" * 0x80,
)
_OF_FEW_DIGITS: Final = tuple(
    row
    for row in REGISTRIES
    if row.prefix
    in {"CTRI/", "NTR", "NL", "NL-OMON", "RBR-", "SLCTR/", "HKUCTR-", "PER-", "U1111-"}
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
    noughts = _with_noughts(lowered)
    # Most texts hold no number that is long enough, and are done with: of an abstract's 39 µs
    # looking for six digits took 14, and trying a pattern at "control" 15; all is 11 now.
    if b"000" not in noughts and "rbr-" not in lowered:
        return
    for row in REGISTRIES if b"000000" in noughts else _OF_FEW_DIGITS:
        if row.trigger in lowered and any(shape in noughts for shape in row.shapes):
            for match in row.pattern.finditer(text):
                if not _example(match[1]):
                    yield row.prefix + match[1].upper()


def _with_noughts(lowered: str) -> bytes:
    """A text with a nought for every digit and a space for every blank, to look for shapes in."""
    return lowered.encode("utf-8", "surrogatepass").translate(_NOUGHTS)


def registry_of(number: str) -> str:
    """The registry that gave a normalised number; "" for none of REGISTRIES."""
    fitting = (row for row in REGISTRIES if number.startswith(row.prefix))
    return max(fitting, key=lambda row: len(row.prefix)).name if number else ""


def _stated(text: str) -> Iterator[str]:
    """Numbers in fields, where one of the EU's stands without a word before it too."""
    yield from numbers_in(text)
    if "-" in text and b"-000000" in _with_noughts(text):
        yield from (f"EUCTR{bare[1]}" for bare in _BARE_EUDRACT.finditer(text))


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
    """Nothing but one digit, noughts behind a year, or counted up: a form's example."""
    digits = re.sub(r"\D", "", number)
    _, *behind_the_year = re.findall(r"\d+", number) or [""]
    blank = bool(behind_the_year) and not "".join(behind_the_year).strip("0")
    return bool(_SAME_DIGIT.fullmatch(digits)) or blank or digits == _COUNTED[: len(digits)]
