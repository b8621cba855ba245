"""
Descriptions: a work as a feed has it, with the faults that feeds have.

    Works, record numbers  ->  a JSON object each

A record is in one of the shapes of FEEDS: exports of databases for a review, open
catalogues, repositories, lists of references. What it loses or damages is drawn by its own
number, so two records of a work differ as two feeds do. Does not: decide which records a
work has (`generator` does).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from benchmarks.records import spelling
from benchmarks.records.draws import Draws, Numbers
from benchmarks.records.ranks import Ranks
from benchmarks.records.spelling import Spelling
from benchmarks.records.texts import abstracts, title_words
from benchmarks.records.works import Script, WorkKind, Works, persons

GENERIC_TITLES: Final = (
    "Editorial", "Book reviews", "Introduction", "Letter to the editor", "Preface", "Commentary",
    "Editor's note", "News", "Correspondence", "In this issue", "Reply", "Contents", "Obituary",
    "Erratum", "Abstracts", "Foreword", "Index", "Announcements", "Reviews", "Discussion",
    "Conclusion", "Chair's message", "Acknowledgements", "Calendar",
)  # fmt: skip
PARTS: Final = ("Part I", "Part II", "Part III", "Part IV")
GIVEN_NAMES: Final = 1_500
MISREAD: Final = 0.03
PREPRINTS: Final = 0.12  # of works of several records; the second is of the preprint
TRIMMED: Final = 0.06
JOURNAL_FORMS: Final = ("Journal of {}", "{}", "{} Research", "Annals of {}", "{} Letters",
                        "International Journal of {}", "Proceedings of {}", "Acta {}")  # fmt: skip
SHORT_FORMS: Final = ("J {}", "{}", "{} Res", "Ann {}", "{} Lett", "Int J {}", "Proc {}", "Acta {}")


@dataclass(frozen=True, slots=True)
class Feed:
    """How one feed describes works: which fields it has, and how it writes names."""

    share: float
    names: Callable[[str, str], str]  # family, given -> as written
    has_doi: float = 1.0
    has_abstract: float = 1.0
    harvested: bool = False  # an object of a crawl: other field names, no pages
    source: str = ""
    first_author: bool = False
    in_capitals: float = 0.0
    short_journal: float = 0.4
    has_places: float = 0.95


def family_first(family: str, given: str) -> str:
    """Slavin, Ana."""
    return f"{family}, {given}"


def initials_behind(family: str, given: str) -> str:
    """Slavin A."""
    return f"{family} {given[0]}."


def initials_first(family: str, given: str) -> str:
    """A. Slavin."""
    return f"{given[0]}. {family}"


def in_full(family: str, given: str) -> str:
    """Ana Slavin."""
    return f"{given} {family}"


FEEDS: Final = (
    Feed(0.42, family_first, has_doi=0.96, has_abstract=0.95),
    Feed(0.26, initials_behind, has_doi=0.93, has_abstract=0.85, in_capitals=0.35,
         short_journal=0.9),
    Feed(0.06, in_full, has_doi=0.95, has_abstract=0.4, harvested=True, source="OPENALEX"),
    Feed(0.03, initials_first, has_doi=0.6, has_abstract=0.8, harvested=True,
         source="SEMANTIC_SCHOLAR"),
    Feed(0.03, family_first, has_doi=0.1, has_abstract=0.9, harvested=True, source="CORE"),
    Feed(0.06, in_full, has_doi=0.0, has_abstract=0.0, has_places=0.0),
    Feed(0.14, family_first, has_doi=0.05, has_abstract=0.0, first_author=True, short_journal=0.9),
)  # fmt: skip


class Described(NamedTuple):
    """A row of Works with what is said of it; the names are those of the columns."""

    numbers: int
    kinds: int
    scripts: int
    years: int
    journals: int
    volumes: int
    issues: int
    pages: int
    lengths: int
    volume_dois: int
    with_doi: bool
    words: list[str]
    abstract: str
    journal: str
    byline: list[tuple[str, str]]
    preprint: bool  # this record is of the work's preprint


class Lots(NamedTuple):
    """Draws in [0, 1) that decide what a record loses or damages."""

    title: float
    byline: float
    places: float
    fields: float
    shape: float
    abstract: float


class Describer:
    """Makes the records of a batch."""

    def __init__(self, draws: Draws) -> None:
        self.draws = draws
        self._ends = np.cumsum([feed.share for feed in FEEDS])
        self._with_abstract = np.array([feed.has_abstract for feed in FEEDS])

    def records(self, works: Works, numbers: Numbers, members: Numbers) -> list[dict[str, Any]]:
        """
        One record a row of `works`.

        Args:
            works: the work of each record.
            numbers: the record's own number.
            members: which record of its work it is, from 0.
        """
        draws = self.draws
        chances = [draws.uniform(numbers, name).tolist() for name in Lots._fields]
        feeds = np.searchsorted(self._ends, draws.uniform(numbers, "feed") * self._ends[-1])
        preprints = (draws.uniform(works.numbers, "preprint") < PREPRINTS) & (members == 1)
        shown = draws.uniform(numbers, "abstract") < self._with_abstract[feeds]
        columns = [getattr(works, name).tolist() for name in Described._fields[:_COLUMNS]]
        rows = zip(
            *columns,
            title_words(draws, works),
            abstracts(draws, works, shown),
            Spelling.of("journals").spell(works.journals),
            self._bylines(works),
            preprints.tolist(),
            strict=True,
        )
        described = zip(feeds.tolist(), rows, zip(*chances, strict=True), strict=True)
        return [
            record(FEEDS[feed], Described._make(row), Lots._make(lots))
            for feed, row, lots in described
        ]

    def _bylines(self, works: Works) -> list[list[tuple[str, str]]]:
        """Family and given names of each work."""
        lengths = works.authors
        owners = np.repeat(np.arange(len(works)), lengths)
        places = np.arange(len(owners)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        who = persons(self.draws, works, owners, places.astype(np.uint64))
        ranks = Ranks.of("surnames").drawn(self.draws.bits(who, "family"))
        given = (GIVEN_NAMES * self.draws.uniform(who, "given") ** 2).astype(np.int64).tolist()
        families = Spelling.of("surnames").spell(ranks)
        names = list(zip(families, [_GIVEN[rank] for rank in given], strict=True))
        ends = np.cumsum(lengths).tolist()
        return [names[end - many : end] for end, many in zip(ends, lengths.tolist(), strict=True)]


_COLUMNS: Final = Described._fields.index("words")
_GIVEN: Final = [spelling.given(rank) for rank in range(GIVEN_NAMES)]


def record(feed: Feed, work: Described, lots: Lots) -> dict[str, Any]:
    """A work as this feed has it."""
    title, names = written_title(work, feed, lots), written_names(work, feed, lots)
    if lots.shape < MISREAD:
        title, names = misread(title), [misread(name) for name in names]
    made: dict[str, Any] = {"id": "", "title": title, "authors": names}
    made |= crawled(work, feed, lots) if feed.harvested else exported(work, feed, lots)
    if work.preprint or (work.with_doi and lots.fields < feed.has_doi):
        made["doi"] = written_doi(work)
    if work.abstract:
        made["abstract"] = written_abstract(work.abstract, lots)
    return made


def exported(work: Described, feed: Feed, lots: Lots) -> dict[str, Any]:
    """Where and when, in the fields of an export for a review."""
    made: dict[str, Any] = {"year": written_year(work, lots)} if lots.places < 0.99 else {}
    made["container"] = "arXiv" if work.preprint else written_journal(work, feed, lots)
    if not work.preprint and lots.places < feed.has_places:
        made |= written_places(work, lots)
    made["type"] = "preprint" if work.preprint else "article"
    return made


def crawled(work: Described, feed: Feed, lots: Lots) -> dict[str, Any]:
    """Where and when, in the fields of a crawl: a date of a day, seldom a journal, no pages."""
    dated = f"{written_year(work, lots)}-{work.issues:02d}-01" if lots.places < 0.9 else "None"
    site = feed.source.lower().replace("_", "")
    urls = [f"https://{site}.example/{work.numbers:x}{lots.abstract:.6f}"]
    if work.preprint:
        urls.append(f"https://arxiv.org/abs/{written_arxiv(work)}")
    made: dict[str, Any] = {
        "publication_date": dated,
        "source": f"SupportedSources.{feed.source}",
        "urls": urls,
    }
    if lots.places < 0.4 and not work.preprint:
        made |= {"journal": written_journal(work, feed, lots), "volume": str(work.volumes)}
    return made


def written_year(work: Described, lots: Lots) -> str:
    """The year; half the preprints are a year older than their article."""
    return str(work.years - (work.preprint and lots.byline < 0.5))


def written_title(work: Described, feed: Feed, lots: Lots) -> str:
    """The title with its subtitle, its part and what became of it on its way."""
    if work.kinds == WorkKind.GENERIC:
        at = work.numbers % len(GENERIC_TITLES)
        return GENERIC_TITLES[at * at // len(GENERIC_TITLES)]
    title = in_script(left_of(work.words, lots.title), work.scripts)
    title = title[:1].upper() + title[1:]
    if work.kinds == WorkKind.PART:
        title = f"{title}: {PARTS[work.numbers % len(PARTS)]}"
    elif work.kinds == WorkKind.YEARLY:
        title = f"{title} {work.years}"
    elif work.kinds == WorkKind.NOTICE:
        title = f"Erratum: {title}"
    if lots.fields * 7 % 1 < feed.in_capitals:
        return title.upper()
    if lots.title > 0.99:
        return f"<i>{title.replace(' ', '</i> ', 1)}"
    return f"{title}." if lots.title > 0.85 else title


def left_of(words: list[str], chance: float) -> str:
    """The title, or what is left of it: without its subtitle, cut off, or mistyped."""
    with_subtitle = len(words) >= 8 and sum(map(len, words)) % 5 < 2
    cut = len(words) * 3 // 5 if with_subtitle else 0
    if cut and chance < 0.05:
        return " ".join(words[:cut])
    if len(words) > 9 and 0.05 <= chance < 0.065:
        words = words[:-3]
    elif 0.065 <= chance < 0.095:
        words = mistyped(words, int(chance * 1e7))
    if cut:
        return f"{' '.join(words[:cut])}: {' '.join(words[cut:]).capitalize()}"
    return " ".join(words)


def in_script(title: str, script: int) -> str:
    """The same title in its script."""
    if script == Script.LATIN:
        return spelling.accented(title, len(title))
    if script == Script.CYRILLIC:
        return spelling.cyrillic(title)
    if script == Script.HAN:
        return spelling.han(title)
    return title


def mistyped(words: list[str], chosen: int) -> list[str]:
    """The words with two letters of one exchanged."""
    at = chosen % len(words)
    word = words[at]
    middle = len(word) // 2
    wrong = (
        word[: middle - 1]
        + word[middle : middle + 1]
        + word[middle - 1 : middle]
        + word[middle + 1 :]
    )
    return [*words[:at], wrong if middle else word, *words[at + 1 :]]


def written_names(work: Described, feed: Feed, lots: Lots) -> list[str]:
    """The byline as the feed writes names, now and then cut short."""
    chance, byline = lots.byline, work.byline[:1] if feed.first_author else work.byline
    if chance > 1 - TRIMMED:
        byline = byline[: 1 if chance > 0.98 else 3]
    if work.scripts == Script.LATIN:
        byline = [(spelling.accented(family, len(family)), given) for family, given in byline]
    elif work.scripts == Script.CYRILLIC:
        byline = [(spelling.cyrillic(f).title(), spelling.cyrillic(g).title()) for f, g in byline]
    if feed.first_author:
        return [family for family, _ in byline]
    write = feed.names
    return [write(family, given) for family, given in byline]


def written_journal(work: Described, feed: Feed, lots: Lots) -> str:
    """The journal's name, or its abbreviation."""
    rank, name = work.journals, work.journal.capitalize()
    form = rank % len(JOURNAL_FORMS)
    if lots.fields * 13 % 1 < feed.short_journal:
        return SHORT_FORMS[form].format(name[:7])
    return JOURNAL_FORMS[form].format(name)


def written_places(work: Described, lots: Lots) -> dict[str, str]:
    """Volume, issue and pages, the last page in one of three spellings."""
    first, last = str(work.pages), str(work.pages + work.lengths)
    short = lots.abstract * 5 % 1
    if short < 0.3 and len(first) == len(last):
        kept = next((i for i, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), 0)
        last = last[kept:]
    pages = first if short > 0.9 else f"{first}-{last}"
    places = {"volume": str(work.volumes), "pages": pages}
    if lots.places < 0.75:
        places["issue"] = str(work.issues)
    return places


def written_doi(work: Described) -> str:
    """The DOI of the work, of its preprint, or of the volume that it stands in."""
    if work.preprint:
        return f"10.48550/arXiv.{written_arxiv(work)}"
    registrant = 5_000 + work.journals % 4_000
    if work.volume_dois:
        return f"10.{registrant}/proc.{work.volume_dois:06x}"
    return f"10.{registrant}/j{work.journals % 997}.{work.years}.{work.numbers:07x}"


def written_arxiv(work: Described) -> str:
    """The arXiv id of the work's preprint: year and month, then a number no other has."""
    return f"{work.years % 100:02d}{work.issues:02d}.{work.numbers:05d}"


def written_abstract(text: str, lots: Lots) -> str:
    """The abstract, some with a heading, some cut off, some with a line of the publisher."""
    chance = lots.abstract * 11 % 1
    if chance < 0.1:
        return f"BACKGROUND: {text}"
    if chance < 0.16:
        return text[: len(text) * 2 // 3]
    return f"{text} All rights reserved." if chance > 0.9 else text


def misread(text: str) -> str:
    """UTF-8 read as Windows-1252."""
    if text.isascii():
        return text
    return text.encode("utf-8").decode("cp1252", "replace")
