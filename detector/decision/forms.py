"""
Forms: does a record describe a preprint, an accepted manuscript or the article?

    Fields  ->  PREPRINT, ACCEPTED, ARTICLE or "" where it does not say

The one reading of it, for pairs (`relations.py`) and for the groups of a work
(`works/version_groups.py`). Told by one record alone; which of two is later, and
whether they are one work, is not asked here. A new preprint server is a word of the
patterns and a case in tests/cases/versions.csv.
"""

from __future__ import annotations

import re
from typing import Final

from detector.comparisons.dois import ARCHIVES, POSTED
from indexer.fields import Fields

PREPRINT, ACCEPTED, ARTICLE = "preprint", "accepted", "article"
_FORM_OF_STAGE: Final = {
    "draft": PREPRINT,
    "submitted": PREPRINT,
    "accepted": ACCEPTED,
    "published": ARTICLE,
    "updated": ARTICLE,
}
_PERIODICAL_KINDS: Final = frozenset({"article", "review", "conference", "proceedings", "chapter"})
# Repositories also keep published articles; these servers keep what came before them.
_PREPRINT_SERVER: Final = re.compile(
    r"\b(?:\w*rxiv|arxiv|ssrn|social science research network|research square|preprints org"
    r"|authorea|egusphere|computing research repository|corr)\b"
)


def form_of(fields: Fields) -> str:
    """Preprint, accepted or article, where the record says so; a guess would part duplicates."""
    if fields.stage in _FORM_OF_STAGE:
        return _FORM_OF_STAGE[fields.stage]
    if fields.kind == PREPRINT or _names_a_posted_version(fields):
        return PREPRINT
    houses = {doi.split("/", 1)[0] for doi in fields.by_scheme.get("doi", ())}
    published = bool(houses - ARCHIVES)
    placed = bool(fields.places.volume or fields.places.first_page or fields.places.article_number)
    in_repository = fields.container.kind == "repository"
    if not published and not placed and _posted(fields):
        return PREPRINT
    periodical = fields.kind in _PERIODICAL_KINDS or not fields.kind
    named = placed and bool(fields.kind or fields.container.key) and not houses
    if periodical and not in_repository and (published or named):
        return ARTICLE
    return ""


def _names_a_posted_version(fields: Fields) -> bool:
    """It states a version of an arXiv paper; a journal named beside it is where it went later."""
    return any(one.version for one in fields.identifiers if one.scheme == "arxiv")


def _posted(fields: Fields) -> bool:
    """All identity that it has is that of a preprint server."""
    if fields.container.kind not in ("", "repository", "publisher"):
        return False
    dois = fields.by_scheme.get("doi", ())
    if dois:
        return all(POSTED.match(doi) for doi in dois)
    return "arxiv" in fields.by_scheme or bool(_PREPRINT_SERVER.search(fields.container.key))
