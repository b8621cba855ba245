"""Queries: citations as people paste them, and what they find."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from detector.detecting.pipeline import Detector
from detector.questions.citations import citation_of
from detector.questions.query import QueryAnswer, ask
from indexer.feeds.formats import read_files
from indexer.index.opening import open_engine
from indexer.ingesting.ingest import Ingestion
from indexer.records import Author, Record
from tests.command import here
from tests.engines import Place
from tests.made_records import made_collection
from tests.one_shot import write
from tests.seed import SEED

CASES = Path(__file__).with_name("cases") / "citations.csv"
TITLE = "Distilling the Knowledge of Romanian BERTs Using Multiple Teachers"


def cases() -> list[Any]:
    with CASES.open(newline="", encoding="utf-8") as file:
        return [pytest.param(row, id=row["case"]) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def detector(shared_place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Detector]:
    """An index of the seed's records among a hundred made works."""
    rows = [one.to_dict() for one in made_collection(7, 100)]
    for row in rows:
        row["id"] = row.pop("source_id")
        row.pop("record_id")
    file = write(tmp_path_factory.mktemp("queries") / "records.jsonl", [*SEED, *rows])
    detector = Detector(open_engine(shared_place("queries")))
    Ingestion(detector.engine).run(read_files([str(file)]))
    detector.whole()
    yield detector
    detector.engine.close()


@pytest.fixture
def catalogue(place: Place, tmp_path: Path) -> str:
    """Where the seed's records are stored and judged, as --index takes it."""
    file = write(tmp_path / "seed.jsonl", SEED)
    assert here("ingest", file, "--detect", "--index", place("cat")).returncode == 0
    return place("cat")


def asked(detector: Detector, text: str) -> list[QueryAnswer]:
    return ask(citation_of(text), text, detector)[0]


@pytest.mark.parametrize("case", cases())
def test_a_citation_is_read(case: dict[str, str]) -> None:
    """Anyone can add a row to tests/cases/citations.csv."""
    found = citation_of(case["citation"])

    read = {
        "title": found.title,
        "authors": "; ".join(author.display for author in found.authors),
        "year": found.year,
        "identifiers": " ".join(f"{scheme}:{value}" for scheme, value in found.identifiers),
    }
    assert read == {name: case[name] for name in read}


@pytest.mark.parametrize(
    "text",
    [
        "Avram et al. 2022, Distilling the knowledge of Romanian BERTs, arXiv:2112.12650",
        f"Avram, A.-M., Catrina, D., & Cercel, D.-C. (2022). {TITLE}. LREC.",
        f"Avram AM, Catrina D. {TITLE}. LREC. 2022.",
        "10.48550/arXiv.2112.12650",
        "https://web.archive.org/web/2022/https://arxiv.org/pdf/2112.12650v3.pdf",
        "romanian berts teachers",
        TITLE.upper(),
    ],
)
def test_the_seed_is_found_however_it_is_cited(detector: Detector, text: str) -> None:
    """Both records are one answer, since they are one work."""
    best = asked(detector, text)[0]

    assert best.best.title.text == TITLE
    assert len(best.records) == 2


@pytest.mark.parametrize("text", [TITLE + ", Avram 2022", "arXiv:2112.12650"])
def test_what_is_asked_for_is_said_to_be_it(detector: Detector, text: str) -> None:
    answers = asked(detector, text)

    assert answers[0].says in ("yes", "maybe")
    assert answers[0].decision.reasons


def test_an_author_alone_finds_all_that_is_theirs(detector: Detector) -> None:
    record = Record("", authors=(Author(name="Dan Tufis"),))

    answers, _ = ask(record, "", detector)

    assert TITLE in [one.best.title.text for one in answers]
    assert all(any("tufis" in n.family for n in one.best.authors.names) for one in answers)


@pytest.mark.parametrize(
    "text",
    [
        "title:* OR _exists_:doi AND ((((",
        '{"query": {"match_all": {}}}',
        "/.*.*.*.*x/ ~9999 ^1000",
        "'; DROP TABLE record; --",
        "\x00\x1b[31m\u202e \ud800",
        "the of and " * 2_000,
        "word " * 5_000,
        "%" * 3_000,
    ],
)
def test_hostile_text_is_only_text(detector: Detector, text: str) -> None:
    """There is no query language to break out of, and no length that stalls it."""
    before = detector.engine.totals().records

    assert len(asked(detector, text)) <= 5
    assert detector.engine.totals().records == before


def test_explain_shows_how_the_question_was_read(catalogue: str) -> None:
    """People see why nothing was found."""
    done = here(
        "query", "Avram 2022 Romanian BERTs arXiv:2112.12650", "--explain", "--index", catalogue
    )

    assert done.stdout.startswith("yes")
    for told in ("arxiv:2112.12650", "2022", "berts", "bits"):
        assert told in done.stderr


def test_answers_are_json_one_a_line(catalogue: str) -> None:
    """For programs."""
    by_title, by_doi, by_url, by_id = (
        json.loads(here("query", *flags, "--json", "--index", catalogue).stdout)
        for flags in (
            ("--title", TITLE, "--author", "Avram"),
            ("--doi", "10.48550/arXiv.2112.12650"),
            ("--url", "https://arxiv.org/abs/2112.12650"),
            ("--id", "openalex:id-3114794533438077014"),
        )
    )

    assert by_title["work_id"] == by_doi["work_id"] == by_url["work_id"] == by_id["work_id"]
    assert sorted(by_doi["records"]) == [
        "internet_archive:id-960900110111723557",
        "openalex:id-3114794533438077014",
    ]


def test_a_question_does_not_wait_for_what_signatures_were_drawn_by(tmp_path: Path) -> None:
    """datasketch imports SciPy, half of the time of a command; what it drew lies in the index."""
    file, index = write(tmp_path / "seed.jsonl", SEED), str(tmp_path / "cat")
    assert here("ingest", file, "--detect", "--index", index).returncode == 0
    asks = (
        "import sys, samework as sw\n"
        f"with sw.open({index!r}) as catalogue:\n"
        f"    found = catalogue.query({TITLE!r}).to_dicts()\n"
        "print(len(found) > 0, sorted({'datasketch', 'scipy'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)

    assert done.stdout == "True []\n"
