"""Record shares: what a worker is sent is the whole record, and comes to it as it was."""

from __future__ import annotations

import pickle

from indexer.ingesting.record_shares import parts_of, records_of
from indexer.records import Author, Record, Relation
from tests.made_records import made_collection


def test_records_come_back_as_they_were_sent() -> None:
    people = (Author("Ada Stone", "Stone", "Ada", "0000-0002-1825-0097"), Author("Bo Reed"))
    rich = Record(
        "made:1", "made", "1", "A title", ("Ein Titel",), people, people[:1], deleted=True,
        relations=(Relation("is-preprint-of", "doi:10.5555/x"),), versions=({"a": [1]},),
        identifiers=(("pmid", "1"),), extra=(("ris:AD", "Made University"),),
    )  # fmt: skip
    records = [rich, Record(), *made_collection(81, 40)]

    assert records_of(pickle.loads(pickle.dumps(parts_of(records)))) == records
