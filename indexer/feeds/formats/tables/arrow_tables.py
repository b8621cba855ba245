"""
Arrow tables: a table in memory as an Arrow file, by the PyCapsule interface.

    anything with __arrow_c_stream__  ->  file.arrow  ->  parquet.py

Batch by batch, so that no second copy of the table is held. Does not: read a row.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from indexer.errors import TABLES_EXTRA, MissingLibrary


def write_arrow(table: Any, path: Path) -> Path:
    """
    Write a table to a file that the reader of Arrow files reads.

    Raises:
        MissingLibrary: pyarrow, an optional extra, is not installed.
    """
    try:
        import pyarrow  # an optional extra
    except ModuleNotFoundError as error:
        raise MissingLibrary("reading a table", "pyarrow", TABLES_EXTRA) from error
    with (
        pyarrow.RecordBatchReader.from_stream(table) as batches,
        pyarrow.ipc.new_file(str(path), batches.schema) as out,
    ):
        for batch in batches:
            out.write_batch(batch)
    return path
