"""
The page docs/verdicts.md, made from the tables a run decides with.

    COMPARISONS, GUARDS, Weights  ->  Markdown

`make docs` writes it (docs/make_pages.py); a test compares it with the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from detector.comparisons import COMPARISONS
from detector.decision.guards import BARRED, GUARDS
from detector.decision.model import BARS, outcomes_of
from detector.decision.relations import RELATED_RELATIONS, SAME_WORK_RELATIONS
from detector.decision.weights import Weights

HEAD: Final = """\
# Verdicts, and what they stand on

Made from the program's own tables by `make docs`; do not edit.

| verdict | says | examples |
|---|---|---|
| `duplicate` | one version, described twice | two databases' records; a repository's copy |
| `version` | one work, two versions | preprint and article; arXiv v1 and v3; an updated review |
| `related` | tied, but another work | conference paper and article; thesis; erratum; reply |
| `distinct` | two works, however alike they read | yearly reports, companion papers, editorials |
| `review` | the evidence conflicts or is thin | a title alone; a guard's bar |

`duplicate` and `version` join two records into one work. A pair's log2 odds are the prior and
one weight a comparison, summed; its probability follows from them. From {merge_at:.3f} on it is
joined without a person unless a guard fires, from {review_at:.3f} on a person should see it.
"""


def page(weights: Weights) -> str:
    """The whole page."""
    return "\n".join((HEAD.format(merge_at=weights.merge_at, review_at=weights.review_at),
                      *_guards(), *_comparisons(weights), *_relations()))  # fmt: skip


def _guards() -> Iterator[str]:
    yield (
        "## Guards\n\nA guard bars the verdict. One that asks for review leaves the probability "
        f"as it is, one that\nkeeps apart leaves {BARRED} of it.\n"
    )
    yield "| guard | fires when | then |\n|---|---|---|"
    for guard in GUARDS:
        yield f"| `{guard.name}` | {guard.claim} | {BARS[guard.bar]} |"
    yield (
        "| `unique-source` | Both records are of one source that is declared free of duplicates. "
        "| distinct |\n"
    )


def _comparisons(weights: Weights) -> Iterator[str]:
    on = ", ".join(weights.fitted_on)
    yield f"## Comparisons and their weights in bits\n\nFitted {weights.fitted} on {on}. "
    yield f"The prior is {weights.prior:+.2f}; a comparison that cannot be made weighs 0.\n"
    yield "| comparison | claim | levels |\n|---|---|---|"
    for row, comparison in enumerate(COMPARISONS):
        levels = ", ".join(f"{name} {bits:+.2f}" for name, bits in outcomes_of(weights, row))
        yield f"| `{comparison.name}` | {comparison.claim} | {levels} |"
    yield ""


def _relations() -> Iterator[str]:
    yield "## Relations that a feed asserts\n\n| relation | verdict and kind |\n|---|---|"
    for verdict, table in (("version", SAME_WORK_RELATIONS), ("related", RELATED_RELATIONS)):
        for relation, kind in table.items():
            yield f"| {relation} | {verdict}, {kind} |"
    yield ""


if __name__ == "__main__":
    print(page(Weights.load()), end="")
