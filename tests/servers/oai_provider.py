"""
An OAI-PMH 2.0 provider in memory: the six verbs, sets, deletions, both granularities.

    records  ->  Provider(ask)  ->  XML

Its quirks are switches, each one met in a real repository; all records are made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from tests.servers.loopback import Ask, Reply

OAI = "http://www.openarchives.org/OAI/2.0/"
RESPONSE_DATE = "2024-06-01T12:00:00Z"


@dataclass(frozen=True, slots=True)
class Item:
    """One record of the provider."""

    identifier: str
    datestamp: str  # with seconds
    title: str = ""
    creators: tuple[str, ...] = ("Ionescu, Ana",)
    sets: tuple[str, ...] = ()
    deleted: bool = False
    metadata: str = ""  # instead of Dublin Core


@dataclass
class Provider:
    """Answers requests; *after* may alter any page just before it is sent."""

    items: Sequence[Item]
    page_size: int = 3
    days_only: bool = False
    deleted_record: str = "persistent"
    states_size: bool = True  # completeListSize
    size_error: int = 0  # added to the completeListSize
    closes_list: bool = True  # an empty token on the last page
    error_status: int = 200  # Zenodo: 422
    after: Callable[[Ask, bytes], Reply | None] = field(default=lambda ask, body: None)
    expired: set[str] = field(default_factory=set)  # tokens that are no longer known
    hidden: frozenset[str] = frozenset()  # listed by ListIdentifiers, left out by ListRecords

    def __call__(self, ask: Ask) -> Reply:
        body = self._answer(ask.params)
        status = self.error_status if b"<error" in body else 200
        return self.after(ask, body) or Reply(body, status, {"Content-Type": "text/xml"})

    def _answer(self, params: dict[str, str] | object) -> bytes:
        assert isinstance(params, dict)
        verb = params.get("verb", "")
        match verb:
            case "Identify":
                return self._wrapped(verb, self._identify())
            case "ListMetadataFormats":
                return self._wrapped(verb, self._formats())
            case "ListSets":
                names = sorted({name for item in self.items for name in item.sets})
                if not names:
                    return self._error("noSetHierarchy")
                sets = (f"<set><setSpec>{n}</setSpec><setName>{n}</setName></set>" for n in names)
                return self._wrapped(verb, "".join(sets))
            case "GetRecord":
                found = [i for i in self.items if i.identifier == params.get("identifier")]
                if not found:
                    return self._error("idDoesNotExist")
                return self._wrapped(verb, self._record(found[0]))
            case "ListRecords" | "ListIdentifiers":
                return self._list(verb, params)
        return self._error("badVerb")

    def _list(self, verb: str, params: dict[str, str]) -> bytes:
        start = 0
        token = params.get("resumptionToken", "")
        if token:
            if token in self.expired or token.count("|") != 4:
                return self._error("badResumptionToken")
            since, until, wanted, offset, _ = token.split("|")
            start = int(offset)
        else:
            if params.get("metadataPrefix") != "oai_dc":
                return self._error("cannotDisseminateFormat")
            since, until = params.get("from", ""), params.get("until", "")
            if not all(len(day) in (0, 10 if self.days_only else 20) for day in (since, until)):
                return self._error("badArgument")
            wanted = params.get("set", "")
        chosen = [item for item in self.items if self._within(item, since, until, wanted)]
        if not chosen:
            return self._error("noRecordsMatch")
        page = chosen[start : start + self.page_size]
        end = start + self.page_size
        make = self._record if verb == "ListRecords" else self._header
        kept = [i for i in page if verb != "ListRecords" or i.identifier not in self.hidden]
        rows = "".join(make(item) for item in kept)
        more = f"{since}|{until}|{wanted}|{end}|/+&" if end < len(chosen) else ""
        return self._wrapped(verb, rows + self._token(more, token, len(chosen), start))

    def _token(self, more: str, token: str, size: int, cursor: int) -> str:
        if not more and (not token or not self.closes_list):
            return ""
        stated = f' completeListSize="{size + self.size_error}"' if self.states_size else ""
        return f'<resumptionToken cursor="{cursor}"{stated}>{escape(more)}</resumptionToken>'

    def _within(self, item: Item, since: str, until: str, wanted: str) -> bool:
        stamp = self._stamp(item)
        in_set = not wanted or any(s == wanted or s.startswith(wanted + ":") for s in item.sets)
        return in_set and (not since or stamp >= since) and (not until or stamp <= until)

    def _stamp(self, item: Item) -> str:
        return item.datestamp[:10] if self.days_only else item.datestamp

    def _header(self, item: Item) -> str:
        status = ' status="deleted"' if item.deleted else ""
        sets = "".join(f"<setSpec>{name}</setSpec>" for name in item.sets)
        return (
            f"<header{status}><identifier>{escape(item.identifier)}</identifier>"
            f"<datestamp>{self._stamp(item)}</datestamp>{sets}</header>"
        )

    def _record(self, item: Item) -> str:
        if item.deleted:
            return f"<record>{self._header(item)}</record>"
        creators = "".join(f"<dc:creator>{escape(n)}</dc:creator>" for n in item.creators)
        metadata = item.metadata or (
            '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{escape(item.title)}</dc:title>{creators}</oai_dc:dc>"
        )
        return f"<record>{self._header(item)}<metadata>{metadata}</metadata></record>"

    def _identify(self) -> str:
        granularity = "YYYY-MM-DD" if self.days_only else "YYYY-MM-DDThh:mm:ssZ"
        earliest = min((self._stamp(item) for item in self.items), default="2000-01-01")
        return (
            "<repositoryName>Made repository</repositoryName><baseURL>http://127.0.0.1/</baseURL>"
            "<protocolVersion>2.0</protocolVersion><adminEmail>made@example.org</adminEmail>"
            f"<earliestDatestamp>{earliest}</earliestDatestamp>"
            f"<deletedRecord>{self.deleted_record}</deletedRecord>"
            f"<granularity>{granularity}</granularity>"
        )

    def _formats(self) -> str:
        return (
            "<metadataFormat><metadataPrefix>oai_dc</metadataPrefix>"
            "<schema>http://www.openarchives.org/OAI/2.0/oai_dc.xsd</schema><metadataNamespace>"
            "http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace></metadataFormat>"
        )

    def _error(self, code: str) -> bytes:
        return self._document(f'<error code="{code}">made</error>')

    def _wrapped(self, verb: str, inner: str) -> bytes:
        return self._document(f"<{verb}>{inner}</{verb}>")

    def _document(self, inner: str) -> bytes:
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="{OAI}">'
            f"<responseDate>{RESPONSE_DATE}</responseDate>"
            f'<request verb="made">http://127.0.0.1/</request>{inner}</OAI-PMH>'
        ).encode()


def made_items(count: int, **changes: object) -> list[Item]:
    """*count* made records, one a day from 2024-01-01 on, every fifth deleted."""
    return [
        Item(
            identifier=f"oai:made.example:{number}",
            datestamp=f"2024-01-{1 + number % 28:02d}T08:00:{number % 60:02d}Z",
            title=f"Made title number {number} & its sequel",
            sets=("col:open", f"col:{'odd' if number % 2 else 'even'}"),
            deleted=number % 5 == 4,
            **changes,  # type: ignore[arg-type]
        )
        for number in range(count)
    ]
