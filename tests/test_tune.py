"""`samework tune`: weights refitted to one's own judgements; all records and labels are made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from detector.comparisons import COLUMN, COMPARISONS, NAMES
from detector.comparisons.base import codes
from detector.decision.weights import Weights
from detector.errors import JudgementError, TuningError
from detector.evaluation.truth import SAME, Label, Truth, pair_of
from detector.fitting import refit
from detector.fitting.fit import LabelledSet, fit, others_of
from detector.fitting.refit import Compared, compared, tuned
from detector.judgements.judgement_sheet import judged_pairs, read_sheet
from indexer.index.embedded import EmbeddedEngine
from indexer.records import Occurrence, Record
from tests.command import here, samework
from tests.pair_tables import Case, cases_of, tables


def made_cases() -> list[Case]:
    """Every made pair of the hard kinds."""
    return [case for table in tables() for case in cases_of(table)]


def made_labels(cases: list[Case]) -> Truth:
    return Truth(pairs={
        pair_of(case.left.record_id, case.right.record_id): Label("1" if case.joined else "0")
        for case in cases
    })  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    records = [record for case in made_cases() for record in (case.left, case.right)]
    engine = EmbeddedEngine(str(tmp_path_factory.mktemp("index")))
    rows = [Occurrence(one, "made.jsonl", at, at + 1) for at, one in enumerate(records)]
    try:
        return compared(rows, engine)
    finally:
        engine.close()


def test_what_is_refitted_can_be_loaded_and_is_judged_on_every_fold(found: Compared) -> None:
    """`--weights` takes what `tune` writes, and no fold is left out of the comparison."""
    result = tuned(found, made_labels(made_cases()), Weights.load())

    plain = json.loads(json.dumps(result.weights.to_dict()))
    assert np.array_equal(Weights.from_dict(plain).table, result.weights.table)
    assert sum(refitted.pairs for _, refitted in result.folds) == result.refitted.pairs
    assert len(result.folds) == refit.FOLDS


def test_labels_that_contradict_the_weights_move_them(found: Compared) -> None:
    """A user's own policy is learnt: here, that what the tables call one work is not."""
    cases = made_cases()
    upside_down = Truth(pairs={
        pair: Label("0" if label.same_work else "1")
        for pair, label in made_labels(cases).pairs.items()
    })  # fmt: skip

    result = tuned(found, upside_down, Weights.load())

    assert result.better
    assert result.refitted.loss < 0.7 * result.given.loss


def test_numbers_of_databases_leave_to_pages_what_pages_tell() -> None:
    """Most collections have none: beside them the pages still count nearly whole."""
    pages = fit([two_publications(numbered=False)])
    numbered = fit([two_publications(numbered=True)])

    page, number = (COLUMN[name] for name in ("page", "identifier"))
    told = numbered.table[page, level_of("page", "differ")]
    assert told < 0.9 * pages.table[page, level_of("page", "differ")] < 0
    assert numbered.table[number, level_of("identifier", "differ")] < 0


def two_publications(numbered: bool) -> LabelledSet:
    """Pairs of one title: the true ones agree in pages, the false ones differ there."""
    label = np.arange(400) < 200
    levels = np.zeros((400, len(COMPARISONS)), np.int8)
    levels[:, COLUMN["title"]] = level_of("title", "exact")
    levels[label, COLUMN["page"]] = level_of("page", "both")
    levels[~label, COLUMN["page"]] = level_of("page", "differ")
    if numbered:
        levels[~label, COLUMN["identifier"]] = level_of("identifier", "differ")
    return LabelledSet("made", levels, label)


def level_of(comparison: str, name: str) -> int:
    return codes(COMPARISONS[COLUMN[comparison]].levels)[name]


def test_few_judgements_leave_the_thresholds_alone(found: Compared) -> None:
    """A precision of 0.998 cannot be shown by a hundred pairs."""
    given = Weights.load()

    weights = tuned(found, made_labels(made_cases()[:200]), given).weights

    assert (weights.merge_at, weights.review_at) == (given.merge_at, given.review_at)


def test_true_pairs_of_a_work_stand_in_one_fold() -> None:
    """A work in two folds would let the fit see what it is judged by."""
    pairs = [("b", "c"), ("a", "b"), ("x", "y"), ("c", "d")]
    works = Truth(pairs=dict.fromkeys(pairs, SAME)).works()

    assert len({works[name] for name in "abcd"}) == 1
    assert works["x"] == works["y"] != works["a"]


def test_too_few_judgements_are_an_error_with_the_next_step(found: Compared) -> None:
    """Ten pairs fit nothing; the message says how to get more."""
    with pytest.raises(TuningError, match="at least 20 of each; judge more of the to-check"):
        tuned(found, made_labels(made_cases()[:10]), Weights.load())


def test_a_filled_sheet_is_labels(tmp_path: Path) -> None:
    """What people wrote into to-check.csv needs no rewriting; the unsure say nothing."""
    sheet = tmp_path / "to-check.csv"
    sheet.write_text("left,right,judgement\nb,a,same\na,c,different\nb,c,unsure\n", "utf-8")

    truth = judged_pairs(sheet, {name: f"made:{name}" for name in "abc"})

    assert truth.same("a", "b") is True
    assert truth.same("a", "c") is False
    assert truth.same("b", "c") is None
    with pytest.raises(JudgementError):
        judged_pairs(sheet, {"a": "made:a"})


@pytest.mark.parametrize(
    ("word", "kind", "verdict"),
    [
        ("same", "preprint", "version"),
        ("same", "", "duplicate"),
        ("duplicate", "preprint", "duplicate"),
        ("version", "", "version"),
    ],
)
def test_same_leaves_the_versions_to_the_sheet(
    word: str, kind: str, verdict: str, tmp_path: Path
) -> None:
    """Who says that a preprint and its article are one work does not say they are one text."""
    sheet = tmp_path / "to-check.csv"
    sheet.write_text(f"left,right,judgement,kind\na,b,{word},{kind}\n", "utf-8")

    (found,) = read_sheet(sheet).rows

    assert found.verdict == verdict


def test_the_command_writes_weights_that_a_run_takes(tmp_path: Path) -> None:
    """From two files to a run with the new weights."""
    cases = [case for table in ("parts", "preprints", "versions") for case in cases_of(table)]
    records = [record for case in cases for record in (case.left, case.right)]
    _write_records(tmp_path / "r.jsonl", records)
    rows = [f"{case.left.record_id}\t{case.right.record_id}\t{int(case.joined)}" for case in cases]
    (tmp_path / "labels.tsv").write_text("\n".join(rows) + "\n", "utf-8")

    done = here("tune", "--labels", "labels.tsv", "--records", "r.jsonl", "--out", "w.json",
                cwd=tmp_path)  # fmt: skip
    run = here("evaluate", "--records", "r.jsonl", "--truth", "labels.tsv",
               "--weights", "w.json", cwd=tmp_path)  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "given" in done.stdout
    assert "refitted" in done.stdout
    assert run.returncode == 0, run.stderr


def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    """No run needs the solvers, so many installations have none."""
    (tmp_path / "scipy").mkdir()
    (tmp_path / "scipy/__init__.py").touch()
    (tmp_path / "scipy/integrate.py").write_text("quad = None  # all that signatures may ask for\n")
    gone = "raise ModuleNotFoundError(name='scipy')\n"
    for name in ("optimize", "sparse"):
        (tmp_path / f"scipy/{name}.py").write_text(gone)

    done = samework("tune", "--labels", "l.tsv", "--records", "r.jsonl", cwd=tmp_path,
                    env={"PYTHONPATH": str(tmp_path)})  # fmt: skip

    assert done.returncode == 1
    assert "pip install 'samework[tune]'" in done.stderr


def _write_records(path: Path, records: list[Record]) -> None:
    lines = (json.dumps({**one.to_dict(), "id": one.record_id}) for one in records)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def set_of(name: str, origin: str = "", made_of: Sequence[str] = ()) -> LabelledSet:
    """Two pairs of a set, or as many as there are bases."""
    pairs = len(made_of) or 2
    bases = np.array(made_of) if made_of else None
    rows = np.zeros((pairs, len(NAMES)), np.int8)
    return LabelledSet(name, rows, np.arange(pairs) % 2 == 0, origin=origin, made_of=bases)


def test_a_set_that_is_left_out_takes_along_what_is_made_of_its_records() -> None:
    """A kind that was made of a set's records would tell the fit what these look like."""
    kind = set_of("kind", made_of=["first", "second", "first second", "second"])

    left = others_of(set_of("first"), [set_of("first"), set_of("second"), kind])

    assert [(pairs.name, len(pairs.label)) for pairs in left] == [("second", 2), ("kind", 2)]


def test_a_set_and_itself_written_anew_are_left_out_together() -> None:
    """They have the same pairs; and a kind of the set's records tells of both."""
    sets = [set_of("first"), set_of("dirty", "first"), set_of("kind", made_of=["first", "other"])]

    by_set, by_rewritten = (others_of(tested, sets) for tested in sets[:2])

    for left in (by_set, by_rewritten):
        assert [(pairs.name, len(pairs.label)) for pairs in left] == [("kind", 1)]


def test_a_kind_that_is_left_out_leaves_the_sets_of_its_records() -> None:
    """It asks whether the others teach a kind that nobody had labelled."""
    kind = set_of("kind", made_of=["first", "first"])

    left = others_of(kind, [set_of("first"), kind, set_of("other kind", made_of=["first"])])

    assert [pairs.name for pairs in left] == ["first", "other kind"]
