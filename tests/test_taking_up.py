"""What people judge is taken up on any index: names, repeats, people who disagree."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.decision.verdicts import Verdict
from detector.detecting.pipeline import Detector
from detector.errors import JudgementError, PairError
from detector.judgements.judged_lines import read_judgements
from detector.judgements.taking_up import Said, TakenUp, Taking, take_up, take_up_pair
from detector.questions.work_names import work_meant
from indexer.index.embedded import EmbeddedEngine
from indexer.ingesting.runs import runs
from indexer.records import Author, Record
from tests.replaying import replayed, stored
from tests.works_compared import arrive, compared, homes, largest, loners


def said(left: str, right: str, word: str, **more: str) -> dict[str, str]:
    return {"left": left, "right": right, "judgement": word, **more}


def file_of(folder: Path, *rows: dict[str, Any]) -> Path:
    file = folder / "said.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def taken(detector: Detector, folder: Path, *rows: dict[str, Any], by: str = "ada") -> TakenUp:
    """Of rows as JSON Lines."""
    return take_up(detector, read_judgements(file_of(folder, *rows)), Taking("judge", by))


def test_a_judgement_keeps_who_when_why_and_what_the_program_had_said(
    detector: Detector, tmp_path: Path
) -> None:
    first, *_, last = largest(detector)
    row = said(first, last, "different", at="2026-05-31", why="two canals")

    told = taken(detector, tmp_path, row)

    (kept,) = detector.holdings.judgements([first])
    assert told.taken == [kept]
    assert (kept.by, kept.why, kept.verdict) == ("ada", "two canals", Verdict.DISTINCT)
    assert kept.at.startswith("2026-05-31T00:00:00")
    decision = detector.holdings.decisions_about([first]).get(kept.pair)
    assert kept.said == (f"{decision.saying} {decision.probability:.2f}" if decision else "")
    assert len(set(homes(detector, first, last))) == 2
    assert {event["event"] for event in told.events} >= {"left", "split"}
    (run,) = [one for one in runs(detector.engine) if one.command == "judge"]
    assert (run.run, run.by) == (told.run, "ada")
    assert replayed(detector.engine) == stored(detector.engine)


def test_the_same_file_again_changes_nothing(detector: Detector, tmp_path: Path) -> None:
    left, right, other = loners(detector)[:3]
    rows = [said(left, right, "same"), said(left, other, "different", by="bo")]
    first = taken(detector, tmp_path, *rows)
    log = list(detector.engine.log())
    works = stored(detector.engine)

    again = taken(detector, tmp_path, *rows, *reversed(rows))

    assert (len(first.taken), len(first.unchanged)) == (2, 0)
    assert (len(again.taken), len(again.unchanged), again.run) == (0, 4, "")
    assert list(detector.engine.log()) == log
    assert stored(detector.engine) == works


def test_bad_rows_are_counted_with_what_to_do_and_the_rest_goes_on(
    detector: Detector, tmp_path: Path
) -> None:
    left, right = loners(detector)[:2]

    told = taken(
        detector,
        tmp_path,
        said(left, "nowhere:1", "same"),
        said(left, left, "same"),
        said(left, right, "perhaps"),
        said(left, right, "same", at="31.12.2025"),
        said(left, right, "same", at="2999-01-01"),
        {"left": left, "judgement": "same"},
        said("w00000000000000ff", right, "same"),
        said(left, right, "same"),
    )

    assert len(told.taken) == 1
    assert not told.complete
    assert [fault.split(": ")[0].rpartition(" ")[2] for fault in told.unknown] == ["1", "2", "7"]
    assert "'nowhere:1' is no record of" in told.unknown[0]
    assert "is named on both sides" in told.unknown[1]
    assert "is no work of" in told.unknown[2]
    assert [fault.split(": ")[0].rpartition(" ")[2] for fault in told.faults] == list("3456")
    assert all("expected" in fault or "one of" in fault for fault in told.faults)


def test_a_record_goes_by_the_id_that_its_input_gave(detector: Detector, tmp_path: Path) -> None:
    left, right = loners(detector)[:2]
    records = detector.engine.get([left, right])
    names = [records[name].source_id for name in (left, right)]

    told = taken(detector, tmp_path, said(names[0], names[1], "different"))

    assert [judgement.pair for judgement in told.taken] == [tuple(sorted((left, right)))]


def test_works_are_judged_on_the_pair_that_ties_them_most(
    detector: Detector, tmp_path: Path
) -> None:
    """And by any of their ids, retired ones too."""
    one, other, third = loners(detector)[:3]
    before = homes(detector, one, other, third)
    work = work_meant(detector, largest(detector)[0]).work_id

    taken(detector, tmp_path, said(before[0], before[1], "same"))
    retired = next(w for w in before[:2] if w not in homes(detector, one, other))
    taken(detector, tmp_path, said(retired, before[2], "version"), said(work, third, "different"))

    assert len(set(homes(detector, one, other, third))) == 1
    pairs = [judgement.pair for judgement in detector.holdings.judgements([third])]
    assert len(pairs) == 2
    assert {one, other} & {name for pair in pairs for name in pair}


def test_two_names_of_one_work_or_record_say_what_to_name(
    detector: Detector, tmp_path: Path
) -> None:
    first, second = largest(detector)[:2]
    work = homes(detector, first)[0]

    for names, fault in (
        ((work, first), "is a record of the work"),
        ((first, detector.engine.get([first])[first].source_id), "are one record"),
    ):
        with pytest.raises(PairError, match=fault):
            take_up_pair(detector, *names, Said(Verdict.DISTINCT), Taking("judge", "ada"))
    told = taken(detector, tmp_path, said(first, second, "same"))
    assert len(told.taken) == 1


def test_a_deleted_work_says_when_and_what_it_held(detector: Detector, tmp_path: Path) -> None:
    record_id, other = loners(detector)[:2]
    (work,) = homes(detector, record_id)
    held = detector.engine.get([record_id])[record_id]
    arrive(detector, [dataclasses.replace(held, deleted=True, updated="2026-12-01")])

    told = taken(detector, tmp_path, said(work, other, "same"))

    assert "was deleted on 2" in told.unknown[0]
    assert record_id in told.unknown[0]


def test_two_people_who_disagree_are_both_kept_and_the_later_stands(
    detector: Detector, tmp_path: Path
) -> None:
    left, right = loners(detector)[:2]
    taken(detector, tmp_path, said(left, right, "same", at="2026-01-02"))

    told = taken(detector, tmp_path, said(left, right, "different", at="2026-01-01"), by="bo")

    assert len(told.taken) == 1
    (contradiction,) = told.contradictions
    assert "bo (2026-01-01) says that they are two works" in contradiction
    assert "ada (2026-01-02) that they are one, which stands" in contradiction
    assert [one.by for one in detector.holdings.judgements([left])] == ["ada", "bo"]
    assert len(set(homes(detector, left, right))) == 1


def test_one_file_that_contradicts_itself_says_so(detector: Detector, tmp_path: Path) -> None:
    left, right = loners(detector)[:2]

    told = taken(detector, tmp_path, said(left, right, "same"), said(right, left, "different"))

    assert len(told.taken) == 2
    assert "that they are two works, which stands" in told.contradictions[0]
    assert len(set(homes(detector, left, right))) == 2


def test_who_says_again_what_somebody_contradicted_is_heard(
    detector: Detector, tmp_path: Path
) -> None:
    """But a sheet that tells no time is no new word of theirs, whenever it was saved."""
    left, right = loners(detector)[:2]
    taken(detector, tmp_path, said(left, right, "same", at="2026-01-01"))
    taken(detector, tmp_path, said(left, right, "different", at="2026-01-02"), by="bo")

    again = taken(detector, tmp_path, said(left, right, "same"))
    assert (len(again.taken), len(again.unchanged)) == (0, 1)
    heard = take_up_pair(detector, left, right, Said(Verdict.DUPLICATE), Taking("judge", "ada"))

    assert len(heard.taken) == 1
    assert len(set(homes(detector, left, right))) == 1


def test_a_new_reason_for_the_same_is_kept(detector: Detector, tmp_path: Path) -> None:
    left, right = loners(detector)[:2]
    taken(detector, tmp_path, said(left, right, "same"))

    told = taken(detector, tmp_path, said(left, right, "same", why="read both"))

    assert [one.why for one in told.taken] == ["read both"]


def test_same_is_a_version_where_the_program_says_what_sets_them_apart(
    detector: Detector, tmp_path: Path
) -> None:
    article = Record(
        "made:article", source="made", source_id="article", title="Eels of the muddy Danube delta",
        authors=(Author(name="Kenji Ono"), Author(name="Carla Due")), year="2022",
        container="Made Eel Journal", doi="10.5555/eel.1", type="article",
    )  # fmt: skip
    preprint = dataclasses.replace(
        article, record_id="arxiv:1", source="arxiv", source_id="1", year="2021", container="",
        doi="10.48550/arxiv.2112.12650", type="preprint",
    )  # fmt: skip
    arrive(detector, [article, preprint])
    left, right = "arxiv:1", "made:article"
    assert detector.holdings.decisions_about([left])[left, right].kind == "preprint"

    told = taken(detector, tmp_path, said(left, right, "same"))

    assert [one.verdict for one in told.taken] == [Verdict.VERSION]


def test_a_dry_run_tells_the_same_and_stores_nothing(detector: Detector, tmp_path: Path) -> None:
    left, right = loners(detector)[:2]
    log = list(detector.engine.log())
    file = file_of(tmp_path, said(left, right, "same"))

    would = take_up(detector, read_judgements(file), Taking("judge", "ada", dry_run=True))

    assert list(detector.engine.log()) == log
    assert not detector.holdings.judgements([left])
    assert would.run == ""
    done = take_up(detector, read_judgements(file), Taking("judge", "ada"))
    assert [e["event"] for e in would.events] == [e["event"] for e in done.events]
    assert (would.moved, len(would.taken)) == (done.moved, len(done.taken)) == (1, 1)


def test_what_was_judged_over_files_goes_over_into_an_index(
    detector: Detector, tmp_path: Path
) -> None:
    """The judgements.jsonl of an answer folder shows what both records said."""
    left, right = loners(detector)[:2]
    records = detector.engine.get([left, right])
    sides = {
        side: {"name": f"other-name-{side}", "record": _plain(records[name].to_dict())}
        for side, name in (("left", left), ("right", right))
    }

    told = taken(detector, tmp_path, {**sides, "judgement": "distinct", "at": "2026-01-01"})

    assert [one.pair for one in told.taken] == [tuple(sorted((left, right)))]


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "record_id"}


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    """Behind a mark and blank lines too."""
    file = tmp_path / "said.jsonl"
    file.write_text('\ufeff\n\n{"left": "a", "right": "b", "judgement": "same"}\n[]\n', "utf-8")

    read = read_judgements(file)

    assert [row.where for row in read.rows] == [f"{file} line 3"]
    assert read.faults[0].startswith(f"{file} line 4")


@pytest.mark.parametrize("content", ["", "{}\n", '{"left": "a"}\n', "a table of another kind\n"])
def test_a_file_without_judgements_is_an_error_or_takes_none(content: str, tmp_path: Path) -> None:
    file = tmp_path / "said"
    file.write_text(content)

    if content.startswith("{"):
        assert read_judgements(file).rows == []
    else:
        with pytest.raises(JudgementError, match="said"):
            read_judgements(file)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Detector]:
    """Over one index that no test of it changes."""
    engine = EmbeddedEngine(str(tmp_path_factory.mktemp("shared") / "index"))
    yield compared(engine)
    engine.close()


WORDS = st.sampled_from(["same", "different", "unsure", "", "perhaps", "REVIEW", " version "])
AT = st.sampled_from(["", "2026-01-01", "31.12.2025", "2999-01-01"])


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), WORDS, AT), max_size=8))
@settings(max_examples=40, deadline=None)
def test_no_row_vanishes_uncounted(shared: Detector, rows: list[tuple[int, int, str, str]]) -> None:
    """Each row with a judgement is taken, was said before, or is told with why."""
    names = [*loners(shared)[:3], "nowhere:1", "w00000000000000ff"]
    lines = [said(names[left], names[right], word, at=at) for left, right, word, at in rows]
    lines.append(said(names[0], names[1], "same"))
    with TemporaryDirectory() as folder:
        sheet = read_judgements(file_of(Path(folder), *lines))
    taking = Taking("judge", "ada", dry_run=True)

    told = take_up(shared, sheet, taking)

    became = [*told.taken, *told.unchanged, *told.unknown, *told.faults]
    assert len(became) == sum(line["judgement"] != "" for line in lines)
