"""
Identifiers compared: DOI and arXiv apart, the others by table.

    Profile, Profile  ->  doi, arxiv, pubmed, identifier, url, isbn

Does not: resolve anything. "Same DOI" is not "same work" (supplements, chapters),
"different DOI" is not "different work" (preprint and article): each case is a level.
"""

from __future__ import annotations

from typing import Final

from detector.comparisons.base import MISSING, Comparison, Values, codes, levels
from detector.comparisons.profile import FEW_TITLES, OF_A_WORK, Profile

CONTAINER_TITLES: Final = 5  # an identifier over this many titles names what holds them

# Registrants of preprint servers, repositories and data archives: a second DOI of theirs
# beside a publisher's is how a preprint and its article look.
ARCHIVES: Final = frozenset({
    "10.48550", "10.1101", "10.21203", "10.2139", "10.26434", "10.31234", "10.31219", "10.31235",
    "10.20944", "10.5281", "10.6084", "10.36227", "10.22541", "10.33774", "10.14293", "10.7287",
    "10.3929", "10.17605", "10.32942", "10.31223", "10.31224", "10.12688", "10.17863", "10.13140",
    "10.18452", "10.15480", "10.1184", "10.25560", "10.57702", "10.5445", "10.14279", "10.11588",
    "10.1575", "10.7916", "10.25384", "10.7907", "10.26686", "10.48448",
})  # fmt: skip

DOI: Final = levels(
    ("same", "both carry the DOI {left}"),
    ("same_few", "both carry the DOI {left}, seen under a few titles"),
    ("same_many", "both carry the DOI {left}, which stands over many titles"),
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
    if mine <= ARCHIVES or yours <= ARCHIVES:
        return _D["deposits" if mine & yours else "archive"]
    return _D["differ_house" if mine & yours else "differ"]


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


ARXIV: Final = levels(
    ("same", "both carry the arXiv id {left}"),
    ("differ", "the arXiv ids differ ({left} / {right})"),
)
_A: Final = codes(ARXIV)


def compare_arxiv(left: Profile, right: Profile) -> int:
    """Both records carry the same arXiv identifier, whatever its version number."""
    return _agree(left, right, "arxiv", _A["same"], _A["differ"])


PUBMED: Final = levels(
    ("same", "both carry the PubMed id {left}"),
    ("differ", "the PubMed ids differ ({left} / {right})"),
)
_M: Final = codes(PUBMED)


def compare_pubmed(left: Profile, right: Profile) -> int:
    """Both records carry the same PubMed identifier."""
    return _agree(left, right, "pmid", _M["same"], _M["differ"])


OTHER_SCHEMES: Final = tuple(one for one in OF_A_WORK if one not in ("doi", "arxiv", "pmid"))
OTHER: Final = levels(("same", "both carry {left}"))


def compare_others(left: Profile, right: Profile) -> int:
    """Both records carry the same identifier of a database or repository."""
    return 1 if _shared_other(left, right) else MISSING


def _shared_other(left: Profile, right: Profile) -> str:
    ours, theirs = left.fields.by_scheme, right.fields.by_scheme
    for scheme in OTHER_SCHEMES:
        if scheme in ours and scheme in theirs:
            for value in sorted(ours[scheme] & theirs[scheme]):
                if left.titles_under.get(value, 0) < FEW_TITLES:
                    return f"{scheme}:{value}"
    return ""


URL: Final = levels(
    ("same", "both lie at {left}"),
    ("same_many", "both lie at {left}, where many titles lie"),
)


def compare_urls(left: Profile, right: Profile) -> int:
    """Both records lie at the same address."""
    return _counted(left, right, "url")


ISBN: Final = levels(
    ("same", "both carry the ISBN {left}"),
    ("same_many", "both carry the ISBN {left}, which stands over many titles"),
)


def compare_isbns(left: Profile, right: Profile) -> int:
    """Both records carry the same ISBN, and it is that of one title."""
    return _counted(left, right, "isbn")


def _counted(left: Profile, right: Profile, scheme: str) -> int:
    ours = left.fields.by_scheme.get(scheme, frozenset())
    shared = ours & right.fields.by_scheme.get(scheme, frozenset())
    if not shared:
        return MISSING
    known = left.titles_under
    return 1 if min(known.get(value, 0) for value in shared) < FEW_TITLES else 2


def _agree(left: Profile, right: Profile, scheme: str, same: int, differ: int) -> int:
    ours, theirs = left.fields.by_scheme.get(scheme), right.fields.by_scheme.get(scheme)
    if not ours or not theirs:
        return MISSING
    return same if ours & theirs else differ


class _Shown:
    """What stands on both sides under one scheme."""

    def __init__(self, scheme: str) -> None:
        self.scheme = scheme

    def __call__(self, left: Profile, right: Profile) -> Values:
        ours = left.fields.by_scheme.get(self.scheme, frozenset())
        theirs = right.fields.by_scheme.get(self.scheme, frozenset())
        if shared := sorted(ours & theirs):
            return shared[0], shared[0]
        return min(ours, default="-"), min(theirs, default="-")


def _shown_others(left: Profile, right: Profile) -> Values:
    shared = _shared_other(left, right)
    return shared, shared


IDENTIFIERS: Final = (
    Comparison("doi", compare_dois, DOI, _Shown("doi"),
               (("same", "same_few", "same_many"),),
               (("archive", "differ"), ("deposits",), ("differ_house",))),
    Comparison("arxiv", compare_arxiv, ARXIV, _Shown("arxiv"), (("same",),), (("differ",),)),
    Comparison("pubmed", compare_pubmed, PUBMED, _Shown("pmid"), (("same",),), (("differ",),)),
    Comparison("identifier", compare_others, OTHER, _shown_others, (("same",),)),
    Comparison("url", compare_urls, URL, _Shown("url"), (("same", "same_many"),)),
    Comparison("isbn", compare_isbns, ISBN, _Shown("isbn"), (("same", "same_many"),)),
)  # fmt: skip
