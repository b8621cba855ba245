"""
OAI-PMH 2.0, the protocol: requests, answers, errors, and lists walked token by token.

    base URL  ->  Repository  ->  Identify, ListRecords, ListIdentifiers, …  ->  Part after Part

Reads strictly. A page that is not well-formed is asked for once more; then its
records are cut out one by one, and the page says that it was damaged. How a list
ended is stated, never guessed: `reader.py` decides what to believe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from lxml import etree

from indexer.errors import FeedError, FeedUnavailable
from indexer.feeds.formats.markup.pieces import Piece, cut
from indexer.feeds.formats.markup.xml import (
    Forbidden,
    XmlFault,
    attribute,
    child,
    children,
    local,
    parse,
    text,
)
from indexer.feeds.protocols.pages import Circle
from indexer.feeds.transport.http import HttpAnswer, HttpClient

# Zenodo sends its OAI errors with 422, others with 400, 404 or 500.
STATUSES_READ: Final = frozenset({400, 404, 406, 410, 422})
SECONDS: Final = "YYYY-MM-DDThh:mm:ssZ"

_TOKEN: Final = re.compile(rb"<(?:[\w.-]+:)?resumptionToken\b([^>]*?)(?:/>|>([^<]*)<)")
_SIZE: Final = re.compile(rb"""completeListSize\s*=\s*["'](\d+)["']""")
_CLOSED: Final = re.compile(rb"</(?:[\w.-]+:)?OAI-PMH\s*>")


class OaiError(FeedError):
    """The repository answered with an error of the protocol; `code` is one of its names."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class End(StrEnum):
    """How a page said that its list goes on or ends."""

    OPEN = ""  # a token: there is more
    STATED = "stated"  # an empty token, or a list of a single page
    DOUBTFUL = "doubtful"  # the list was continued, but its last page says nothing of an end
    CUT = "cut"  # the page itself is not whole


@dataclass(frozen=True, slots=True)
class Identity:
    """What a repository says of itself."""

    granularity: str = SECONDS
    earliest: str = ""
    now: str = ""  # the repository's own clock

    @property
    def days_only(self) -> bool:
        """Whether the repository's dates are days, without a time."""
        return "hh" not in self.granularity


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list."""

    rows: tuple[Piece, ...]  # <record> or <header> elements
    end: End
    token: str  # of the next page
    complete_size: int | None
    now: str
    url: str
    damaged: bytes = b""  # the page as it came, when it could not be parsed whole
    reason: str = ""


@dataclass(slots=True)
class Repository:
    """One OAI-PMH base URL."""

    client: HttpClient
    endpoint: str
    _identity: Identity | None = field(default=None, init=False)

    def identify(self) -> Identity:
        """What the repository says of itself, asked once."""
        if self._identity is None:
            root = self._asked("Identify", {})
            said = child(root, "Identify")
            self._identity = Identity(
                granularity=text(said, "granularity") or SECONDS,
                earliest=text(said, "earliestDatestamp"),
                now=text(root, "responseDate") or _now(),
            )
        return self._identity

    def record(self, identifier: str, prefix: str) -> etree._Element | None:
        """One record by its OAI identifier; None when the repository has none of that name."""
        try:
            root = self._asked("GetRecord", {"identifier": identifier, "metadataPrefix": prefix})
        except OaiError as error:
            if error.code in {"idDoesNotExist", "cannotDisseminateFormat"}:
                return None
            raise
        return child(root, "GetRecord", "record")

    def walk(self, verb: str, arguments: Mapping[str, str], token: str = "") -> Iterator[Part]:
        """
        Every page of a list, from its beginning or from *token* on.

        Raises:
            OaiError: the protocol's own errors, noRecordsMatch among them.
            FeedError: the tokens run in a circle, or what came is not OAI-PMH.
            FeedUnavailable: no usable answer.
        """
        circle, resumed = Circle(), bool(token)
        while True:
            part = self._part(verb, {"resumptionToken": token} if token else arguments, resumed)
            if circle.closes(token, (row.raw for row in part.rows)):
                raise FeedError(
                    f"{part.url} sends the same page again under a token seen before: "
                    f"the list would never end"
                )
            yield part
            if part.end is not End.OPEN:
                return
            token, resumed = part.token, True

    def _part(self, verb: str, arguments: Mapping[str, str], resumed: bool) -> Part:
        answer, root, reason = self._twice(verb, arguments)
        if root is None:
            return _recovered(answer, verb, resumed, reason)
        rows = tuple(
            Piece(etree.tostring(row, with_tail=False), 0, row)
            for row in children(child(root, verb), "record", "header")
        )
        token = child(root, verb, "resumptionToken")
        size = attribute(token, "completeListSize")
        value = text(token)
        if value:
            end = End.OPEN
        elif token is not None or not resumed:
            end = End.STATED
        else:
            end = End.DOUBTFUL
        now = text(root, "responseDate") or _now()
        return Part(rows, end, value, int(size) if size.isdigit() else None, now, answer.url)

    def _asked(self, verb: str, arguments: Mapping[str, str]) -> etree._Element:
        answer, root, reason = self._twice(verb, arguments)
        if root is None:
            raise FeedError(f"{answer.url} does not answer {verb} in OAI-PMH: {reason}")
        return root

    def _twice(
        self, verb: str, arguments: Mapping[str, str]
    ) -> tuple[HttpAnswer, etree._Element | None, str]:
        """The answer and its root element; None with the reason when it was bad both times."""
        reason = ""
        for _ in range(2):
            answer = self.client.get(
                self.endpoint, {"verb": verb, **arguments}, accept=STATUSES_READ
            )
            try:
                root = parse(answer.body)
            except Forbidden as error:
                if not _is_web_page(answer.body):
                    raise FeedError(f"{answer.url}: {error}") from None
                reason = "a web page came"
                continue
            except XmlFault as error:
                reason = "a web page came" if _is_web_page(answer.body) else str(error)
                continue
            if local(root) == "OAI-PMH":
                _raise_errors(root, answer.url)
                return answer, root, ""
            reason = f"<{local(root)}> came instead of <OAI-PMH>"
        if b"OAI-PMH" not in answer.body[:4096]:
            excerpt = answer.body[:120].decode("utf-8", "replace")
            raise FeedUnavailable(f"{answer.url} does not speak OAI-PMH: {reason}: {excerpt!r}")
        return answer, None, reason


def _recovered(answer: HttpAnswer, verb: str, resumed: bool, reason: str) -> Part:
    """A page that could not be parsed, as far as its rows and its token can be cut out of it."""
    body = answer.body
    name = {"ListRecords": "record", "ListIdentifiers": "header"}[verb]
    rows = tuple(piece for piece in cut(body, {name}) if piece.raw and not piece.cut_short)
    match = _TOKEN.search(body)
    token = (match[2] or b"").strip().decode("utf-8", "replace") if match else ""
    size = _SIZE.search(match[1]) if match else None
    if not _CLOSED.search(body):
        end = End.CUT
    elif token:
        end = End.OPEN
    else:
        end = End.STATED if match else End.DOUBTFUL
    return Part(
        rows,
        end,
        _unescaped(token),
        int(size[1]) if size else None,
        _now(),
        answer.url,
        damaged=body,
        reason=reason,
    )


def _raise_errors(root: etree._Element, url: str) -> None:
    errors = list(children(root, "error"))
    if not errors:
        return
    code = attribute(errors[0], "code")
    said = "; ".join(f"{attribute(error, 'code')}: {text(error)}" for error in errors)
    raise OaiError(code, f"{url} answered {said}")


def _unescaped(token: str) -> str:
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        token = token.replace(entity, char)
    return token


def _is_web_page(body: bytes) -> bool:
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html"))


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
