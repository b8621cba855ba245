"""
An output file that somebody named: in its place when it is whole, and never over another.

    claimed(target, …)  ->  may it be written?
    placed(target)      ->  a path beside it to write to, moved there at the end
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from detector.errors import OutputError
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
    for file in files_under(one for one in read if one == "-" or os.path.exists(one)):
        if file != "-" and target.exists() and os.path.samefile(file, target):
            raise OutputError(str(target), _IS_READ)
    if not overwrite:
        raise OutputError(str(target), _IS_THERE)


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """A path to write to; when the block ends well, what is there is moved to the target."""
    target = Path(os.path.realpath(target))  # of a link, the file it means
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".samework-", dir=target.parent) as folder:
        fresh = Path(folder) / target.name
        yield fresh
        os.replace(fresh, target)
