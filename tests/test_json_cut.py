"""Cutting JSON: the rows of a text, wherever the chunks end, as a library finds them."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import ijson
import orjson
from hypothesis import given
from hypothesis import strategies as st

from indexer.feeds.formats.objects.json_cut import Rules, cut
from tests.test_json_rows import VALUES


@given(st.binary(max_size=120), st.integers(1, 7))
def test_cutting_does_not_depend_on_where_the_chunks_end(data, size):
    """A row that lies over the end of a buffer is the same row."""
    whole = b'[{"a": "\\"}{"}, {"b": [1, {"c": "]"}]},' + data
    rules = Rules(orjson.loads, frozenset({("x",)}), 1000)
    chunks = (whole[at : at + size] for at in range(0, len(whole), size))

    assert list(cut(chunks, rules)) == list(cut(iter((whole,)), rules))


@given(st.lists(st.dictionaries(st.text(max_size=4), VALUES, max_size=3), max_size=5))
def test_cutting_agrees_with_ijson_on_every_array(objects):
    data = json.dumps(objects, allow_nan=False, default=str) if _finite(objects) else "[]"
    raw = data.encode("utf-8", "replace")
    found = [piece.value for piece in cut(iter((raw,)), Rules(json.loads, frozenset(), 10**6))]

    assert found == _without_decimals(list(ijson.items(io.BytesIO(raw), "item")))


def _finite(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False).encode()
    except ValueError:
        return False
    return "\\ud" not in json.dumps(value)


def _without_decimals(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [_without_decimals(item) for item in value]
    if isinstance(value, dict):
        return {name: _without_decimals(item) for name, item in value.items()}
    return value
