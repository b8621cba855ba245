"""
What each part is worth: the same left-out figures with one part taken away.

    python -m benchmarks.quality.ablation [SET …]

Weights are fitted anew without a comparison or without what is learnt of the collection,
and left as they are where only candidates or guards go. Written into docs/evaluation-appendix.md,
or printed where sets are named. Comparisons one by one are not scored on the largest set.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import mean, median
from typing import Final

from benchmarks.quality import page
from benchmarks.quality.figures import table
from benchmarks.quality.kept import Hidden
from benchmarks.quality.made_sets import made_sets
from benchmarks.quality.opened import Opened, opened
from benchmarks.quality.seeds import Fitted, fitted
from benchmarks.quality.sets import SETS
from detector.comparisons import FIELD_COMPARISONS, NAMES
from detector.comparisons.identifiers import IDENTIFIERS
from detector.decision.weights import Weights
from detector.evaluation.evaluate import Evaluation
from detector.fitting.fit import LabelledSet, start_weights
from indexer.keys import Kind
from indexer.keys.epoch import Epoch

LARGE: Final = "sr_srsr"
# with it goes how an abstract begins: keys of an abstract are of one kind
_LSH: Final = 1 << Kind.TITLE_AUTHOR_BAND | 1 << Kind.TITLE_BAND | 1 << Kind.ABSTRACT
_IDENTIFIERS: Final = frozenset(comparison.name for comparison in IDENTIFIERS)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to do without."""

    name: str
    hidden: Hidden = Hidden()
    learnt: bool = True  # False: pairs are compared as if nothing were known of the collection
    fitted: bool = True  # False: the weights set by hand
    large: bool = True  # scored on the largest set too

    @property
    def refit(self) -> bool:
        """Other levels need other weights."""
        return bool(self.hidden.comparisons) or not self.learnt


def parts() -> Iterator[Part]:
    """Everything, and everything but one part."""
    yield Part("nothing left out")
    yield Part("LSH", Hidden(kinds=_LSH))
    yield Part("title terms (BM25)", Hidden(kinds=1 << Kind.TERM))
    yield Part("LSH and title terms", Hidden(kinds=_LSH | 1 << Kind.TERM))
    yield Part("identifiers as candidates", Hidden(kinds=1 << Kind.IDENTIFIER))
    yield Part("identifiers as comparisons", Hidden(comparisons=_IDENTIFIERS))
    yield Part("identifiers", Hidden(1 << Kind.IDENTIFIER, _IDENTIFIERS))
    yield Part("learned weights (set by hand)", fitted=False)
    yield Part("what is learnt of the collection (term frequency)", learnt=False)
    yield Part("guards", Hidden(guards=True))
    for name in NAMES:
        kind = (
            "comparison"
            if name in {comparison.name for comparison in FIELD_COMPARISONS}
            else "tally"
        )
        yield Part(f"{kind} `{name}`", Hidden(comparisons=frozenset({name})), large=False)


def main(names: Sequence[str]) -> None:
    """Measure every part; every set is opened, since weights need them all."""
    made = made_sets()
    with opened(SETS) as held:
        whole = fitted([*(opened_set.labels for opened_set in held.values()), *made], held)
        shown = {
            name: opened_set for name, opened_set in held.items() if not names or name in names
        }
        evaluations: dict[str, dict[str, Evaluation]] = {}
        for part in parts():
            evaluations[part.name] = _scored(part, held, shown, whole, made)
            print(f"without {part.name}", file=sys.stderr, flush=True)
    lines = table(
        ("without", "median F1", "mean change", "false automatic", *shown), rows_of(evaluations)
    )
    if names:
        print("\n".join(lines))
    else:
        page.write("ablation", lines)


def _scored(
    part: Part,
    held: Mapping[str, Opened],
    shown: Mapping[str, Opened],
    whole: Fitted,
    made: Sequence[LabelledSet],
) -> dict[str, Evaluation]:
    """The evaluation of each set without this part, by the thresholds of all of them."""
    less = {name: _without(part, opened_set) for name, opened_set in held.items()}
    scored = [name for name in shown if part.large or name != LARGE]
    at = (whole.everything.merge_at, whole.everything.review_at)
    unseen = dict(whole.unseen)
    if part.refit:
        # Made sets are as they are where nothing is learnt: what is learnt of them is little.
        without = [replace(pairs, levels=part.hidden.levels(pairs.levels)) for pairs in made]
        refitted = fitted([*(one.labels for one in less.values()), *without], scored).unseen
        unseen = {
            name: replace(weights, merge_at=at[0], review_at=at[1])
            for name, weights in refitted.items()
        }
    if not part.fitted:
        table_by_hand, prior = start_weights()
        unseen = dict.fromkeys(unseen, Weights(table_by_hand, prior, *at))
    return {name: less[name].scored(unseen[name]) for name in scored}


def _without(part: Part, opened_set: Opened) -> Opened:
    if not part.learnt:
        opened_set = opened_set.compared_under(Epoch.empty())
    return opened_set.without(part.hidden) if part.hidden != Hidden() else opened_set


def rows_of(evaluations: Mapping[str, Mapping[str, Evaluation]]) -> Iterator[list[str]]:
    """A row a part; median, mean change and false merges over all sets but the largest."""
    first = next(iter(evaluations.values()))
    counted = [name for name in first if name != LARGE or len(first) == 1]
    for name, by in evaluations.items():
        cells = [f"{by[set_].best.f1:.4f}" if set_ in by else "" for set_ in first]
        some = [set_ for set_ in counted if set_ in by]
        if not some:
            yield [name, "", "", "", *cells]
            continue
        change = [by[set_].best.f1 - first[set_].best.f1 for set_ in some]
        false = sum(by[set_].automatic.false for set_ in some)
        middle = median(by[set_].best.f1 for set_ in some)
        yield [name, f"{middle:.4f}", f"{mean(change):+.4f}", str(false), *cells]


if __name__ == "__main__":
    main(sys.argv[1:])
