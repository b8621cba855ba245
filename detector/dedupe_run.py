"""
A run of `dedupe`: from what was asked to its answer.

    Asked  ->  run_over(place)        an index in a folder that the caller owns, nothing else
    Asked  ->  run_into(out)          the answer in a folder that was claimed before any work
    DedupeRun  ->  write_into(out)    the same answer, of a run that is there already

The judgements that people left in an answer folder are obeyed by all that is written into
it. Does not: know what an answer consists of (`answer.py`), or print.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.errors import Closed
from detector.judgements.judged_index import said_of_answer
from detector.judgements.judgement_memory import JUDGEMENTS_FILE, JudgementMemory
from detector.judgements.judgement_sheet import Sheet
from detector.reports.answer import around_of, write_answer
from detector.reports.folder.answer_folder import INDEX, AnswerFolder
from detector.reports.folder.earlier_answer import but_for, filled_sheets, going_on, with_judged
from detector.reports.folder.own_files import without_own
from detector.reports.outputs import summary_of
from detector.reports.parts.wanted import Wanted
from detector.reports.standings import Keeping, Standings
from detector.runs.asked import Asked
from detector.runs.one_shot import Deduplication, Progress, deduplicate, judged_again
from detector.runs.previous import begun_with
from detector.works.merging.labels import plain
from indexer.errors import NothingRead
from indexer.faults import naming
from indexer.feeds.formats.files_read import FilesRead
from indexer.feeds.reading.files import files_under
from indexer.index.embedded import back_up
from indexer.index.opening import open_engine
from indexer.ingesting.dead_letters import Unusable
from indexer.running.timings import Timings, measuring, timed
from indexer.running.workers import Workers, size_of, workers_for

_INDEX: Final = Path(INDEX).parent


class DedupeRun:
    """A run that has ended, over its own index."""

    def __init__(self, asked: Asked, index: Path, found: Deduplication, timings: Timings) -> None:
        self.asked = asked
        self.index = index
        self.timings = timings
        self.notes: list[str] = []  # what a person should know
        self.written: list[str] = []  # names in the folder that was last written
        self._found = found
        self._open = True
        self._closed = False
        self._summary: dict[str, Any] = {}

    @property
    def found(self) -> Deduplication:
        """
        What the run found; its index is opened again where it was moved meanwhile.

        Raises:
            Closed: by `close`.
        """
        if self._closed:
            raise Closed("the run")
        if not self._open:
            ended = self._found.detector
            engine = open_engine(str(self.index), create=False)
            self._found.detector = Detector(engine, ended.weights, ended.rules)
            self._open = True
        return self._found

    @property
    def rejected(self) -> Unusable:
        """How many rows of each file could not be used, and the first of them."""
        return self._found.unusable

    @property
    def summary(self) -> dict[str, Any]:
        """The counts of summary.json."""
        if not self._summary:
            around = around_of(self.found, Standings(self.found, Keeping()))
            self._summary = summary_of(self.found, self.timings, around.screening.summary())
        return self._summary

    def notes_on_labels(self) -> Iterator[str]:
        """Which columns of labels no row has: a slip, or a part of the record itself."""
        columns = {
            plain(label.name) for place in self._found.places.labelled() for label in place.labels
        }
        for name in self.asked.labels:
            if plain(name) not in columns:
                why = "no row says anything there, or it is a part of the record itself"
                yield f"label {name}: {why}"

    def judge(self, sheet: Sheet) -> None:
        """Obey more judgements, and go on obeying those before."""
        self.asked = replace(self.asked, sheets=(*self.asked.sheets, sheet))
        self.obey(JudgementMemory(self.index.parent / JUDGEMENTS_FILE, self.asked.sheets))

    def obey(self, memory: JudgementMemory) -> None:
        """Form the works by these judgements and no others."""
        judgements_of = partial(memory.judgements_of, detector=self.found.detector)
        judged_again(self.found, judgements_of)
        memory.choose(self.found.detector)
        self._summary = {}

    def ready_for_questions(self) -> None:
        """
        Make postings of an index that stays: 10 µs a record, and 500 bytes.

        Without them each question reads the keys of all records, 2 s of a million. The first
        question cannot make them: it stores nothing, may be asked of a folder that is only read,
        and would be the slowest of all.
        """
        with measuring(self.timings), timed("postings", self.found.detection.epoch.records):
            self.found.detector.engine.make_visible()

    def write(
        self,
        folder: AnswerFolder,
        wanted: Wanted,
        memory: JudgementMemory,
        progress: Progress | None,
    ) -> None:
        """Write the whole answer beside the last one of the folder."""
        workers = self.found.detector.workers
        with naming(folder.out), measuring(self.timings), closing(workers):
            self._summary, self.written = write_answer(
                self.found, folder.new, wanted, self.timings, progress
            )
            folder.notes += wanted.notes(len(self.found.places))
            if memory.write(folder.new / JUDGEMENTS_FILE):
                self.written.append(JUDGEMENTS_FILE)

    def close(self) -> None:
        """Close the index for good."""
        self.release()
        self._closed = True

    def release(self) -> None:
        """Close the index, so that its file may be moved; it is opened where it is needed."""
        if self._open:
            self._found.detector.engine.close()
            self._open = False


def run_over(asked: Asked, place: Path, progress: Progress | None = None) -> DedupeRun:
    """
    Run over files, with an index in a folder; no answer is written.

    Raises:
        NothingRead: no row was read.
    """
    notes: list[str] = []
    asked = with_judged(replace(asked, files=tuple(without_own(asked.files, notes))))
    memory = JudgementMemory(place / JUDGEMENTS_FILE, asked.sheets)
    run = _run(asked, place / _INDEX, memory, progress)
    run.found.detector.workers.close()  # they hold memory, and nobody knows when it is written
    run.notes += [*memory.notes, *notes, *run.notes_on_labels()]
    return run


def run_into(
    out: Path,
    asked: Asked,
    wanted: Wanted,
    progress: Progress | None = None,
) -> DedupeRun:
    """
    Run over files and leave the answer in a folder; nothing is replaced before it is whole.

    Raises:
        OutputError: what is in the folder would be harmed; told before any work.
        PreviousError: the earlier answer cannot be gone on from; told before any work.
        NothingRead: no row was read; nothing was written.
    """
    with AnswerFolder(out) as folder:
        asked = replace(asked, files=tuple(without_own(asked.files, folder.notes)))
        asked = with_judged(asked, out)
        wanted = _of_run(wanted, asked)
        memory = _claimed(folder, asked, wanted)
        run = _run(asked, folder.new / _INDEX, memory, progress)
        try:
            run.ready_for_questions()
            run.write(folder, wanted, memory, progress)
        finally:
            run.release()
        _swap(folder, progress)
    run.index = out / _INDEX
    run.notes += [*memory.notes, *folder.notes, *run.notes_on_labels()]
    return run


def write_into(out: Path, run: DedupeRun, wanted: Wanted, progress: Progress | None = None) -> None:
    """
    Leave the answer of a run in a folder, as `run_into` does.

    Judgements that the folder keeps are obeyed, by the run too.

    Raises:
        OutputError: what is in the folder would be harmed.
    """
    wanted = _of_run(wanted, run.asked)
    with AnswerFolder(out) as folder:
        memory = _claimed(folder, run.asked, wanted)
        if memory:
            run.obey(memory)
        run.ready_for_questions()
        run.write(folder, wanted, memory, progress)
        (folder.new / _INDEX).mkdir(exist_ok=True)
        back_up(run.index, folder.new / _INDEX)
        if run.index == out / _INDEX:
            run.release()
        _swap(folder, progress)
    run.notes = [*memory.notes, *folder.notes]


def _run(
    asked: Asked, index: Path, memory: JudgementMemory, progress: Progress | None
) -> DedupeRun:
    reading = FilesRead(asked.files)

    def tell(stage: str, more: int, share: float) -> None:
        if progress:
            progress(stage, more, reading.share() if stage == "reading" else share)

    timings = Timings()
    table = Weights.load(asked.weights)
    workers = Workers(workers_for(asked.workers, size_of(files_under(asked.files))))
    workers.expected()
    engine = begun_with(asked.since, index) if asked.since else open_engine(str(index))
    detector = Detector(engine, table, asked.rules, workers=workers)
    try:
        with measuring(timings):
            asked, previous = going_on(asked, detector, memory)
            # without any, no record has to be found by its name
            judgements_of = partial(memory.judgements_of, detector=detector) if memory else None
            found = deduplicate(
                reading.rows(), detector, tell, judgements_of, asked.labels, previous
            )
            memory.choose(detector)
        if not found.counts.read:
            raise NothingRead(reading.nothing())
    except BaseException:
        detector.workers.close()
        detector.engine.close()
        raise
    found.no_record = {asked.shown(file): what for file, what in reading.no_record().items()}
    return DedupeRun(asked, index, found, timings)


def _of_run(wanted: Wanted, asked: Asked) -> Wanted:
    return replace(wanted, files=asked.files, labels=asked.labels, since=bool(asked.since))


def _claimed(folder: AnswerFolder, asked: Asked, wanted: Wanted) -> JudgementMemory:
    """What people judged, in the folder and elsewhere, once it is sure that the run may write."""
    read = [*files_under(asked.files), *([asked.weights] if asked.weights else ())]
    said = said_of_answer(folder.out / _INDEX) if folder.changed(INDEX) else None
    if said:
        folder.take(INDEX)
    folder.claim(wanted.may_write(), read)
    filled = but_for(filled_sheets(folder.out, folder.before.files), asked.sheets)
    sheets = (*filled, *asked.sheets, *((said,) if said else ()))
    return JudgementMemory(folder.out / JUDGEMENTS_FILE, sheets)


def _swap(folder: AnswerFolder, progress: Progress | None) -> None:
    if progress:
        progress("writing", 0, 1.0)  # the last moment to stop
    with naming(folder.out):
        folder.swap()
