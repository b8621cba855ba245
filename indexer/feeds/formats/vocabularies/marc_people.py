"""
MARC people: who of the names in a MARC record is author, editor or neither.

    name fields with relator codes or words  ->  authors, editors

MARC 21 has codes of letters and words of the cataloguer's language, UNIMARC numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pymarc import Field
from pymarc import Record as Marc

from indexer.records import Author

EDITORS: Final = frozenset(
    {
        *("edt", "edc", "com", "340", "editor", "editors", "ed", "eds", "hrsg", "herausgeber"),
        *("herausgeberin", "herausgebendesorgan", "editeur", "éditeurscientifique", "editore"),
        *("editorliterario", "compiler", "redaktor", "hg"),
    }
)
NO_AUTHORS: Final = frozenset(
    {
        *("ths", "dgs", "dgg", "opn", "pbl", "trl", "ill", "fmo", "dnr", "col", "his", "isb"),
        *("spn", "fnd", "prt", "bkd", "ctg", "dst", "dte", "own", "rcp", "rev", "win", "aui"),
        *("wpr", "aft", "con", "cov", "bkp", "wst", "wac"),
        *("080", "440", "650", "651", "673", "727", "730", "295", "555", "956", "958", "570"),
        *("translator", "übersetzer", "übersetzerin", "traducteur", "thesisadvisor", "supervisor"),
        *("advisor", "gutachter", "gutachterin", "betreuer", "betreuerin", "illustrator"),
        *("publisher", "sponsor", "funder", "hostinstitution", "degreegrantinginstitution"),
        *("gradverleihendeinstitution", "verlag", "issuingbody"),
    }
)
# "Other": coauthors of articles whose catalogue knows no more, anybody at a book.
OTHERS: Final = frozenset({"oth", "sonstigeperson", "sonstige", "other"})
_NO_BYLINE: Final = EDITORS | NO_AUTHORS | OTHERS
_NO_LETTERS: Final = re.compile(r"[\W_]+")
ISBD: Final = " /:;,=."  # punctuation that cataloguing rules put at the end of subfields


def people(
    marc: Marc, main: Sequence[str], added: Sequence[str], *, unimarc: bool, article: bool
) -> tuple[tuple[Author, ...], tuple[Author, ...]]:
    """Authors and editors in the order of the fields; editors alone stand as the authors."""
    authors: list[Author] = []
    editors: list[Author] = []
    for field in marc.get_fields(*main, *added):
        roles = set(_roles(field))
        person = _person(field, unimarc)
        if person is None:
            continue
        if roles and roles <= EDITORS:
            editors.append(person)
        elif (
            field.tag in main
            or not roles
            or not roles <= _NO_BYLINE
            or (roles <= OTHERS and (article or not authors))
        ):
            authors.append(person)
    return tuple(authors or editors), tuple(editors if authors else ())


def _roles(field: Field) -> Iterator[str]:
    for value in (*field.get_subfields("4"), *field.get_subfields("e", "j")):
        # "http://id.loc.gov/vocabulary/relators/edt" is "edt"
        if role := _NO_LETTERS.sub("", value.rpartition("/")[2].lower()):
            yield role


def _person(field: Field, unimarc: bool) -> Author | None:
    group = field.tag.endswith(("10", "11")) and not (unimarc and field.tag.endswith("01"))
    name = trimmed(joined(field, "ab" if group else "a"))
    if not name:
        return None
    if unimarc and not group and field.get("b"):
        given = trimmed((field.get("b") or "").lstrip(", "))
        return Author(family=name.split(",")[0], given=given, orcid=_orcid(field))
    return Author(name=name, orcid=_orcid(field))


def _orcid(field: Field) -> str:
    for value in field.get_subfields("0", "1", "j", "o"):
        if "orcid" in value.lower():
            return value.rpartition(")")[2].rpartition("/")[2].removeprefix("ORCID:").strip()
    return ""


def joined(field: Field, codes: str) -> str:
    """The values of some subfields in order, a blank between them."""
    values = (part.value.strip() for part in field.subfields if part.code in codes)
    return " ".join(value for value in values if value)


def trimmed(value: str) -> str:
    """A value without the punctuation that leads to the next subfield."""
    return value.strip().rstrip(ISBD).strip()
