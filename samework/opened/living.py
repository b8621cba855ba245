"""
Living works: what an index says of its works, one by one and as they change.

    OpenIndex.works, work, events: tables and values of what is stored now, and of what became of it

Does not: put records in or answer questions about others (`index.py` does).
"""

from __future__ import annotations

from detector.questions.shown_work import ShownWork, shown_work
from detector.reports.outputs import WORK_COLUMNS, stored_work_lines
from detector.store.events import EVENT_COLUMNS
from detector.store.stored_ids import WORK
from samework.opened.engine import Opened
from samework.tables import Table


class LivingWorks(Opened):
    """The works of an open index, over time."""

    def works(self) -> Table:
        """
        One row a work: work_id, records, version_groups, canonical.

        Example:
            >>> catalogue.works().to_polars().unnest("canonical")
        """
        return Table(
            WORK_COLUMNS,
            lambda: stored_work_lines(self._detector()),
            lambda: self._detector().engine.count(WORK),
        )

    def events(self, since: int = 0) -> Table:
        """
        One row an event: what became of works, in order, behind the event of that number.

        Example:
            >>> for event in catalogue.events(since=seen):
            ...     seen = event["number"]
        """
        return Table(
            EVENT_COLUMNS,
            lambda: self._detector().holdings.events(since),
            lambda: sum(1 for _ in self._detector().engine.log(since)),
        )

    def work(self, name: str) -> ShownWork:
        """
        One work: its versions, its merged record, what people said; `str()` of it is for people.

        Args:
            name: the id of the work, also a retired one, or the id of a record.

        Raises:
            UnknownWork: no work has or had this id, or the record is in none yet.
            UnknownRecord: no record, or several, are called this.

        Example:
            >>> print(catalogue.work("openalex:W4226067207"))
        """
        return shown_work(self._detector(), name)
