"""
Choices: values that are one of few; an error names the value and all of them.

    text, choices  ->  the text, or UnknownValue
"""

from __future__ import annotations

from collections.abc import Iterable

from detector.errors import UnknownValue


def one_of(text: str, choices: Iterable[str], what: str) -> str:
    """
    The text, which has to be one of the choices.

    Raises:
        UnknownValue: it is none of them.
    """
    names = list(choices)
    if text not in names:
        raise UnknownValue(text, what, names)
    return text
