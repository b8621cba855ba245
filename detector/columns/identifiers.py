"""
Identifiers of many pairs; only records that both carry one of a kind are asked about it.

    Batch  ->  doi, arxiv, pubmed, identifier, url, isbn, trial
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np

from detector.columns.batch import Batch, Codes, Function, Mask, codes_of
from detector.comparisons import identifiers as single
from detector.comparisons.base import Levels, codes
from detector.comparisons.dois import (
    ARCHIVES,
    CONTAINER_TITLES,
    DOI,
    POSTED,
    compare_dois,
    may_be_kin,
)
from detector.comparisons.profile import COUNTED, FEW_TITLES

_A: Final = codes(single.ARXIV)
_D: Final = codes(DOI)
_GROUPS: Final = {
    "arxiv": ("arxiv",),
    "pubmed": ("pmid",),
    "identifier": (*single.OTHER_SCHEMES, *single.EDITED),
    "url": ("url",),
    "isbn": ("isbn",),
    "trial": ("registration", "trial"),
    "doi": ("doi",),
}


class Schemes:
    """Which kinds of identifiers each record carries."""

    def __init__(self, batch: Batch) -> None:
        bits: dict[str, int] = {}
        for bit, schemes in enumerate(_GROUPS.values()):
            for scheme in schemes:  # one may be of two groups
                bits[scheme] = bits.get(scheme, 0) | 1 << bit
        held = np.array([_bits(bits, record.by_scheme) for record in batch.records], np.int64)
        self.carried: dict[str, Mask] = {
            name: (held & 1 << bit) != 0 for bit, name in enumerate(_GROUPS)
        }


def _bits(table: dict[str, int], schemes: Iterable[str]) -> int:
    bits = 0
    for scheme in schemes:
        bits |= table.get(scheme, 0)
    return bits


def asked_if_both_carry(name: str, function: Function) -> Callable[[Batch], Levels]:
    """The batch form of a comparison that says nothing unless both records carry such a one."""

    def levels(batch: Batch) -> Levels:
        out = batch.nothing()
        batch.ask(function, out, batch.both(batch.of(Schemes).carried[name]))
        return out

    return levels


class OnArxiv:
    """Which records lie on arXiv."""

    def __init__(self, batch: Batch) -> None:
        self.named: Mask = np.array([single.on_arxiv(record) for record in batch.records], bool)


def arxiv_levels(batch: Batch) -> Levels:
    """Batch form of `compare_arxiv`."""
    out = batch.nothing()
    out[batch.both(batch.of(OnArxiv).named)] = _A["named"]
    batch.ask(single.compare_arxiv, out, batch.both(batch.of(Schemes).carried["arxiv"]))
    return out


class Dois:
    """The one DOI of each record as numbers of itself and of its registrant; 0 of none."""

    def __init__(self, batch: Batch) -> None:
        held = [record.by_scheme.get("doi", ()) for record in batch.records]
        self.several: Mask = np.array([len(dois) > 1 for dois in held], bool)
        self.dois = [next(iter(dois), "") for dois in held]
        houses = [doi.split("/", 1)[0] for doi in self.dois]
        self.doi: Codes = codes_of(self.dois)
        self.house: Codes = codes_of(houses)
        self.archive: Mask = np.array([house in ARCHIVES for house in houses], bool)


def doi_levels(batch: Batch) -> Levels:
    """Batch form of `compare_dois`."""
    dois = batch.of(Dois)
    ours, theirs = batch.sides(dois.doi)
    houses = batch.sides(dois.house)
    missing = (ours == 0) | (theirs == 0)
    same = ~missing & (ours == theirs)
    one_house = ~missing & ~same & (houses[0] == houses[1])
    out = np.where(batch.either(dois.archive), np.int8(_D["archive"]), np.int8(_D["differ"]))
    out[one_house] = _D["differ_house"]
    told = _marked(batch, one_house, lambda doi: bool(POSTED.match(doi)) or may_be_kin(doi))
    asked = batch.either(dois.several) | (one_house & (told | batch.either(dois.archive)))
    _count(batch, out, same)
    batch.ask(compare_dois, out, (asked | (same & _named_twice(batch, same))) & ~missing)
    out[missing] = 0
    return out


def _marked(batch: Batch, where: Mask, told: Callable[[str], bool]) -> Mask:
    """Where, among these pairs, one of the DOIs tells something by its own form."""
    rows = np.unique(np.concatenate((batch.left[where], batch.right[where])))
    marked = np.zeros(len(batch.records), bool)
    dois = batch.of(Dois).dois
    marked[rows] = [told(dois[row]) for row in rows.tolist()]
    return batch.either(marked)


def _count(batch: Batch, out: Levels, same: Mask) -> None:
    """The level of DOIs that are the same: under how many titles they were seen."""
    rows = batch.left[same]
    distinct, place = np.unique(batch.of(Dois).doi[rows], return_inverse=True)
    dois = batch.of(Dois).dois
    names = dict(zip(batch.of(Dois).doi[rows].tolist(), rows.tolist(), strict=True))
    under = batch.counts.titles_under([("doi", dois[names[at]]) for at in distinct.tolist()])[place]
    levels = np.full(len(rows), _D["same"], np.int8)
    levels[under >= FEW_TITLES] = _D["same_few"]
    levels[under >= CONTAINER_TITLES] = _D["same_many"]
    out[same] = levels


def _named_twice(batch: Batch, where: Mask) -> Mask:
    """Where a DOI is also the value of another scheme, so that the two counts are one."""
    rows = np.unique(np.concatenate((batch.left[where], batch.right[where])))
    twice = np.zeros(len(batch.records), bool)
    for row in rows.tolist():
        by_scheme = batch.records[row].by_scheme
        others = (by_scheme[scheme] for scheme in COUNTED if scheme in by_scheme)
        dois = by_scheme["doi"]
        twice[row] = any(not dois.isdisjoint(held) for held in others if held is not dois)
    return batch.either(twice)
