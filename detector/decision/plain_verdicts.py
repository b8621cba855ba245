"""
Plain verdicts: those of many pairs at once, where no record says anything singular of the other.

    Batch, levels, probabilities, guards  ->  verdicts and kinds; which pairs are to be asked singly

`relations.py`, which is asked pair by pair, stays the definition, and a test holds the two
together. Told here are pairs of which no record states a relation or the version of an
identifier, none is of another kind, a book, a notice or a meeting's abstract, and no title
stands at the end of the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.columns.batch import Batch, Mask, codes_of
from detector.columns.identifiers import Dois
from detector.comparisons import COLUMN, Levels
from detector.comparisons.agreeing import Columns, among
from detector.comparisons.dois import COMMENT
from detector.comparisons.titles import WORDS
from detector.decision.decided import CODE_OF
from detector.decision.forms import ACCEPTED, ARTICLE, PREPRINT, form_of
from detector.decision.guards import keep_apart
from detector.decision.relations import (
    BOOK_DOI,
    CLOSE_TITLES,
    MEETING_KINDS,
    OTHER_TITLES,
    SWAPPED_WORDS,
    YEARS_APART,
)
from detector.decision.verdicts import Verdict
from detector.decision.weights import Weights
from detector.packed_sets import Rows
from indexer.fields import Fields

RELATED_FLOOR: Final = 0.002
KINDS: Final = ("", PREPRINT, "manuscript", "revision", "edition", "deposit",
                "translation", "part", "conference", "publication")  # fmt: skip
_KIND: Final = {kind: code for code, kind in enumerate(KINDS)}
_SWAPPED: Final = tuple(one.name for one in WORDS if one.name.startswith(SWAPPED_WORDS))
_FORMS: Final = ("", PREPRINT, ACCEPTED, ARTICLE)
_PREPRINT, _ARTICLE = _FORMS.index(PREPRINT), _FORMS.index(ARTICLE)
_END: Final = 5  # letters
Kinds = NDArray[np.int8]  # places in KINDS


@dataclass(frozen=True, slots=True, eq=False)
class PlainVerdicts:
    """What is said of some pairs, but for those that have to be asked singly."""

    asked: Mask
    verdicts: NDArray[np.int8]  # places in VERDICTS
    kinds: Kinds


@dataclass(frozen=True, slots=True, eq=False)
class PairEvidence:
    """Pairs of a batch and what they are decided by, a row a pair."""

    batch: Batch
    at: Rows  # places of the pairs in the batch
    levels: Levels
    probability: NDArray[np.float64]  # of one work, before a guard bars it
    guards: NDArray[np.uint32]  # bits; none promises that a source has no duplicates


def plain_verdicts(pairs: PairEvidence, weights: Weights) -> PlainVerdicts:
    """The verdicts of these pairs."""
    some = _SomePairs(pairs)
    apart = keep_apart(pairs.guards)
    unlikely = apart | (pairs.probability < weights.review_at)
    joined = (pairs.probability >= weights.merge_at) & (pairs.guards == 0)
    others = ~joined & ((pairs.probability >= RELATED_FLOOR) | apart)
    asked = some.either(pairs.batch.of(Stated).relations)
    asked |= some.may_be_told(others & ~asked)
    versioned = joined | (others & ~unlikely)
    asked |= some.may_state_versions(versioned & ~asked)
    kinds = some.versions(versioned & ~asked)
    tied = others & unlikely & ~asked
    kinds[tied] = some.related()[tied]
    verdicts = np.full(len(pairs.at), CODE_OF[Verdict.DISTINCT], np.int8)
    verdicts[joined] = CODE_OF[Verdict.DUPLICATE]
    verdicts[joined & (kinds > 0)] = CODE_OF[Verdict.VERSION]
    verdicts[others & ~unlikely] = CODE_OF[Verdict.REVIEW]
    verdicts[tied & (kinds > 0)] = CODE_OF[Verdict.RELATED]
    return PlainVerdicts(asked, verdicts, kinds)


class Stated:
    """What the records of a batch state of themselves."""

    def __init__(self, batch: Batch) -> None:
        held, rows = batch.records, len(batch.records)
        titles = [one.title for one in held]
        self.relations: Mask = np.array([bool(one.relations) for one in held], bool)
        self.stage = codes_of([one.stage for one in held])
        self.meeting: Mask = np.array([one.kind in MEETING_KINDS for one in held], bool)
        self.language = codes_of([one.language for one in held])
        self.abstract: Mask = np.array([one.mark == "abstract" for one in titles], bool)
        books = [one.kind == "book" or "isbn" in one.by_scheme for one in held]
        self.book: Mask = np.array(books, bool)
        self.keys = [one.key for one in titles]
        texts = codes_of((*self.keys, *(one.main for one in titles),
                          *(one.subject for one in titles)))  # fmt: skip
        self.key, self.main, self.subject = texts[:rows], texts[rows:-rows], texts[-rows:]
        # how a title ends; of one too short for that 0
        self.end = codes_of([key[-_END:] if len(key) >= _END else "" for key in self.keys])


class _SomePairs:
    """Some pairs of a batch, and what their columns say of relations."""

    def __init__(self, pairs: PairEvidence) -> None:
        self.batch = pairs.batch
        self.left, self.right = pairs.batch.left[pairs.at], pairs.batch.right[pairs.at]
        self.columns: Columns = {name: pairs.levels[:, at] for name, at in COLUMN.items()}

    def either(self, column: Mask) -> Mask:
        """Where one of the two records is marked."""
        marked: Mask = column[self.left] | column[self.right]
        return marked

    def may_be_told(self, where: Mask) -> Mask:
        """Where a pair may be related by more than levels say: what to ask singly."""
        stated = self.batch.of(Stated)
        one_key = stated.key[self.left] == stated.key[self.right]
        asked = among(self.columns, "notice", "one_side", "differ") | (self.columns["kind"] > 0)
        asked |= stated.abstract[self.left] != stated.abstract[self.right]
        asked |= one_key & self.either(stated.book)
        ours, theirs = stated.end[self.left], stated.end[self.right]
        inside = (ours == theirs) | (ours == 0) | (theirs == 0)
        for row in np.flatnonzero(where & inside & ~one_key & ~asked).tolist():
            one, other = stated.keys[self.left[row]], stated.keys[self.right[row]]
            asked[row] = one.endswith(f" {other}") or other.endswith(f" {one}")
        return where & (asked | self._may_be_told_by_doi(where & ~asked))

    def _may_be_told_by_doi(self, where: Mask) -> Mask:
        """Where one DOI may be that of a book or preprint, the other of what is under it."""
        dois = self.batch.of(Dois)
        one_house = (dois.house[self.left] == dois.house[self.right]) & (dois.doi[self.left] > 0)
        at = where & (one_house | self.either(dois.several))
        asked: Mask = at & self.either(self._of_records(at, _has_a_telling_doi) > 0)
        return asked

    def may_state_versions(self, where: Mask) -> Mask:
        """Where both state versions of identifiers: what to ask singly."""
        stating = self._of_records(where, _states_a_version) > 0
        both: Mask = where & stating[self.left] & stating[self.right]
        return both

    def versions(self, where: Mask) -> Kinds:
        """Batch form of `version_kind`, where it is asked for."""
        forms = self._of_records(where, lambda one: _FORMS.index(form_of(one)))
        ours, theirs = forms[self.left], forms[self.right]
        columns, stage = self.columns, self.batch.of(Stated).stage
        out = np.where(among(columns, "doi", "differ", "differ_house", "archive"),
                       np.int8(_KIND["deposit"]), np.int8(0))  # fmt: skip
        moved = among(columns, "page", "differ") | among(columns, "volume", "differ")
        later = moved & among(columns, "year", *YEARS_APART)
        later &= (ours == _ARTICLE) & (theirs == _ARTICLE)
        out[later | among(columns, "doi", "kin")] = _KIND["edition"]
        spoken = self.batch.of(Stated).language
        told = (spoken[self.left] > 0) & (spoken[self.right] > 0)
        told &= (out == _KIND["edition"]) | ~among(columns, "title", *CLOSE_TITLES)
        out[(out > 0) & told & (spoken[self.left] != spoken[self.right])] = _KIND["translation"]
        one_paper = among(columns, "arxiv", "same") | among(columns, "doi", "same", "same_few")
        retitled = among(columns, "title_words", *_SWAPPED) & among(columns, "title", *OTHER_TITLES)
        out[one_paper & retitled & (ours != _ARTICLE) & (theirs != _ARTICLE)] = _KIND["revision"]
        stages = stage[self.left], stage[self.right]
        staged = (stages[0] > 0) & (stages[1] > 0) & (stages[0] != stages[1])
        two_forms = (ours > 0) & (theirs > 0) & (ours != theirs)
        out[staged | two_forms] = _KIND["manuscript"]
        out[two_forms & ((ours == _PREPRINT) | (theirs == _PREPRINT))] = _KIND[PREPRINT]
        out[~where] = 0
        return out

    def related(self) -> Kinds:
        """Batch form of `related_kind`, of pairs that are none of `may_be_told`."""
        columns = self.columns
        authors, close = columns["authors"] > 0, self._subjects_agree()
        apart = among(columns, "volume", "differ").astype(np.int8)
        apart += among(columns, "page", "differ")
        apart += among(columns, "container", "differ")
        apart += among(columns, "doi", "differ", "differ_house")
        apart += among(columns, "year", *YEARS_APART)
        out = np.zeros(len(self.left), np.int8)
        out[authors & close & (apart > 1)] = _KIND["publication"]
        meeting = self.batch.of(Stated).meeting
        one_meets = meeting[self.left] != meeting[self.right]
        out[authors & close & (apart > 1) & one_meets] = _KIND["conference"]
        out[authors & close & among(columns, "container", "other_kind")] = _KIND["conference"]
        series = authors | among(columns, "container", "same", "short")
        out[among(columns, "part", "differ", "one_side") & close & series] = _KIND["part"]
        nobody = among(columns, "authors", "none", "none_short")
        out[nobody | among(columns, "first_author", "absent")] = 0
        return out

    def _subjects_agree(self) -> Mask:
        stated = self.batch.of(Stated)
        agree = among(self.columns, "title", *CLOSE_TITLES)
        for ours, theirs in ((self.left, self.right), (self.right, self.left)):
            subject = stated.subject[ours]
            one = (subject == stated.key[theirs]) | (subject == stated.main[theirs])
            agree |= (subject > 0) & (one | (subject == stated.subject[theirs]))
        return agree

    def _of_records(self, where: Mask, told: Callable[[Fields], int]) -> Kinds:
        """What is told of the records of these pairs, 0 of all others."""
        rows = np.unique(np.concatenate((self.left[where], self.right[where])))
        out = np.zeros(len(self.batch.records), np.int8)
        out[rows] = [told(self.batch.records[row]) for row in rows.tolist()]
        return out


def _has_a_telling_doi(record: Fields) -> bool:
    dois = record.by_scheme.get("doi", ())
    return any(BOOK_DOI.match(doi) or COMMENT.fullmatch(doi) for doi in dois)


def _states_a_version(record: Fields) -> bool:
    return any(one.version for one in record.identifiers)
