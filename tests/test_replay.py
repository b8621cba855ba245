"""Dead letters: kept so that each can be read again by itself."""

from __future__ import annotations

from pathlib import Path

from indexer.feeds.formats import read_files
from indexer.index.embedded import EmbeddedEngine
from indexer.ingesting.dead_letters import file_rejected, letters
from indexer.ingesting.ingest import Ingestion
from indexer.ingesting.replay import replay
from indexer.records import Rejected
from tests.command import here

HEADER = b"title,year,doi\n"


def test_a_row_of_a_table_is_replayed_without_its_file(tmp_path: Path) -> None:
    """The export is gone by the time the reader is repaired."""
    engine = EmbeddedEngine(str(tmp_path / "index"))
    row = b"Made title of a row,2020,10.5555/row"
    file_rejected(engine, [Rejected("made.csv", 80, 3, "made reason", row, HEADER)])

    counts = replay(engine)

    assert (counts.new, counts.rejected) == (1, 0)
    assert [record.doi for record in engine.scan()] == ["10.5555/row"]
    assert list(letters(engine)) == []
    engine.close()


def test_a_refused_row_can_be_shown_repaired_and_ingested(tmp_path: Path) -> None:
    """What `show` prints is a table of one row."""
    path = tmp_path / "made.csv"
    path.write_bytes(HEADER + b"A made title,2020,10.5555/a\nOne, with commas,2021,10.5555/b\n")
    index = tmp_path / "index"
    engine = EmbeddedEngine(str(index))
    Ingestion(engine).run(read_files([path]))
    (letter,) = letters(engine)
    engine.close()

    shown = here("dead-letters", "show", letter.letter_id, "--index", index).stdout
    repaired = tmp_path / "repaired.csv"
    repaired.write_text(shown.replace("One, with commas", '"One, with commas"'))
    done = here("ingest", repaired, "--index", index, "--json")

    assert shown == "title,year,doi\nOne, with commas,2021,10.5555/b"
    assert done.returncode == 0, done.stderr
    assert '"new":1' in done.stdout
