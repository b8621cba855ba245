"""
How the sets of each repository are read: records and labels as samework has them.

    Checkout, name of a set  ->  Taken, or None where the clone lacks its files
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from benchmarks.quality.found.checkout import Checkout, Row, Taken
from detector.evaluation.truth import SAME, Truth, pair_of

Take = Callable[[Checkout, str], Taken | None]
# The last state of bib-dedupe's repository that holds its labelled data.
COMMIT: Final = "e3f876d981ba3a84abac2d211e8bf723c01e0434^"
FIELDS: Final = {"title": "title", "year": "year", "journal": "container", "volume": "volume",
                 "number": "issue", "pages": "pages", "doi": "doi", "isbn": "isbn",
                 "abstract": "abstract"}  # fmt: skip
STYLES: Final = ("apa", "modern-language-association")  # that print the title
MOST_TARGETS: Final = 2_500  # of 7,500 that were printed in every style


def bib_dedupe(checkout: Checkout, name: str) -> Taken | None:
    """Exports of databases for a review; the records of a work share a group."""
    checkout = replace(checkout, commit=COMMIT)
    records, groups = (checkout.text(f"data/{name}/{part}.csv")
                       for part in ("records_pre_merged", "merged_record_ids"))  # fmt: skip
    if records is None or groups is None:
        return None
    groups_of = [line.strip().strip('"').split(";") for line in groups.splitlines()[1:]]
    work = {record: group[0] for group in groups_of for record in group}
    return Taken(map(_of_review, csv.DictReader(io.StringIO(records))), clusters=work)


def _of_review(row: dict[str, str]) -> Row:
    said = {ours: row[theirs] for theirs, ours in FIELDS.items() if row.get(theirs)}
    authors = [name for name in (row.get("author") or "").split(" and ") if name]
    proceedings = {"container": row["booktitle"]} if row.get("booktitle") else {}
    return {"id": row["ID"], **proceedings, **said, "authors": authors}


def columns(checkout: Checkout, _: str, *, folder: str, sources: tuple[str, str]) -> Taken | None:
    """Pairs of two catalogues as `COL title VAL …`; a record is what it says."""
    texts = [checkout.text(f"data/er_magellan/{folder}/{part}.txt")
             for part in ("train", "valid", "test")]  # fmt: skip
    lines = [line for text in texts if text for line in text.splitlines()]
    rows: dict[tuple[str, str], Row] = {}  # by source and what is said
    pairs: dict[tuple[str, str], bool] = {}
    for line in lines:
        *sides, label = line.split("\t")
        for source, said in zip(sources, sides, strict=True):
            rows.setdefault((source, said), _of_columns(said, source, len(rows)))
        left, right = (rows[key]["id"] for key in zip(sources, sides, strict=True))
        pairs[left, right] = pairs.get((left, right), False) or label.strip() == "1"
    return Taken(rows.values(), pairs=pairs) if rows else None


def _of_columns(said: str, source: str, number: int) -> Row:
    parts = re.split(r"COL (\w+) VAL ?", said)[1:]
    field = {name: value.strip() for name, value in zip(parts[::2], parts[1::2], strict=True)}
    authors = [name for name in re.split(r"\s*,\s*", field.get("authors", "")) if name]
    plain = {"title": field.get("title", ""), "authors": authors, "year": field.get("year", ""),
             "container": field.get("venue", "")}  # fmt: skip
    return {"id": f"{source}:{number}", "source": source,
            **{name: value for name, value in plain.items() if value}}  # fmt: skip


def venice(checkout: Checkout, _: str) -> Taken | None:
    """References of books on Venice, each a line of text; pairs that a person compared."""
    text = checkout.text("data/dataset.tsv")
    if text is None:
        return None
    rows: dict[str, Row] = {}
    pairs: dict[tuple[str, str], bool] = {}
    for row in csv.DictReader(io.StringIO(text), dialect="excel-tab"):
        for side in ("seed_ref", "ref"):
            rows[row[f"{side}_id"]] = {"id": row[f"{side}_id"], "title": row[side]}
        ends = row["seed_ref_id"], row["ref_id"]
        if ends[0] != ends[1] and row["same-bibl-entity"] != "0.5":  # that one is "partly"
            pairs[ends] = row["same-bibl-entity"] == "1.0"
    return Taken(rows.values(), pairs=pairs)


def printed(checkout: Checkout, _: str) -> Taken | None:
    """Crossref's works printed as references in two styles, each a line of text."""
    folder = "analyses/2_unstructured_artificial_evaluation/data/datasets"
    texts = [checkout.text(f"{folder}/dataset-{style}.json") for style in STYLES]
    if any(text is None for text in texts):
        return None
    sets = [json.loads(text)["dataset"] for text in texts if text]
    targets = list(dict.fromkeys(row["target_gt"]["DOI"] for row in sets[0]))[:MOST_TARGETS]
    chosen = frozenset(targets)
    rows: list[Row] = []
    work: dict[str, str] = {}
    for style, references in zip(STYLES, sets, strict=True):
        for number, row in enumerate(references):
            if row["target_gt"]["DOI"] in chosen:
                rows.append({"id": f"{style}-{number}", "title": row["ref_string"]})
                work[rows[-1]["id"]] = row["target_gt"]["DOI"]
    return Taken(rows, clusters=work)


def copies(checkout: Checkout, _: str, *, paths: tuple[str, str], key: str) -> Taken | None:
    """Papers of one search engine, and which of them are copies of which."""
    records, truth = (checkout.text(path) for path in paths)
    if records is None or truth is None:
        return None
    ties = [
        pair_of(paper, copy)
        for row in csv.DictReader(io.StringIO(truth))
        for paper, *copies in [[name for cell in _named_in(row) for name in cell.split()]]
        for copy in copies
    ]
    return Taken(map(partial(_of_engine, key=key), csv.DictReader(io.StringIO(records))),
                 clusters=Truth(pairs=dict.fromkeys(ties, SAME)).works())  # fmt: skip


def _named_in(row: Mapping[str, str]) -> list[str]:
    """The cells of a row that name papers."""
    return [cell for column, cell in row.items() if column.lower() != "amount"]


def _of_engine(row: Mapping[str, str], key: str) -> Row:
    authors = [" ".join(name.split()) for name in re.split(r"\s{2,}", row.get("authors") or "")]
    said = {name: row[name] for name in ("title", "year", "abstract") if row.get(name)}
    return {"id": row[key], **said, "authors": [name for name in authors if name]}


def versions(checkout: Checkout, _: str) -> Taken | None:
    """Every preprint of medRxiv in its last version, and the articles that it says they became."""
    text = checkout.text("1-medrxiv_analysis/medrxiv-gold.tsv")
    if text is None:
        return None
    rows: dict[str, Row] = {}
    work: dict[str, str] = {}
    for line in text.splitlines():
        cells = line.split("\t")
        if cells[0] == "#" and len(cells) == 7:
            _mark, doi, _version, date, _article, byline, title = cells
            rows[doi] = {"id": doi, "source": "medrxiv", "doi": doi, "title": title, "date": date,
                         "authors": byline.split("; "), "type": "preprint"}  # fmt: skip
        elif len(cells) == 14:
            doi, article, *_versions, date, title, byline, _orcid = cells
            rows[article] = {"id": article, "source": "crossref", "doi": article, "title": title,
                             "date": date, "authors": byline.split("; ")}  # fmt: skip
            work[article] = work.get(doi, doi)
    return Taken(rows.values(), clusters=work)


def training_pairs(checkout: Checkout, _: str) -> Taken | None:
    """Pairs that people labelled to train dedupe, in its own file."""
    text = checkout.text("colandr_data/dedupe/dedupe_citations_training.json")
    if text is None:
        return None
    rows: dict[str, Row] = {}
    pairs: dict[tuple[str, str], bool] = {}
    for label, both in _labelled(json.loads(text)):
        sides = [_plain(side) for side in both]
        for side in sides:
            rows[side["id"]] = side
        pairs[sides[0]["id"], sides[1]["id"]] = label == "match"
    return Taken(rows.values(), pairs=pairs)


def _labelled(training: Mapping[str, Any]) -> Iterator[tuple[str, list[Row]]]:
    for label in ("match", "distinct"):
        for pair in training[label]:
            yield label, pair["__value__"]


def _plain(row: Row) -> Row:
    said = {"title": row.get("title"), "year": row.get("publication_year"), "doi": row.get("doi"),
            "abstract": row.get("abstract")}  # fmt: skip
    authors = row.get("authors") or ()
    names = authors["__value__"] if isinstance(authors, dict) else authors
    return {"id": str(row["citation_id"]), "authors": list(names),
            **{name: value for name, value in said.items() if value}}  # fmt: skip
