"""
A run of `audit`: from what was asked to what is found.

    AuditAsked  ->  audit_over()       over an index that is gone afterwards
    AuditAsked  ->  audit_into(out)    and its files in a folder that was claimed before any work

Does not: print.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from detector.audit.assignments import read_assignments
from detector.audit.audit_files import FILES, write_audit
from detector.audit.auditing import Audit, audit_of
from detector.audit.claims import Claims, by_field, by_record, by_scheme
from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.errors import ClaimsError
from detector.reports.folder.answer_folder import AnswerFolder
from detector.runs.one_shot import Progress
from detector.works.work_rules import WorkRules
from indexer.feeds.formats.files_read import FilesRead
from indexer.feeds.reading.files import files_under
from indexer.fields.identifiers.schemes import SCHEMES
from indexer.index.opening import open_engine
from indexer.running.workers import AUTO, Workers, size_of, workers_for


@dataclass(frozen=True, slots=True)
class AuditAsked:
    """What an audit is asked for, before anything is read."""

    files: tuple[str, ...]
    work_field: str = ""  # the column or field of work ids; either this or `against`
    against: str | Mapping[str, str] = ""  # a file, a scheme, or the work of each record
    rules: WorkRules = field(default_factory=WorkRules)
    weights: str = ""  # a file; "": those shipped
    workers: int | str = AUTO
    own: Path | None = None  # a folder of files that nobody named: values in memory

    def shown(self, file: str) -> str:
        """What a person is told that a file is called."""
        return Path(file).name if self.own and Path(file).parent == self.own else file

    def read(self) -> list[str]:
        """The files that are read, the records' and others."""
        others = [self.weights, self.against if isinstance(self.against, str) else ""]
        return [*files_under(self.files), *(name for name in others if Path(name).is_file())]


def audit_over(asked: AuditAsked, progress: Progress | None = None) -> Audit:
    """
    Hold the works that some records are said to be against those that we find of them.

    Raises:
        ClaimsError: where their works stand is not said, cannot be read, or is of no record.
    """
    claims, works = _claims(asked)
    reading, weights = FilesRead(asked.files, asked.shown), Weights.load(asked.weights)

    def tell(stage: str, more: int, share: float) -> None:
        if progress:
            progress(stage, more, reading.share() if stage == "reading" else share)

    with ExitStack() as stack:
        place = stack.enter_context(tempfile.TemporaryDirectory())
        count = workers_for(asked.workers, size_of(files_under(asked.files)))
        workers = stack.enter_context(closing(Workers(count)))
        engine = stack.enter_context(closing(open_engine(place)))
        detector = Detector(engine, weights, asked.rules, stores=False, workers=workers)
        audit = audit_of(reading.rows(), claims, detector, tell)
    met = {*audit.run.places.given_ids(), *audit.run.places.record_ids}
    audit.unmet = [name for name in works if name not in met]
    return audit


def audit_into(out: Path, asked: AuditAsked, progress: Progress | None = None) -> Audit:
    """
    Hold works against ours, and leave what is found in a folder; without a record nothing is.

    Raises:
        OutputError: what is in the folder would be harmed; told before any work.
        ClaimsError: as of `audit_over`.
    """
    with AnswerFolder(out) as folder:
        folder.claim(FILES, asked.read())
        audit = audit_over(asked, progress)
        if audit.records:
            write_audit(audit, folder)
        audit.notes += folder.notes
    return audit


def _claims(asked: AuditAsked) -> tuple[Claims, Mapping[str, str]]:
    """What tells their work of a row, and what a list says of records."""
    against = asked.against
    if bool(asked.work_field) == bool(against):
        fault = "stands beside other works" if against else "names no works"
        raise ClaimsError(asked.work_field, fault, "either a field of the records, or a file of "
                          "records and works or a scheme of identifiers")  # fmt: skip
    if not isinstance(against, str):
        return _by_record(against, "the works of records"), against
    if asked.work_field:
        expected = "a column or field that holds the work of each record, or id"
        return Claims(by_field(asked.work_field), asked.work_field, expected), {}
    if Path(against).is_file():
        works = read_assignments(Path(against))
        return _by_record(works, against), works
    if against not in SCHEMES:
        known = ", ".join(SCHEMES)
        raise ClaimsError(against, "is neither a file nor a scheme", f"a file or one of {known}")
    return Claims(by_scheme(against), against, "records with an identifier of this scheme"), {}


def _by_record(works: Mapping[str, str], called: str) -> Claims:
    some = ", ".join([*works][:3])
    return Claims(by_record(works), called, f"records called as these rows call them, not {some}")
