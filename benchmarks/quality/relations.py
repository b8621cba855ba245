"""
Relations: what is said of pairs by what their labels say, and of preprints and articles.

    sets held open, weights that never saw them  ->  lines of two tables

Only sets that label pairs: a cluster does not say which of its pairs are versions. Whether
a pair is a preprint and an article is read off the two records' identifiers, not off the
form that the decision itself reads. Pair by pair, before works are formed: what a chain
of other records joins is not counted here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.quality.figures import table
from benchmarks.quality.opened import Opened
from detector.comparisons.dois import ARCHIVES, POSTED
from detector.decision.verdicts import SAME_WORK, Verdict
from detector.decision.weights import Weights
from detector.evaluation.evaluate import Score
from detector.evaluation.truth import Label, pair_of
from detector.works.work_rules import REVIEW_JOINS_FROM, WorkRules
from indexer.fields import Fields

LABELS_HEAD: Final = ("set, label", "pairs", "duplicate", "version", "related", "to review",
                      "distinct or no candidate")  # fmt: skip
VERSIONS_HEAD: Final = ("set", "one work: pairs", "version", "duplicate", "to review, as versions",
                        "missed", "other works: pairs", "joined", "to review")  # fmt: skip
RATES_HEAD: Final = ("joined", "true", "precision (Wilson)", "recall")
LEAST: Final = (0.9, 0.8, 0.7, 0.6, REVIEW_JOINS_FROM)


@dataclass(frozen=True, slots=True)
class Said:
    """A labelled pair and what the decision says of it."""

    label: Label
    posted_and_published: bool
    verdict: Verdict
    kind: str
    probability: float


def told(held: Opened, weights: Weights) -> list[Said]:
    """Every labelled pair of a set; one that was no candidate is distinct."""
    run = held.run
    _, decided = run.decisions(weights, WorkRules())
    names = run.names
    rows = {
        pair_of(names[left.record_id], names[right.record_id]): row
        for row, (left, right) in enumerate(decided.pairs)
    }
    ids = {name: record_id for record_id, name in names.items()}
    fields = run.detector.fields.of(run.deduplication.record_ids)
    answers = []
    for pair, label in held.truth.pairs.items():
        left, right = (fields[ids[name]] for name in pair)
        both = {_identity(left), _identity(right)} == {"posted", "published"}
        said = (Verdict.DISTINCT, "", 0.0)
        if (row := rows.get(pair)) is not None:
            said = decided.verdicts[row], decided.kinds[row], float(decided.probability[row])
        answers.append(Said(label, both, *said))
    return answers


def _identity(fields: Fields) -> str:
    """Whose identifiers the record has: "posted", "published", or "" for both and neither."""
    dois = fields.by_scheme.get("doi", ())
    on_arxiv = "arxiv" in fields.by_scheme or "arxiv" in fields.container.key
    posted = on_arxiv or any(POSTED.match(doi) for doi in dois)
    published = any(doi.split("/", 1)[0] not in ARCHIVES for doi in dois)
    return "" if posted == published else "posted" if posted else "published"


def label_rows(sets: Mapping[str, list[Said]]) -> list[str]:
    """Labels against verdicts."""
    counted: dict[tuple[str, str], Counter[Verdict]] = {}
    for name, pairs in sets.items():
        for pair in pairs:
            counted.setdefault((name, pair.label.name), Counter())[pair.verdict] += 1
    shown = (Verdict.DUPLICATE, Verdict.VERSION, Verdict.RELATED, Verdict.REVIEW, Verdict.DISTINCT)
    return table(LABELS_HEAD, (
        [f"{name}, {_in_words(label)}", f"{by.total():,}", *(f"{by[said]:,}" for said in shown)]
        for (name, label), by in counted.items()
    ))  # fmt: skip


def _in_words(label: str) -> str:
    return {"1": "one work", "0": "two works"}.get(label, label)


def version_rows(sets: Mapping[str, list[Said]]) -> list[str]:
    """Preprints against articles: a row a set, and what all of them come to."""
    versions = {name: [pair for pair in pairs if pair.posted_and_published]
             for name, pairs in sets.items()}  # fmt: skip
    pooled = {name: pairs for name, pairs in versions.items() if pairs}
    pooled["all"] = [pair for pairs in pooled.values() for pair in pairs]
    lines = table(VERSIONS_HEAD, (_version_row(name, pairs) for name, pairs in pooled.items()))
    return [*lines, "", *table(RATES_HEAD, _summary(pooled["all"]))]


def _version_row(name: str, pairs: Iterable[Said]) -> list[str]:
    true = Counter(_answer(pair) for pair in pairs if pair.label.same_work)
    false = Counter(_answer(pair) for pair in pairs if not pair.label.same_work)
    answers = ("version", "duplicate", "review", "missed")
    return [
        name,
        str(true.total()),
        *(str(true[answer]) for answer in answers),
        str(false.total()),
        str(false["version"] + false["duplicate"]),
        str(false["review"]),
    ]


def _answer(pair: Said) -> str:
    if pair.verdict in SAME_WORK:
        return str(pair.verdict)
    return "review" if _doubtful(pair, REVIEW_JOINS_FROM) else "missed"


def _summary(pairs: list[Said]) -> Iterator[list[str]]:
    """Precision and recall of "these are two versions", and with what is left to a person."""
    yield _rates("automatic", pairs, [pair for pair in pairs if pair.verdict in SAME_WORK])
    for least in LEAST:
        joined = [pair for pair in pairs if pair.verdict in SAME_WORK or _doubtful(pair, least)]
        yield _rates(f"and those to review from p = {least}", pairs, joined)


def _doubtful(pair: Said, least: float) -> bool:
    """A person is asked, and told that the two would be versions."""
    return pair.verdict is Verdict.REVIEW and bool(pair.kind) and pair.probability >= least


def _rates(name: str, pairs: list[Said], joined: list[Said]) -> list[str]:
    true = sum(pair.label.same_work for pair in joined)
    every = sum(pair.label.same_work for pair in pairs)
    score = Score(true=true, false=len(joined) - true, missed=every - true)
    low, high = score.interval()
    bounds = f"{score.precision:.3f} ({low:.3f} to {high:.3f})"
    return [name, f"{true} of {len(joined)}", bounds, f"{score.recall:.3f}"]
