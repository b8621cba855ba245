"""
One peer over a file of records, run by an interpreter that has it installed.

    python peers.py NAME records.jsonl.gz truth.tsv  ->  one JSON line: pairs it joins

Made for `python -m benchmarks.quality`, which scores what it prints. Imports nothing of
this project: the peers live in an environment of their own (requirements-peers.in).
Only dedupe reads the truth: it cannot run without labels.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from itertools import pairwise
from typing import Any

Row = dict[str, str]
BIBTEX = {"article", "book", "inbook", "incollection", "inproceedings", "misc", "phdthesis",
          "proceedings", "techreport"}  # fmt: skip
LABELS = 40  # of each kind that dedupe is given


def rows_of(path: str) -> list[Row]:
    """The records of a file as flat rows, whatever their feed calls a field."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [flat(json.loads(line)) for line in lines]


def flat(plain: dict[str, Any]) -> Row:
    """One record as texts."""
    said = {name: "" if value is None else value for name, value in plain.items()}
    date = str(said.get("year") or said.get("publication_date") or said.get("date") or "")
    year = re.search(r"\d{4}", date)
    return {
        "id": str(said["id"]),
        "title": str(said.get("title", "")),
        "authors": " and ".join(map(str, said.get("authors") or [])),
        "year": year[0] if year else "",
        "container": str(said.get("container") or said.get("journal") or ""),
        "volume": str(said.get("volume", "")),
        "issue": str(said.get("issue", "")),
        "pages": str(said.get("pages", "")),
        "doi": str(said.get("doi", "")),
        "abstract": str(said.get("abstract", "")),
        "type": str(said.get("type") or "article"),
    }


def bare(text: str) -> str:
    """A text in small letters, its letters and digits alone."""
    return re.sub(r"[\W_]+", "", text.lower())


def first_surname(row: Row) -> str:
    """The first author's surname, as well as a few lines can tell."""
    first = row["authors"].split(" and ")[0]
    name = first.split(",")[0] if "," in first else first.split(" ")[-1]
    return bare(name)


def by_letter(authors: str) -> str:
    """The words of a byline in alphabetical order, initials and "and" left out."""
    words = re.findall(r"[^\W\d_]{2,}", authors.lower())
    return " ".join(sorted(word for word in words if word not in ("and", "et", "al")))


def keyed(rows: Iterable[Row], key: Callable[[Row], tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Links between rows whose keys are equal and have no empty part."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in rows:
        if all(parts := key(row)):
            groups[parts].append(row["id"])
    for group in groups.values():
        yield from pairwise(group)


def by_title_year(rows: list[Row], truth: str) -> Iterable[tuple[str, str]]:
    """Equal title and year."""
    return keyed(rows, lambda row: (bare(row["title"]), row["year"]))


def by_title_surname(rows: list[Row], truth: str) -> Iterable[tuple[str, str]]:
    """Equal title and surname of the first author."""
    return keyed(rows, lambda row: (bare(row["title"]), first_surname(row)))


def by_doi(rows: list[Row], truth: str) -> Iterable[tuple[str, str]]:
    """Equal DOI."""
    return keyed(rows, lambda row: (re.sub(r"^.*?(?=10\.)", "", row["doi"].strip().lower()),))


def by_minhash(rows: list[Row], truth: str) -> Iterator[tuple[str, str]]:
    """datasketch: LSH of title trigrams at 0.7, every pair of a bucket joined."""
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=0.7, num_perm=128)
    for row in rows:
        title = " ".join(re.sub(r"[\W_]+", " ", row["title"].lower()).split())
        if not title:
            continue
        minhash = MinHash(num_perm=128)
        minhash.update_batch([title[i : i + 3].encode() for i in range(max(1, len(title) - 2))])
        for other in lsh.query(minhash):
            yield row["id"], str(other)
        lsh.insert(row["id"], minhash)


def by_bib_dedupe(rows: list[Row], truth: str) -> Iterator[tuple[str, str]]:
    """bib-dedupe's own three steps with its defaults, on one core."""
    import pandas as pd
    from bib_dedupe.bib_dedupe import block, match, prep

    names = {"id": "ID", "type": "ENTRYTYPE", "authors": "author", "container": "journal",
             "issue": "number"}  # fmt: skip
    frame = pd.DataFrame([{names.get(name, name): text for name, text in row.items()}
                          for row in rows])  # fmt: skip
    # It knows the types of BibTeX and drops evidence of a record of any other.
    frame["ENTRYTYPE"] = frame["ENTRYTYPE"].where(frame["ENTRYTYPE"].isin(BIBTEX), "article")
    matched = match(block(prep(frame, cpu=1), cpu=1), cpu=1)
    matched = matched[matched["duplicate_label"] == "duplicate"]
    yield from zip(matched["ID_1"].map(str), matched["ID_2"].map(str), strict=True)


def by_splink(rows: list[Row], truth: str) -> Iterator[tuple[str, str]]:
    """splink on DuckDB, its own way of training: prior, u and m from the data without labels."""
    import pandas as pd
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    def said(text: str) -> str | None:
        return text.lower() or None

    frame = pd.DataFrame([
        {"unique_id": row["id"], "title": said(row["title"]), "start": said(row["title"][:20]),
         "author": said(by_letter(row["authors"])), "year": said(row["year"]),
         "word": said(max(row["title"].split(), key=len, default="")),
         "pages": said(row["pages"]), "doi": said(row["doi"])}
        for row in rows
    ])  # fmt: skip
    used = {name for name in ("year", "pages", "doi", "author") if frame[name].nunique() > 1}
    comparisons = [cl.JaroWinklerAtThresholds("title", [0.97, 0.9, 0.8])]
    if "author" in used:
        comparisons.append(cl.JaroWinklerAtThresholds("author", [0.95, 0.85]))
    comparisons += [cl.ExactMatch(name) for name in ("year", "pages", "doi") if name in used]
    blocks = [block_on("start"), block_on("word", "year")]
    blocks += [block_on("doi")] if "doi" in used else []
    blocks += [block_on("pages", "year")] if {"pages", "year"} <= used else []
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=blocks,
    )
    api = DuckDBAPI()
    linker = Linker(api.register(frame), settings)
    certain = [block_on("title", name) for name in ("year", "author") if name in used]
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (blocks[0], block_on("year", "author") if "author" in used else blocks[-1]):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    links = linker.inference.predict(threshold_match_probability=0.95).as_pandas_dataframe()
    yield from zip(links["unique_id_l"].map(str), links["unique_id_r"].map(str), strict=True)


def by_dedupe(rows: list[Row], truth: str) -> Iterator[tuple[str, str]]:
    """dedupe, trained on labels of the very set; its clusters at 0.5, on one core."""
    for group in clusters_of_dedupe(rows, truth, num_cores=1):
        yield from pairwise(group)


def clusters_of_dedupe(rows: list[Row], truth: str, **options: int) -> Iterator[list[str]]:
    """The clusters of dedupe, trained on LABELS true and LABELS false pairs of the very rows."""
    import dedupe
    from dedupe import variables

    data = {row["id"]: {name: row[name] or None for name in row} for row in rows}
    fields = [
        variables.String("title", has_missing=True),
        variables.String("authors", has_missing=True),
        *(variables.ShortString(name, has_missing=True)
          for name in ("year", "container", "volume", "pages")
          if sum(bool(row[name]) for row in rows) > len(rows) / 10),
    ]  # fmt: skip
    deduper = dedupe.Dedupe(fields, **options)
    true, false = labels_of(rows, truth)
    print(f"{len(true)} true and {len(false)} false pairs of {LABELS} each", file=sys.stderr)
    deduper.mark_pairs({
        "match": [(data[left], data[right]) for left, right in true],
        "distinct": [(data[left], data[right]) for left, right in false],
    })  # fmt: skip
    # After the labels: the learner refuses a pair that its own sample of the data lacks.
    deduper.prepare_training(data, sample_size=1500)
    deduper.train(index_predicates=False)
    for group, _ in deduper.partition(data, 0.5):
        yield list(map(str, group))


def labels_of(rows: list[Row], path: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """LABELS true pairs of a truth and LABELS false ones of titles that begin alike."""
    with open(path, encoding="utf-8", newline="") as lines:
        table = [row for row in csv.reader(lines, "excel-tab", quoting=csv.QUOTE_NONE) if row]
    true, false = [], []
    if len(table[0]) == 2:
        cluster = dict(table)
        members: dict[str, list[str]] = defaultdict(list)
        for record, name in cluster.items():
            members[name].append(record)
        for group in members.values():
            true += list(pairwise(group))
        ordered = sorted(rows, key=lambda row: bare(row["title"]))
        near = ((a["id"], b["id"]) for a, b in pairwise(ordered))
        false = [pair for pair in near if cluster.get(pair[0]) != cluster.get(pair[1])]
    else:
        header = {"left", "right", "label"} <= set(table[0])
        at = [table[0].index(name) for name in ("left", "right", "label")] if header else [0, 1, 2]
        known = {row["id"] for row in rows}
        for line in table[header:]:
            left, right, label = (line[number] for number in at)
            if left in known and right in known and label != "unsure":
                (true if label in ("1", "same", "version") else false).append((left, right))
        if not false:  # every pair that is not named is another work
            ordered = sorted(rows, key=lambda row: bare(row["title"]))
            named = {frozenset(pair) for pair in true}
            near = ((a["id"], b["id"]) for a, b in pairwise(ordered))
            false = [pair for pair in near if frozenset(pair) not in named]
    draw = random.Random(0)
    drawn = [draw.sample(some, min(LABELS, len(some))) for some in (true, false)]
    return drawn[0], drawn[1]


def peak_mb() -> int:
    """The most memory this process held; what a parent sees begins with its own."""
    with open("/proc/self/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:"))


PEERS: dict[str, tuple[str, Callable[[list[Row], str], Iterable[tuple[str, str]]]]] = {
    "bib-dedupe": ("bib-dedupe", by_bib_dedupe),
    "splink": ("splink", by_splink),
    "dedupe": ("dedupe", by_dedupe),
    "MinHash LSH": ("datasketch", by_minhash),
    "title, year": ("", by_title_year),
    "title, first surname": ("", by_title_surname),
    "DOI": ("", by_doi),
}


if __name__ == "__main__":
    peer, records, labels, out = sys.argv[1:]
    package, function = PEERS[peer]
    links = sorted({(min(pair), max(pair)) for pair in function(rows_of(records), labels)})
    with open(out, "w", encoding="utf-8") as file:
        said = {"version": version(package) if package else "", "peak_mb": peak_mb()}
        json.dump({**said, "links": links}, file)
