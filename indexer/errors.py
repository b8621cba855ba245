"""
Every exception the indexer raises on purpose:

* IndexerError (as all errors of samework, a SameworkError)
  - SettingsError         a setting has a value that cannot be used
  - FeedError             a source or file is not what its format promises
    - FeedUnavailable     a source did not answer; the same request may work later
    - UnknownFormat       no reader knows the content of a file
    - InputTooLarge       a row or an unpacked file is over its limit
    - UnusableRow         a row can be no record (a ValueError too)
    - UnusableInput       a value is nothing that records are read from (a TypeError too)
    - NothingRead         no row was read of all that was given
  - BackendError          the index refused or lost a request
    - BackendUnavailable  the index cannot be reached
    - BackendOutOfDate    the index was made by other parameters; reindex first
    - BackendBusy         another process holds the lock, or writes for long
    - BackendFull         the disk of the index is full
    - BackendReadOnly     the index cannot be written to
    - BackendDamaged      the file of the index is damaged
    - BackendIncomplete   values that belong together are not all there
    - WriteConflict       a document changed since it was read
  - NoSuchRun             no run has this name
  - CannotUndo            what came later stands in the way of an undo
  - WorkerLost            a process that shared the work was killed
  - MissingLibrary        a library of an optional extra is not installed

A message names the value, what was expected and the next command.
"""

from __future__ import annotations

from shlex import quote
from typing import Final


class SameworkError(Exception):
    """Base of all errors that samework raises on purpose."""


class IndexerError(SameworkError):
    """Base of all errors that the indexer raises on purpose."""


class SettingsError(IndexerError):
    """A setting has a value that cannot be used."""


class FeedError(IndexerError):
    """A source or file is not what its format promises."""


class FeedUnavailable(FeedError):
    """A source did not answer; the same request may work later."""


class UnknownFormat(FeedError):
    """No reader knows the content of a file."""


class InputTooLarge(FeedError):
    """A row or an unpacked file is over its limit."""


class UnusableRow(FeedError, ValueError):
    """
    A row can be no record; the message is a sentence that says why.

    Any other exception on the way from a row to a record is a fault of samework.
    """


class UnusableInput(FeedError, TypeError):
    """A value is nothing that records are read from."""


class NothingRead(FeedError):
    """No row was read of all that was given."""


class BackendError(IndexerError):
    """The index refused or lost a request."""


class BackendUnavailable(BackendError):
    """The index cannot be reached."""


class BackendOutOfDate(BackendError):
    """The index was made by other parameters than this release's."""

    def __init__(self, index: str, found: str, wanted: str) -> None:
        self.index, self.found, self.wanted = index, found, wanted
        super().__init__(
            f"index {index!r} was made with {found}, but this release uses {wanted}; "
            f"run `samework reindex --index {index}` (readers keep working meanwhile)"
        )


class BackendBusy(BackendError):
    """Another writer holds the index."""


class BackendFull(BackendError):
    """The disk of the index is full, or a quota on it."""


class BackendReadOnly(BackendError):
    """The index cannot be written to: its disk or its rights do not allow it."""


class BackendDamaged(BackendError):
    """The file of the index is damaged."""

    def __init__(self, file: str, found: str) -> None:
        self.file, self.found = file, found
        folder = quote(file.rpartition("/")[0] or ".")
        super().__init__(
            f"{file!r} is damaged ({found}); nothing of it was changed: `samework doctor --repair "
            f"--index {folder}` saves what can be read and keeps this file, or put back a copy "
            "that `samework backup` made"
        )


class BackendIncomplete(BackendError):
    """Values that belong together are not all there."""


class WriteConflict(BackendError):
    """A document changed since it was read."""

    @classmethod
    def of(cls, kind: str, name: str, current: int, expected: int) -> WriteConflict:
        """A document whose version is another than the one expected."""
        return cls(
            f"{kind} {name!r} has version {current}, expected {expected}: "
            "another process changed it; read it again and repeat"
        )


class NoSuchRun(IndexerError):
    """No run has this name."""


class CannotUndo(IndexerError):
    """What came later stands in the way of an undo."""


class WorkerLost(IndexerError):
    """A process that shared the work was killed."""

    def __init__(self, worker: str, how: str) -> None:
        self.worker, self.how = worker, how
        super().__init__(
            f"{worker} was ended {how}, by want of memory or by somebody; run the same command "
            "again, with fewer --workers if memory was short"
        )


TABLES_EXTRA: Final = "'samework[tables]'"  # what installs pyarrow


class MissingLibrary(IndexerError, ImportError):
    """A library of an optional extra is not installed."""

    def __init__(self, what: str, library: str, install: str) -> None:
        self.library = library
        super().__init__(f"{what} needs {library}, which is not installed; pip install {install}")
