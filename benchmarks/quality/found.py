"""
Labelled sets of other projects, read out of their repositories, never committed to this one.

    git clone https://github.com/CoLRev-Environment/bib-dedupe
    python -m benchmarks.quality.found bib-dedupe FOLDER   # writes FOLDER/NAME/…
    python -m benchmarks.quality.found FOLDER              # scores them by the shipped weights

No weight, level or guard of samework was made with a look at an error of these sets, which is
why they say what a stranger will see. Whoever reads their errors to mend something moves the
set from UNREAD to READ, and its figures are no longer those of a set never seen.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.quality import page
from benchmarks.quality.figures import table
from benchmarks.quality.sets import DevelopmentSet, kept_run
from detector.decision.weights import Weights
from detector.evaluation.evaluate import evaluate
from detector.evaluation.truth import read_truth

# The last state of the repository that holds its labelled data; MIT licence. Records of
# haematology and respiratory: Rathbone and others 2015, of digital_work: Wagner and others 2021.
COMMIT: Final = "e3f876d981ba3a84abac2d211e8bf723c01e0434^"
UNREAD: Final = ("haematology", "respiratory", "digital_work", "cardiac", "depression")
READ: Final = ()  # sets whose errors were looked at since
FIELDS: Final = {"title": "title", "year": "year", "journal": "container", "volume": "volume",
                 "number": "issue", "pages": "pages", "doi": "doi", "isbn": "isbn",
                 "abstract": "abstract"}  # fmt: skip
HEAD: Final = ("set", "records", "true pairs", "seen", "automatic P / R", "false", "F1 automatic",
               "F1 best", "candidate recall")  # fmt: skip


def main() -> None:
    """Take sets out of a checkout, or score those of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="+", type=Path, metavar="CHECKOUT FOLDER | FOLDER")
    parser.add_argument("--write", action="store_true", help="into docs/evaluation-appendix.md")
    chosen = parser.parse_args()
    csv.field_size_limit(sys.maxsize)
    if len(chosen.places) == 2:
        checkout, folder = chosen.places
        for name in (*UNREAD, *READ):
            print(name, taken(checkout, folder / name))
        return
    lines = table(HEAD, [row(name, chosen.places[0]) for name in there(chosen.places[0])])
    print("\n".join(lines))
    if chosen.write:
        page.write("found", lines)


def there(folder: Path) -> Iterator[str]:
    """The names of the sets that a folder has."""
    for name in (*UNREAD, *READ):
        if (folder / name).is_dir():
            yield name
        else:
            print(f"left out: {name} is not in {folder}", file=sys.stderr)


def taken(checkout: Path, folder: Path) -> str:
    """Write one set of the checkout's history; what became of it, for people."""
    name = folder.name
    texts = [_text(checkout, f"data/{name}/{part}.csv")
             for part in ("records_pre_merged", "merged_record_ids")]  # fmt: skip
    records, groups = texts
    if records is None or groups is None:
        return "left out: the checkout lacks its records"
    rows = list(csv.DictReader(io.StringIO(records)))
    groups_of = [line.strip().strip('"').split(";") for line in groups.splitlines()[1:]]
    work = {record: group[0] for group in groups_of for record in group}
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / "records.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(_plain(row)) + "\n" for row in rows)
    truth = "".join(f"{row['ID']}\t{work.get(row['ID'], row['ID'])}\n" for row in rows)
    (folder / "truth.tsv").write_text(truth, "utf-8")
    return f"{len(rows):,} records"


def _text(checkout: Path, path: str) -> str | None:
    asked = ["git", "-C", str(checkout), "show", f"{COMMIT}:{path}"]
    done = subprocess.run(asked, capture_output=True, check=False)
    return done.stdout.decode("utf-8") if done.returncode == 0 else None


def _plain(row: dict[str, str]) -> dict[str, Any]:
    said = {ours: row[theirs] for theirs, ours in FIELDS.items() if row.get(theirs)}
    authors = [name for name in (row.get("author") or "").split(" and ") if name]
    proceedings = {"container": row["booktitle"]} if row.get("booktitle") else {}
    return {"id": row["ID"], **proceedings, **said, "authors": authors}


def row(name: str, folder: Path) -> list[str]:
    """The figures of one set."""
    dataset = DevelopmentSet(name, place=folder)
    with tempfile.TemporaryDirectory() as scratch, kept_run(dataset, scratch) as kept:
        run = kept.under(Weights.load())
    evaluation = evaluate(run, read_truth(dataset.truth))
    sure, best = evaluation.automatic, evaluation.best
    candidates = evaluation.candidates["all"].recall
    return [
        name,
        f"{len(run.sources):,}",
        f"{sure.true + sure.missed:,}",
        "never" if name in UNREAD else "its errors were read",
        f"{sure.precision:.4f} / {sure.recall:.4f}",
        str(sure.false),
        f"{sure.f1:.4f}",
        f"{best.f1:.4f}",
        f"{candidates:.4f}",
    ]


if __name__ == "__main__":
    main()
