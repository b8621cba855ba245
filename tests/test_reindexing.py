"""Re-index as it is asked for: only where needed, gone on with, begun anew, judged again."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.errors import NothingUnfinished
from detector.runs.reindexing import Reindexing, Wish
from indexer.index.contract import Engine
from indexer.ingesting import reindex as steps
from tests.command import here
from tests.made_records import made_collection


def filled(engine: Engine, seed: int = 41) -> Detector:
    """A detector over made records, all of them judged."""
    records = made_collection(seed, 30)
    engine.put(records, steps.keyed(records))
    detector = Detector(engine)
    detector.settle()
    return detector


def wary(weights: Weights) -> Weights:
    """The same weights, joining hardly anything."""
    return dataclasses.replace(weights, prior=weights.prior - 40)


def test_if_needed_does_nothing_where_all_is_current(engine: Engine) -> None:
    """A schedule may ask every night; only a release or other weights make it work."""
    detector = filled(engine)

    answer = Reindexing(detector, Wish(if_needed=True)).build()

    assert (answer.needed, answer.done, answer.reasons) == (False, None, ())


def test_other_weights_are_a_reason_to_judge_and_none_to_build(engine: Engine) -> None:
    """Keys do not depend on weights; every decision does."""
    before = filled(engine)
    after = Detector(engine, wary(before.weights))
    works = {work.records for work in before.holdings.all_works()}

    answer = Reindexing(after, Wish(if_needed=True)).build()
    again = after.settle()

    assert (answer.needed, answer.done) == (True, None)
    assert answer.reasons == (f"weights: {before.weights.digest} -> {after.weights.digest}",)
    assert again == engine.totals().records
    assert len(list(after.holdings.all_works())) > len(works)
    assert after.outdated() == ()
    before.settle()
    assert {work.records for work in before.holdings.all_works()} == works


def test_resume_begins_nothing(engine: Engine) -> None:
    """Whoever resumes believes that something was begun; a full rebuild would surprise them."""
    detector = filled(engine)

    with pytest.raises(NothingUnfinished, match="without --resume begins"):
        Reindexing(detector, Wish(resume=True)).build()

    assert engine.unfinished_build() is None


def test_resume_goes_on_with_an_unfinished_build(engine: Engine) -> None:
    """What was built before is not built again."""
    detector = filled(engine)
    build = engine.begin_build()
    some = build.missing(10)
    build.add(some, steps.keyed(some))
    built: list[int] = []

    answer = Reindexing(detector, Wish(resume=True)).build(built.append)

    assert answer.done is not None
    assert sum(built) == engine.totals().records - 10
    assert engine.unfinished_build() is None


def test_resume_goes_on_with_judging_where_all_is_built(engine: Engine) -> None:
    """Killed between the swap and the end of judging there is no build, and yet work to do."""
    detector = Detector(engine, wary(filled(engine).weights))

    answer = Reindexing(detector, Wish(resume=True)).build()

    assert (answer.needed, answer.done) == (True, None)


def test_fresh_forgets_what_was_built(engine: Engine) -> None:
    """For when what is there is not to be trusted."""
    detector = filled(engine)
    build = engine.begin_build()
    some = build.missing(10)
    build.add(some, steps.keyed(some))
    built: list[int] = []

    answer = Reindexing(detector, Wish(fresh=True)).build(built.append)

    assert answer.discarded == 10
    assert sum(built) == engine.totals().records


def test_killed_before_the_epoch_is_stored_all_is_compared_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without transactions half of the decisions are new ones: nothing may say that all are."""
    before = filled(engine)
    after = Detector(engine, wary(before.weights))
    monkeypatch.setattr(type(after.holdings), "store_works", _die)
    with pytest.raises(KeyboardInterrupt):
        after.settle()
    monkeypatch.undo()

    assert Detector(engine, wary(before.weights)).settle() == engine.totals().records


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_plan_says_what_why_how_long_and_how_much_room(tmp_path: Path) -> None:
    """All that one needs to choose the night for it, and the same as JSON for a script."""
    index = str(tmp_path / "index")
    made = tmp_path / "made.jsonl"
    lines = [one.to_json().replace(b'"record_id":', b'"id":') for one in made_collection(42, 10)]
    made.write_bytes(b"\n".join(lines))
    weights = tmp_path / "weights.json"
    weights.write_text(json.dumps(wary(Weights.load()).to_dict()))
    here("ingest", str(made), "--index", index, "--detect")

    told = here("reindex", "--index", index, "--plan")
    plain = json.loads(here("reindex", "--index", index, "--plan", "--json").stdout)
    other = here("reindex", "--index", index, "--plan", "--weights", str(weights))
    skipped = here("reindex", "--index", index, "--if-needed")

    assert "no need: keys, mapping and weights are current" in told.stdout
    assert "MB more" in told.stdout
    assert (plain["records"], plain["needed"], plain["reasons"]) == (len(lines), False, [])
    assert plain["bytes"] > 0
    assert f"weights: {Weights.load().digest} -> " in other.stdout
    assert skipped.stdout == "done=not needed: keys, mapping and weights are current\n"


def test_options_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    """Going on and beginning anew cannot both be meant."""
    refused = here("reindex", "--index", str(tmp_path), "--resume", "--fresh")

    assert refused.returncode == 2
    assert "only one of them" in refused.stderr
