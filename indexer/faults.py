"""
Faults of the machine: what happened to a file, in words, and what to do about it.

    OSError, MemoryError  ->  "'FILE': the disk is full (No space left on device); make room"

One row of FAULTS a kind. Does not: know what is safe; the command that was running does.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

FAULTS: Final[dict[int, tuple[str, str]]] = {
    errno.ENOSPC: ("the disk is full", "make room on it, or name another place"),
    errno.EDQUOT: ("your quota on this disk is used up", "make room, or ask for more"),
    errno.EIO: (
        "the disk fails to read or write",
        "copy what is on it to another one; the system's log says more",
    ),
    errno.EROFS: ("the disk is read-only", "mount it for writing, or name another place"),
    errno.EMFILE: ("this process has too many files open", "raise the limit: ulimit -n 4096"),
    errno.ENFILE: ("this machine has too many files open", "end what has them, or raise the limit"),
    errno.ENOMEM: ("memory is short", "end other programs, or use fewer --workers"),
    errno.EACCES: ("its rights do not allow that", "change them (chmod, chown)"),
    errno.EPERM: ("its rights do not allow that", "change them (chmod, chown)"),
    errno.ENOENT: ("there is no such file or folder", "check the path"),
    errno.ENOTDIR: ("a part of the path is a file, expected a folder", "check the path"),
    errno.EISDIR: ("it is a folder, expected a file", "check the path"),
    errno.EEXIST: ("it is there already, and no folder", "move it away, or name another place"),
    errno.ENAMETOOLONG: ("the name is too long", "give it a shorter one"),
    errno.EFBIG: ("the file is larger than this disk or your limit takes", "name another disk"),
    errno.ESTALE: ("the network disk was taken away", "mount it again"),
    errno.ENODEV: ("the disk was taken away", "connect it again"),
    errno.ENXIO: ("the disk was taken away", "connect it again"),
}
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
MEMORY: Final = (
    "memory is short; use fewer --workers or a smaller --batch, split the files, or use a "
    "machine with more of it"
)


def told(error: OSError | MemoryError) -> str:
    """The fault and what to do, in one line without a full stop."""
    if isinstance(error, MemoryError):
        return MEMORY
    where = f"{str(error.filename)!r}: " if error.filename else ""
    said = error.strerror or str(error)
    if error.errno not in FAULTS:
        return f"{where}{said}; check the path, its rights and the space left"
    fault, advice = FAULTS[error.errno]
    return f"{where}{fault} ({said}); {advice}"


@contextmanager
def naming(name: object) -> Iterator[None]:
    """Let errors of writing name their file: the system names it in opening only."""
    try:
        yield
    except OSError as error:
        if error.errno is not None and error.filename is None:
            error.filename = str(name)
        raise
