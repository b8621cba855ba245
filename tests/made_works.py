"""Made decisions, judgements and scores, for the tests of works."""

from collections.abc import Iterable, Sequence

from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import Decision, Verdict
from detector.works.joining.tied import Score
from detector.works.judgements import Judgement
from detector.works.version_groups import VersionFacts
from detector.works.work_rules import WorkRules
from detector.works.works import FactsOf, Works, form_works

Pairs = Sequence[tuple[str, str]]
FAR = 0.01
NEAR = 0.97


def decided(
    left: str,
    right: str,
    verdict: str = "duplicate",
    p: float = 0.99,
    guards: tuple[str, ...] = (),
) -> Decision:
    first, second = sorted((left, right))
    return Decision(first, second, Verdict(verdict), probability=p, guards=guards)


def judged(left: str, right: str, verdict: str, at: str = "") -> Judgement:
    return Judgement(left, right, Verdict(verdict), at)


def far(pairs: Pairs) -> list[float]:
    return [FAR] * len(pairs)


def near(pairs: Pairs) -> list[float]:
    return [NEAR] * len(pairs)


def never(pairs: Pairs) -> list[float]:
    raise AssertionError(f"nothing had to be scored, but {pairs} were")


def works_of(
    decisions: Iterable[Decision],
    score: Score = far,
    judgements: Iterable[Judgement] = (),
    rules: WorkRules | None = None,
    facts: dict[str, VersionFacts] | None = None,
) -> Works:
    decisions, judgements = list(decisions), list(judgements)
    ids = {end for one in decisions for end in (one.left, one.right)}
    ids |= {end for said in judgements for end in (said.left, said.right)}
    return form_works(
        ids, DecisionColumns.of(decisions), score, stating(facts or {}), judgements, rules
    )


def stating(facts: dict[str, VersionFacts]) -> FactsOf:
    """Facts as `form_works` asks for them."""
    return lambda record_ids: {name: facts[name] for name in record_ids if name in facts}


def records_of(works: Works) -> list[str]:
    """Each work as one string, so that a failure reads well."""
    return [" ".join(work.records) for work in works.works]
