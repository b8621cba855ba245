"""
Forming: works formed of decisions and judgements over a collection.

    record ids, decisions  ->  facts of the records that anything ties  ->  works

Pairs of a component that were no candidates are decided here, when the works ask for
them. Stores nothing, and does not say which records are one work (`works.py` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import eq
from typing import Final

from detector.decision.decided import DecisionColumns, guard_names
from detector.decision.decision import Decider
from detector.decision.verdicts import Decision
from detector.detecting.field_cache import FieldCache
from detector.store.holdings import Pair
from detector.works.judgements import Judgement
from detector.works.version_groups import VersionFacts, facts_of
from detector.works.work_rules import WorkRules
from detector.works.works import Works, form_works
from indexer.ingesting.ingest import batches

FIELDS_AT_ONCE: Final = 5_000  # records


class _Gone(Exception):  # not an error: works are formed again without them
    """Records that were deleted since they were decided on."""

    def __init__(self, record_ids: frozenset[str]) -> None:
        super().__init__(len(record_ids))
        self.record_ids = record_ids


@dataclass(frozen=True, slots=True)
class Forming:
    """What works are formed with: how pairs are decided, and the rules."""

    decider: Decider
    fields: FieldCache
    rules: WorkRules

    def works(
        self,
        record_ids: Iterable[str],
        decisions: DecisionColumns,
        judgements: Iterable[Judgement],
    ) -> Works:
        """The works of these records, as far as they still are stored."""
        ids: Sequence[str] = list(record_ids)
        if len(ids) == len(decisions.ids) and all(map(eq, ids, decisions.ids)):
            ids = decisions.ids  # which stand as one text
        elif not all(left < right for left, right in pairwise(ids)):
            ids = sorted(ids)
        judgements = list(judgements)
        while True:
            decided = decisions.among(ids)
            try:
                return form_works(ids, decided, self._evidence, self._facts, judgements, self.rules)
            except _Gone as gone:
                ids = [record_id for record_id in ids if record_id not in gone.record_ids]

    def _facts(self, record_ids: Sequence[str]) -> dict[str, VersionFacts]:
        """What these records state of their versions."""
        facts = {
            record_id: facts_of(fields)
            for batch in batches(record_ids, FIELDS_AT_ONCE)
            for record_id, fields in self.fields.versions(batch).items()
        }
        if len(facts) < len(record_ids):
            raise _Gone(frozenset(record_ids) - facts.keys())
        return facts

    def _evidence(self, pairs: Sequence[Pair]) -> list[float]:
        """Decide pairs that were no candidates; what each counts by `WorkRules.evidence`."""
        fields = self.fields.of(set[str]().union(*pairs))
        decided = self.decider.decide([(fields[left], fields[right]) for left, right in pairs])
        return [
            self.rules.evidence(
                Decision("", "", verdict, kind, float(probability), guards=guard_names(int(bits)))
            )
            for verdict, kind, probability, bits in zip(
                decided.verdicts, decided.kinds, decided.probability, decided.guards, strict=True
            )
        ]
