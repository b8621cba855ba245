"""
One peer over a file of records, run by an interpreter that has it installed.

    python peers.py bib-dedupe|splink records.jsonl.gz  ->  one JSON line: pairs found

Made for `python -m benchmarks.references`, which measures it. The peers are not among
this project's dependencies: requirements-peers.in names them.
"""

from __future__ import annotations

import gzip
import json
import sys
from typing import Any


def rows_of(path: str) -> list[dict[str, Any]]:
    """The records of a file as flat rows."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def by_bib_dedupe(rows: list[dict[str, Any]]) -> int:
    """bib-dedupe's own three steps with its defaults, on one core."""
    import pandas as pd
    from bib_dedupe.bib_dedupe import block, match, prep

    names = {"container": "journal", "issue": "number"}
    frame = pd.DataFrame(
        [
            {
                "ID": row["id"],
                "ENTRYTYPE": row.get("type") or "article",
                "author": " and ".join(row.get("authors") or []),
                **{
                    names.get(name, name): str(row.get(name) or "")
                    for name in ("title", "year", "container", "volume", "issue", "pages")
                },
                "doi": row.get("doi") or "",
                "abstract": row.get("abstract") or "",
            }
            for row in rows
        ]
    )
    matched = match(block(prep(frame, cpu=1), cpu=1), cpu=1)
    return int((matched["duplicate_label"] == "duplicate").sum())


def by_splink(rows: list[dict[str, Any]]) -> int:
    """splink on DuckDB, the comparisons of its bibliographic example, trained on the data."""
    import pandas as pd
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    frame = pd.DataFrame(
        [
            {
                "unique_id": row["id"],
                "title": (row.get("title") or "").lower() or None,
                "author": (" ".join(row.get("authors") or [])).lower()[:60] or None,
                "year": str(row.get("year") or "") or None,
                "pages": str(row.get("pages") or "") or None,
                "doi": (row.get("doi") or "").lower() or None,
            }
            for row in rows
        ]
    )
    frame["start"] = frame["title"].str[:20]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("title", [0.97, 0.9, 0.8]),
            cl.JaroWinklerAtThresholds("author", [0.95, 0.85]),
            cl.ExactMatch("year"),
            cl.ExactMatch("pages"),
            cl.ExactMatch("doi"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("start"),
            block_on("doi"),
            block_on("pages", "year"),
        ],
    )
    api = DuckDBAPI()
    linker = Linker(api.register(frame) if hasattr(api, "register") else frame, settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("start"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("pages", "year"))
    links = linker.inference.predict(threshold_match_probability=0.95)
    return len(links.as_pandas_dataframe())


if __name__ == "__main__":
    peer, path = sys.argv[1:]
    count = {"bib-dedupe": by_bib_dedupe, "splink": by_splink}[peer](rows_of(path))
    print(json.dumps({"peer": peer, "pairs": count}))
