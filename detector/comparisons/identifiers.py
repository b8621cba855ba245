"""
Identifiers compared: arXiv and PubMed apart, the others by table; `dois.py` compares DOIs.

    Profile, Profile  ->  arxiv, pubmed, identifier, url, isbn, trial

Does not: resolve anything.
"""

from __future__ import annotations

from typing import Final

from detector.comparisons.base import MISSING, Comparison, Values, codes, levels
from detector.comparisons.profile import FEW_TITLES, OF_A_WORK, Profile
from detector.comparisons.titles import resembles_title
from indexer.fields import Fields
from indexer.fields.identifiers.trials import registry_of

ARXIV: Final = levels(
    ("same", "both carry the arXiv id {left}"),
    ("named", "both lie on arXiv ({left} / {right})"),
    ("differ", "the arXiv ids differ ({left} / {right})"),
)
_A: Final = codes(ARXIV)
_NAMES: Final = frozenset({"arxiv", "corr"})  # CoRR is arXiv's computer science


def compare_arxiv(left: Profile, right: Profile) -> int:
    """Both records carry the same arXiv identifier, whatever its version number."""
    if level := _agree(left, right, "arxiv", _A["same"], _A["differ"]):
        return level
    return _A["named"] if on_arxiv(left.fields) and on_arxiv(right.fields) else MISSING


def on_arxiv(record: Fields) -> bool:
    """It carries an arXiv id, or its container says where it lies: "arXiv: Probability", "CoRR"."""
    container = record.container
    named = container.kind == "repository" and not _NAMES.isdisjoint(container.words)
    return named or "arxiv" in record.by_scheme


PUBMED: Final = levels(
    ("same", "both carry the PubMed id {left}"),
    ("differ", "the PubMed ids differ ({left} / {right})"),
)
_M: Final = codes(PUBMED)


def compare_pubmed(left: Profile, right: Profile) -> int:
    """Both records carry the same PubMed identifier."""
    return _agree(left, right, "pmid", _M["same"], _M["differ"])


OTHER_SCHEMES: Final = tuple(name for name in OF_A_WORK if name not in ("doi", "arxiv", "pmid"))
# Databases whose editors give each publication one number. In the reviews, numbers of Embase are
# the same in 797 true and no false pairs and differ in 30 true and 1,257 false ones. OpenAlex,
# CORE and Semantic Scholar number copies: theirs differ in most true pairs.
EDITED: Final = ("pmcid", "wos", "scopus", "embase", "doaj")
OTHER: Final = levels(
    ("same", "both carry {left}"),
    ("differ", "one database has two numbers ({left} / {right})"),
)
_O: Final = codes(OTHER)


def compare_others(left: Profile, right: Profile) -> int:
    """Both records carry the same identifier of a database or repository."""
    if _shared_other(left, right):
        return _O["same"]
    if not _edited_apart(left, right) or not resembles_title(left, right):
        return MISSING
    return _O["differ"]


def _shared_other(left: Profile, right: Profile) -> str:
    ours, theirs = left.fields.by_scheme, right.fields.by_scheme
    for scheme in OTHER_SCHEMES:
        if scheme in ours and scheme in theirs:
            for value in sorted(ours[scheme] & theirs[scheme]):
                if left.titles_under.get(value, 0) < FEW_TITLES:
                    return f"{scheme}:{value}"
    return ""


def _edited_apart(left: Profile, right: Profile) -> str:
    """The first edited database of which both carry a number and share none; "" when none."""
    apart = (scheme for scheme in EDITED if _agree(left, right, scheme, MISSING, 1))
    return next(apart, "")


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


TRIAL: Final = levels(
    ("differ", "they are of two trials ({left} / {right})"),
)


def compare_trials(left: Profile, right: Profile) -> int:
    """Each record names one trial of a registry, and they are two."""
    return 1 if _two_trials(left, right) else MISSING


def _two_trials(left: Profile, right: Profile) -> Values | None:
    """The first two numbers of one registry; a record that names several says none of them."""
    ours, theirs = _numbers(left), _numbers(right)
    if not ours or not theirs or any(ours[name] & theirs[name] for name in ours.keys() & theirs):
        return None
    for registry in sorted(ours.keys() & theirs.keys()):
        mine, yours = ours[registry], theirs[registry]
        if len(mine) == len(yours) == 1:
            return min(mine), min(yours)
    return None


def _numbers(record: Profile) -> dict[str, set[str]]:
    """The trials that a record names, by registry."""
    named: dict[str, set[str]] = {}
    for scheme in ("registration", "trial"):
        for number in record.fields.by_scheme.get(scheme, ()):
            named.setdefault(registry_of(number), set()).add(number)
    return named


def _shown_trials(left: Profile, right: Profile) -> Values:
    return _two_trials(left, right) or ("", "")


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


class Shown:
    """What stands on both sides under one scheme."""

    def __init__(self, scheme: str) -> None:
        self.scheme = scheme

    def __call__(self, left: Profile, right: Profile) -> Values:
        """What the two carry: the one they share, or the first of each."""
        ours = left.fields.by_scheme.get(self.scheme, frozenset())
        theirs = right.fields.by_scheme.get(self.scheme, frozenset())
        if shared := sorted(ours & theirs):
            return shared[0], shared[0]
        return min(ours, default="-"), min(theirs, default="-")


def _shown_others(left: Profile, right: Profile) -> Values:
    if shared := _shared_other(left, right):
        return shared, shared
    if not (scheme := _edited_apart(left, right)):
        return "", ""
    ours, theirs = Shown(scheme)(left, right)
    return f"{scheme}:{ours}", f"{scheme}:{theirs}"


IDENTIFIERS: Final = (
    Comparison("arxiv", compare_arxiv, ARXIV, Shown("arxiv"), (("same", "named"),), (("differ",),)),
    Comparison("pubmed", compare_pubmed, PUBMED, Shown("pmid"), (("same",),), (("differ",),)),
    Comparison("identifier", compare_others, OTHER, _shown_others, (("same",),), (("differ",),)),
    Comparison("url", compare_urls, URL, Shown("url"), (("same", "same_many"),)),
    Comparison("isbn", compare_isbns, ISBN, Shown("isbn"), (("same", "same_many"),)),
    Comparison("trial", compare_trials, TRIAL, _shown_trials, (), (("differ",),)),
)  # fmt: skip
