"""
Queries: which works of the index does this mean? Stores nothing.

    Question  ->  candidates by keys, and by BM25 over title words  ->  works, best first

Candidates are found by keys, as everywhere; beside them the index ranks titles by BM25 for the
question's words, because a person's words are often too few to be a title. Each
record found is compared and decided like any other. Query text is only words: there
is no query language that it could break out of. Does not: parse citations
(`citations.py` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from detector.decision.verdicts import SAME_WORK, Decision, Verdict
from detector.detecting.deciding import proposed_by
from detector.detecting.pipeline import Detector
from detector.errors import UnknownValue
from detector.questions.citations import citation_of
from detector.questions.matching import asked_fields, decisions_on, epoch_of
from indexer.fields import Fields
from indexer.fields.identifiers.identifiers import find
from indexer.fields.people.names import name_key
from indexer.fields.text.folding import fold
from indexer.keys import STOP_WORDS, Kind, keys_of, spelled_keys, term_key, terms_of
from indexer.keys.epoch import Epoch
from indexer.keys.pairs import sources_of
from indexer.records import Author, Record

RANKED: Final = 200  # titles that are asked of the index
COMPARED: Final = 60
LIKELY: Final = 2_000  # records in whose byline a surname stands; their names are taken apart
FOUND_BY_WORDS: Final = "title-words"
FOUND_BY_AUTHOR: Final = "author"
_ORDER: Final = {Verdict.DUPLICATE: 0, Verdict.VERSION: 0, Verdict.REVIEW: 1}
ANSWER_COLUMNS: Final = (
    *("work_id", "records", "record", "title", "authors", "date", "container", "identifiers"),
    *("says", "verdict", "probability", "score", "found_by", "reasons", "weights"),
)


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """One work that the question may mean, and the record of it that came nearest."""

    work_id: str  # "" where the index has no works yet
    records: tuple[str, ...]
    best: Fields
    decision: Decision
    score: float  # BM25 of the best record's title, 0 where no word of the question is in it

    @property
    def sure(self) -> bool:
        """The question is answered: a record of it was asked for."""
        return self.decision.verdict in SAME_WORK

    @property
    def says(self) -> str:
        """yes: this work was asked for; maybe: the question says too little; like: similar."""
        if self.sure:
            return "yes"
        return "maybe" if self.decision.verdict is Verdict.REVIEW else "like"

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain values."""
        best = self.best
        return {
            "work_id": self.work_id,
            "records": list(self.records),
            "record": best.record_id,
            "title": best.title.text,
            "authors": [name.text for name in best.authors.names],
            "date": str(best.date or ""),
            "container": best.container.text,
            "identifiers": [str(identifier) for identifier in best.identifiers],
            "says": self.says,
            "verdict": str(self.decision.verdict),
            "probability": self.decision.probability,
            "score": round(self.score, 3),
            "found_by": list(self.decision.found_by),
            "reasons": list(self.decision.reasons),
            "weights": dict(self.decision.weights),
        }


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, as far as it is known; the parts add up."""

    text: str = ""  # a title, a citation, an identifier, a URL
    title: str = ""
    authors: tuple[str, ...] = ()
    year: str = ""
    doi: str = ""
    id: str = ""  # an identifier of any scheme, or a record's id
    url: str = ""

    def __bool__(self) -> bool:
        given = (self.text, self.title, self.year, self.doi, self.id, self.url)
        return any(given) or any(self.authors)

    def record(self) -> Record:
        """All of it as a record to ask with."""
        cited = citation_of(self.text)
        found = tuple((one.scheme, one.value) for one in find(self.id))
        unknown = (("", self.id),) if self.id and not found else ()
        return replace(
            cited,
            title=self.title or cited.title,
            authors=tuple(Author(name=name) for name in self.authors) or cited.authors,
            year=self.year or cited.year,
            doi=self.doi,
            identifiers=(*cited.identifiers, *found, *unknown),
            urls=(*cited.urls, *((self.url,) if self.url else ())),
        )


@dataclass(frozen=True, slots=True)
class Explained:
    """What a question was understood as, and the keys it was looked up by."""

    asked: Fields
    keys: Mapping[str, tuple[str, ...]]  # candidate source -> spelled keys
    words: Mapping[str, float]  # idf in bits


def asked_of(
    detector: Detector, question: Question, limit: int = 5
) -> tuple[list[QueryAnswer], Explained]:
    """
    The works that a question may mean, best first; a record of the index may be named.

    Raises:
        UnknownValue: nothing is asked.
    """
    if not question:
        raise UnknownValue("", "question", ("a title", "a citation", "an author", "an identifier"))
    known = detector.engine.get([question.id]) if question.id else {}
    record = known.get(question.id) or question.record()
    return ask(record, " ".join((question.text, question.title)), detector, limit)


def ask(
    record: Record, text: str, detector: Detector, limit: int = 5
) -> tuple[list[QueryAnswer], Explained]:
    """
    The works that a question may mean, best first.

    Args:
        record: the question as a record; what it does not say is not asked.
        text: the question's own words, those that are in no field too.
        detector: over the index that is asked.
        limit: how many works.
    """
    epoch = epoch_of(detector)
    asked = asked_fields(replace(record, source="query"), 0)
    masks = _by_keys(asked, detector, epoch)
    words = _words(asked, text)
    scores = dict(detector.engine.ranked([term_key(word) for word in words], epoch, RANKED))
    others = [record_id for record_id in scores if record_id not in masks]
    by_author = [] if masks or scores else _by_author(asked, detector)
    near = [(0, record_id, mask) for record_id, mask in masks.items()]
    near += [(0, name, 1) for name in (*others[:COMPARED], *by_author)]  # 1: compared whatever
    decided = [
        (name, _found_by(decision, masks.get(name, 0), name in scores, name in by_author))
        for _, name, decision in decisions_on([asked], near, detector, epoch)
    ]
    understood = Explained(asked, _spelled(asked), {word: epoch.idf(word) for word in words})
    return _works(decided, scores, detector)[:limit], understood


def _by_keys(asked: Fields, detector: Detector, epoch: Epoch) -> dict[str, int]:
    """The stored records that share keys with the question, each with what found it."""
    proposed = proposed_by(detector.engine.candidates(keys_of([asked]), epoch))
    return {b if a == asked.record_id else a: bits for a, b, bits in proposed}


def _words(asked: Fields, text: str) -> list[str]:
    """The distinct words of the question, those of the title first."""
    free = (word for word in fold(text).split() if word not in STOP_WORDS)
    return list(dict.fromkeys((*terms_of(asked), *free)))


def _by_author(asked: Fields, detector: Detector) -> list[str]:
    """Records of these authors; reads the whole index, as no key holds a name alone."""
    wanted = [name for name in asked.authors.names if name.family]
    if not wanted:
        return []
    families = {name.family for name in wanted}
    likely = []
    for record in detector.engine.scan():
        # Names are taken apart only where the letters stand: 30 times cheaper.
        byline = fold("; ".join(author.display for author in record.authors))
        if any(family in byline for family in families):
            likely.append(record.record_id)
    return _of_authors(wanted, likely[:LIKELY], detector)[:RANKED]


def _of_authors(wanted: Sequence[Any], ids: Iterable[str], detector: Detector) -> list[str]:
    keys = {name_key(name) for name in wanted if name.given}
    families = {name.family for name in wanted if not name.given}
    return [
        record_id
        for record_id, fields in detector.fields.of(ids).items()
        if any(n.family in families or name_key(n) in keys for n in fields.authors.names)
    ]


def _found_by(decision: Decision, mask: int, by_words: bool, by_author: bool) -> Decision:
    sources = list(sources_of(mask))
    sources += [FOUND_BY_WORDS] if by_words else []
    sources += [FOUND_BY_AUTHOR] if by_author else []
    return decision.proposed_by(sources)


def _works(
    decided: Iterable[tuple[str, Decision]], scores: Mapping[str, float], detector: Detector
) -> list[QueryAnswer]:
    """One answer a work, of its best record."""
    rows = list(decided)
    ids = [record_id for record_id, _ in rows]
    fields, homes = detector.fields.of(ids), detector.holdings.work_ids_of(sorted(set(ids)))
    works = detector.holdings.works(sorted(set(homes.values())))
    rows.sort(key=lambda row: (*_rank(row[1], scores.get(row[0], 0.0)), row[0]))
    answers: dict[str, QueryAnswer] = {}
    for record_id, decision in rows:
        work = works.get(homes.get(record_id, ""))
        work_id, records = (work.work_id, work.records) if work else ("", (record_id,))
        if (work_id or record_id) not in answers:
            answers[work_id or record_id] = QueryAnswer(
                work_id, records, fields[record_id], decision, scores.get(record_id, 0.0)
            )
    if any(answer.sure for answer in answers.values()):
        return [answer for answer in answers.values() if answer.says != "like"]
    return list(answers.values())


def _rank(decision: Decision, score: float) -> tuple[int, float]:
    """Sort key: sure answers first, the others by probability and the score of their words."""
    sure = _ORDER.get(decision.verdict, 2)
    likely = decision.probability * 64 if sure < 2 else 8 * decision.probability
    return (0 if sure == 0 else 1), -(score + likely)


def _spelled(asked: Fields) -> dict[str, tuple[str, ...]]:
    by_source: dict[str, list[str]] = {}
    for kind, spelling in spelled_keys(asked):
        if kind is not Kind.TERM:
            by_source.setdefault(kind.source, []).append(spelling)
    return {source: tuple(spellings) for source, spellings in by_source.items()}
