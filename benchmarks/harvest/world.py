"""
A made world of works, and what five sources say of them on two nights.

    seed, size  ->  works  ->  rows of an OAI repository, Crossref, DataCite, OpenAlex, PubMed

Every work is described by one to three sources, so that the records overlap. On the
second night a few rows of each source have changed, a few are new, a few are gone.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.servers.oai_provider import Item

FIRST_NIGHT: Final = "2024-05-01T01:00:00Z"
SECOND_NIGHT: Final = "2024-07-01T01:00:00Z"  # behind the provider's clock of the first
SHARES: Final = {"library": 0.3, "crossref": 0.25, "openalex_snapshot": 0.25,
                 "pubmed": 0.15, "datacite": 0.05}  # fmt: skip
CHANGED, NEW, GONE = 0.02, 0.01, 0.005  # of a source's rows, overnight
SYLLABLES: Final = (
    *("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo"),
    *("ka", "lu", "mi", "no", "pa", "re", "so", "tu", "va", "xe"),
)
PUBMED_FILE: Final = 5_000  # articles of a file
SNAPSHOT_PART: Final = 20_000


@dataclass(frozen=True, slots=True)
class Work:
    """One work of the made world."""

    number: int
    title: str
    family: str
    given: str
    year: int

    @property
    def doi(self) -> str:
        """The work's DOI at Crossref."""
        return f"10.5555/made.{self.number}"


class World:
    """The works, and which source has which of them on which night."""

    def __init__(self, records: int, seed: int) -> None:
        choose = random.Random(seed)
        self.rows = {name: int(records * share) for name, share in SHARES.items()}
        works = max(self.rows.values()) * 2
        self.works = [_work(choose, number) for number in range(works)]
        self._chosen = {
            name: choose.sample(range(works), int(count * (1 + NEW)))
            for name, count in self.rows.items()
        }
        self._choose = choose

    def of(self, name: str, night: int) -> list[tuple[Work, str, bool]]:
        """(work, date of its last change, gone) of a source's rows on a night."""
        count = self.rows[name]
        numbers = self._chosen[name]
        described = []
        for place, number in enumerate(numbers if night == 2 else numbers[:count]):
            work, date, gone = self.works[number], FIRST_NIGHT, False
            if night == 2:
                if place >= count:
                    date = SECOND_NIGHT
                elif place < count * CHANGED:
                    date = SECOND_NIGHT
                    work = Work(work.number, work.title + " revised", *_rest(work))
                elif place < count * (CHANGED + GONE):
                    date, gone = SECOND_NIGHT, True
            described.append((work, date, gone))
        return described


def _rest(work: Work) -> tuple[str, str, int]:
    return work.family, work.given, work.year


def _work(choose: random.Random, number: int) -> Work:
    def word() -> str:
        return "".join(choose.choices(SYLLABLES, k=choose.randint(2, 4)))

    title = " ".join(word() for _ in range(choose.randint(6, 11))).capitalize()
    return Work(number, title, word().capitalize(), word().capitalize(), 1990 + number % 35)


def library(rows: Sequence[tuple[Work, str, bool]]) -> list[Item]:
    """An institution's repository, over OAI-PMH in Dublin Core."""
    return [
        Item(
            f"oai:library.example:{work.number}", date, work.title,
            (f"{work.family}, {work.given}",), ("all",), gone,
        )
        for work, date, gone in rows
    ]  # fmt: skip


def crossref(rows: Sequence[tuple[Work, str, bool]]) -> list[dict[str, Any]]:
    """Crossref never deletes a DOI: what is gone elsewhere stays here."""
    return [
        {
            "DOI": work.doi, "title": [work.title], "type": "journal-article",
            "author": [{"given": work.given, "family": work.family, "sequence": "first"}],
            "issued": {"date-parts": [[work.year]]}, "container-title": ["Made Journal"],
            "indexed": {"date-time": date},
        }
        for work, date, _ in rows
    ]  # fmt: skip


def datacite(rows: Sequence[tuple[Work, str, bool]]) -> list[dict[str, Any]]:
    """DataCite; a DOI that is gone is registered, no longer findable."""
    return [
        {
            "id": f"10.5555/data.{work.number}", "type": "dois",
            "attributes": {
                "doi": f"10.5555/data.{work.number}", "titles": [{"title": work.title}],
                "creators": [{"name": f"{work.family}, {work.given}"}],
                "publicationYear": work.year, "state": "registered" if gone else "findable",
                "updated": date,
            },
        }
        for work, date, gone in rows
    ]  # fmt: skip


def snapshot(rows: Sequence[tuple[Work, str, bool]], folder: Path) -> None:
    """OpenAlex's snapshot on disk; what is gone was merged into another work."""
    entries = []
    root = folder / "data"
    days = sorted({date[:10] for _, date, _ in rows})
    for day in days:
        alive = [(w, d) for w, d, gone in rows if d[:10] == day and not gone]
        for part, start in enumerate(range(0, len(alive), SNAPSHOT_PART)):
            path = root / "works" / f"updated_date={day}" / f"part_{part:03d}.gz"
            chunk = alive[start : start + SNAPSHOT_PART]
            _write(path, gzip.compress(b"".join(_openalex(w, d) for w, d in chunk), 1, mtime=0))
            meta = {"content_length": path.stat().st_size, "record_count": len(chunk)}
            url = f"s3://openalex/data/works/updated_date={day}/part_{part:03d}.gz"
            entries.append({"url": url, "meta": meta})
    gone = [work.number for work, _, gone in rows if gone]
    if gone:
        lines = ["merge_date,id,merge_into_id"]
        lines += [f"2024-07-01,W{number},W{rows[-1][0].number}" for number in gone]
        table = root / "merged_ids" / "works" / "2024-07-01.csv.gz"
        _write(table, gzip.compress("\n".join(lines).encode(), 1, mtime=0))
    _write(root / "works" / "manifest", json.dumps({"entries": entries}).encode())


def _write(path: Path, content: bytes) -> None:
    """Write a file unless it is there with this content: its date says whether it changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def _openalex(work: Work, date: str) -> bytes:
    plain = {
        "id": f"https://openalex.org/W{work.number}", "doi": f"https://doi.org/{work.doi}",
        "title": work.title, "publication_year": work.year, "type": "article",
        "authorships": [{"raw_author_name": f"{work.given} {work.family}"}],
        "updated_date": date[:10],
    }  # fmt: skip
    return json.dumps(plain).encode() + b"\n"


def pubmed(
    rows: Sequence[tuple[Work, str, bool]], known: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """Numbered files of PubMed; those of a later night hold only what changed."""
    files = dict(known or {})
    fresh = [row for row in rows if not known or row[1] == SECOND_NIGHT]
    for start in range(0, len(fresh), PUBMED_FILE):
        chunk = fresh[start : start + PUBMED_FILE]
        articles = "".join(_article(work, date) for work, date, gone in chunk if not gone)
        deleted = "".join(f"<PMID>{work.number}</PMID>" for work, _, gone in chunk if gone)
        tail = f"<DeleteCitation>{deleted}</DeleteCitation>" if deleted else ""
        name = f"pubmed24n{len(files) + 1:04d}.xml.gz"
        text = f"<?xml version='1.0'?><PubmedArticleSet>{articles}{tail}</PubmedArticleSet>"
        files[name] = gzip.compress(text.encode(), 1, mtime=0)
    return files


def _article(work: Work, date: str) -> str:
    year, month, day = date[:10].split("-")
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{work.number}</PMID><DateRevised><Year>{year}"
        f"</Year><Month>{month}</Month><Day>{day}</Day></DateRevised><Article><Journal><JournalIssue>"
        f"<PubDate><Year>{work.year}</Year></PubDate></JournalIssue><Title>Made Journal</Title>"
        f"</Journal><ArticleTitle>{work.title}.</ArticleTitle><AuthorList><Author><LastName>"
        f"{work.family}</LastName><ForeName>{work.given}</ForeName></Author></AuthorList></Article>"
        "</MedlineCitation></PubmedArticle>"
    )
