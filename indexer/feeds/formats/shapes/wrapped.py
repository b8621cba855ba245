"""
Wrapped: records that an answer puts inside another object.

    {"_id", "_source": {...}} of a search engine, {"citedPaper": {...}}  ->  the inner object
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

WRAPPERS: Final = ("_source", "citedPaper", "citingPaper", "csljson")


def unwrapped(plain: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The inner object, or None where nothing is wrapped."""
    for name in WRAPPERS:
        inner = plain.get(name)
        if isinstance(inner, Mapping):
            return inner
    return None
