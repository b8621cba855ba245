"""
Europe PMC's search answers in XML: the same names as in its JSON.

    <result> with one element a field  ->  the JSON object  ->  Record
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import children, local, text
from indexer.feeds.formats.shapes import europe_pmc
from indexer.records import Record


def describe(element: etree._Element) -> Record:
    """The record of a <result>."""
    plain = _plain(element)
    if not isinstance(plain, dict) or not europe_pmc.recognise(plain):
        raise UnusableRow("<result> is not one of Europe PMC")
    return europe_pmc.record(plain)


def _plain(element: etree._Element) -> Any:
    inner = list(children(element))
    if not inner:
        return text(element)
    fields: dict[str, Any] = {}
    for part in inner:
        name, value = local(part), _plain(part)
        if name in fields:
            known = fields[name]
            fields[name] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            fields[name] = value
    return fields
