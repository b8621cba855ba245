"""The examples: what the README of the folder says of them holds."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import samework as sw
from indexer.feeds.formats import read_files
from tests.reading import occurrences, rejected

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_every_example_is_read_and_there_are_as_many_as_the_readme_says():
    rows = list(read_files([EXAMPLES]))

    made = [row for row in occurrences(rows) if "/made." in row.file]
    assert not rejected(rows)
    assert f"{len(made)} records" in (EXAMPLES / "README.md").read_text()
    assert len({row.file for row in made}) == 4


def test_every_made_record_stands_in_the_table_of_the_readme_once():
    """A record nobody says anything of proves nothing in the demo."""
    rows = [line.split("|") for line in (EXAMPLES / "README.md").read_text().splitlines()]
    cells = [row[2] for row in rows if len(row) == 5][2:]
    named = Counter(re.findall(r"[\w-]+", " ".join(cells)))
    given = Counter(
        row.given_id for row in occurrences(list(read_files([EXAMPLES]))) if "/made." in row.file
    )

    assert named == given
    assert set(named.values()) == {1}


def test_the_seed_keeps_its_mojibake_and_its_archived_url():
    left, right = (row.record for row in occurrences(list(read_files([EXAMPLES / "seed.jsonl"]))))

    assert left.record_id == "internet_archive:960900110111723557"
    assert right.record_id == "openalex:W4226067207"
    assert left.authors[3].name == "Mihai DascÄƒlu"
    assert len(left.authors) == len(right.authors) == 7
    assert left.urls[0].startswith("https://web.archive.org/web/20220523200334/")


def test_what_a_person_says_of_made_records_is_what_samework_says_but_where_the_readme_tells():
    """Whoever checks the demo by eye believes this table."""
    text = (EXAMPLES / "README.md").read_text()
    rows = [line.split("|") for line in text.splitlines()]
    said = {row[2].strip(): row[3].strip() for row in rows if len(row) == 5}
    exceptions = re.findall(r"\((\w+), (\w+): (\w+)\)", " ".join(text.split()))
    with sw.dedupe(EXAMPLES) as run:
        home = {
            name.rpartition(":")[2]: (work["work_id"], at)
            for work in run.works
            for at, group in enumerate(work["version_groups"])
            for name in group
        }
        verdicts = [(left, right, str(run.explain(left, right).verdict))
                    for left, right, _ in exceptions]  # fmt: skip

    wanted = {"duplicate": (1, 1), "version": (1, 2), "distinct": (2, 2)}
    checked = {names: wanted[verdict] for names, verdict in said.items() if verdict in wanted}
    groups = {names: {home[name] for name in names.split(", ")} for names in checked}
    assert len(checked) > 6
    assert checked == {names: (len({work for work, _ in one}), len(one))
                       for names, one in groups.items()}  # fmt: skip
    assert len(verdicts) == 4
    assert verdicts == exceptions
