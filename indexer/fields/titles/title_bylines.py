"""
Title bylines: the record's own authors, standing before its title.

    "Lam KY. Monitoring terns by radio", by Lam, K. Y.  ->  "Monitoring terns by radio"

References are read so where a parser did not part the names from the title. Only a family
name that the record's own byline holds, with initials and a stop behind it, is taken off:
"Vitamin D. A review" keeps its first words. Does not: read any other name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.fields.text.folding import fold
from indexer.records import Author

_LEADING: Final = re.compile(
    r"(?P<family>[^\W\d_][\w'’-]+(?: [\w'’-]+){0,2}?),? "
    r"(?:[A-Z](?:\.[ -]?[A-Z](?=\.)){0,3}|[A-Z]{2,4})(?P<stop>\. |\.?[:,;] |\.? and )"
)
_FEWEST_SPACES: Final = 2  # of what is left: a title of three words


def without_byline(title: str, authors: Sequence[Author]) -> str:
    """The title behind the record's own authors; as it was where others stand there."""
    place = 0
    while authors and (match := _LEADING.match(title, place)):
        family = fold(match["family"])
        if not any(_is_family_of(family, author) for author in authors):
            break
        place = match.end()
        if match["stop"] in (". ", ": ", ".: "):
            rest = title[place:]
            return rest if rest.count(" ") >= _FEWEST_SPACES else title
    return title


def _is_family_of(family: str, author: Author) -> bool:
    """Whether the author's name begins or ends with these words."""
    name = f" {fold(author.display)} "
    return name.startswith(f" {family} ") or name.endswith(f" {family} ")
