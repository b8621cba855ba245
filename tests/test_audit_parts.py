"""The parts of an audit: works read from files, splits, partings, agreement."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from detector.audit.agreement import agreement_of
from detector.audit.assignments import read_assignments
from detector.audit.claims import without
from detector.audit.findings import Error
from detector.audit.inside import MOST_COMPARED, Looked, held_apart
from detector.audit.merged import parted
from detector.audit.splits import Split, splits_of
from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import Decision, Verdict
from detector.errors import ClaimsError
from indexer.records import Record


def test_only_the_id_of_the_work_is_taken_off_a_record() -> None:
    record = Record(
        title="Eels", doi="10.5555/eels", source="openalex", source_id="W2741809807",
        identifiers=(("openalex", "W2741809807"), ("pmid", "123456")),
        urls=("https://openalex.org/W2741809807", "https://doi.org/10.5555/eels"),
    )  # fmt: skip

    bare = without(record, "https://openalex.org/W2741809807")

    assert bare.source_id == ""
    assert bare.identifiers == (("pmid", "123456"),)
    assert bare.urls == ("https://doi.org/10.5555/eels",)
    assert bare.doi == record.doi
    assert without(record, "10.5555/EELS").doi == ""


def split_by(*ties: tuple[str, str, float]) -> Split:
    """What these ties make of a, b and c in works A, B and C, and of n and o that name none."""
    said = [Decision(left, right, Verdict.DUPLICATE, probability=p) for left, right, p in ties]
    columns = DecisionColumns.of(said, ["a", "b", "c", "n", "o"])
    rows = np.arange(len(said))
    (split,) = splits_of(
        columns, rows, dict.fromkeys("abcno", 0), {"a": "A", "b": "B", "c": "C"}
    )  # fmt: skip
    return split


def test_two_works_are_told_by_the_pair_between_them_where_there_is_one() -> None:
    split = split_by(
        ("a", "n", 0.99), ("b", "n", 0.99), ("a", "b", 0.9), ("b", "c", 0.9), ("n", "o", 0.99)
    )

    assert [(tie.left, tie.right) for tie in split.needed] == [("a", "b"), ("b", "c")]
    assert split.probability == pytest.approx(0.81)


def test_works_are_tied_over_records_that_name_none_where_nothing_else_ties_them() -> None:
    split = split_by(("a", "b", 0.9), ("b", "n", 0.8), ("c", "n", 0.8), ("c", "o", 0.99))

    assert {(tie.left, tie.right) for tie in split.needed} == {("a", "b"), ("b", "n"), ("c", "n")}
    assert split.probability == pytest.approx(0.9 * 0.8 * 0.8)


@pytest.mark.parametrize(
    "text",
    [
        "record,cluster\na,1\nb,2\n",
        "a\t1\nb\t2\n",
        "cluster_id;title;id\n1;x;a\n2;y;b\n",
        '{"record": "a", "work": 1}\n{"id": "b", "cluster": "2"}\n',
        '{"work_id": "1", "records": ["a"]}\n\n{"work_id": "2", "records": ["b"]}\n',
    ],
)
def test_works_of_a_file_are_read_in_any_of_its_forms(text: str, tmp_path: Path) -> None:
    file = tmp_path / "clusters"
    file.write_text(text, "utf-8")

    assert read_assignments(file) == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("a,b,c\n1,2,3\n", "3 columns"),
        ("record,work\na,1\na,2\n", "line 3 puts record 'a' into '2', and it is in '1'"),
        ("record,work\na\n", "line 2 has 1 columns"),
        ('{"record": "a"}\n', "line 1 names no record or no work"),
        ('{"record": "a", \n', "line 1 is no JSON"),
    ],
)
def test_a_file_of_works_that_cannot_be_used_says_what_and_where(
    text: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "clusters.csv"
    file.write_text(text, "utf-8")

    with pytest.raises(ClaimsError, match=re.escape(said)) as refused:
        read_assignments(file)
    assert "expected" in str(refused.value)


def test_a_work_of_five_thousand_records_costs_a_bounded_number_of_pairs() -> None:
    groups = [[f"{number:04}"] for number in range(5_000)]

    work = held_apart("W1", groups)

    assert len(work.pairs) < 2 * MOST_COMPARED
    assert {name for pair in work.pairs for name in pair} == {group[0] for group in groups}
    assert len(work.pairs) + work.left_out == 5_000 * 4_999 // 2


def looked(left: str, right: str, verdict: Verdict, probability: float) -> Looked:
    return Looked(left, right, verdict, probability, 0, ())


@pytest.mark.parametrize(
    ("verdict", "probability", "error"),
    [
        (Verdict.DISTINCT, 0.1, Error.MERGED),
        (Verdict.RELATED, 0.6, Error.MERGED),
        (Verdict.REVIEW, 0.6, Error.REVIEW),
        (Verdict.DUPLICATE, 0.99, Error.REVIEW),  # a join that the whole work did not bear
        (Verdict.DISTINCT, 0.55, Error.NO_EVIDENCE),
    ],
)
def test_only_what_speaks_against_one_work_is_called_an_error(
    verdict: Verdict, probability: float, error: Error
) -> None:
    work = held_apart("W1", [["a"], ["b"]])

    assert parted(work, [looked("a", "b", verdict, probability)], 0.5).error is error


def test_parts_that_we_cannot_tell_apart_stay_together_in_what_we_propose() -> None:
    work = held_apart("W1", [["a"], ["b"], ["c"]])
    said = [
        looked("a", "b", Verdict.REVIEW, 0.6),
        looked("a", "c", Verdict.DISTINCT, 0.2),
        looked("b", "c", Verdict.DISTINCT, 0.1),
    ]

    parting = parted(work, said, 0.5)

    assert parting.groups == [["a", "b"], ["c"]]
    assert parting.likeliest == 0.2


def test_agreement_counts_pairs_and_works_of_both() -> None:
    theirs = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "3", "f": "3"}
    ours = {"a": 0, "b": 0, "c": 1, "d": 1, "e": 2, "f": 2}

    said = agreement_of(theirs, ours)

    assert (said.works_theirs, said.works_ours, said.works_equal) == (3, 3, 1)
    assert (said.pairs_theirs, said.pairs_ours, said.pairs_both) == (4, 3, 2)
    assert said.b_cubed_precision == pytest.approx((2 / 3 * 2 + 1 / 3 + 1 + 1 + 1) / 6)
