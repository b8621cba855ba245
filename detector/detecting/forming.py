"""
Forming: works formed of decisions and judgements over a collection.

    record ids, decisions  ->  facts of the records that anything ties  ->  works

Pairs of a component that were no candidates are decided here, when the works ask for
them. Stores nothing, and does not say which records are one work (`works.py` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from detector.decision.decided import DecisionColumns
from detector.decision.decision import Decider
from detector.decision.verdicts import Decision
from detector.detecting.field_cache import FieldCache
from detector.store.holdings import Holdings, Pair
from detector.works.version_groups import facts_of
from detector.works.work_rules import WorkRules
from detector.works.works import Works, form_works
from indexer.ingesting.ingest import batches

FIELDS_AT_ONCE: Final = 5_000  # records


@dataclass(frozen=True, slots=True)
class Forming:
    """What works are formed with: how pairs are decided, what is stored, and the rules."""

    decider: Decider
    fields: FieldCache
    holdings: Holdings
    rules: WorkRules

    def works(self, record_ids: Iterable[str], decisions: DecisionColumns) -> Works:
        """The works of these records, as far as they still are stored."""
        stored = set(record_ids)
        decisions = decisions.among(sorted(stored))
        judgements = self.holdings.judgements(stored)
        # facts are asked only of records that something ties to another
        rows = np.unique(np.concatenate((decisions.left, decisions.right)))
        tied = {decisions.ids[row] for row in rows.tolist()}
        tied.update(*(judgement.pair for judgement in judgements))
        facts = {
            record_id: facts_of(fields)
            for batch in batches(sorted(tied & stored), FIELDS_AT_ONCE)
            for record_id, fields in self.fields.of(batch).items()
        }
        stored -= tied - facts.keys()  # deleted since
        decisions = decisions.among(sorted(stored))
        return form_works(stored, decisions, self._evidence, facts, judgements, self.rules)

    def _evidence(self, pairs: Sequence[Pair]) -> list[float]:
        """Decide pairs that were no candidates; what each counts by `WorkRules.evidence`."""
        fields = self.fields.of(set[str]().union(*pairs))
        decided = self.decider.decide([(fields[left], fields[right]) for left, right in pairs])
        return [
            self.rules.evidence(Decision("", "", verdict, probability=float(probability)))
            for verdict, probability in zip(decided.verdicts, decided.probability, strict=True)
        ]
