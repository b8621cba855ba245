"""
An index: records that stay, compared as they come, and asked.

    open(where)  ->  OpenIndex  ->  ingest, match, query, explain; works over time

The library's face of one index, on disk or in OpenSearch. Does not: anything by itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detector.decision.weights import Weights
from detector.questions.explaining import Explanation, explain_stored, resolve
from detector.questions.match_counts import MatchCounts
from detector.questions.matching import Match
from detector.questions.query import Question, ask, asked_of
from detector.questions.repeats import matches_once
from detector.runs.incremental import PATIENCE, Arrivals
from detector.runs.ingest_run import Ingested, ingest, ingest_alone
from detector.runs.one_shot import Progress
from indexer.ingesting.dead_letters import KIND as DEAD_LETTER
from indexer.ingesting.dead_letters import LETTER_COLUMNS, letter_rows
from indexer.ingesting.ingest import BATCH
from samework.answers import Answers, Matches
from samework.opened.judged import JudgedWorks
from samework.opened.undoable import UndoableRuns
from samework.tables import Table

if TYPE_CHECKING:  # every format, whose readers a question in words does not need
    from indexer.feeds.formats.in_memory import PathLike, Records

__all__ = ["OpenIndex", "open"]


def open(index: PathLike | None = None, *, weights: PathLike = "") -> OpenIndex:
    """
    An index that grows: a folder, or https://… of OpenSearch.

    One that is not there yet is made by the first `ingest`.

    Args:
        index: where; None: an index of its own that is gone when it is closed.
        weights: a file of match weights; "": those shipped.

    Raises:
        WeightsError: the weights cannot be used.

    Example:
        >>> with sw.open("catalogue") as catalogue:
        ...     catalogue.ingest("library.bib")
        ...     print(catalogue.query("romanian berts, avram 2022"))
    """
    return OpenIndex(None if index is None else os.fspath(index), Weights.load(os.fspath(weights)))


class OpenIndex(JudgedWorks, UndoableRuns):
    """
    An index that grows; close it, or use it as a context manager.

    Example:
        >>> with sw.open("catalogue") as catalogue:
        ...     new = [row for row in catalogue.match("new.ris") if row["verdict"] == "new"]
    """

    def ingest(
        self,
        records: Records,
        *,
        detect: bool = True,
        batch: int = BATCH,
        patience: float = PATIENCE,
        progress: Progress | None = None,
        told: Callable[[str], object] | None = None,
    ) -> Ingested:
        """
        Put records in; the same again changes nothing.

        Args:
            records: as `dedupe` takes them. A dict or row without a source of its own
                counts as one of "records.jsonl" or "table.arrow".
            detect: compare the records as they come, and update the works.
            batch: records a step; each step is durable.
            patience: seconds to wait for another process that changes works.
            progress: as `dedupe` takes it.
            told: is given sentences for a person who waits.

        Returns:
            `counts`, what was `rejected`, and whether all was `compared`.

        Example:
            >>> catalogue.ingest([{"id": "1", "title": "Counting eels in muddy water"}]).counts.new
            1
        """
        with self._folder() as folder:
            files = self._files(records, Path(folder))
            detector = self._detector(create=True)
            if not self._lasting and not detect:
                return ingest_alone(detector, files, progress)
            arrivals = None
            if detect:
                arrivals = Arrivals(detector, told or str, patience=patience, at_once=batch)
            return ingest(detector.engine, files, arrivals, batch, progress)

    def match(
        self,
        records: Records,
        *,
        new: PathLike | None = None,
        progress: Progress | None = None,
        found: Callable[[Match], object] | None = None,
    ) -> Matches:
        """
        Say of each record whether its work is there already, and why; stores nothing.

        Args:
            records: as `dedupe` takes them.
            new: also write the rows that are not there to this file, each work once.
            progress: as `dedupe` takes it.
            found: is given each match as it is found; the table then holds none of them,
                so that there may be any number.

        Returns:
            A row a record: `duplicate`, `version`, `review`, `related` or `new`, and why.

        Example:
            >>> catalogue.match("new.ris").counts.to_dict()
        """
        counts = MatchCounts()
        matches: list[Match] = []
        fresh: set[tuple[str, int]] = set()
        with self._folder() as folder:
            files = self._files(records, Path(folder))
            for match in matches_once(counts.usable(files.rows()), self._detector()):
                counts.count(match)
                if new is not None and match.fresh:
                    fresh.add((files.path_of(match.row), match.row.position))
                if progress:
                    progress("matching", 1, files.share())
                (found or matches.append)(match)
            if new is not None:
                from detector.reports.marked.one_file import write_rows  # every format

                write_rows(files.named, Path(new), fresh)
            counts.nothing = "" if counts else files.nothing()
        return Matches(matches, counts)

    def query(
        self,
        question: str | Mapping[str, Any] = "",
        *,
        title: str = "",
        author: Sequence[str] = (),
        year: str = "",
        doi: str = "",
        id: str = "",
        url: str = "",
        limit: int = 5,
    ) -> Answers:
        """
        Look a work up: by a citation as it stands in a list, or by what is known of it.

        Args:
            question: a title, a citation, an identifier or a URL; or a record as a dict.
            title: words of the title.
            author: authors.
            year: year of publication.
            doi: a DOI.
            id: an identifier of any scheme, or a record's id.
            url: an address of the work.
            limit: how many works.

        Returns:
            A row a work; `says` is "yes" where it was asked for, "maybe", or "like".

        Raises:
            UnknownValue: nothing is asked.

        Example:
            >>> catalogue.query("arXiv:2112.12650").to_dicts()[0]["title"]
        """
        detector = self._detector()
        if isinstance(question, str):
            asked = Question(question, title, tuple(author), year, doi, id, url)
            return Answers(*asked_of(detector, asked, limit))
        from indexer.feeds.formats.in_memory import record_of  # every format: 0.2 s

        return Answers(*ask(record := record_of(question), record.title, detector, limit))

    def explain(self, a: str, b: str) -> Explanation:
        """
        Say why two records are one work, or why not; `str()` of it is for people.

        Raises:
            UnknownRecord: no record is called so, or several.

        Example:
            >>> print(catalogue.explain("openalex:W4226067207", "ia:960900110111723557"))
        """
        detector = self._detector()
        return explain_stored(detector, resolve(detector, a), resolve(detector, b))

    @property
    def unusable(self) -> Table:
        """One row a dead letter: what could not be used, where it stood, and why."""
        return Table(
            LETTER_COLUMNS,
            lambda: letter_rows(self._detector().engine),
            lambda: self._detector().engine.count(DEAD_LETTER),
        )
