"""
What each policy joins and keeps apart, turned on and off, by the shipped weights.

    python -m benchmarks.quality.policies [SET …] [--write]

Made pairs first: of each policy TURNS articles, each with the record that the policy is about, a
copy from another feed (one work under every policy) and an erratum (two works under every
policy). Then the sets, whose labels follow one policy each: the defaults, and the defaults with
one policy the other way. The weights were fitted to the sets; made pairs they never saw.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.quality import page
from benchmarks.quality.figures import rates, table
from benchmarks.quality.kinds.base import Base, copy_of
from benchmarks.quality.kinds.policy_pairs import MAKERS
from benchmarks.quality.kinds.titles import moved
from benchmarks.quality.opened import opened
from benchmarks.quality.plain_records import Plain
from benchmarks.quality.sets import SETS, DevelopmentSet, kept_run
from detector.decision.weights import Weights
from detector.evaluation.evaluate import Score, joined_by
from detector.evaluation.truth import Pair
from detector.works.joining.policies import AWAY, POLICIES, Policy
from detector.works.work_rules import WorkRules, rules_named

TURNS: Final = 100
SEED: Final = 15
SMALL: Final = ("cases", "harvest", "dblp_acm", "fuzzycat_verify", "bibdedupe_cases", "cora")
MADE_HEAD: Final = ("policy", "made pairs, told as such", "on: P / R, false", "off: P / R, false",
                    "errata joined, on or off")  # fmt: skip
SETS_HEAD: Final = ("set", "defaults: automatic P / R, false", "policy the other way",
                    "then: automatic P / R, false")  # fmt: skip
Quad = tuple[str, str, str, str]  # a record, the one tied to it, its copy, its erratum


def main() -> None:
    """Make the pairs, run over them and the sets, and write the two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=list(SMALL))
    parser.add_argument("--write", action="store_true", help="into docs/evaluation-appendix.md")
    chosen = parser.parse_args()
    weights = Weights.load("")
    with tempfile.TemporaryDirectory() as scratch:
        lines = table(MADE_HEAD, made_rows(Path(scratch), weights))
    print("\n".join(lines))
    lines += ["", *table(SETS_HEAD, set_rows(chosen.sets, weights))]
    print("\n".join(lines))
    if chosen.write:
        page.write("policies", lines)


def turned(policy: Policy, *, on: bool) -> WorkRules:
    """The defaults, with this policy as it is said here."""
    if policy.versions:
        return rules_named("work", (), () if on else [AWAY + policy.name])
    return rules_named("work", (), [policy.name] if on else ())


def made_rows(folder: Path, weights: Weights) -> Iterator[list[str]]:
    """A row a policy, over its made records."""
    for policy, made in zip(POLICIES, made_records(), strict=True):
        dataset = DevelopmentSet(policy.name, place=folder)
        quads = _written(made, Path(dataset.records))
        with kept_run(dataset, str(folder / f"{policy.name}.index")) as run:
            _, decided = run.decisions(weights, WorkRules())
            names = run.names
            kinds = {
                frozenset((names[a.record_id], names[b.record_id])): kind
                for (a, b), kind in zip(decided.pairs, decided.kinds, strict=True)
            }
            told = sum(kinds.get(frozenset(quad[:2]), "") in policy.kinds for quad in quads)
            on, off = (
                joined_by(run.under(weights, turned(policy, on=on)).automatic)
                for on in (True, False)
            )
        errata = [sum(joined((quad[0], quad[3])) for quad in quads) for joined in (on, off)]
        yield [policy.name, f"{len(quads)}, {told}", _rates(quads, on, tied=True),
               _rates(quads, off, tied=False), f"{errata[0]}, {errata[1]}"]  # fmt: skip


def made_records(turns: int = TURNS) -> Iterator[list[tuple[Plain, Plain, Plain, Plain]]]:
    """Of each policy the records that it is about; the same ones each time."""
    draw = random.Random(SEED)
    base = Base(draw)
    for policy in POLICIES:
        made = []
        for _ in range(turns):
            row, tied = MAKERS[policy.name](base, draw)
            copy = {**copy_of(row, draw), "doi": row["doi"]}
            erratum = {**moved(row), "title": f"Erratum to: {row['title']}",
                       "doi": f"{row['doi']}e", "abstract": ""}  # fmt: skip
            made.append((row, tied, copy, erratum))
        yield made


def _written(made: Sequence[tuple[Plain, ...]], file: Path) -> list[Quad]:
    file.parent.mkdir(parents=True)
    quads: list[Quad] = []
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        for at, rows in enumerate(made):
            names = (f"m{at}a", f"m{at}b", f"m{at}c", f"m{at}d")
            quads.append(names)
            for name, row in zip(names, rows, strict=True):
                lines.write(json.dumps({**row, "id": name, "source": name[-1]}) + "\n")
    return quads


def _rates(quads: Sequence[Quad], joined: Callable[[Pair], bool], *, tied: bool) -> str:
    """Over pairs tied by the policy, copies and errata, by the truth under it."""
    same = [(quad[0], quad[2]) for quad in quads]
    apart = [(quad[0], quad[3]) for quad in quads]
    (same if tied else apart).extend((quad[0], quad[1]) for quad in quads)
    true, false = (sum(map(joined, side)) for side in (same, apart))
    return _shown(Score(true=true, false=false, missed=len(same) - true))


def _shown(score: Score) -> str:
    return f"{rates(score)}, {score.false}"


def set_rows(names: Sequence[str], weights: Weights) -> Iterator[list[str]]:
    """The sets under the defaults, and under each policy that changes what is joined in them."""
    with opened(dataset for dataset in SETS if dataset.name in names) as held:
        for name, one in held.items():
            plain = one.scored(weights).automatic
            for policy in POLICIES:
                other = one.scored(weights, turned(policy, on=not policy.versions)).automatic
                if other != plain:
                    said = AWAY + policy.name if policy.versions else policy.name
                    yield [name, _shown(plain), said, _shown(other)]


if __name__ == "__main__":
    main()
