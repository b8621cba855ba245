"""
One peer over a file of made records, run by an interpreter that has it installed.

    python -m benchmarks.scale.peers NAME records.jsonl truth.tsv groups.tsv

Writes the groups it forms, ids by tabs, a line a group; prints the version of the peer.
Each peer is set up as its own documentation advises for deduplication, and `PEERS` says
where. Imports nothing but what the peers and `benchmarks.quality.peers` need. Only dedupe
reads the truth: it cannot run without labels.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from typing import Any, Final

from benchmarks.quality.peers import Row, bare, clusters_of_dedupe, flat

Groups = Iterable[Iterable[str]]
THRESHOLD: Final = 0.95  # splink's example of 50,000 records clusters there
ALIKE: Final = 0.7  # Jaccard of title trigrams that LSH is set to, and that is verified
FIELDS: Final = r"""
    select id as unique_id,
        nullif(lower(trim(title)), '') as title,
        nullif(regexp_replace(lower(title), '[^\p{L}\p{N}]', '', 'g'), '') as bare,
        nullif(lower(case
            when contains(authors[1], ',') then split_part(authors[1], ',', 1)
            when regexp_matches(authors[1], ' .[.]$') then regexp_replace(authors[1], ' .[.]$', '')
            else regexp_extract(authors[1], '[^ ]+$') end), '') as first_author,
        nullif(lower(array_to_string(list_sort(
            regexp_extract_all(array_to_string(authors, ' '), '\p{L}{2,}')), ' ')), '') as author,
        nullif(regexp_extract(coalesce(year, publication_date, ''), '[0-9]{4}'), '') as year,
        nullif(lower(coalesce(container, journal)), '') as journal,
        nullif(regexp_extract(coalesce(pages, ''), '^[^-]+'), '') as page,
        nullif(lower(doi), '') as doi
    from read_json('PATH', format='newline_delimited', columns={
        id: 'varchar', title: 'varchar', authors: 'varchar[]', year: 'varchar',
        publication_date: 'varchar', container: 'varchar', journal: 'varchar',
        pages: 'varchar', doi: 'varchar'})
"""


def rows_of(path: str) -> Iterator[Row]:
    """The records of a file as flat rows of text."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield flat(json.loads(line))


def by_exact_keys(path: str, truth: str) -> Groups:
    """Equal DOI, or equal letters of the title in one year: two GROUP BY of DuckDB."""
    import duckdb

    held = duckdb.connect()
    held.execute(f"create table record as {FIELDS.replace('PATH', path)}")
    keys = ("doi", "bare || '|' || year")
    links = [
        link
        for key in keys
        for link in held.execute(
            f"select unique_id, min(unique_id) over (partition by {key}) from record "
            f"where {key} is not null"
        ).fetchall()
    ]
    return closed((left, right) for left, right in links if left != right)


def by_splink(path: str, truth: str) -> Groups:
    """
    splink on DuckDB as its tutorial and its example of 50,000 records go.

    Term frequencies of journal, year and first author are adjusted for; the prior comes from
    deterministic rules, u from random pairs, m from two rounds of expectation maximisation.
    """
    import duckdb
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    held = duckdb.connect()
    held.execute(f"create table record as {FIELDS.replace('PATH', path)}")
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("title", [0.97, 0.9, 0.8]),
            cl.JaroWinklerAtThresholds("first_author", [0.95, 0.85]).configure(
                term_frequency_adjustments=True
            ),
            cl.JaroWinklerAtThresholds("author", [0.95, 0.85]),
            cl.ExactMatch("year").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("journal", [0.9]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("page"),
            cl.ExactMatch("doi"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("substr(title, 1, 20)"),
            block_on("doi"),
            block_on("page", "year", "substr(first_author, 1, 3)"),
            block_on("first_author", "year"),
        ],
        retain_intermediate_calculation_columns=False,
    )
    api = DuckDBAPI(connection=held)
    linker = Linker(api.register("record"), settings)
    certain = [block_on("doi"), block_on("title", "year"), block_on("title", "first_author")]
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (block_on("title"), block_on("first_author", "year"), block_on("doi")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=THRESHOLD)
    grouped = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=THRESHOLD
    )
    name = grouped.physical_name
    rows = held.execute(
        f"select list(unique_id) from {name} group by cluster_id having count(*) > 1"
    )
    return [group for (group,) in rows.fetchall()]


def by_bib_dedupe(path: str, truth: str) -> Groups:
    """bib-dedupe: prep, block, match, cluster, as its README goes, on all cores."""
    import pandas as pd
    from bib_dedupe.bib_dedupe import block, cluster, match, prep

    names = {"id": "ID", "type": "ENTRYTYPE", "authors": "author", "container": "journal",
             "issue": "number"}  # fmt: skip
    frame = pd.DataFrame([{names.get(name, name): text for name, text in row.items()}
                          for row in rows_of(path)])  # fmt: skip
    frame["ENTRYTYPE"] = "article"  # it knows no preprints
    return [list(map(str, group)) for group in cluster(match(block(prep(frame))))]


def by_dedupe(path: str, truth: str) -> Groups:
    """dedupe, trained on labels of the very records, on all cores."""
    return clusters_of_dedupe(list(rows_of(path)), truth)


def by_minhash(path: str, truth: str) -> Groups:
    """MinHashLSH of datasketch over title trigrams; what it finds is verified by their Jaccard."""
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=ALIKE, num_perm=128)
    named = ((row["id"], bare(row["title"])) for row in rows_of(path))
    titles = [(name, title) for name, title in named if title]
    shingles = ([gram.encode() for gram in grams_of(title)] for _, title in titles)
    links = []
    for at, minhash in enumerate(MinHash.generator(shingles, num_perm=128)):
        name, title = titles[at]
        for other in lsh.query(minhash):
            ours, theirs = grams_of(title), grams_of(titles[other][1])
            shared = len(ours & theirs)
            if shared >= ALIKE * (len(ours) + len(theirs) - shared):
                links.append((name, titles[other][0]))
        lsh.insert(at, minhash)
    return closed(links)


def grams_of(title: str) -> set[str]:
    """The trigrams of a title."""
    return {title[i : i + 3] for i in range(max(1, len(title) - 2))}


def closed(links: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The groups that links close to."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while (over := above.setdefault(name, name)) != name:
            above[name] = name = above.setdefault(over, over)
        return name

    for left, right in links:
        above[top(left)] = top(right)
    groups: dict[str, list[str]] = {}
    for name in list(above):
        groups.setdefault(top(name), []).append(name)
    return list(groups.values())


Peer = Callable[[str, str], Groups]
# The package whose version is told, what groups the records, and whose advice it follows.
PEERS: Final[dict[str, tuple[str, Peer, str]]] = {
    "exact keys": ("duckdb", by_exact_keys, "DOI, title and year"),
    "splink": ("splink", by_splink, "its tutorial; example of 50,000 records: clusters at 0.95"),
    "MinHash LSH": ("datasketch", by_minhash, "its guide: LSH at 0.7, what it finds verified"),
    "bib-dedupe": ("bib-dedupe", by_bib_dedupe, "its README"),
    "dedupe": ("dedupe", by_dedupe, "its examples; trained on 40 true and 40 false pairs"),
}


def main(arguments: list[str]) -> None:
    """Run one peer and write its groups."""
    name, path, truth, out = arguments
    package, group, _ = PEERS[name]
    groups = [sorted(set(map(str, some))) for some in group(path, truth)]
    with open(out, "w", encoding="utf-8") as file:
        file.writelines("\t".join(some) + "\n" for some in groups if len(some) > 1)
    said: Any = {"version": re.sub(r"\s", "", version(package))}
    print(json.dumps(said))


if __name__ == "__main__":
    main(sys.argv[1:])
