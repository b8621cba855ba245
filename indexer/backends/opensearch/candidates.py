"""
Candidates from OpenSearch: one small query a record, many queries a request.

    keys, epoch  ->  msearch  ->  ids and key blobs  ->  the rule of join.py  ->  Pairs

A query finds a superset of a record's candidates and `join.cross_join` applies the
rule itself, so that both engines agree to the last pair. What may propose is one
clause of terms. Title words are clauses of their own: the cosine of two titles is
at most the length of the one title's vector within the shared words (Cauchy and
Schwarz), so a hit must reach TERM_COSINE squared in squared weights, which the
boosts add up to and `min_score` asks for. No script, no analysis, no full text.

Does not: limit hits. Where a query has more than HITS they are paged to the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.backends.opensearch.client import Client, reason_of
from indexer.backends.opensearch.spelling import SpelledKeys, found_keys, spelled
from indexer.backends.ordering import with_twins
from indexer.epoch import Epoch
from indexer.errors import BackendError, BackendUnavailable
from indexer.join import TERM_COSINE, Pairs, probes_of
from indexer.keys import Keys

QUERIES: Final = 100  # in one request
HITS: Final = 1_000  # of one query; more are paged
TERM_CLAUSES: Final = 16  # the further words of a long title share one clause
TRIES: Final = 8  # of queries that single shards refused for load
# a float sum in another order may fall short by its rounding
REACHED: Final = TERM_COSINE**2 - 1e-3

_HEADER: Final = b'{"allow_partial_search_results":false}\n'
_ANSWER: Final = (
    "filter_path=responses.status,responses.error,responses.hits.hits.fields,"
    "responses.hits.hits.sort"
)
_FETCHED: Final = b'"_source":false,"docvalue_fields":["id","blob"],"track_total_hits":false'


def candidates(client: Client, alias: str, keys: Keys, epoch: Epoch) -> Pairs:
    """The stored records that may describe the same works as these; see `Index.candidates`."""
    queries = list(_queries(keys, epoch))
    hits: dict[str, dict[str, Any]] = {}
    for start in range(0, len(queries), QUERIES):
        for hit in _search(client, alias, queries[start : start + QUERIES]):
            hits[hit["fields"]["id"][0]] = hit
    ids = sorted(hits)
    stored = found_keys([hits[name] for name in ids])
    # A record's twins have its keys, so whatever query found one of them found all:
    # which of them stands for the others shows without another question.
    groups: dict[int, list[str]] = {}
    for name, twin in zip(ids, stored.twins.tolist(), strict=True):
        groups.setdefault(twin, []).append(name)
    leads = {group[0] for group in groups.values()}
    led = np.array([row for row, name in enumerate(ids) if name in leads], np.int64)
    return with_twins(keys, stored.take(led), groups, epoch)


def _queries(keys: Keys, epoch: Epoch) -> Iterator[bytes]:
    """For each record the query that finds its candidates, as JSON."""
    others, terms = probes_of(keys, epoch).split()
    by_row = np.lexsort((others.values, others.rows))
    words = SpelledKeys(others.values[by_row])
    ends = np.searchsorted(others.rows[by_row], np.arange(len(keys) + 1)).tolist()
    by_weight = np.lexsort((terms.values, -terms.weights, terms.rows))
    term_words = SpelledKeys(terms.values[by_weight])
    weights = terms.weights[by_weight].astype(np.float64) ** 2
    term_ends = np.searchsorted(terms.rows[by_weight], np.arange(len(keys) + 1)).tolist()
    for row in range(len(keys)):
        clauses = [_clause(b"twin", b'["%s"]' % spelled(int(keys.twins[row])).encode(), 1.0)]
        if ends[row] < ends[row + 1]:
            clauses.append(_clause(b"keys", words.array(ends[row], ends[row + 1]), 1.0))
        start, end = term_ends[row], term_ends[row + 1]
        clauses += _term_clauses(term_words, weights, start, end)
        yield b'{"bool":{"should":[%s]}}' % b",".join(clauses)


def _term_clauses(
    words: SpelledKeys, weights: NDArray[np.float64], start: int, end: int
) -> Iterator[bytes]:
    single = min(end, start + TERM_CLAUSES)
    for at in range(start, single):
        yield _clause(b"keys", words.array(at, at + 1), float(weights[at]))
    if single < end:
        # more than their sum no document can share of them
        yield _clause(b"keys", words.array(single, end), float(weights[single:end].sum()))


def _clause(field: bytes, words: bytes, boost: float) -> bytes:
    return b'{"constant_score":{"filter":{"terms":{"%s":%s}},"boost":%.7f}}' % (field, words, boost)


def _search(client: Client, alias: str, queries: list[bytes]) -> Iterator[dict[str, Any]]:
    """A hit for every record that one of the queries finds."""
    left = queries
    for _ in range(TRIES):
        lines = b"".join(_HEADER + _search_body(query) + b"\n" for query in left)
        reply = client.ask("POST", f"/{alias}/_msearch?{_ANSWER}", lines)
        again = []
        for query, answer in zip(left, reply.body["responses"], strict=True):
            if answer["status"] in (429, 503):
                again.append(query)
                continue
            if "error" in answer:
                raise BackendError(f"{client.location} refused a query: {reason_of(answer)}")
            hits = _hits(answer)
            yield from hits
            if len(hits) == HITS:
                yield from _all_hits(client, alias, query)
        left = again
        if not left:
            return
    raise BackendUnavailable(
        f"{client.location} refused {len(left)} queries {TRIES} times; expected room in its "
        "search queues: run this again later"
    )


def _all_hits(client: Client, alias: str, query: bytes) -> Iterator[dict[str, Any]]:
    """The same for a query with more hits than one answer holds."""
    path = f"/{alias}/_search?allow_partial_search_results=false"
    after = b""
    while True:
        paged = b',"sort":["id"]' + after
        answer = client.ask("POST", path, orjson.loads(_search_body(query, paged))).body
        hits = _hits(answer)
        yield from hits
        if len(hits) < HITS:
            return
        after = b',"search_after":' + orjson.dumps(hits[-1]["sort"])


def _search_body(query: bytes, paged: bytes = b"") -> bytes:
    head = b'{"size":%d,"min_score":%.7f,%s%s' % (HITS, REACHED, _FETCHED, paged)
    return head + b',"query":' + query + b"}"


def _hits(answer: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.get("hits", {}).get("hits", [])
    return found
