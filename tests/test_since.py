"""A search that is repeated goes on with the works, ids and judgements of the one before."""

from __future__ import annotations

import csv
import gzip
import json
import random
import shutil
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import samework as sw
from detector.errors import PreviousError
from detector.store.holdings import Holdings
from indexer.index.embedded import EmbeddedEngine
from tests.command import here
from tests.made_records import made_work
from tests.one_shot import Shared, lines, write

Row = dict[str, Any]


def row(number: int, source: str = "", **changed: Any) -> Row:
    """A made record as a row without an id of its own, as RIS has them; or of a source."""
    made = made_work(number, random.Random(number))
    plain: Row = {
        "title": made.title,
        "authors": [author.display for author in made.authors],
        "year": made.date,
        "container": made.container,
        "volume": made.volume,
        "pages": made.pages,
        "doi": made.doi,
    }
    return {**plain, **({"source": source} if source else {}), **changed}


def doubtful(number: int) -> tuple[Row, Row]:
    """Two rows that only a person can tell apart: nothing but the title speaks for one work."""
    title = made_work(number, random.Random(number)).title
    return (
        {"title": title, "authors": ["Kenji Ono"], "year": "2012", "container": "Made Eel Journal"},
        {"title": title, "year": "2013"},
    )


def answer(folder: Path, out: str, files: Mapping[str, Sequence[Row]], *options: str) -> Any:
    """The summary of a run over files that are written for it."""
    place = folder / f"{out}-files"
    place.mkdir(exist_ok=True)
    paths = [write(place / name, rows) for name, rows in files.items()]
    run = here("dedupe", *paths, "--out", out, *options, "--json", cwd=folder)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def ids_by_doi(out: Path) -> dict[str, str]:
    """The id of the work of each DOI."""
    return {
        line["canonical"]["doi"]: line["work_id"]
        for line in lines(out / "works.jsonl")
        if line["canonical"].get("doi")
    }


def sheet(out: Path) -> list[Row]:
    """The rows of to-check.csv."""
    with (out / "piles/to-check.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def judge(out: Path, words: Iterable[str]) -> int:
    """Write words into the column `judgement`, from the first row on; how many rows there are."""
    rows = sheet(out)
    for one, word in zip(rows, words, strict=False):
        one["judgement"] = word
    with (out / "piles/to-check.csv").open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return len(rows)


JANUARY = range(40)
APRIL = range(40, 52)  # 30 % more
DOUBTS = [doubtful(number) for number in range(105, 109)]


@pytest.fixture
def january(tmp_path: Path) -> Path:
    """A search answered in January: forty works of two databases, four doubtful pairs."""
    found = {
        "scopus.jsonl": [*map(row, JANUARY), *(left for left, _ in DOUBTS)],
        "pubmed.jsonl": [
            *(row(number, volume="", pages="") for number in range(0, 40, 4)),
            *(right for _, right in DOUBTS),
        ],
    }
    summary = answer(tmp_path, "january", found)
    assert summary["works"] == 48
    assert len(sheet(tmp_path / "january")) == 4
    return tmp_path


def all_again(*, new: Iterable[int] = APRIL) -> dict[str, list[Row]]:
    """The whole search repeated: other names of files, rows moved, some corrected, new ones."""
    choose = random.Random(7)
    scopus = [row(number) for number in (*JANUARY, *new)] + [left for left, _ in DOUBTS]
    for at in range(0, len(scopus), 5):  # as a database corrects them
        scopus[at] = {**scopus[at], "pages": "", "abstract": "We report what we found in May."}
    pubmed = [row(number, volume="", pages="") for number in (*range(0, 40, 4), 41, 45)]
    pubmed += [right for _, right in DOUBTS]
    choose.shuffle(scopus)
    choose.shuffle(pubmed)
    return {"scopus-2.jsonl": scopus, "medline.jsonl": pubmed}


def only_new() -> dict[str, list[Row]]:
    """Files that hold what the databases added since January."""
    return {"scopus-new.jsonl": [row(n) for n in APRIL], "pubmed-new.jsonl": [row(41), row(45)]}


@pytest.mark.parametrize("found", [all_again(), only_new()], ids=["all again", "only new"])
def test_works_keep_their_ids_and_what_is_new_is_said(
    found: dict[str, list[Row]], january: Path
) -> None:
    summary = answer(january, "april", found, "--since", "january", "--export", "ris")

    before, after = ids_by_doi(january / "january"), ids_by_doi(january / "april")
    assert before.items() <= after.items()
    new = lines(january / "april/new.jsonl")
    assert {line["canonical"]["doi"] for line in new} == {f"10.5555/made.{n}" for n in APRIL}
    assert summary["since"]["works"] == {"known": 48, "grown": 0, "new": 12}
    assert (january / "april/new.ris").read_text("utf-8").count("TY  - ") == 12
    report = (january / "april/report.html").read_text("utf-8")
    assert "<dt>new works since <bdi>january</bdi></dt><dd>12</dd>" in report
    assert "<dt>works known from there</dt><dd>48</dd>" in report


@pytest.mark.parametrize("found", [all_again(), only_new()], ids=["all again", "only new"])
def test_what_was_judged_holds_and_is_not_asked_again(
    found: dict[str, list[Row]], january: Path
) -> None:
    """Same, different and unsure are answers; what nobody judged is asked again, and said so."""
    assert judge(january / "january", ["same", "different", "unsure", ""]) == 4

    first = answer(january, "april", found, "--since", "january")
    left = sheet(january / "april")
    judged = lines(january / "april/judgements.jsonl")

    assert len(left) == first["since"]["asked_again"] == 1
    assert sorted(one["judgement"] for one in judged) == ["distinct", "duplicate", "review"]
    assert first["since"]["works"] == {"known": 47, "grown": 0, "new": 12}
    assert first["since"]["redirected"] == merged(january / "january", january / "april")
    assert len(first["since"]["redirected"]) == 1

    judge(january / "april", ["different"])
    second = answer(january, "april", found, "--since", "january")

    assert second["pairs"]["review"] == 0
    assert second["since"] == {**first["since"], "asked_again": 0}


def merged(before: Path, after: Path) -> dict[str, str]:
    """The ids that are no more, and the work that has their records now."""
    home = {name: line["work_id"] for line in lines(after / "works.jsonl")
            for name in line["records"]}  # fmt: skip
    return {
        line["work_id"]: home[line["records"][0]]
        for line in lines(before / "works.jsonl")
        if line["work_id"] not in home.values()
    }


def test_a_pair_between_two_works_that_were_asked_about_is_not_asked_of_their_new_copies(
    january: Path,
) -> None:
    """April has both records of a doubtful pair under other names: four pairs, no question."""
    judge(january / "january", ["different", "different", "unsure", "unsure"])
    found = {"embase.jsonl": [{**one, "volume": "3"} for pair in DOUBTS for one in pair]}

    summary = answer(january, "april", found, "--since", "january")

    assert summary["pairs"]["review"] == 0
    assert summary["since"]["works"] == {"known": 48, "grown": 0, "new": 0}


def test_a_new_doubt_about_a_known_work_is_asked(january: Path) -> None:
    left, other = doubtful(120)
    answer(january, "february", {"more.jsonl": [left]}, "--since", "january")

    summary = answer(january, "march", {"last.jsonl": [other]}, "--since", "february")

    assert summary["since"]["works"] == {"known": 49, "grown": 0, "new": 1}
    assert [one["title_left"] for one in sheet(january / "march")].count(left["title"]) == 1
    assert summary["since"]["asked_again"] == len(sheet(january / "march")) - 1


def test_the_counts_of_the_flow_diagram_are_those_of_an_update(january: Path) -> None:
    """Rows = there already + duplicates among the new + to screen, and what was before."""
    summary = answer(january, "april", all_again(), "--since", "january")

    prisma = summary["prisma"]
    assert prisma["previous_records"] == 58
    assert prisma["previous_works"] == 48
    assert prisma["records_identified"] == 40 + 12 + 4 + 10 + 2 + 4
    assert prisma["records_to_screen"] == 12
    assert prisma["duplicates_among_the_new"] == 2
    assert prisma["records_there_already"] == 58
    assert prisma["duplicate_records_removed"] == 60
    assert prisma["records_in_pairs_to_check"] == 0
    assert summary["rows"]["repeated"] == 0
    assert summary["since"]["rows"] == {"known": 58, "grown": 0, "new": 14}


def test_a_preprints_article_makes_the_known_work_grow(tmp_path: Path) -> None:
    """Its row is neither new nor a repetition: another report of a study that was there."""
    article = row(3)
    preprint = {**article, "doi": "10.48550/arxiv.2101.00001", "container": "arXiv",
                "volume": "", "pages": "", "type": "preprint"}  # fmt: skip
    answer(tmp_path, "january", {"a.jsonl": [preprint, row(4)]})

    summary = answer(tmp_path, "april", {"b.jsonl": [article, row(5)]}, "--since", "january")

    assert summary["since"]["works"] == {"known": 1, "grown": 1, "new": 1}
    assert summary["since"]["rows"] == {"known": 0, "grown": 1, "new": 1}
    marked = lines(tmp_path / "april/marked/b.jsonl")
    assert [one["since"] for one in marked] == ["grown", "new"]


def test_a_chain_of_searches_keeps_ids_and_counts_all_before(january: Path) -> None:
    """January, April, July: each goes on from the last."""
    judge(january / "january", ["same", "different", "unsure", "unsure"])
    answer(january, "april", only_new(), "--since", "january")
    july = {**all_again(new=range(40, 60)), "last.jsonl": [row(61)]}

    summary = answer(january, "july", july, "--since", "april")

    ids = [ids_by_doi(january / out) for out in ("january", "april", "july")]
    assert ids[0].items() <= ids[1].items() <= ids[2].items()
    assert summary["since"]["works"] == {"known": 59, "grown": 0, "new": 9}
    assert summary["prisma"]["previous_records"] == 58 + 14
    assert summary["pairs"]["review"] == 0
    assert len(lines(january / "july/judgements.jsonl")) == 4
    with closing(EmbeddedEngine(str(january / "july/index"), create=False)) as engine:
        holdings = Holdings(engine)
        for line in (*lines(january / "january/works.jsonl"), *lines(january / "april/new.jsonl")):
            assert holdings.living(line["work_id"]).work_id, line["work_id"]


def test_other_policies_than_then_are_told(tmp_path: Path) -> None:
    """A work of January that falls apart by them keeps its id in its larger part."""
    article = row(3)
    preprint = {**article, "doi": "10.48550/arxiv.2101.00001", "container": "arXiv",
                "volume": "", "pages": "", "type": "preprint"}  # fmt: skip
    answer(tmp_path, "january", {"a.jsonl": [preprint, article, {**article, "issue": "1"}]})
    (work,) = lines(tmp_path / "january/works.jsonl")
    file = write(tmp_path / "b.jsonl", [row(4)])

    run = here("dedupe", file, "--since", "january", "--collapse", "no-preprint", "--out", "april",
               "--json", cwd=tmp_path)  # fmt: skip

    assert "january counted as one work duplicate, preprint" in run.stderr
    assert json.loads(run.stdout)["since"]["split_off"] == 1
    assert {len(line["records"]) for line in lines(tmp_path / "april/works.jsonl")
            if line["work_id"] == work["work_id"]} == {2}  # fmt: skip


def state(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(one): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_the_earlier_answer_is_never_changed(january: Path) -> None:
    judge(january / "january", ["same", "different"])
    before = state(january / "january")

    answer(january, "april", all_again(), "--since", "january")

    assert state(january / "january") == before


def test_an_answer_may_go_on_from_itself(january: Path) -> None:
    """One folder for all searches: what it held before the run is what was there."""
    judge(january / "january", ["same", "different", "unsure", "unsure"])
    before = ids_by_doi(january / "january")

    summary = answer(january, "january", only_new(), "--since", "january")
    again = answer(january, "january", only_new(), "--since", "january")

    assert before.items() <= ids_by_doi(january / "january").items()
    assert summary["since"]["works"] == {"known": 47, "grown": 0, "new": 12}
    assert again["since"]["works"] == {"known": 59, "grown": 0, "new": 0}
    assert again["pairs"]["review"] == 0


def test_rows_that_are_numbered_anew_take_nobodys_place(tmp_path: Path) -> None:
    """Row 1 of April's export is another record than row 1 of January's, under one name."""
    answer(tmp_path, "january", {"hits.jsonl": [{**row(n), "id": str(n)} for n in range(10)]})
    april = [{**row(n), "id": str(at)} for at, n in enumerate((20, 3, 2, 21, 4))]

    summary = answer(tmp_path, "april", {"hits.jsonl": april}, "--since", "january")

    assert summary["since"]["works"] == {"known": 10, "grown": 0, "new": 2}
    assert summary["since"]["rows"] == {"known": 3, "grown": 0, "new": 2}
    before, after = ids_by_doi(tmp_path / "january"), ids_by_doi(tmp_path / "april")
    assert before.items() <= after.items()


def test_without_an_earlier_answer_nothing_says_since(january: Path) -> None:
    for name in ("works.jsonl", "summary.json", "piles/unique.csv", "piles/duplicates.csv",
                 "marked/scopus.jsonl"):  # fmt: skip
        assert "since" not in (january / "january" / name).read_text("utf-8").casefold()
    assert not (january / "january/new.jsonl").exists()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda old: shutil.rmtree(old), "holds no index"),
        (lambda old: (old / "index/samework.sqlite").unlink(), "holds no index"),
        (lambda old: (old / "index/samework.sqlite").write_bytes(b"no database"), "index"),
        (lambda old: (old / ".samework-answer/ready").mkdir(), "interrupted"),
    ],
)
def test_what_is_no_whole_answer_is_refused_and_nothing_is_written(
    make: Any, said: str, january: Path
) -> None:
    make(january / "january")
    file = write(january / "new.jsonl", [row(60)])

    run = here("dedupe", file, "--out", "april", "--since", "january", cwd=january)

    assert run.returncode == 1, run.stdout
    assert said in run.stderr
    assert "january" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (january / "april").exists()


def test_the_library_goes_on_from_an_answer_too(january: Path) -> None:
    """The run in memory says of each work what it is, and may be judged and written."""
    rows = [row(41), row(2)]

    with sw.dedupe(rows, since=january / "january") as run:
        said = {work["canonical"].get("doi"): work["since"] for work in run.works}
        doubt = next(iter(run.review))
        run.judge([{**doubt, "judgement": "same"}])
        assert len(run.review) == 3
        run.write(january / "april")
        assert run.works.columns[1] == "since"

    assert said["10.5555/made.41"] == "new"
    assert said["10.5555/made.2"] == "known"
    assert len(lines(january / "april/new.jsonl")) == 1
    with pytest.raises(PreviousError, match="holds no index"):
        sw.dedupe(rows, since=january / "nowhere")


@pytest.mark.parametrize("again", [True, False], ids=["all again", "only new"])
@pytest.mark.timeout(300)
def test_a_labelled_search_repeated_in_april(
    again: bool, shared_data: Shared, tmp_path: Path
) -> None:
    """
    The stroke review of ../shared: three rows of thirteen are there in April only.

    Nothing is doubtful there and the program errs nowhere, so the reviewer contradicts it.
    """
    folder = shared_data("sr_stroke")
    with gzip.open(folder / "records.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    truth = dict(
        line.split("\t")[:2] for line in (folder / "truth.tsv").read_text("utf-8").splitlines()
    )
    later = [one for at, one in enumerate(rows) if at % 13 in (3, 7, 11)]
    first = [one for at, one in enumerate(rows) if at % 13 not in (3, 7, 11)]
    answer(tmp_path, "january", {"stroke.jsonl": first})
    asked = judged_by_hand(tmp_path / "january")
    april = [*map(corrected, range(len(first)), first), *later] if again else later
    random.Random(5).shuffle(april)
    renamed = [{**one, "id": f"again_{one['id']}"} for one in april]

    summary = answer(tmp_path, "april", {"stroke-april.jsonl": renamed}, "--since", "january")

    home = {
        name: line["work_id"]
        for line in lines(tmp_path / "april/works.jsonl")
        for name in line["records"]
    }
    ended = merged(tmp_path / "january", tmp_path / "april")
    assert summary["since"]["redirected"] == ended
    assert summary["since"]["split_off"] == 5
    for (left, right), word in asked.items():
        if word != "unsure":
            assert (home[left] == home[right]) == (word == "same")
    told = {frozenset((one["left"], one["right"])) for one in sheet(tmp_path / "april")}
    assert told.isdisjoint(map(frozenset, asked))
    works_asked = {frozenset((home[left], home[right])) for left, right in asked}
    assert works_asked.isdisjoint(frozenset(home[name] for name in pair) for pair in told)
    check_what_is_new(summary, tmp_path / "april", truth, {truth[one["id"]] for one in first})


def corrected(at: int, one: Row) -> Row:
    """A row as the database has it in April: each eighth without its pages or issue."""
    return {**one, ("issue", "pages")[at % 2]: ""} if at % 8 == 0 else one


def judged_by_hand(out: Path) -> dict[tuple[str, str], str]:
    """A sheet beside the pile: five pairs that were joined are not the same, five related are."""
    joined = [(*line["records"][:2],) for line in lines(out / "works.jsonl") if line["records"][1:]]
    related = [one for one in lines(out / "pairs.jsonl") if one["verdict"] == "related"]
    words = ["same"] * 5 + ["unsure"] * 10
    said = dict.fromkeys(joined[:5], "different")
    said |= {(one["left"], one["right"]): word for one, word in zip(related, words, strict=False)}
    with (out / "piles/to-check-judged.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["left", "right", "judgement"])
        table.writerows([*pair, word] for pair, word in said.items())
    return said


def check_what_is_new(summary: Row, out: Path, truth: Mapping[str, str], before: set[str]) -> None:
    """The counts add up, and nearly every work that is called new is, and is called so."""
    prisma = summary["prisma"]
    assert prisma["records_identified"] == (
        prisma["records_there_already"]
        + prisma["duplicates_among_the_new"]
        + prisma["records_to_screen"]
    )
    new = [
        {truth[name.removeprefix("again_")] for name in line["records"]}
        for line in lines(out / "new.jsonl")
    ]
    assert len(new) == prisma["records_to_screen"] == summary["since"]["works"]["new"]
    right = sum(works.isdisjoint(before) for works in new)
    found = {work for works in new for work in works} - before
    there = set(truth.values()) - before
    assert right >= 0.98 * len(new)
    assert len(found) >= 0.98 * len(there)


def test_a_sheet_handed_over_beside_all_files_asks_none_of_its_pairs_again(january: Path) -> None:
    """Without --since: the files of both searches, and January's sheet."""
    judge(january / "january", ["same", "different", "unsure", "unsure"])
    old = [*sorted((january / "january-files").iterdir())]
    new = {**all_again(), "third.jsonl": [{**left, "issue": "4"} for left, _ in DOUBTS]}
    place = january / "new"
    place.mkdir()
    files = [*old, *(write(place / name, rows) for name, rows in new.items())]
    given = "january/piles/to-check.csv"

    run = here("dedupe", *files, "--judgements", given, "--out", "all", "--json", cwd=january)

    summary = json.loads(run.stdout)
    assert summary["pairs"]["review"] == 0
    assert sheet(january / "all") == []
    assert summary["works"] == 47 + 12


@pytest.mark.parametrize("word", ["same", "different"])
def test_judging_a_run_ends_as_running_with_the_judgement(word: str, january: Path) -> None:
    """Ids too: what was merged by the program and is parted by a person has its old id back."""
    rows = [row(41), row(2), {**row(3), "doi": "", "pages": ""}]
    told: list[Row] = []
    with sw.dedupe(rows, since=january / "january") as run:
        pairs = run.review if word == "same" else run.pairs
        wanted = "review" if word == "same" else "duplicate"
        told = [{**one, "judgement": word} for one in pairs if one["verdict"] == wanted]
        run.judge(told)
        once = list(run.works)

    with sw.dedupe(rows, since=january / "january") as run:
        run.judge(told[:1])
        run.judge(told)
        names = {line["work_id"]: line["records"] for line in run.works}
        assert names == {line["work_id"]: line["records"] for line in once}
        run.write(january / "judged")
    path = sheet_of(january / "told.csv", told)
    with sw.dedupe(rows, since=january / "january", judgements=[path]) as run:
        assert {line["work_id"]: line["records"] for line in run.works} == names
    assert {line["work_id"]: line["records"] for line in lines(january / "judged/works.jsonl")} \
        == names  # fmt: skip


def sheet_of(file: Path, rows: Sequence[Row]) -> Path:
    """A sheet with nothing but names and judgements."""
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(["left", "right", "judgement"])
        table.writerows([one["left"], one["right"], one["judgement"]] for one in rows)
    return file


def test_two_works_that_the_program_merges_and_a_person_parts_are_the_two_they_were(
    tmp_path: Path,
) -> None:
    """April's row ties two of January's works; `different` gives both ids back."""
    left, right = doubtful(107)
    tie = {**left, "doi": "10.5555/other"}
    found = [left, {**right, "doi": "10.5555/other"}, *map(row, JANUARY)]
    answer(tmp_path, "january", {"a.jsonl": found})
    before = {line["work_id"] for line in lines(tmp_path / "january/works.jsonl")}
    assert len(before) == 42

    summary = answer(tmp_path, "april", {"b.jsonl": [tie]}, "--since", "january")
    assert len(summary["since"]["redirected"]) == 1

    with sw.dedupe([tie], since=tmp_path / "january") as run:
        (merged_work,) = [one["records"] for one in run.works if len(one["records"]) == 3]
        of_january = [name for name in merged_work if name.startswith("a.jsonl")]
        run.judge([{"left": of_january[0], "right": of_january[1], "verdict": "different"}])
        assert {line["work_id"] for line in run.works} == before
        assert run.summary["since"]["redirected"] == {}
        assert run.summary["since"]["conflicts"] == 1


def test_keys_of_another_release_are_made_anew(january: Path) -> None:
    """Who upgraded between two searches goes on all the same; a file of the future is refused."""
    with closing(sqlite3.connect(january / "january/index/samework.sqlite")) as index, index:
        index.execute("UPDATE meta SET value = 'keys-0' WHERE name LIKE 'keys_version_%'")

    summary = answer(january, "april", only_new(), "--since", "january")

    assert summary["since"]["works"] == {"known": 48, "grown": 0, "new": 12}
    with closing(sqlite3.connect(january / "january/index/samework.sqlite")) as index, index:
        index.execute("UPDATE meta SET value = '99' WHERE name = 'layout'")
    run = here("dedupe", january / "april-files/scopus-new.jsonl", "--out", "may",
               "--since", "january", cwd=january)  # fmt: skip
    assert run.returncode == 1
    assert "layout '99'" in run.stderr
    assert "--since 'january'" in run.stderr
    assert not (january / "may").exists()


def test_several_processes_give_the_same_answer(january: Path) -> None:
    judge(january / "january", ["same"])
    options = ("--since", "january", "--export", "csv", "--export", "bibtex")

    answer(january, "one", all_again(), *options, "--workers", "1")
    shutil.rmtree(january / "one-files")
    (january / "one").rename(january / "first")
    answer(january, "one", all_again(), *options, "--workers", "2")

    for file in (january / "first").rglob("*"):
        name = file.relative_to(january / "first")
        if file.is_file() and name.suffix in (".jsonl", ".csv", ".bib", ".html"):
            assert (january / "one" / name).read_bytes() == file.read_bytes(), name


def test_kept_rows_and_their_exports_tell_new_from_known(january: Path) -> None:
    """--keep one: new.ris has the rows as they came, kept.csv all works with what each is."""
    text = "TY  - JOUR\nTI  - {title}\nAU  - {who}\nPY  - {year}\nDO  - {doi}\nER  - \n\n"
    found = [row(41), row(2)]
    ris = [
        text.format(title=one["title"], who=one["authors"][0], year=one["year"], doi=one["doi"])
        for one in found
    ]
    (january / "hits.ris").write_text("".join(ris), "utf-8")

    run = here("dedupe", "hits.ris", "--since", "january", "--out", "april", "--keep", "one",
               "--export", "ris", "--export", "csv", cwd=january)  # fmt: skip

    assert run.returncode == 0, run.stderr
    assert (january / "april/new.ris").read_text("utf-8") == ris[0]
    with (january / "april/kept.csv").open(encoding="utf-8-sig", newline="") as file:
        told = [one["since"] for one in csv.DictReader(file)]
    assert sorted(told) == ["known"] * 48 + ["new"]
    kept = (january / "april/kept/hits.ris").read_text("utf-8")
    assert kept.count("samework since: new") == kept.count("samework since: ") == 1


def test_marks_of_a_repeated_search_are_no_part_of_a_record(january: Path) -> None:
    """A marked file of April is handed in in July: its rows are the ones they were."""
    answer(january, "april", only_new(), "--since", "january")
    marked = sorted((january / "april/marked").iterdir())

    run = here("dedupe", *marked, "--since", "april", "--out", "july", "--json", cwd=january)

    said = json.loads(run.stdout)["since"]
    assert said["works"] == {"known": 60, "grown": 0, "new": 0}
    assert {one["since"] for file in (january / "july/marked").iterdir() for one in lines(file)} \
        == {"known"}  # fmt: skip


def test_labels_of_january_go_with_its_works(tmp_path: Path) -> None:
    """What was screened then is told of the same work in April's exports."""
    answer(tmp_path, "january", {"a.jsonl": [{**row(1), "included": "yes"}, row(2)]})
    again = {**row(1), "pages": "", "issue": "2"}

    answer(tmp_path, "april", {"b.jsonl": [again]}, "--since", "january", "--export", "csv")

    with (tmp_path / "april/works.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {one["doi"]: one["included"] for one in csv.DictReader(file)}
    assert told == {"10.5555/made.1": "yes", "10.5555/made.2": ""}


def test_a_record_that_its_feed_deleted_since_is_gone_and_counted(tmp_path: Path) -> None:
    """April says that it is no more: its work is told as gone, its row as withdrawn."""
    first = [row(1, source="oai", id="1"), row(2, source="oai", id="2")]
    answer(tmp_path, "january", {"a.jsonl": first})
    deleted = {"id": "1", "source": "oai", "title": "Gone", "deleted": True}

    summary = answer(tmp_path, "april", {"b.jsonl": [deleted, row(3)]}, "--since", "january")

    assert summary["since"]["works"] == {"known": 1, "grown": 0, "new": 1}
    assert summary["since"]["gone"] == 1
    assert summary["prisma"]["records_withdrawn"] == 1


def test_a_source_that_promises_no_duplicates_does_so_for_one_search(tmp_path: Path) -> None:
    """April's corrected row of it is the work that it was, and the run says why."""
    answer(tmp_path, "january", {"a.jsonl": [row(n, source="scopus") for n in range(9)]})
    april = [{**row(n, source="scopus"), "pages": ""} for n in range(7, 12)]
    file = write(tmp_path / "b.jsonl", april)

    run = here("dedupe", file, "--since", "january", "--unique-source", "scopus", "--out",
               "april", "--json", cwd=tmp_path)  # fmt: skip

    assert json.loads(run.stdout)["since"]["works"] == {"known": 9, "grown": 0, "new": 3}
    assert "--unique-source scopus is not held to: january has records of it" in run.stderr
