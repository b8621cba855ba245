"""Work ids: names that survive growth, merge and split."""

from hypothesis import given
from hypothesis import strategies as st

from detector.works.work_ids import Ids, Known, ids_of, work_id_of

AGE = {"a": 0, "b": 1, "c": 2, "d": 3, "e": 4}


def known(groups: list[list[str]], ids: Ids) -> Known:
    pairs = zip(groups, ids.ids, strict=True)
    work_of = {one: work_id for group, work_id in pairs for one in group}
    return Known(work_of, AGE, frozenset(ids.redirects))


def test_the_id_of_a_work_is_made_of_its_founding_record() -> None:
    """Two machines give one work the same id; a record id does not show in it."""
    assert ids_of([["a", "b"]]).ids == (work_id_of("a"),)
    assert ids_of([["a", "b"]], Known(age={"b": 0, "a": 1})).ids == (work_id_of("b"),)


def test_an_id_survives_growth_by_a_record_of_smaller_id() -> None:
    """Whoever stored the id of a work finds it tomorrow."""
    first = ids_of([["b"]])

    assert ids_of([["a", "b"]], known([["b"]], first)).ids == first.ids


def test_of_two_works_that_merge_the_older_id_stays_and_the_other_redirects() -> None:
    """Both ids lead to the work for ever."""
    before = [["b", "c"], ["a", "d"]]
    first = ids_of(before, Known(age=AGE))

    merged = ids_of([["a", "b", "c", "d"]], known(before, first))

    assert merged.ids == (first.ids[1],)
    assert merged.redirects == {first.ids[0]: first.ids[1]}


def test_a_split_leaves_the_id_with_the_larger_part() -> None:
    """Most of those who stored the id mean most of its records."""
    before = [["a", "b", "c"]]
    first = ids_of(before, Known(age=AGE))

    split = ids_of([["a"], ["b", "c"]], known(before, first))

    assert split.ids[1] == first.ids[0]
    assert split.ids[0] not in first.ids


def test_an_equal_split_leaves_the_id_with_the_founder() -> None:
    """A tie goes to the record that the id is made of."""
    before = [["a", "b"]]
    first = ids_of(before, Known(age=AGE))

    assert ids_of([["b"], ["a"]], known(before, first)).ids[1] == first.ids[0]


PARTITIONS = st.lists(st.integers(0, 3), min_size=5, max_size=5)


def groups_by(labels: list[int]) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for one, label in zip(AGE, labels, strict=True):
        found.setdefault(label, []).append(one)
    return list(found.values())


@given(st.lists(PARTITIONS, min_size=1, max_size=6))
def test_over_any_history_ids_are_unique_and_no_retired_id_returns(
    history: list[list[int]],
) -> None:
    """An id that redirects and also names a work would answer with two works."""
    remembered = Known(age=AGE)
    retired: frozenset[str] = frozenset()
    for labels in history:
        groups = groups_by(labels)
        found = ids_of(groups, remembered)
        assert len(set(found.ids)) == len(groups)
        assert retired.isdisjoint(found.ids)
        assert set(found.redirects.values()) <= set(found.ids)
        retired |= frozenset(found.redirects)
        remembered = Known(known(groups, found).work_of, AGE, retired)
