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
from collections.abc import Sequence
from itertools import product
from typing import Final, NamedTuple

from indexer.fields.identifiers.trial_shapes import may_hold_numbers
from indexer.records import Record


class Registry(NamedTuple):
    """How one registry writes its numbers; group 1 of the pattern, or its words, are the number."""

    name: str
    trigger: str  # in lower case; the pattern is tried only where it stands in the text
    pattern: re.Pattern[str]
    prefix: str  # of the normalised number


def _row(name: str, trigger: str, pattern: str, prefix: str) -> Registry:
    return Registry(name, trigger, re.compile(rf"(?<![a-z0-9])(?:{pattern})", re.I), prefix)


# What stands between a registry's name and its number: "ISRCTN: 40…", "ISRCTN number 40…".
_SEP: Final = r"(?:[\s:#.,-]|no|number|nr|id){0,4}"
# The primary registries of the WHO's network, and those that feed it.
REGISTRIES: Final = (
    _row("ClinicalTrials.gov", "nct", rf"nct{_SEP}(\d{{8}})(?!\d)", "NCT"),
    _row("ISRCTN", "isrctn", rf"isrctn{_SEP}(\d{{8}})(?!\d)", "ISRCTN"),
    _row("EU Clinical Trials Register", "eu",
         r"(?:euctr|eudra[\s-]?ct)[^\d\0]{0,12}(20\d\d-\d{6}-\d\d)(?!\d)", "EUCTR"),
    _row("EU Clinical Trials Register", "eudra",
         r"(20\d\d-\d{6}-\d\d)(?:-[a-z]{2,3})?[\s(\[]{1,3}eudra", "EUCTR"),
    _row("EU Clinical Trials Register", "ctr-search",
         r"ctr-search/[^\s\0]{0,60}?(20\d\d-\d{6}-\d\d)(?!\d)", "EUCTR"),
    _row("CTIS", "-5", r"(202\d-5\d{5}-\d\d)(?:-\d\d)?(?!\d)", "CTIS"),
    _row("DRKS", "drks", rf"drks{_SEP}(\d{{8}})(?!\d)", "DRKS"),
    _row("ANZCTR", "actrn", rf"actrn{_SEP}0?(1\d{{13}})(?!\d)", "ACTRN"),
    # "ChiCTR-TRC-09000345" and "ChiCTR2000029308": the letters were given up
    _row("ChiCTR", "chictr", rf"chictr(?:-?[a-z]{{2,5}})?{_SEP}(\d{{8,10}})(?!\d)", "CHICTR"),
    _row("ITMCTR", "itmctr", rf"itmctr{_SEP}(\d{{10}})(?!\d)", "ITMCTR"),
    _row("UMIN", "umin", rf"umin(?:-?ctr)?{_SEP}(c?\d{{9}})(?!\d)", "UMIN"),
    _row("UMIN", "jprn-c", r"jprn-(c\d{9})(?!\d)", "UMIN"),
    _row("jRCT", "jrct", rf"jrct{_SEP}(s?\d{{9,10}})(?!\d)", "JRCT"),
    _row("JapicCTI", "japiccti", rf"japiccti{_SEP}(\d{{6}})(?!\d)", "JAPICCTI-"),
    _row("CTRI", "ctri/", r"ctri/(\d{4}/\d{2,3}/\d{5,6})(?!\d)", "CTRI/"),
    _row("IRCT", "irct", rf"irct{_SEP}(\d{{8,15}}n\d{{1,3}})(?!\d)", "IRCT"),
    _row("Dutch Trial Register", "ntr", r"ntr[\s-]?(\d{3,5})(?!\d)", "NTR"),
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
    _row("REPEC", "per-", r"per-(\d{3}-\d\d)(?!\d)", "PER-"),
    _row("WHO", "u1111-", r"u1111-(\d{4}-\d{4})(?!\d)", "U1111-"),
)  # fmt: skip
_SEAM: Final = "\0"  # between fields: no number reaches over it
_BARE_EUDRACT: Final = re.compile(
    r"(?:^|\0)\s*(20\d\d-\d{6}-\d\d)(?:-[a-z]{2,3})?\s*(?=\0|$)", re.I
)
# What is no ASCII counts as digits: a digit of any script stays one, and is longer in bytes.
_NOUGHTS: Final = bytes(
    ord("0") if code > 0x7F or chr(code).isdigit() else ord(" ") if chr(code).isspace()
    else ord(chr(code).lower())
    for code in range(0x100)
)  # fmt: skip
_LOWER_IN_ASCII: Final = re.compile("[\u0130\u212a]")  # no ASCII, but small they are
# By the digits that its number begins with, or has behind a dash.
_OF_FEW_DIGITS: Final = {
    "CTRI/", "NTR", "NL", "NL-OMON", "RBR-", "SLCTR/", "HKUCTR-", "PER-", "U1111-",
}  # fmt: skip
_OF_SIX_DIGITS: Final = {"JAPICCTI-", "KCT"}
_BEHIND_A_DASH: Final = {"EUCTR", "CTIS", "PHRR"}
# Three digits that a number of few may begin with: what stands before them is looked at last.
_FEW_DIGITS: Final = re.compile(
    rb"000(?<=[/rlnu -]000)(?:(?<=/000)|(?<=ntr000)|(?<=ntr[ -]000)|(?<=nl000)|(?<=nl[ -]000)"
    rb"|(?<=mon000)|(?<=per-000)|(?<=u000))"
)


def _rows_where(few: bool, six: bool, dashed: bool, long: bool) -> list[tuple[bytes, Registry]]:
    """The registries with numbers of these shapes, each behind its trigger."""
    told = {
        **dict.fromkeys(_OF_FEW_DIGITS, few),
        **dict.fromkeys(_OF_SIX_DIGITS, six),
        **dict.fromkeys(_BEHIND_A_DASH, dashed),
    }
    rows = [row for row in REGISTRIES if told.get(row.prefix, long)]
    return [(row.trigger.encode().translate(_NOUGHTS), row) for row in rows]


_ROWS: Final = {shapes: _rows_where(*shapes) for shapes in product((False, True), repeat=4)}
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


def trials_of(record: Record) -> list[tuple[str, str]]:
    """("registration" or "trial", number) of each trial that a record names, each once."""
    stated = _stated(_SEAM.join(_fields(record)))
    if stated and _is_registration(record, stated):
        return [("registration", number) for number in dict.fromkeys(stated)]
    told = numbers_in(_SEAM.join(_texts(record)))
    return [("trial", number) for number in dict.fromkeys(stated + told)] if stated or told else []


def trials_of_each(records: Sequence[Record]) -> list[list[tuple[str, str]]]:
    """`trials_of` of each: 4 µs a record, 13 alone."""
    possible = may_hold_numbers([_SEAM.join(_fields(one) + _texts(one)) for one in records])
    return [trials_of(one) if told else [] for one, told in zip(records, possible, strict=True)]


def numbers_in(text: str) -> list[str]:
    """The normalised numbers that stand in a text."""
    return _numbers_in(text, _with_noughts(text))


def _numbers_in(text: str, noughts: bytes) -> list[str]:
    """
    The same, with what `_with_noughts` gives for the text.

    Most texts hold no number of a shape that fits, and are done with: an abstract takes 4 µs
    where looking for every registry's name took 13.
    """
    few, six, dashed, long = b"rbr-" in noughts, False, False, False
    if b"000" in noughts:
        few = few or _FEW_DIGITS.search(noughts) is not None or b"hkuctr" in noughts
        if b"000000" in noughts:
            six, dashed, long = True, b"-000000" in noughts, b"00000000" in noughts
    if not (few or six):
        return []
    return [
        row.prefix + match[1].upper()
        for trigger, row in _ROWS[few, six, dashed, long]
        if trigger in noughts
        for match in row.pattern.finditer(text)
        if not _example(match[1])
    ]


def _with_noughts(text: str) -> bytes:
    """A text in small letters, a nought for every digit and a space for every blank."""
    if not text.isascii() and _LOWER_IN_ASCII.search(text):
        text = text.lower()
    return text.encode("utf-8", "surrogatepass").translate(_NOUGHTS)


def registry_of(number: str) -> str:
    """The registry that gave a normalised number; "" for none of REGISTRIES."""
    fitting = (row for row in REGISTRIES if number.startswith(row.prefix))
    return max(fitting, key=lambda row: len(row.prefix)).name if number else ""


def _stated(text: str) -> list[str]:
    """Numbers in fields, where one of the EU's stands without a word before it too."""
    noughts = _with_noughts(text)
    numbers = _numbers_in(text, noughts)
    if b"-000000" in noughts:
        numbers += [f"EUCTR{bare[1]}" for bare in _BARE_EUDRACT.finditer(text)]
    return numbers


def _fields(record: Record) -> list[str]:
    """Where a registry's record says its own number: everywhere but in running text."""
    fields = [record.source_id, record.accession_number, record.title, record.container]
    fields += (record.doi, *record.urls)
    fields += [value for _, value in record.identifiers]
    fields += [author.name or author.display for author in record.authors]
    return fields


def _texts(record: Record) -> list[str]:
    texts = [record.abstract, *record.alternate_titles, *record.notes]
    texts += [value for _, value in record.extra]
    return texts


def _is_registration(record: Record, stated: list[str]) -> bool:
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
