"""Each sentence of `indexer.index.contract` as a test, over every engine, the real ones."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import BackendBusy, WriteConflict
from indexer.fields import fields_of
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.index.opensearch import OpenSearchEngine
from indexer.index.opensearch.location import Location
from indexer.index.ordering import form_of
from indexer.keys import Kind, keys_of, term_key
from indexer.keys.epoch import CAP, Epoch
from indexer.keys.ranking import ranked
from indexer.records import Author, Record

MakeEngine = Callable[[], Engine]


ENGINES = ["embedded", pytest.param("opensearch", marks=pytest.mark.opensearch)]


@pytest.fixture(params=ENGINES)
def make_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeEngine]:
    """Opens the engine under test; each call opens the same index once more."""
    opened: list[Engine] = []
    if request.param == "opensearch":
        url, prefix = (request.getfixturevalue(f"opensearch_{name}") for name in ("url", "prefix"))
        # three shards: no rule may depend on what a single one of them counts
        location = dataclasses.replace(Location.parse(f"{url}/{prefix}"), shards=3)

    def make() -> Engine:
        if request.param == "opensearch":
            opened.append(OpenSearchEngine(location))
        else:
            opened.append(EmbeddedEngine(str(tmp_path / "index")))
        return opened[-1]

    yield make
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    return make_engine()


def record(name: str, title: str, **rest: object) -> Record:
    return Record(record_id=f"made:{name}", source="made", source_id=name, title=title, **rest)  # type: ignore[arg-type]


def put(engine: Engine, *records: Record) -> None:
    engine.put(records, keys_of([fields_of(one) for one in records]))


TEACHERS = record("1", "Distilling the knowledge of Romanian BERTs", date="2021")
TEACHERS_AGAIN = record("2", "Distilling the Knowledge of Romanian BERTs.", date="2022")
LATTICES = record("3", "Lattices of minimal covolume in real rank one", date="1999")


def surname(number: int) -> Author:
    """A made author, another surname for each number."""
    choose = random.Random(number)
    return Author(family="".join(choose.choices("abcdefghiklmnoprstuvz", k=9)), given="Ann")


def pair_set(engine: Engine, epoch: Epoch) -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (left, right): sources
        for batch in engine.all_pairs(epoch)
        for left, right, sources in batch
    }


def asked_one_by_one(
    engine: Engine, records: list[Record], epoch: Epoch, step: int
) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for start in range(0, len(records), step):
        batch = [fields_of(one) for one in records[start : start + step]]
        for left, right, sources in engine.candidates(keys_of(batch), epoch):
            assert found.setdefault((left, right), sources) == sources
    return found


def made_collection(seed: int, size: int) -> list[Record]:
    """Records that share words, surnames, identifiers and whole titles, some identical."""
    choose = random.Random(seed)
    words = [f"word{n}" for n in range(40)]
    made: list[Record] = []
    for n in range(size):
        if made and choose.random() < 0.4:
            base = choose.choice(made)
            title = base.title if choose.random() < 0.6 else base.title[:-3]
            kept = base.authors if choose.random() < 0.7 else ()
            made.append(dataclasses.replace(base, record_id=f"made:{n}", title=title, authors=kept))
            continue
        title = " ".join(choose.choices(words, k=choose.randint(1, 7)))
        names = tuple(Author(name=f"A. Name{choose.randint(0, 9)}") for _ in range(2))
        doi = f"10.5555/{choose.randint(0, size)}" if choose.random() < 0.3 else ""
        year = str(1990 + n % 7)
        made.append(record(str(n), title, authors=names, doi=doi, date=year))
    return made


def test_a_filled_index_holds_what_a_batch_after_the_other_put(make_engine: MakeEngine) -> None:
    """Records that come again while it is filled, in a batch or in another, are told as ever."""
    engine = make_engine()
    made = made_collection(5, 90)
    newer = [dataclasses.replace(one, title=f"{one.title} anew") for one in made[::7]]
    with engine.filling():
        put(engine, *made[:60])
        put(engine, *made[40:], *made[:2], *made[80:])
        keys = keys_of([fields_of(one) for one in newer])
        assert engine.put(newer, keys).updated == len(newer)
        assert engine.delete([made[1].record_id]) == 1
        assert [*engine.get([made[2].record_id])] == [made[2].record_id]
    epoch = engine.learn(1)
    found = pair_set(engine, epoch)
    put(engine, dataclasses.replace(LATTICES, record_id="made:l"))  # by the usual way from now on
    assert engine.put([newer[0]], keys_of([fields_of(newer[0])])).unchanged == 1
    engine.delete(["made:l"])
    engine.make_visible()

    stored = {one.record_id: one for one in (*made, *newer) if one.record_id != made[1].record_id}
    assert {one.record_id: one for one in make_engine().scan()} == stored
    assert [*engine.ids()] == sorted(stored)
    assert engine.totals().records == len(stored)
    assert found == asked_one_by_one(engine, [stored[name] for name in sorted(stored)], epoch, 7)


def test_putting_a_record_twice_leaves_one(engine: Engine) -> None:
    """Ingest may replay a page after a crash; the index must not grow by it."""
    put(engine, TEACHERS)
    keys = keys_of([fields_of(TEACHERS)])

    counts = engine.put([TEACHERS], keys)

    assert (counts.new, counts.unchanged) == (0, 1)
    assert [one.record_id for one in engine.scan()] == ["made:1"] == list(engine.ids())


def test_records_come_back_as_they_were_put(engine: Engine) -> None:
    """What came in is kept as it came."""
    put(engine, TEACHERS, LATTICES)

    assert engine.get(["made:1", "made:3", "made:9"]) == {"made:1": TEACHERS, "made:3": LATTICES}
    assert engine.plain(["made:3", "made:9"]) == {"made:3": LATTICES.to_dict()}


def test_older_version_never_overwrites_a_newer(engine: Engine) -> None:
    """Pages of a feed may arrive in any order."""
    newer = dataclasses.replace(TEACHERS, title="Newer", updated="2024-05-02")
    older = dataclasses.replace(TEACHERS, title="Older", updated="2024-05-01")
    put(engine, newer)

    counts = engine.put([older], keys_of([fields_of(older)]))

    assert counts.older == 1
    assert engine.get(["made:1"])["made:1"].title == "Newer"


def test_older_copy_in_the_same_batch_leaves_the_newer_ones_keys(engine: Engine) -> None:
    """A page may hold a record twice; what is stored must be found by what is stored."""
    newer = dataclasses.replace(TEACHERS, updated="2024-05-02")
    older = dataclasses.replace(LATTICES, record_id=TEACHERS.record_id, updated="2024-05-01")
    put(engine, newer, older)
    engine.make_visible()

    asked = keys_of([fields_of(TEACHERS_AGAIN)])

    assert len(engine.candidates(asked, Epoch.empty())) == 1


def test_stored_gives_version_and_json_of_tombstones_too(engine: Engine) -> None:
    """What was taken out, and what never was there, is not among them."""
    gone = dataclasses.replace(LATTICES, record_id="made:4", updated="2026-01-01", deleted=True)
    put(engine, LATTICES, gone, record("5", "Taken out again"))
    engine.delete(["made:5"])

    stored = engine.stored(["made:3", "made:4", "made:5", "made:9"])

    assert stored == {"made:3": form_of(LATTICES), "made:4": form_of(gone)}


def test_tombstone_is_not_lifted_by_an_older_version(engine: Engine) -> None:
    """A deletion delivered before the page that it deletes still deletes."""
    put(engine, dataclasses.replace(TEACHERS, deleted=True, updated="2024-05-02"))
    put(engine, dataclasses.replace(TEACHERS, updated="2024-05-01"))

    assert engine.get(["made:1"]) == {}
    assert list(engine.scan()) == []


def test_deleted_record_can_come_back(engine: Engine) -> None:
    """A later version of a deleted record is new again."""
    put(engine, dataclasses.replace(TEACHERS, deleted=True, updated="2024-05-01"))
    fresh = dataclasses.replace(TEACHERS, updated="2024-05-02")

    counts = engine.put([fresh], keys_of([fields_of(fresh)]))

    assert counts.new == 1
    assert list(engine.get(["made:1"])) == ["made:1"]


def test_versions_in_any_order_end_in_the_same_state(engine: Engine) -> None:
    """Exactly-once effect: (feed date, content hash) orders the versions of a record."""
    versions = [
        dataclasses.replace(TEACHERS, title=title, updated=updated, deleted=gone)
        for title, updated, gone in (
            ("A", "2024-01-01", False),
            ("B", "2024-01-02", False),
            ("B", "2024-01-03", True),
            ("A", "2024-01-04", False),
            ("C", "2024-01-04", False),
        )
    ]
    ends = set()
    for seed in range(20):
        order = versions * 2
        random.Random(seed).shuffle(order)
        for one in order:
            put(engine, one)
        ends.add(engine.get(["made:1"])["made:1"].title)
        engine.delete(["made:1"])

    assert len(ends) == 1


def test_what_was_made_visible_is_found(engine: Engine) -> None:
    """Detection stores, makes visible, then asks."""
    put(engine, TEACHERS, LATTICES)
    engine.make_visible()
    asked = keys_of([fields_of(TEACHERS_AGAIN)])

    pairs = [pair[:2] for pair in engine.candidates(asked, engine.learn(1))]

    assert pairs == [("made:1", "made:2")]


def test_candidates_are_those_of_another_open_engine(make_engine: MakeEngine) -> None:
    """Readers in another process see what a writer made visible."""
    writer, reader = make_engine(), make_engine()
    put(writer, TEACHERS)
    writer.make_visible()

    asked = keys_of([fields_of(TEACHERS_AGAIN)])

    assert len(reader.candidates(asked, Epoch.empty())) == 1


@pytest.mark.parametrize("seed", range(4))
def test_all_pairs_are_the_union_of_all_candidates(engine: Engine, seed: int) -> None:
    """The two questions of an index have one answer, also after updates and deletions."""
    records = made_collection(seed, 120)
    put(engine, *records)
    engine.make_visible()
    choose = random.Random(seed)
    changed = [
        dataclasses.replace(one, title=choose.choice(records).title)
        for one in choose.sample(records, 15)
    ]
    put(engine, *changed)
    engine.delete([one.record_id for one in choose.sample(records, 15)])
    engine.make_visible()
    epoch = engine.learn(1)
    stored = list(engine.scan())

    everything = pair_set(engine, epoch)

    assert len(everything) > 50
    assert everything == asked_one_by_one(engine, stored, epoch, step=1)
    assert everything == asked_one_by_one(engine, stored, epoch, step=50)


def test_overfull_key_proposes_nothing_and_is_counted(engine: Engine) -> None:
    """A title that thousands share must not pair everyone with everyone."""
    editorials = [
        record(str(n), "Editorial", authors=(surname(n),), date=str(1800 + n))
        for n in range(2 * CAP)
    ]
    twice = record("again", "Editorial", authors=(surname(7),), date="1850")
    put(engine, *editorials, twice)
    engine.make_visible()

    epoch = engine.learn(1)

    assert epoch.overfull.size > 0
    pairs = pair_set(engine, epoch)
    assert ("made:7", "made:again") in pairs
    assert len(pairs) < 2 * CAP


def test_identical_records_pair_with_one_that_stands_for_them(engine: Engine) -> None:
    """Three hundred copies of a record are 299 pairs, not 44,850, and none is lost."""
    copies = [
        dataclasses.replace(TEACHERS, record_id=f"made:{n}", source_id=str(n)) for n in range(300)
    ]
    put(engine, *copies)
    engine.make_visible()
    epoch = engine.learn(1)

    pairs = pair_set(engine, epoch)

    assert len(pairs) == 299
    assert {left for left, _ in pairs} == {"made:0"}
    assert pairs == asked_one_by_one(engine, copies, epoch, step=300)


def words_of(text: str) -> list[int]:
    return [term_key(word) for word in text.split()]


def test_titles_nearest_to_the_words_come_first(engine: Engine) -> None:
    """A person asks with a few words: the short title of just these is the likeliest."""
    put(
        engine,
        record("short", "Romanian lattices"),
        record("long", "Romanian lattices of minimal covolume in real rank one"),
        record("half", "Romanian"),
        record("none", "Sediment memory of braided rivers"),
    )
    engine.make_visible()
    epoch = engine.learn(1)

    found = engine.ranked(words_of("romanian lattices misspeltt"), epoch, 10)

    assert [name for name, _ in found] == ["made:short", "made:long", "made:half"]
    assert engine.ranked(words_of("romanian lattices misspeltt"), epoch, 2) == found[:2]
    assert engine.ranked(words_of("misspeltt"), epoch, 10) == []
    assert engine.ranked([], epoch, 10) == []


def test_deleted_records_are_not_ranked(engine: Engine) -> None:
    """What was taken out, or taken back by its feed, answers no question."""
    put(engine, TEACHERS, TEACHERS_AGAIN, LATTICES)
    engine.make_visible()
    epoch = engine.learn(1)
    engine.delete(["made:1"])
    put(engine, dataclasses.replace(LATTICES, deleted=True))
    engine.make_visible()

    found = engine.ranked(words_of("romanian berts lattices"), epoch, 10)

    assert [name for name, _ in found] == ["made:2"]


def test_each_score_is_that_of_the_shared_formula(engine: Engine) -> None:
    """So both engines print the same scores, in the same order, on however many shards."""
    records = made_collection(5, 300)
    put(engine, *records)
    engine.make_visible()
    epoch = engine.learn(1)
    keys = keys_of([fields_of(one) for one in records])

    for asked in ("word1 word2 word3", "word7", "word1 word1 nothing"):
        found = engine.ranked(words_of(asked), epoch, 300)

        wanted = ranked(np.array(words_of(asked), np.uint64), keys, epoch, 300)
        assert found == wanted
        best = engine.ranked(words_of(asked), epoch, 10)
        assert min(score for _, score in best) >= 0.95 * wanted[9][1]


def test_epoch_learns_what_is_common(engine: Engine) -> None:
    """Frequencies come from the collection's own records, not from an engine's counts."""
    put(engine, TEACHERS, TEACHERS_AGAIN, LATTICES)
    engine.make_visible()

    epoch = engine.learn(3)

    assert (epoch.number, epoch.records) == (3, 3)
    assert epoch.idf("romanian") < epoch.idf("lattices")


def test_totals_count_records_and_name_the_keys(engine: Engine) -> None:
    """`doctor` compares the keys of an index with the release's."""
    put(engine, TEACHERS, LATTICES)

    totals = engine.totals()

    assert totals.records == 2
    assert totals.bytes > 0
    assert totals.keys_version.startswith("keys-")


def test_documents_come_back_ascending_by_id(engine: Engine) -> None:
    """Works, decisions and checkpoints are opaque documents to an engine."""
    engine.write("work", {"b": b"2", "a": b"1", "c": b"3"})

    assert [(name, one.body) for name, one in engine.documents("work", "a")] == [
        ("b", b"2"),
        ("c", b"3"),
    ]
    assert set(engine.read("work", ["a", "z"])) == {"a"}
    assert engine.count("work") == 3
    assert engine.remove("work", ["a", "z"]) == 1
    assert engine.count("work") == 2


def test_write_over_a_changed_document_is_a_conflict(engine: Engine) -> None:
    """Two processes that read, think and write never lose each other's change."""
    engine.write("work", {"a": b"1"}, {"a": 0})
    seen = engine.read("work", ["a"])["a"]
    engine.write("work", {"a": b"2"}, {"a": seen.version})

    with pytest.raises(WriteConflict, match="'a'"):
        engine.write("work", {"a": b"3"}, {"a": seen.version})

    assert engine.read("work", ["a"])["a"].body == b"2"


def test_log_keeps_order_and_numbers(engine: Engine) -> None:
    """Events have a cursor: everything behind a number, in order."""
    assert engine.append([b"one", b"two"]) == 2
    assert engine.append([b"three"]) == 3

    assert list(engine.log(after=1)) == [(2, b"two"), (3, b"three")]


def test_entries_of_the_log_are_read_by_their_numbers(engine: Engine) -> None:
    """The story of one work is ten events of millions."""
    for first in range(0, 300, 3):
        engine.append([b"%d" % (first + n) for n in range(1, 4)])

    asked = [300, 1, 1, 150, 301, *range(7, 180)]

    wanted = [1, *range(7, 180), 300]
    assert list(engine.entries(asked).items()) == [(n, b"%d" % n) for n in wanted]
    assert engine.entries([]) == {}


def test_lease_keeps_a_second_holder_out(make_engine: MakeEngine) -> None:
    """Two re-indexers at once would each undo the other."""
    first, second = make_engine(), make_engine()
    with (
        first.lease("reindex", 60),
        pytest.raises(BackendBusy, match="reindex"),
        second.lease("reindex", 60),
    ):
        pass
    with second.lease("reindex", 60):
        pass


def test_lease_of_a_dead_holder_lapses(make_engine: MakeEngine) -> None:
    """A killed re-index must not lock everyone out for ever."""
    first, second = make_engine(), make_engine()
    held = first.lease("reindex", -1)
    held.__enter__()

    with second.lease("reindex", 60):
        pass


def test_every_kind_of_key_can_propose(engine: Engine) -> None:
    """A pair says which sources found it; each source finds pairs of its own."""
    records = made_collection(9, 200)
    put(engine, *records)
    engine.make_visible()

    sources = {one for found in pair_set(engine, engine.learn(1)).values() for one in found}

    assert {Kind.TERM.source, Kind.IDENTIFIER.source, Kind.TITLE.source, "identical"} <= sources
