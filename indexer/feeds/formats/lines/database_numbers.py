"""
Database numbers: the numbers that databases give a record, as exports write them.

    "PUBMED 34176716,EMBASE 637594347"  ->  ("pmid", "34176716"), ("embase", "637594347")
    "MEDLINE:30529964"                  ->  ("pmid", "30529964")

Exports put them into fields for anything ("custom 2"), so the value, or the database that
the record names, must say what a number is. Does not: normalise (`schemes.py` does).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

Number = tuple[str, str]  # scheme or "", and the value as given

_PMID: Final = re.compile(
    r"PMID:? ?(?:NLM)?(\d{1,8})(?!\d)|(?<!\d)(\d{1,8}) ?\[PMID\]"
    r"|(?:PUBMED |MEDLINE:|\bNLM)(\d{1,8})(?!\d)",
    re.IGNORECASE,
)
# A DOI alone, or its address.
DOI: Final = re.compile(r"(?:https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_PMCID: Final = re.compile(r"\bPMC\d{3,8}\b")
_NIHMS: Final = re.compile(r"\bNIHMS\d+\b")
_EMBASE: Final = re.compile(r"\bEMBASE:? ?L?(\d{6,12})(?!\d)", re.IGNORECASE)
_EMBASE_ITSELF: Final = re.compile(r"L\d{6,12}")
LONGEST_NOTE: Final = 20_000  # characters that are read for fields
# What may stand beside numbers in a note that consists of them: "PMID: 1; PMCID: PMC2".
_BESIDE_NUMBERS: Final = re.compile(r"\b(?:PMC?IDs?|DOI)\b|[\s:;,.|]", re.IGNORECASE)
_PREFIX: Final = re.compile(r"([A-Z]{3,7}):")
DATABASES: Final = {
    "WOS": "Web of Science", "ISI": "Web of Science", "MEDLINE": "MEDLINE", "INSPEC": "Inspec",
    "BIOSIS": "BIOSIS", "BCI": "BIOSIS", "CABI": "CABI", "ZOOREC": "Zoological Record",
    "FSTA": "FSTA", "KJD": "KCI", "SCIELO": "SciELO", "RSCI": "RSCI", "DIIDW": "Derwent",
    "DRCI": "Data Citation Index", "CCC": "Current Contents", "PPRN": "Preprint Citation Index",
}  # fmt: skip
# MEDLINE by any name, and by EBSCO's codes of it.
PUBMED: Final = re.compile(
    r"pubmed|medline|\bNLM\b|\b(?:cmedm|mdc|mnh|mdl)\b|National Library of Medicine", re.IGNORECASE
)
# EBSCO's note of everything: "Accession Number: 1. Language: English. PMID: NLM2."
_EVERYTHING: Final = re.compile(r"\s*Accession Number: ")
_LABELLED: Final = re.compile(
    r"(?:^|[.;] {1,2})([A-Z][\w ]{1,40}): (.+?)(?=[.;] {1,2}[A-Z][\w ]{1,40}: |[.;]?\s*$)"
)


def numbers_in(value: str) -> Iterator[Number]:
    """The numbers that a short value names by their database."""
    for match in _PMID.finditer(value):
        yield "pmid", match[1] or match[2] or match[3]
    for scheme, pattern in (("pmcid", _PMCID), ("nihms", _NIHMS)):
        for match in pattern.finditer(value):
            yield scheme, match[0]
    for match in _EMBASE.finditer(value):
        yield "embase", match[1]


def accession_of(number: str, *databases: str) -> Iterator[Number]:
    """An accession number as an identifier, by its own look and by the database's name."""
    said = " ".join(databases)
    last = number.rpartition(";")[2].strip()  # ProQuest: its own number, then the database's
    if last.isdigit() and len(last) <= 8 and PUBMED.search(said):
        yield "pmid", last
    elif _EMBASE_ITSELF.fullmatch(number) or (number.isdigit() and is_of("embase", said)):
        yield "embase", number
    elif named := list(numbers_in(number)):
        yield from named
    elif number:
        yield "", number


def database_of(accession: str) -> str:
    """The database that an accession number names by its prefix; "" where it names none."""
    match = _PREFIX.match(accession)
    return DATABASES.get(match[1], "") if match else ""


def is_of(database: str, *texts: str) -> bool:
    """Whether any of the texts (names, addresses) holds the name of a database."""
    return any(database in text.lower() for text in texts)


def note_fields(notes: Iterable[str]) -> dict[str, str]:
    """What EBSCO's note of everything says by label; empty where there is none."""
    return {
        match[1]: match[2].partition("; ")[0]
        for note in notes
        if _EVERYTHING.match(note)
        for match in _LABELLED.finditer(note[:LONGEST_NOTE])
    }


def numbers_of_notes(notes: Iterable[str]) -> Iterator[Number]:
    """
    The record's own numbers that its notes state.

    Other notes name other works ("Erratum in: PMID: 1"), so only EBSCO's note of
    everything and notes that hold nothing but numbers are read.
    """
    for note in notes:
        if _EVERYTHING.match(note):
            yield from numbers_in(f"PMID: {note_fields([note]).get('PMID', '')}")
        elif len(note) < 200 and not _BESIDE_NUMBERS.sub("", _without_numbers(note)):
            yield from numbers_in(note)


def _without_numbers(note: str) -> str:
    for pattern in (_PMID, _PMCID, _NIHMS):
        note = pattern.sub("", note)
    return note
