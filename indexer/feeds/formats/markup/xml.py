"""
XML, parsed strictly: what is not well-formed is not read.

    bytes       ->  the root element, or XmlFault
    an element  ->  its children and text, by local name

Refuses every DOCTYPE and loads nothing from outside. Matches by local names, since
repositories bind the same vocabulary to many namespace addresses. What cannot be
parsed whole goes to `pieces.py`. Knows no format's element names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from indexer.errors import FeedError

PROLOG: Final = 1 << 16  # bytes within which a DOCTYPE has to stand

_DOCTYPE: Final = re.compile(rb"<!DOCTYPE\b", re.IGNORECASE)


class XmlFault(FeedError):
    """Bytes that should be XML are not well-formed."""


class Forbidden(XmlFault):
    """XML that may not be read at all, however well-formed."""


def strict_parser() -> etree.XMLParser:
    """A parser that recovers nothing, expands nothing and fetches nothing."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_pis=True,
        remove_comments=True,
    )


def parse(body: bytes) -> etree._Element:
    """
    The root element of one whole document.

    Raises:
        Forbidden: it has a DOCTYPE.
        XmlFault: it is not well-formed, or nested deeper than the parser allows (256).
    """
    if _DOCTYPE.search(body, 0, PROLOG):
        raise Forbidden("document has a DOCTYPE, which no feed may send")
    try:
        root: etree._Element = etree.fromstring(body, strict_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlFault(f"not well-formed XML: {error}") from None
    # Bytes in UTF-16 hide the word from the search above.
    if root.getroottree().docinfo.internalDTD is not None:
        raise Forbidden("document has a DOCTYPE, which no feed may send")
    return root


def local(element: etree._Element) -> str:
    """The element's name without its namespace; "" for what is no element."""
    tag: object = element.tag  # a function, for comments and entities
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """The direct children of these local names, in order; all elements without a name."""
    if element is None:
        return
    for child in element:
        name = local(child)
        if name and (not names or name in names):
            yield child


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child of the first name, therein the first of the second, and so on."""
    for name in path:
        element = next(children(element, name), None)
    return element


def descendants(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """All elements inside of these local names, in document order."""
    if element is None:
        return
    for inner in element.iter():
        if inner is not element and local(inner) in names:
            yield inner


def text(element: etree._Element | None, *path: str) -> str:
    """
    All text inside *element*, or inside the child that *path* leads to, as one line.

    Line breaks and runs of blanks are the layout of the XML, not the feed's text.
    """
    if path:
        element = child(element, *path)
    if element is None:
        return ""
    if not len(element):
        return " ".join(element.text.split()) if element.text else ""
    return " ".join("".join(str(part) for part in element.itertext()).split())


def texts(element: etree._Element | None, *names: str) -> tuple[str, ...]:
    """The non-empty texts of the direct children of these names."""
    return tuple(value for part in children(element, *names) if (value := text(part)))


def typed(element: etree._Element | None, name: str, kind: str) -> list[tuple[str, str]]:
    """(what its attribute *kind* says, its text) of the children of a name that have text."""
    pairs = ((attribute(part, kind), text(part)) for part in children(element, name))
    return [(said, value) for said, value in pairs if value]


def text_of_kind(element: etree._Element | None, name: str, kind: str, wanted: str) -> str:
    """The text of the first child of a name whose attribute *kind* is the one wanted."""
    return next((value for said, value in typed(element, name, kind) if said == wanted), "")


def attribute(element: etree._Element | None, name: str) -> str:
    """The attribute of this local name, "" if there is none."""
    if element is None:
        return ""
    for key, value in element.items():
        if str(key).rpartition("}")[2] == name:
            return str(value).strip()
    return ""
