"""
samework: records that describe the same scholarly work, found and explained.

    import samework as sw

    run = sw.dedupe("library.bib")    works, pairs and reasons of files, dicts or tables
    sw.compare(a, b)                  two records alone

Names are imported when they are asked for: `import samework` costs little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from detector.questions.explaining import Explanation
    from indexer.errors import SameworkError
    from samework.comparison import compare
    from samework.run import Run, dedupe
    from samework.tables import Table

__all__ = ["Explanation", "Run", "SameworkError", "Table", "compare", "dedupe"]

_HOMES: Final = {
    "Explanation": "detector.questions.explaining",
    "Run": "samework.run",
    "SameworkError": "indexer.errors",
    "Table": "samework.tables",
    "compare": "samework.comparison",
    "dedupe": "samework.run",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'samework' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
