"""JSON rows: every way that objects come in a file, and every way that a row can be broken."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.feeds.formats import read_bytes
from indexer.feeds.formats.objects.json_rows import sniff
from indexer.feeds.formats.shapes import SHAPES, own
from indexer.feeds.reading.rows import Head
from tests.reading import SMALL, occurrences, records_of, rejected, rows_of, titles

A, B, C = b'{"title": "A"}', b'{"title": "B", "authors": ["{x}"]}', b'{"title": "C"}'


@pytest.mark.parametrize(
    "data",
    [
        b"\n".join([A, B, C]),
        b"\r\n".join([A, b"", B, b"  ", C, b""]),
        b"\r".join([A, B, C]),
        A + B + C,
        A + b" " + B + b"\n" + C,
        b"[" + b",".join([A, B, C]) + b"]",
        b"[\n  " + b",\n  ".join([A, B, C]) + b"\n]\n",
        b"\xef\xbb\xbf[" + b", ".join([A, B, C]) + b"]",
        b'{"meta": {"count": 3}, "results": [' + b",".join([A, B, C]) + b'], "x": {"y": [1]}}',
        b'{"status": "ok",\n "message": {"facets": {},\n "items": ['
        + b",".join([A, B, C])
        + b"]}}",
        b'{"hits": {"total": 3, "hits": [' + b",".join([A, B, C]) + b"]}}",
        b'{"results": [' + A + b"]}\n" + b'{"results": [' + B + b"," + C + b"]}\n",
        b'{"message": ' + A + b'}\n{"message": ' + B + b'}\n{"message": ' + C + b"}",
        b"\x1e" + A + b"\n\x1e" + B + b"\n\x1e" + C + b"\n",
        b"\n".join(json.dumps(json.loads(row), indent=2).encode() for row in (A, B, C)),
        b"[" + A + b",\n" + B + b"]\n[" + C + b"]",
    ],
    ids=lambda data: data[:24].decode(errors="replace"),
)
def test_objects_are_found_however_they_are_put_together(data):
    assert titles(rows_of(data)) == ["A", "B", "C"]
    assert not rejected(rows_of(data))


def test_raw_is_the_row_as_it_came_and_stands_at_its_position():
    """Mark mode writes the rows again; a dead letter is found by its offset."""
    for data in (
        b"[" + A + b",\n " + B + b"]",
        A + b"\n" + B,
        b'{"results":[' + A + b", " + B + b"]}",
    ):
        rows = occurrences(rows_of(data))
        assert [row.raw for row in rows] == [A, B]
        assert [data[row.position :][: len(row.raw)] for row in rows] == [A, B]


def test_an_answer_without_results_has_no_rows():
    assert rows_of(b'{"meta": {"count": 0}, "results": []}') == []


def test_a_record_that_has_a_list_is_not_taken_for_an_answer_that_wraps_one():
    (record,) = records_of(b'{"title": "A", "doi": "10.5555/made.1", "data": [{"title": "no"}]}')

    assert record.title == "A"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (b'{"title": "cut', "not JSON"),
        (b'{"title": "x" "y"}', "not JSON"),
        (b"not json at all", "not JSON"),
        (b"[1, 2]", "expected an object"),
        (b'"text"', "expected an object"),
        (b"null", "expected an object"),
        (b"{}", "no known shape"),
        (b'{"id": "1", "note": "nothing to go by"}', "no known shape"),
        (b'{"id": "1", "title": " ", "year": 2020}', "no title, identifier"),
        (b'{"x": ' * 100_000 + b"1" + b"}" * 100_000, "nested too deep"),
        (b'{"title": "A", "y": ' + b"[" * 5000 + b"]" * 5000 + b"}", "nested too deep"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else value[:16].decode(),
)
def test_a_row_that_cannot_be_used_is_rejected_and_the_next_is_read(row, said):
    rows = rows_of(A + b"\n" + row + b"\n" + C + b"\n")

    assert titles(rows) == ["A", "C"]
    assert [r.position for r in rejected(rows)] == [len(A) + 1]
    assert said in rejected(rows)[0].reason


@pytest.mark.parametrize(
    "row",
    [
        b'{"title": "x" "y"}',
        b'{"title": "\\q"}',
        b'{"title": "unclosed},',
        b'{"title": "A", "authors": ["x"}',
        b'{"title": {"x": ',
        b"@",
        b'"text"',
        b"}",
    ],
)
def test_a_broken_element_of_an_array_does_not_hide_the_others(row):
    """Arrays are written one element a line more often than not; that is where reading resumes."""
    rows = rows_of(b"[\n" + A + b",\n" + row + b",\n" + B + b",\n" + C + b"\n]")

    assert titles(rows)[0] == "A"
    assert titles(rows)[-1] == "C"
    assert rejected(rows)


@pytest.mark.parametrize("row", [b'{"title": "A", "authors": ["x"]', b'{"title": "open}'])
def test_an_open_element_at_the_head_of_a_large_array_hides_no_other(row):
    """It would reach to the end of the file; it is given up once it is over the limit."""
    following = [b'{"title": "B", "abstract": "%d"}' % n for n in range(1000)]

    rows = rows_of(b"[\n" + b",\n".join([row, *following]) + b"\n]", settings=SMALL)

    assert len(rejected(rows)) == 1
    assert len(occurrences(rows)) == 1000


def test_of_an_array_without_lines_the_rest_behind_an_open_row_is_one_rejection():
    rows = rows_of(b"[" + A + b', {"title": "open, ' + B + b"," + C + b"]")

    assert titles(rows) == ["A"]
    assert "never closed" in rejected(rows)[0].reason


@pytest.mark.parametrize("cut_at", [-1, -3, -len(C) - 2])
def test_a_cut_array_is_said_to_be_cut(cut_at):
    """Whole elements before the cut are used, and nothing passes for complete."""
    data = b"[" + A + b",\n" + B + b",\n" + C + b"]"

    rows = rows_of(data[:cut_at])

    assert titles(rows)[:2] == ["A", "B"]
    assert "cut off" in rejected(rows)[-1].reason


@pytest.mark.parametrize("wrap", [b"%s\n%s\n%s\n", b"[%s,\n%s,\n%s]", b"[%s,%s,%s]"])
def test_a_row_of_100_mb_is_refused_with_its_position_and_the_following_are_read(wrap):
    huge = b'{"title": "' + b"x" * 100_000_000 + b'"}'
    data = wrap % (A, huge, C)
    start = time.perf_counter()

    rows = rows_of(data)

    assert time.perf_counter() - start < 20
    assert titles(rows) == ["A", "C"]
    (refused,) = rejected(rows)
    assert refused.position == data.index(huge)
    assert f"{len(huge):,} bytes" in refused.reason or f"{len(huge) + 1:,} bytes" in refused.reason
    assert huge.startswith(refused.raw)
    assert len(refused.raw) < 100_000


def test_the_limit_of_a_row_can_be_set():
    rows = rows_of(A + b'\n{"title": "%s"}\n' % (b"x" * 3000) + C, settings=SMALL)

    assert titles(rows) == ["A", "C"]


@pytest.mark.parametrize(
    ("given_title", "title"),
    [
        (rb'"lone \ud800 surrogate"', "lone \ufffd surrogate"),
        (rb'"a \ud83d\ude00 pair"', "a \U0001f600 pair"),
        (b'"tab\tand\x01control"', "tab\tand\x01control"),
        (rb'"nul \u0000 inside"', "nul \0 inside"),
        (b'"Gr\xf6\xdfe"', "Größe"),
        (b'NaN, "title": "last wins"', "last wins"),
        (b'"first", "title": "last of two keys wins"', "last of two keys wins"),
        (b"1984", "1984"),
        (b"19.5", "19.5"),
        (b'["one", "other"]', "one"),
        (b"9007199254740993", "9007199254740993"),
    ],
)
def test_odd_values_are_read_and_stored(given_title, title):
    """What orjson refuses the patient parser takes; the record must still be storable."""
    (record,) = records_of(b'{"doi": "10.1000/1", "title": %s}' % given_title)

    assert record.title == title
    assert type(record).from_json(record.to_json()) == record


@pytest.mark.parametrize("number", [b"NaN", b"-Infinity", b"1e400", b"9" * 5000, b"null", b"true"])
def test_numbers_that_are_none_count_as_not_given_or_as_text(number):
    (record,) = records_of(b'{"title": "A", "year": %s, "volume": [], "pages": {}}' % number)

    assert record.year in ("", number.decode())
    assert record.volume == record.pages == ""


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)
KEYS = st.sampled_from(
    [
        *(
            "id",
            "title",
            "authors",
            "author",
            "year",
            "doi",
            "DOI",
            "identifiers",
            "urls",
            "issued",
        ),
        *("versions", "relations", "isbn", "issn", "authorships", "abstract_inverted_index"),
        *("primary_location", "biblio", "ids", "container-title", "relation", "update-to", "link"),
        *("indexed", "type", "source", "arxiv", "pmid", "subtitle", "editor", "page", "message"),
    ]
)


@given(st.lists(st.dictionaries(KEYS, VALUES, min_size=1, max_size=6), max_size=4))
def test_values_of_any_type_under_any_key_give_a_storable_record_or_a_reason(objects):
    """Sources change their minds about types; a reader may refuse a row, never fail at it."""
    data = "\n".join(json.dumps(plain) for plain in objects).encode("utf-8", "surrogatepass")

    rows = rows_of(data, "made.jsonl") if objects else []

    assert len(rows) >= len(objects)
    for row in occurrences(rows):
        assert type(row.record).from_json(row.record.to_json()) == row.record


@given(st.binary(max_size=200))
def test_any_bytes_behind_a_bracket_are_rows_or_reasons(data):
    for start in (b"{", b"[", b'{"title": "x"}\n{', b'[{"title": "x"},', b'{"results": ['):
        rows_of(start + data)


def test_repeated_rows_are_each_counted_and_share_a_record():
    """Every input row is an occurrence; that two say the same is for the caller to see."""
    rows = occurrences(rows_of(A + b"\n" + A + b'\n{"title": "A", "_seen": 1}\n'))

    assert len(rows) == 3
    assert len({row.record.record_id for row in rows}) == 1


def test_rows_without_ids_are_named_by_their_content_the_same_way_in_every_run():
    """Never a random id: an ingest repeated after a crash must meet its own rows."""
    (first,) = records_of(b'{"title": "A", "year": 2020}', "x.jsonl")
    (again,) = records_of(b'{"year": "2020", "title": "A"}', "x.jsonl")
    (other,) = records_of(b'{"title": "A", "year": 2021}', "x.jsonl")

    assert first.record_id == again.record_id != other.record_id
    assert first.record_id.startswith("x.jsonl:")


def test_lines_are_read_at_thousands_a_second():
    """53,001 of them take 2.3 s; the bound is wide, for machines that do other things too."""
    row = {"title": "T" * 90, "authors": ["Family, Given"] * 5, "abstract": "x" * 1500}
    data = b"\n".join(orjson.dumps({"id": str(n), **row}) for n in range(10_000))
    start = time.process_time()

    count = sum(1 for _ in read_bytes(data, "big.jsonl"))

    assert count == 10_000
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "data",
    [
        b'[{"results": [%s]}, {"results": [%s, %s]}]',
        b'{"results": [%s, %s], "meta": {"x": [1]}, "items": [%s]}',
        b'{"citingPaperInfo": {"title": "not this"}, "data": [%s, %s, %s], "next": 3}',
        b'{"@context": "x", "@graph": [%s, %s, %s]}',
        b'{"response": {"numFound": 3, "docs": [%s, %s, %s]}, "facets": {}}',
        b'{"result": {"uids": ["1", "2", "3"], "1": %s, "2": %s, "3": %s}}',
        b'{"result": { "uids" : [],\n "1"\n:\n%s,"2":%s ,"3": %s} , "x": {}}\n',
    ],
)
def test_answers_are_found_in_arrays_with_several_lists_and_by_id(data):
    rows = rows_of(data % (A, B, C))

    assert titles(rows) == ["A", "B", "C"]
    assert not rejected(rows)


def test_a_list_of_ids_is_no_list_of_rows():
    (row,) = rejected(rows_of(b'{"work_id": "w1", "records": ["a", "b"]}'))

    assert "its keys: records, work_id" in row.reason


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"results": [%s, %s], "meta": {"cut": ' % (A, B), "never closed"),
        (b'{"results": [%s, %s]' % (A, B), "never closed"),
        (b'{"results": [%s, %s}}' % (A, B), "is not an object"),
        (b'{"result": {"uids": ["1"], "1": %s, "2": %s, "3": {' % (A, B), "never closed"),
        (b'{"result": {"uids": ["1"], "1": %s, "2": %s, "3": 5}}' % (A, B), "is not an object"),
    ],
)
def test_an_answer_that_is_cut_off_or_damaged_behind_its_rows_says_so(data, said):
    rows = rows_of(data)

    assert titles(rows) == ["A", "B"]
    assert any(said in row.reason for row in rejected(rows))


def test_a_long_tail_of_an_answer_is_no_row():
    tail = b",\n  ".join(b'{"bucket": %d}' % n for n in range(2000))
    rows = rows_of(b'{"results": [\n  %s\n], "facets": [\n  %s\n]}' % (A, tail), settings=SMALL)

    assert titles(rows) == ["A"]
    assert not rejected(rows)


@pytest.mark.parametrize(
    ("data", "is_json"),
    [
        ("[1]王伟. 河流的沉积记忆[J]. 水文, 2018.", False),
        ("[1] Wang W. Sediment memory. J Made Hydrol. 2018.", False),
        ("[12]Wang W.\n[13]Li L.", False),
        ("[1, 2] and [3] say so", False),
        ("[1, 2]", True),
        ("[1]", True),
        ("[-1.5e3, 2]", True),
        ("[\n1\n]\n", True),
        ('["a"]', True),
        ("[]", True),
        ('{"title": "x"}', True),
    ],
)
def test_a_numbered_list_of_references_is_not_taken_for_json(data, is_json):
    assert sniff(Head("made.txt", data.encode())) is is_json


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("wrap", [b"%s\n%s\n%s\n", b'{"results": [%s,\n%s, %s]}'])
def test_wide_encodings_are_read_and_rows_stand_where_they_stood(encoding, wrap):
    text = (wrap % (A, '{"title": "Größe 水"}'.encode(), C)).decode()
    rows = rows_of(text.encode(encoding))

    assert titles(rows) == ["A", "Größe 水", "C"]
    assert not rejected(rows)


def test_what_no_shape_foresaw_costs_its_row_alone(monkeypatch):
    from indexer.feeds.formats.objects import json_rows

    def failing(value):
        if value.get("title") == "B":
            raise KeyError("B")
        return own.record(value)

    shape = replace(SHAPES[-1], record=failing)
    monkeypatch.setattr(json_rows, "shape_of", lambda value: shape)
    rows = rows_of(b"[%s, %s, %s]" % (A, B, C))

    assert titles(rows) == ["A", "C"]
    assert "a fault of samework" in rejected(rows)[0].reason
