"""
An output file: in its place only when it is whole; one that somebody named, never over another.

    claim_file(target, …)  ->  may it be written?
    whole_file(target)     ->  a file to write to, moved to the target at the end
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from detector.errors import OutputError
from indexer.faults import naming
from indexer.feeds.reading.files import files_under

_IS_THERE: Final = "is there already; name another file, or say --overwrite"
_IS_READ: Final = "is read by this command, so it cannot be written too; name another file"
_NO_FILE: Final = "is no file that can be replaced; name a file"


def claim_file(target: Path, *, overwrite: bool, read: Iterable[str] = ()) -> None:
    """
    Make sure that a command may write a file, before it does any work.

    Args:
        target: the file to write.
        overwrite: the person said that what is there may be replaced.
        read: files and folders that the command reads.

    Raises:
        OutputError: the file is there already, is read, or is no file.
    """
    if not os.path.lexists(target):
        return
    if target.exists() and not target.is_file():
        raise OutputError(str(target), _NO_FILE)
    for file in files_under(name for name in read if name == "-" or os.path.exists(name)):
        if file != "-" and target.exists() and os.path.samefile(file, target):
            raise OutputError(str(target), _IS_READ)
    if not overwrite:
        raise OutputError(str(target), _IS_THERE)


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """A file to write to; when the block ends well, it is moved to the target."""
    target = Path(os.path.realpath(target))  # of a link, the file it means
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        naming(target),
        tempfile.TemporaryDirectory(prefix=".samework-", dir=target.parent) as folder,
    ):
        fresh = Path(folder) / target.name
        with fresh.open("wb") as out:
            yield out
        os.replace(fresh, target)
