"""
The cursor APIs of the sources, in memory: each pages as its source documents it.

    rows in a source's shape  ->  answerer  ->  JSON or Atom

All rows are made. Every answerer takes the rows and the page size.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.servers.loopback import Answerer, Ask, Reply

Rows = Sequence[Any]


def json_reply(value: object, status: int = 200) -> Reply:
    """*value* as an answer."""
    return Reply(json.dumps(value).encode(), status, {"Content-Type": "application/json"})


def openalex(rows: Rows, size: int) -> Answerer:
    """meta.next_cursor is opaque and null at the end."""

    def answer(ask: Ask) -> Reply:
        cursor = ask.params.get("cursor", "")
        if cursor != "*" and not cursor.startswith("Ils"):
            return json_reply({"error": "Invalid query parameters error."}, 400)
        start = 0 if cursor == "*" else int(cursor.removeprefix("Ils"))
        end = start + size
        following = f"Ils{end}" if end < len(rows) else None
        meta = {"count": len(rows), "page": None, "per_page": size, "next_cursor": following}
        return json_reply({"meta": meta, "results": rows[start:end], "group_by": []})

    return answer


def crossref(rows: Rows, size: int) -> Answerer:
    """One cursor for the whole list, its place kept by the server; an empty page ends it."""
    places: dict[str, int] = {}

    def answer(ask: Ask) -> Reply:
        cursor = ask.params.get("cursor", "")
        if cursor == "*":
            cursor = f"DnF1{len(places)}+/=="
            places[cursor] = 0
        elif cursor not in places:
            return Reply(b"Resource not found.", 404, {"Content-Type": "text/plain"})
        start = places[cursor]
        places[cursor] = start + size
        message = {
            "total-results": len(rows),
            "next-cursor": cursor,
            "items": rows[start : start + size],
        }
        return json_reply({"status": "ok", "message-type": "work-list", "message": message})

    return answer


def datacite(rows: Rows, size: int) -> Answerer:
    """links.next holds the next cursor, on whatever host the service thinks it has."""

    def answer(ask: Ask) -> Reply:
        start = int(ask.params["page[cursor]"]) - 1
        end = start + size
        links = {"self": "https://api.datacite.example/dois"}
        if end < len(rows):
            links["next"] = f"https://api.datacite.example/dois?page%5Bcursor%5D={end + 1}"
        meta = {"total": len(rows), "totalPages": -(-len(rows) // size)}
        return json_reply({"data": rows[start:end], "meta": meta, "links": links})

    return answer


def core(rows: Rows, size: int) -> Answerer:
    """scrollId goes on until a page is empty."""

    def answer(ask: Ask) -> Reply:
        start = int(ask.params.get("scrollId", "scroll-0").removeprefix("scroll-"))
        return json_reply(
            {
                "totalHits": len(rows),
                "limit": size,
                "scrollId": f"scroll-{start + size}",
                "results": rows[start : start + size],
            }
        )

    return answer


def semantic_scholar(rows: Rows, size: int) -> Answerer:
    """token is absent on the last page; total is an estimate."""

    def answer(ask: Ask) -> Reply:
        start = int(ask.params.get("token", "T0").removeprefix("T"))
        end = start + size
        plain: dict[str, Any] = {"total": len(rows), "data": rows[start:end]}
        if end < len(rows):
            plain["token"] = f"T{end}"
        return json_reply(plain)

    return answer


def arxiv(rows: Rows, size: int) -> Answerer:
    """Atom by offset; *rows* are <entry> elements as text."""

    def answer(ask: Ask) -> Reply:
        start = int(ask.params["start"])
        entries = "".join(rows[start : start + size])
        return Reply(
            (
                '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"'
                ' xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
                f"<opensearch:totalResults>{len(rows)}</opensearch:totalResults>"
                f"<opensearch:startIndex>{start}</opensearch:startIndex>{entries}</feed>"
            ).encode()
        )

    return answer


def fatcat_search(rows: Rows, size: int) -> Answerer:
    """A search engine's hits, by offset."""

    def answer(ask: Ask) -> Reply:
        start = int(ask.params["from"])
        hits = [{"_id": row["ident"], "_source": row} for row in rows[start : start + size]]
        return json_reply({"hits": {"total": {"value": len(rows)}, "hits": hits}})

    return answer


def fatcat_changelog(
    releases: Mapping[str, Mapping[str, Any] | None], entries: Sequence[Sequence[str]]
) -> Answerer:
    """The changelog and the releases it names; a release of None is gone (404)."""

    def answer(ask: Ask) -> Reply:
        if ask.path == "/v0/changelog":
            return json_reply([{"index": len(entries)}])
        kind, _, name = ask.path.removeprefix("/v0/").partition("/")
        if kind == "changelog":
            edits = [{"ident": ident} for ident in entries[int(name) - 1]]
            return json_reply(
                {
                    "index": int(name),
                    "timestamp": f"2024-05-0{name}T00:00:00Z",
                    "editgroup": {"edits": {"releases": edits, "files": []}},
                }
            )
        release = releases.get(name)
        if release is None:
            return json_reply({"error": "NotFound"}, 404)
        return json_reply(release)

    return answer


def made_rows(source: str, count: int) -> list[Any]:
    """*count* made rows in the shape of a source."""
    return [_SHAPES[source](number) for number in range(count)]


def _authors(number: int) -> list[dict[str, str]]:
    return [{"given": "Ana", "family": f"Ionescu{number}"}]


_SHAPES: dict[str, Callable[[int], Any]] = {
    "openalex": lambda n: {
        "id": f"https://openalex.org/W{n}",
        "title": f"Made work {n}",
        "publication_year": 2024,
        "authorships": [{"author": {"display_name": "Ana Ionescu"}}],
        "updated_date": "2024-05-01",
    },
    "crossref": lambda n: {
        "DOI": f"10.5555/Made.{n}",
        "title": [f"Made work {n}"],
        "author": _authors(n),
        "type": "journal-article",
        "issued": {"date-parts": [[2024, 5]]},
        "indexed": {"date-time": "2024-05-01T00:00:00Z"},
    },
    "datacite": lambda n: {
        "id": f"10.5555/made.{n}",
        "type": "dois",
        "attributes": {
            "doi": f"10.5555/made.{n}",
            "titles": [{"title": f"Made work {n}"}],
            "creators": [{"name": "Ionescu, Ana"}],
            "publicationYear": 2024,
            "state": "registered" if n % 7 == 6 else "findable",
            "updated": "2024-05-01T00:00:00Z",
        },
    },
    "core": lambda n: {
        "id": 1000 + n,
        "title": f"Made work {n}",
        "authors": [{"name": "Ionescu, Ana"}],
        "oaiIds": [f"oai:made.example:{n}"],
        "dataProviders": [],
        "updatedDate": "2024-05-01T00:00:00",
    },
    "semantic_scholar": lambda n: {
        "paperId": f"{n:040x}",
        "corpusId": 5000 + n,
        "externalIds": {"DOI": f"10.5555/made.{n}"},
        "title": f"Made work {n}",
        "authors": [{"authorId": "1", "name": "Ana Ionescu"}],
    },
    "arxiv": lambda n: (
        f"<entry><id>http://arxiv.org/abs/2401.{n:05d}v1</id><title>Made work {n}</title>"
        "<published>2024-01-01T00:00:00Z</published><author><name>Ana Ionescu</name></author>"
        "</entry>"
    ),
    "fatcat": lambda n: {
        "ident": f"made{n:022d}",
        "title": f"Made work {n}",
        "contrib_names": ["Ana Ionescu"],
        "release_type": "article-journal",
        "release_stage": "published",
    },
}
