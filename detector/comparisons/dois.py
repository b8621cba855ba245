"""
DOIs compared: the same, kin, or another, and whose.

    Profile, Profile  ->  doi

"Same DOI" is not "same work" (supplements, chapters), "different DOI" is not "different
work" (preprint and article): each case is a level. What a DOI tells by its own form, such
as a preprint's or a second edition's, is read here; nothing is resolved. A registrant
with a habit of its own is a row of a table and a line in tests/cases/dois.csv.
"""

from __future__ import annotations

import re
from typing import Final

from detector.comparisons.base import MISSING, Comparison, codes, levels
from detector.comparisons.identifiers import Shown
from detector.comparisons.profile import FEW_TITLES, Profile
from indexer.fields import Fields

CONTAINER_TITLES: Final = 5  # a DOI over this many titles names what holds them

# Registrants of preprint servers, repositories and data archives: a second DOI of theirs
# beside a publisher's is how a preprint and its article look.
ARCHIVES: Final = frozenset({
    "10.48550", "10.1101", "10.21203", "10.2139", "10.26434", "10.31234", "10.31219", "10.31235",
    "10.20944", "10.5281", "10.6084", "10.36227", "10.22541", "10.33774", "10.14293", "10.7287",
    "10.3929", "10.17605", "10.32942", "10.31223", "10.31224", "10.12688", "10.17863", "10.13140",
    "10.18452", "10.15480", "10.1184", "10.25560", "10.57702", "10.5445", "10.14279", "10.11588",
    "10.1575", "10.7916", "10.25384", "10.7907", "10.26686", "10.48448", "10.22004", "10.5167",
    "10.7892", "10.48350", "10.5451", "10.18154", "10.17169", "10.18419", "10.7939", "10.7282",
    "10.17615", "10.21220",
})  # fmt: skip
POSTED: Final = re.compile(
    r"10\.48550/arxiv|10\.21203/rs\.|10\.20944/preprints|10\.26434/chemrxiv|10\.2139/ssrn"
    r"|10\.(?:31234|31219|31235)/osf|10\.36227/techrxiv|10\.22541/au|10\.1101/(?:\d{6}|20\d\d\.)"
    r"|10\.64898/|10\.7287/peerj\.preprints|10\.2196/preprints\.|10\.1002/essoar\."
    r"|10\.33774/|10\.32942/"
    # Copernicus: "acp-2017-84" and "acpd-9-1-2009" are discussed, "acp-9-159-2018" is published,
    # and so are "esd-12-1-2021" and others of journals whose own short names end in "d".
    r"|10\.5194/(?:[a-z]+-\d{4}-\d+$|(?!(?:esd|gmd|essd)-)[a-z]+d-\d+-\d+-\d{4}$)"
)
# Copernicus: what referees, authors, the community and editors say of a discussed preprint.
COMMENT: Final = re.compile(r"(10\.5194/.+)-(?:rc|ac|cc|sc|ec)\d+")
# How one text comes by two DOIs of one registrant: what the pattern captures is the same.
KIN: Final = tuple(map(re.compile, (
    r"10\.1145/\d{5,8}\.(\d{5,8})",  # ACM: proceedings, and the issue of a journal with them
    r"10\.1002/an(?:ge|ie)\.(\d{6,})",  # Angewandte Chemie, German and international
    r"10\.2196/(?:preprints\.|[a-z]+\.)?(\d{3,})",  # JMIR: as submitted, and as published
    r"10\.3403/(\w+?)u?",  # British Standards: of the standard, and of its present edition
)))  # fmt: skip
# A chapter of a living reference work has the number of its update; in print another ISBN.
_LIVING_CHAPTER: Final = re.compile(r"(10\.\d{4,}/)97[89][\d-]{10,14}(_\d+)(-\d+)?")

DOI: Final = levels(
    ("same", "both carry the DOI {left}"),
    ("same_few", "both carry the DOI {left}, seen under a few titles"),
    ("same_many", "both carry the DOI {left}, which stands over many titles"),
    ("kin", "the registrant gave one text two DOIs ({left} / {right})"),
    ("deposits", "the DOIs are two deposits in one archive ({left} / {right})"),
    ("archive", "one DOI is a repository's, the other a publisher's ({left} / {right})"),
    ("differ", "the DOIs differ ({left} / {right})"),
    ("differ_house", "the DOIs differ and are of one registrant ({left} / {right})"),
)
_D: Final = codes(DOI)


def compare_dois(left: Profile, right: Profile) -> int:
    """Both records carry the same DOI, and it is that of one work."""
    ours, theirs = _dois(left), _dois(right)
    if not ours or not theirs:
        return MISSING
    if shared := ours & theirs:
        return _shared_level(left, right, shared)
    mine, yours = _houses(ours), _houses(theirs)
    if mine & yours:
        if any(_kin(a, b) for a in ours for b in theirs):
            return _D["kin"]
        if any(COMMENT.fullmatch(doi) for doi in ours | theirs):
            return _D["differ_house"]
        if _posted(ours) != _posted(theirs):
            return _D["archive"]
        return _D["deposits" if mine <= ARCHIVES or yours <= ARCHIVES else "differ_house"]
    return _D["archive" if mine <= ARCHIVES or yours <= ARCHIVES else "differ"]


def _shared_level(left: Profile, right: Profile, shared: frozenset[str]) -> int:
    under = min(
        max(left.titles_under.get(doi, 0), right.titles_under.get(doi, 0)) for doi in shared
    )
    if under >= CONTAINER_TITLES:
        return _D["same_many"]
    return _D["same_few" if under >= FEW_TITLES else "same"]


def _dois(profile: Profile) -> frozenset[str]:
    return profile.fields.by_scheme.get("doi", frozenset())


def _houses(dois: frozenset[str]) -> frozenset[str]:
    return frozenset(doi.split("/", 1)[0] for doi in dois)


def on_server(fields: Fields) -> bool:
    """All DOIs that the record has are those of preprints: its pages are not the journal's."""
    dois = fields.by_scheme.get("doi", frozenset())
    return bool(dois) and _posted(dois)


def _posted(dois: frozenset[str]) -> bool:
    """All of these are DOIs of preprints."""
    return all(POSTED.match(doi) for doi in dois)


def may_be_kin(doi: str) -> bool:
    """The registrant may have given the same text another DOI, by the form of this one."""
    return any(pattern.fullmatch(doi) for pattern in (*KIN, _LIVING_CHAPTER))


def _kin(one: str, other: str) -> bool:
    """The registrant's own numbering says that both name one text."""
    for pattern in KIN:
        ours, theirs = pattern.fullmatch(one), pattern.fullmatch(other)
        if ours and theirs:
            return ours[1] == theirs[1]
    ours, theirs = _LIVING_CHAPTER.fullmatch(one), _LIVING_CHAPTER.fullmatch(other)
    return bool(ours and theirs and ours[1] == theirs[1] and ours[2] == theirs[2]) and (
        (ours[3] is None) != (theirs[3] is None)  # type: ignore[index]
    )


DOIS: Final = (
    Comparison("doi", compare_dois, DOI, Shown("doi"),
               (("same", "same_few", "same_many"), ("kin",)),
               (("archive", "differ"), ("deposits",), ("differ_house",))),
)  # fmt: skip
