"""
Side by side: what tables show of one record, and of two beside each other.

    Fields  ->  title, authors, year …;  two  ->  title_left, title_right, authors_left …
"""

from __future__ import annotations

from typing import Final

from detector.judgements.judgement_sheet import CUT_OFF, SHOWN
from indexer.fields.packing import FlatFields

MOST_AUTHORS: Final = 8
SIDES: Final = tuple(f"{column}_{side}" for column in SHOWN for side in ("left", "right"))


def facts_of(fields: FlatFields) -> list[object]:
    """What stands under SHOWN."""
    names = fields.authors[0] if fields.authors else ()
    authors = "; ".join([name[0] for name in names[:MOST_AUTHORS]])
    volume, issue, first, last, article, *_ = fields.places or ("",) * 5
    pages = (f"{first}-{last}" if first and last else first or last) or article
    return [
        fields.title[0] if fields.title else "",
        authors + (CUT_OFF if len(names) > MOST_AUTHORS else ""),
        fields.year or "",
        fields.container[0] if fields.container else "",
        *(volume, issue, pages),
        " ".join(sorted({given[1] for given in fields.identifiers if given[0] == "doi"})),
    ]


def side_by_side(left: FlatFields, right: FlatFields) -> list[object]:
    """What stands under SIDES."""
    facts = zip(facts_of(left), facts_of(right), strict=True)
    return [value for both in facts for value in both]
