"""
samework: records that describe the same scholarly work, found and explained.

    import samework as sw

    run = sw.dedupe("library.bib")    works, pairs and reasons of files, dicts or tables
    index = sw.open("catalogue")      an index that grows, and is asked
    sw.compare(a, b)                  two records alone
    sw.audit("dump.jsonl", work_field="id")    somebody's works held against ours

Names are imported when they are asked for: `import samework` costs little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from detector.questions.explaining import Explanation
    from detector.runs.ingest_run import Ingested
    from indexer.errors import SameworkError
    from samework.answers import Answers, AuditFindings, Matches
    from samework.comparison import audit, compare
    from samework.index import OpenIndex, open
    from samework.run import Run, choices, dedupe
    from samework.tables import Table

__all__ = [
    "Answers",
    "AuditFindings",
    "Explanation",
    "Ingested",
    "Matches",
    "OpenIndex",
    "Run",
    "SameworkError",
    "Table",
    "audit",
    "choices",
    "compare",
    "dedupe",
    "open",
]

_HOMES: Final = {
    "Answers": "samework.answers",
    "AuditFindings": "samework.answers",
    "Explanation": "detector.questions.explaining",
    "Ingested": "detector.runs.ingest_run",
    "Matches": "samework.answers",
    "OpenIndex": "samework.index",
    "Run": "samework.run",
    "SameworkError": "indexer.errors",
    "Table": "samework.tables",
    "audit": "samework.comparison",
    "choices": "samework.run",
    "compare": "samework.comparison",
    "dedupe": "samework.run",
    "open": "samework.index",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'samework' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
