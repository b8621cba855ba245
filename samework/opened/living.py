"""
Living works: what an index says of its works, one by one and as they change.

    OpenIndex.works, work, events, review: tables and values of what is stored now, of what
    became of it, and of what waits for a person

Does not: put records in or answer questions about others (`index.py` does).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from detector.checking.drift import SAMPLE
from detector.errors import UnknownWork
from detector.questions.explaining import resolve
from detector.questions.redirects import ENDED_COLUMNS, REDIRECT_COLUMNS, ended_rows, redirect_rows
from detector.questions.shown_work import EndedWork, ShownWork, shown_work
from detector.questions.story import Story, story_of
from detector.questions.work_names import work_meant
from detector.reports.outputs import WORK_COLUMNS, stored_work_lines
from detector.review.cards import BLIND_COLUMNS, CARD_COLUMNS, cards_of
from detector.review.queue import Doubt, ReviewQueue
from detector.runs.choosing import Chosen, choose
from detector.runs.incremental import PATIENCE
from detector.runs.patience import patiently
from detector.store.events import EVENT_COLUMNS
from detector.store.holdings import Holdings
from detector.store.stored_ids import WORK
from detector.works.merging.choices_of_fields import FieldChoice
from indexer.ingesting.runs import begin_run, person
from samework.opened.checked import CheckedWorks, checked_works
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

    def work(self, name: str) -> ShownWork | EndedWork:
        """
        One work: its versions, its merged record, what people said; `str()` of it is for people.

        Args:
            name: the id of the work, also a retired one, or the id of a record.

        Returns:
            Of an id whose work is no more, and that no other took in: when it ended, and what
            it held.

        Raises:
            UnknownWork: no work has or had this id, or the record is in none yet.
            UnknownRecord: no record, or several, are called this.

        Example:
            >>> print(catalogue.work("openalex:W4226067207"))
        """
        return shown_work(self._detector(), name)

    def review(self, limit: int = 100, *, blind: bool = False) -> Table:
        """
        One row a pair that waits for a person, first those whose answer changes most.

        Args:
            limit: how many, from the first.
            blind: leave out what the program and others think of the pairs.

        Example:
            >>> for pair in catalogue.review(5):
            ...     print(pair["left"], pair["right"], pair["why"]["held_back"])
        """

        def waiting() -> list[Doubt]:
            return ReviewQueue(self._detector().holdings).best(limit)

        return Table(
            BLIND_COLUMNS if blind else CARD_COLUMNS,
            lambda: (card.to_dict(blind=blind) for card in cards_of(self._detector(), waiting())),
            lambda: len(waiting()),
        )

    def history(self, name: str) -> Story:
        """
        What became of one work since its first record came; `str()` of it is for people.

        Works that were merged into it tell their story too.

        Args:
            name: as `work` takes it.

        Raises:
            UnknownWork: no work has or had this id, or the record is in none yet.
            UnknownRecord: no record, or several, are called this.

        Example:
            >>> [line.told for line in catalogue.history("openalex:W4226067207").lines]
        """
        return story_of(self._detector(), name)

    def choose(
        self,
        work: str,
        field: str,
        record: str,
        *,
        why: str = "",
        by: str | None = None,
        patience: float = PATIENCE,
        told: Callable[[str], object] = str,
    ) -> Chosen:
        """
        Take a field of a work's merged record from a record that a person chose.

        Args:
            work: the id of the work, or a record of it.
            field: as `title`, `year`, `pages`: one that comes whole from one record.
            record: of this work.
            why: in words.
            by: who; None: SAMEWORK_BY of the environment, else the login name.
            patience: seconds to wait for another process that changes works.
            told: is given sentences for a person who waits.

        Returns:
            What was stored, with the number of the event and the run by which it is undone.

        Raises:
            UnknownValue: there is no such field.
            UnusableChoice: the record is not in the work, or does not say this field.
            BackendBusy: another process changes works; nothing was stored.

        Example:
            >>> catalogue.choose("w0123456789abcdef", "title", "made.bib:okonjo2018")
        """
        by = person() if by is None else by

        def store() -> Chosen:
            detector = self._detector()
            meant = work_meant(detector, work)
            if not meant.work_id:
                raise UnknownWork(work, self.location)
            known = detector.holdings.works([meant.work_id])[meant.work_id]
            choice = FieldChoice(resolve(detector, record), field, by, why=why)
            with begin_run(detector.engine, "works choose", by) as run:
                return choose(detector, known, choice, run)

        return patiently(store, patience, told)

    def check(self, *, sample: int = SAMPLE, seed: int = 0, repair: bool = False) -> CheckedWorks:
        """
        Whether the works are as they should be; `str()` of the answer is for people.

        Args:
            sample: how many works are made anew and compared with those stored.
            seed: which.
            repair: mend what is named, under the lock of works, and check again.

        Raises:
            BackendBusy: `repair`, and another process changes works.

        Example:
            >>> catalogue.check().well
            True
        """
        return checked_works(self._detector(), sample, seed, repair)

    def redirects(self) -> Table:
        """
        One row a retired id that leads to a living work, the earliest first.

        Example:
            >>> moved = {row["id"]: row["work_id"] for row in catalogue.redirects()}
        """
        return self._ids(REDIRECT_COLUMNS, redirect_rows)

    def ended(self) -> Table:
        """
        One row an id that leads to no living work: when that ended, and what it held.

        Example:
            >>> gone = {row["id"] for row in catalogue.ended()}
        """
        return self._ids(ENDED_COLUMNS, ended_rows)

    def _ids(
        self, columns: Sequence[str], rows: Callable[[Holdings], Iterator[dict[str, Any]]]
    ) -> Table:
        return Table(
            columns,
            lambda: rows(self._detector().holdings),
            lambda: sum(1 for _ in rows(self._detector().holdings)),
        )
