"""
Claims: which work each record belongs to in somebody else's view.

    rows, where the work ids stand  ->  the same rows, and record id -> their work

An id that is audited must not be evidence: a record loses it before it is compared, or all
records of one of their works would agree because they say so. Rows of one id are kept apart
where they differ: they are the several records of a work, not one record told anew. Does not:
compare (`auditing.py` has that done).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from detector.errors import ClaimsError
from detector.works.merging.labels import plain
from indexer.feeds.reading.rows import MISSING
from indexer.fields.identifiers.identifiers import find, identifiers_of, normalise
from indexer.ingesting.ingest import Row
from indexer.records import Identifier, Occurrence, Record, content_of

OWN_ID: Final = "id"  # the field that every row has, if it has an id at all
WorkNamed = Callable[[Occurrence], str]  # "" where the row names none
_MOST_NAMES: Final = 12  # columns told in an error


class Claims:
    """
    The works of others, filled while rows pass.

    Args:
        work_named: gives the work that a row is said to belong to.
        expected: what a run without a single work id is told.
    """

    def __init__(self, work_named: WorkNamed, asked: str, expected: str) -> None:
        self.work_of: dict[str, str] = {}  # by record
        self.columns: dict[str, None] = {}  # that no field of a record holds, in order
        self._work_named = work_named
        self._asked, self._expected = asked, expected
        self._contents: dict[str, bytes] = {}

    def rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows as they are compared; what their records are said to be is noted."""
        for row in rows:
            if isinstance(row, Occurrence) and not row.record.deleted:
                yield self._noted(row)
            else:
                yield row

    def check(self) -> None:
        """
        Make sure that there is something to audit.

        Raises:
            ClaimsError: no record names a work.
        """
        if not self.work_of:
            some = ", ".join([*self.columns][:_MOST_NAMES])
            have = f"; columns that these files have beside the usual: {some}" if some else ""
            raise ClaimsError(self._asked, "is of no record of these files", self._expected + have)

    def _noted(self, row: Occurrence) -> Occurrence:
        record = row.record
        work = self._work_named(row).strip()
        work = "" if work in MISSING else work
        if len(self.columns) < _MOST_NAMES:
            self.columns.update((name.partition(":")[2], None) for name, _ in record.extra)
        said = content_of(record.to_dict()) + work.encode("utf-8", "surrogatepass")
        content = blake2b(said, digest_size=8).digest()
        record_id = record.record_id
        if self._contents.setdefault(record_id, content) != content:
            record_id = f"{record_id}~{content.hex()}"
        if work:
            self.work_of[record_id] = work
            record = without(record, work)
        return replace(row, record=replace(record, record_id=record_id))


def without(record: Record, work: str) -> Record:
    """The record without this id of a work, wherever it carries it."""
    meant = set(find(work))

    def names(scheme: str, value: str) -> bool:
        normal = normalise(scheme, value)
        return value == work or (normal is not None and _same(normal, work, meant))

    return replace(
        record,
        source_id="" if names(record.source, record.source_id) else record.source_id,
        doi="" if record.doi and names("doi", record.doi) else record.doi,
        identifiers=tuple(pair for pair in record.identifiers if not names(*pair)),
        urls=tuple(
            url for url in record.urls if not any(_same(said, work, meant) for said in find(url))
        ),
    )


def _same(identifier: Identifier, work: str, meant: set[Identifier]) -> bool:
    return identifier in meant or identifier == normalise(identifier.scheme, work)


def by_field(name: str) -> WorkNamed:
    """The work that a column or a field of the row names; `id` is the row's own id."""
    if name == OWN_ID:
        return lambda row: row.given_id
    wanted = plain(name)

    def named(row: Occurrence) -> str:
        for column, value in row.record.extra:
            if plain(column.partition(":")[2]) == wanted:
                return value
        value = getattr(row.record, name, "") if name.isidentifier() else ""
        return value if isinstance(value, str) else ""

    return named


def by_scheme(scheme: str) -> WorkNamed:
    """The work that a record's own identifier of a scheme names; of several, none."""

    def named(row: Occurrence) -> str:
        known = [one for one in identifiers_of(row.record) if one.scheme == scheme]
        for learnt in dict.fromkeys(sorted(one.learnt for one in known)):
            values = {one.value for one in known if one.learnt == learnt}
            if len(values) == 1:
                return values.pop()
        return ""

    return named


def by_record(work_of: Mapping[str, str]) -> WorkNamed:
    """The work that a list of records names, records being called as their rows call them."""
    return lambda row: work_of.get(row.given_id) or work_of.get(row.record.record_id, "")
