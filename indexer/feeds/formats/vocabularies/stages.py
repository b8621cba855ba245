"""
Stages: what vocabularies say of a text's way to publication, in the project's words.

    a COAR, eu-repo or NISO version term  ->  draft, submitted, accepted, published, updated

Knows the terms, not the elements they stand in. An unknown term is no stage.
"""

from __future__ import annotations

import re
from typing import Final

STAGES: Final = {
    "draft": "draft",
    "submittedversion": "submitted",
    "acceptedversion": "accepted",
    "publishedversion": "published",
    "updatedversion": "updated",
    "ao": "draft",  # NISO RP-8: author's original
    "smur": "submitted",
    "am": "accepted",
    "p": "accepted",  # proof
    "vor": "published",
    "cvor": "updated",
    "evor": "updated",
    "c_b1a7d7d4d402bcce": "draft",  # COAR version types, vocabularies.coar-repositories.org
    "c_71e4c1898caa6e32": "submitted",
    "c_ab4af688f83e57aa": "accepted",
    "c_fa2ee174bc00049f": "accepted",
    "c_970fb48d4fbd8a85": "published",
    "c_e19f295774971610": "updated",
    "c_dc82b40f9837b551": "updated",
}
_LAST: Final = re.compile(r"[^/#]+$")


def stage_of(*terms: str) -> str:
    """The stage that the first known of *terms* names, "" if none does."""
    for term in terms:
        last = _LAST.search(term.strip())
        if last and (stage := STAGES.get(last.group().lower())):
            return stage
    return ""
