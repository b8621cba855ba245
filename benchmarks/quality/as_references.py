"""
Labelled sets written anew as a reference list or a scraper of one would have them.

    a development set  ->  its works without places and identifiers, half of the records references

References state the first author or a few of them by initials, cut titles or put names, venue
and year into them, shorten venues and leave years out. The labels are those of the set, which
such a set is left out with. Seeded by the names of records, so that one record is always
written the same way.
"""

from __future__ import annotations

import gzip
import json
import random
import shutil
from pathlib import Path
from typing import Final

from benchmarks.quality.kinds.base import initialled
from benchmarks.quality.plain_records import Plain, names_of
from benchmarks.quality.sets import SETS, DevelopmentSet

ORIGINS: Final = ("sr_cytology_screening", "sr_neuroimaging", "dblp_acm")
SHARE: Final = 0.2  # of the weight of a set in the fit: the works are those of its origin
_STATED: Final = ("id", "source", "title", "authors", "year", "container")
_CUT: Final = 8  # words after which a reference may break a title off
_SYLLABLE: Final = 4  # letters to which a word of a venue is shortened


def written(origin: str, folder: Path) -> DevelopmentSet:
    """Write the set's records, half of them as references, into a folder; what set they are."""
    source = next(dataset for dataset in SETS if dataset.name == origin)
    made = DevelopmentSet(f"{origin}, as references", SHARE, origin=origin, place=folder,
                          cross_source=source.cross_source)  # fmt: skip
    Path(made.records).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source.truth, folder / made.name / source.truth.name)
    with (
        gzip.open(source.records, "rt", encoding="utf-8") as given,
        gzip.open(made.records, "wt", encoding="utf-8") as out,
    ):
        for line in given:
            row = stated(json.loads(line))
            draw = random.Random(f"{origin} {row['id']}")
            out.write(json.dumps(reference(row, draw) if draw.random() < 0.5 else row) + "\n")
    return made


def stated(row: Plain) -> Plain:
    """The record without place, identifiers and abstract, its names taken apart."""
    byline = [f"{name.family}, {' '.join(name.given)}".rstrip(", ") for name in names_of(row)]
    return {**{name: row[name] for name in _STATED if row.get(name)}, "authors": byline}


def reference(row: Plain, draw: random.Random) -> Plain:
    """The record as a reference."""
    made = dict(row)
    byline = [_initials_first(name, draw) for name in row["authors"]]
    most = draw.choice((1, 2, 3, 99))
    made["authors"] = byline[:most]
    made["title"] = _written_title(row, byline, draw)
    if draw.random() < 0.6:
        made.pop("year", None)
    if draw.random() < 0.4:
        made.pop("container", None)
    elif row.get("container"):
        made["container"] = _shortened(row["container"], draw)
    return made


def _initials_first(name: str, draw: random.Random) -> str:
    last, _, initials = initialled(name).rpartition(" ")
    return draw.choice((f"{initials} {last}", f"{last} {initials}")).lower().strip()


def _written_title(row: Plain, byline: list[str], draw: random.Random) -> str:
    title, words = row.get("title") or "", (row.get("title") or "").split()
    ways = [title, title.lower(), _misspelt(title, draw)]
    if len(words) > _CUT:
        ways.append(" ".join(words[:_CUT]))
    if byline and title:
        ways.append(f"{' and '.join(byline[1:3] or byline)}. {title}")
    if row.get("container") and title:
        ways.append(f"{title}. {row['container']}, {row.get('year', '')}".rstrip(", "))
    return draw.choice(ways)


def _misspelt(title: str, draw: random.Random) -> str:
    """Two letters exchanged, and two words run together."""
    if len(title) < _CUT:
        return title
    at = draw.randrange(len(title) - 1)
    turned = title[:at] + title[at + 1] + title[at] + title[at + 2 :]
    spaces = [place for place, letter in enumerate(turned) if letter == " "]
    if not spaces:
        return turned
    gap = draw.choice(spaces)
    return turned[:gap] + turned[gap + 1 :]


def _shortened(container: str, draw: random.Random) -> str:
    if draw.random() < 0.3:
        return container
    words = [word[:_SYLLABLE] for word in container.split() if len(word) > 2]
    return " ".join(words) or container
