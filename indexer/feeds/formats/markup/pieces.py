"""
Pieces: the records of an XML file or page, cut out and parsed one by one.

    bytes of any length  ->  Piece after Piece, in constant memory

For files of many gigabytes, and for pages of which one record is broken: a
record that cannot be parsed takes no other with it. A piece is parsed strictly
first and, failing that, once more with the commonest faults of feeds undone.
A DOCTYPE is cut away unread, unless it defines anything; named entities come
from a table. Says when a file ends before its root does.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from html.entities import name2codepoint
from typing import Final, Protocol

from lxml import etree

from indexer.feeds.formats.markup.xml import PROLOG, Forbidden, XmlFault, strict_parser

CHUNK: Final = 1 << 16
LARGEST: Final = 16 << 20  # bytes of one record

# The ISO 8879 names that dblp.dtd, JATS and NLM declare are those of HTML 4.
ENTITIES: Final = {name: f"&#{code};" for name, code in name2codepoint.items()}
_XML_ENTITIES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})

_DOCTYPE: Final = re.compile(rb"<!DOCTYPE\b[^\[>]*(\[)?", re.IGNORECASE)
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']""")
_OPENING: Final = re.compile(rb"<([\w.:-]+)")
_NO_ELEMENT: Final = re.compile(rb"<!--.*?(?:-->|$)|<\?[^<]*?\?>", re.DOTALL)
_NAMESPACE: Final = re.compile(r"""\bxmlns(?::([\w.-]+))?\s*=\s*("[^"<]*"|'[^'<]*')""")
_PREFIX: Final = re.compile(r"""</?([A-Za-z_][\w.-]*):[\w.-]|\s([A-Za-z_][\w.-]*):[\w.-]+\s*=""")
_ENTITY: Final = re.compile(r"&([A-Za-z]\w*);")
_BARE_AMPERSAND: Final = re.compile(r"&(?!#?\w{1,31};)")
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE: Final = re.compile(r"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+));")
_MULTIBYTE: Final = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")


class Readable(Protocol):
    """What pieces are cut from: a binary file or anything alike."""

    def read(self, size: int = -1, /) -> bytes:
        """At most *size* bytes; none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """One record, or the reason why there is none in these bytes."""

    raw: bytes
    position: int  # byte offset
    element: etree._Element | None = None
    reason: str = ""
    cut_short: bool = False  # the bytes end before the record does


def cut(
    source: Readable | bytes,
    names: Collection[str],
    between: Callable[[bytes], None] | None = None,
) -> Iterator[Piece]:
    """
    Every element of one of the local *names*, outermost ones only, in document order.

    *between* is given the bytes that belong to no piece, in parts and in order.

    Raises:
        Forbidden: the DOCTYPE defines entities or elements of its own.
    """
    window = _Window(io.BytesIO(source) if isinstance(source, bytes) else source, between)
    wanted = b"|".join(re.escape(name.encode()) for name in sorted(names))
    opening = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?(?:" + wanted + rb"))(?=[\s/>])")
    context: _Context | None = None
    while match := window.search(opening):
        if context is None:
            context = _Context.of(window.passed_over(match.start()))
        window.pass_over(match.start())
        ends = window.ends(match.group(1))
        if not ends:
            reason = f"<{match.group(1).decode()}> never ends: cut short"
            yield Piece(window.rest(), window.position, reason=reason, cut_short=True)
            return
        yield _first_whole(window, ends, context)
    if context is None:
        context = _Context.of(window.head)
    whole = not context.root or context.root in window.rest()
    window.pass_over(len(window.rest()))
    if not whole:
        root = context.root[2:].decode("latin-1")
        reason = f"the file ends before </{root}>: cut short"
        yield Piece(b"", window.position, reason=reason, cut_short=True)


def _first_whole(window: _Window, ends: list[int], context: _Context) -> Piece:
    """The piece up to the first of *ends* that makes it parse, else up to the last of them."""
    piece = None
    for end in ends:
        piece = context.piece(window.rest()[:end], window.position)
        if piece.element is not None:
            break
    assert piece is not None
    window.drop(len(piece.raw))
    return piece


@dataclass(frozen=True, slots=True)
class _Context:
    """What the beginning of a document says of all its records."""

    encoding: str
    namespaces: dict[str, str]  # prefix or "" -> address with its quotes
    root: bytes  # b"</name" that must come at the end; b"" when a record is itself the root

    @classmethod
    def of(cls, head: bytes) -> _Context:
        doctype = _DOCTYPE.search(head)
        if doctype and doctype.group(1):
            raise Forbidden("the DOCTYPE defines entities or elements; such a file is not read")
        declared = _DECLARED.match(head.removeprefix(codecs.BOM_UTF8))
        encoding = declared.group(1).decode("ascii") if declared else "utf-8"
        try:
            codecs.lookup(encoding)
        except LookupError:
            encoding = "utf-8"
        root = _OPENING.search(_NO_ELEMENT.sub(b"", head))
        bound = _NAMESPACE.findall(head.decode("utf-8", "replace"))
        return cls(encoding, dict(bound), b"</" + root.group(1) if root else b"")

    def piece(self, raw: bytes, position: int) -> Piece:
        """The record of these bytes, or why there is none."""
        if len(raw) > LARGEST:
            return Piece(raw, position, reason=f"record is longer than {LARGEST} bytes")
        try:
            return Piece(raw, position, self.parse(raw))
        except XmlFault as error:
            return Piece(raw, position, reason=str(error))

    def parse(self, raw: bytes) -> etree._Element:
        """The record as it stands; where that fails, with the usual faults undone."""
        try:
            return self._wrapped(_entities_replaced(raw.decode(self.encoding)))
        except (XmlFault, UnicodeDecodeError) as error:
            try:
                return self._wrapped(_mended(_decoded(raw, self.encoding)), unbound=True)
            except XmlFault:
                raise XmlFault(str(error)) from None

    def _wrapped(self, text: str, unbound: bool = False) -> etree._Element:
        bound = dict(self.namespaces)
        if unbound:
            for names in _PREFIX.findall(text):
                prefix = names[0] or names[1]
                if prefix not in {"xml", "xmlns"}:
                    bound.setdefault(prefix, f'"urn:unbound:{prefix}"')
        declarations = " ".join(
            f"xmlns:{prefix}={address}" if prefix else f"xmlns={address}"
            for prefix, address in bound.items()
        )
        try:
            whole = f"<piece {declarations}>{text}</piece>".encode("utf-8", "surrogatepass")
            root: etree._Element = etree.fromstring(whole, strict_parser())
        except (etree.XMLSyntaxError, ValueError) as error:
            raise XmlFault(f"not well-formed XML: {error}") from None
        return root[0]


class _Window:
    """The part of a long source that is being looked at."""

    def __init__(self, source: Readable, between: Callable[[bytes], None] | None = None) -> None:
        self._source = source
        self._between = between or (lambda data: None)
        self._buffer = source.read(CHUNK)
        self._ended = not self._buffer
        self.position = 0  # of the buffer's first byte
        self.head = self._buffer[:PROLOG]
        if self._buffer[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\x00", b"\x00<"):
            raise XmlFault("the file is in UTF-16; save it as UTF-8")

    def search(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """The next match; whatever cannot begin one is forgotten, save the first PROLOG bytes."""
        while True:
            if match := pattern.search(self._buffer):
                return match
            if self._ended:
                return None
            if self.position or len(self._buffer) > PROLOG:
                self.pass_over(max(0, len(self._buffer) - 1024))
            self._more()

    def passed_over(self, end: int) -> bytes:
        """The bytes before the first record."""
        return self._buffer[:end] if not self.position else self.head

    def ends(self, name: bytes) -> list[int]:
        """
        Where the element that begins the buffer may end; nothing if it never does.

        First the end tag that balances it (a MARC record inside an OAI record has
        the same name), then the first end tag of all, for a record that lost its own.
        """
        tag = re.compile(rb"<(/?)" + re.escape(name) + rb"(?=[\s/>])[^<>]*>")
        first = scanned = depth = cdata = 0  # cdata: sections opened and not closed so far
        while True:
            for match in tag.finditer(self._buffer, scanned):
                passed, scanned = self._buffer[scanned : match.end()], match.end()
                cdata += passed.count(b"<![CDATA[") - passed.count(b"]]>")
                if cdata > 0:
                    continue
                if match.group(1):
                    depth -= 1
                    first = first or scanned
                elif not match.group().endswith(b"/>"):
                    depth += 1
                if depth <= 0:
                    return [scanned] if first in {0, scanned} else [scanned, first]
            if self._ended or len(self._buffer) > 2 * LARGEST:
                return [first] if first else []
            self._more()

    def pass_over(self, count: int) -> None:
        """Forget the first *count* bytes, which belong to no piece."""
        if count:
            self._between(self._buffer[:count])
        self.drop(count)

    def drop(self, count: int) -> None:
        """Forget the first *count* bytes, which were a piece."""
        self._buffer = self._buffer[count:]
        self.position += count

    def rest(self) -> bytes:
        """What is left of the buffer."""
        return self._buffer

    def _more(self) -> None:
        chunk = self._source.read(CHUNK)
        self._ended = not chunk
        self._buffer += chunk


def _entities_replaced(text: str) -> str:
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda match: ENTITIES.get(match.group(1), match.group(0)), text)


def _decoded(raw: bytes, encoding: str) -> str:
    """The text of bytes that are not in the encoding they claim."""
    if encoding.lower() not in {"utf-8", "utf8"}:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("cp1252", "replace")
    # One valid sequence of several bytes is a rare accident in Latin-1.
    claimed = any(_is_utf8(match.group()) for match in _MULTIBYTE.finditer(raw))
    return raw.decode("utf-8" if claimed else "cp1252", "replace")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mended(text: str) -> str:
    """*text* without characters XML forbids, and with bare ampersands escaped."""
    text = _ILLEGAL.sub("", text)
    text = _REFERENCE.sub(_legal_reference, text)
    text = _BARE_AMPERSAND.sub("&amp;", text)

    def known(match: re.Match[str]) -> str:
        name = match.group(1)
        return match.group(0) if name in _XML_ENTITIES else ENTITIES.get(name, f"&amp;{name};")

    return _ENTITY.sub(known, text)


def _legal_reference(match: re.Match[str]) -> str:
    code = int(match.group(1), 16) if match.group(1) else int(match.group(2))
    if code > 0x10FFFF or _ILLEGAL.match(chr(code)):
        return ""
    return match.group(0)
