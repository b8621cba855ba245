"""
Headings: entries whose fields have their names on a line of their own.

    TITLE                          Title
    Sediment memory                  Sediment memory
    AUTHOR NAMES                   Author
    Okonjo A.                        Okonjo, Amara;  Stone, Li
      ->  (("TITLE", "Sediment memory"), ("AUTHOR NAMES", "Okonjo A."), …)
"""

from __future__ import annotations

from collections.abc import Callable

from indexer.feeds.formats.lines.line_entries import text_lines

Pairs = list[tuple[str, str]]


def headed(entry: str, is_heading: Callable[[str], bool], by_line: frozenset[str]) -> Pairs:
    """
    The fields of an entry in order; their lines are joined by a blank.

    Args:
        entry: the text of one entry.
        is_heading: whether a line names a field.
        by_line: fields of which every line is a value, in lower case.
    """
    pairs: list[tuple[str, list[str]]] = []
    name = ""
    begun = False  # the field has a value already
    for line in text_lines(entry):
        value = line.strip()
        if is_heading(line):
            name, begun = value, False
        elif name and value:
            if begun and name.lower() not in by_line:
                pairs[-1][1].append(value)
            else:
                pairs.append((name, [value]))
            begun = True
    return [(name, " ".join(lines)) for name, lines in pairs]
