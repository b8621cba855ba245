"""
Wrapped: records that an answer puts inside another object.

    {"_id", "_source": {...}} of a search engine, {"citedPaper": {...}}  ->  the inner object
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

WRAPPERS: Final = ("_source", "citedPaper", "citingPaper", "csljson")


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object with another inside it."""
    return unwrapped(plain) is not None


def unwrapped(plain: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The inner object, or None where nothing is wrapped."""
    inner = (plain.get(name) for name in WRAPPERS)
    return next((value for value in inner if isinstance(value, Mapping)), None)
