"""
Candidates from OpenSearch: two small queries a record, many queries a request.

    keys, epoch  ->  msearch  ->  ids and keys of what was found  ->  join.py  ->  Pairs

The queries find a superset of a record's candidates and `join.cross_join` applies
the rule itself, so that both engines agree to the last pair. One query asks for
whatever shares a key that may propose. The other asks for titles: the cosine of two
titles is at most the length of the one title's vector within the shared words
(Cauchy and Schwarz), so a hit must reach TERM_COSINE squared in squared weights,
which the boosts add up to and `min_score` asks for. No script, no full text.

Does not: limit hits. Where a query has more than HITS they are paged to the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.errors import BackendError, BackendUnavailable
from indexer.index.opensearch.client import ClusterClient, departed, reason_of
from indexer.index.opensearch.retries import TryAgain, retrying
from indexer.index.opensearch.spelling import SpelledKeys, fetching, found_keys, spelled
from indexer.index.ordering import with_twins
from indexer.keys import Keys, Kind
from indexer.keys.epoch import Epoch
from indexer.keys.join import BUCKETS_ASKED, TERM_COSINE, Probes, probes_of
from indexer.keys.keys import TITLE_BUCKETS
from indexer.keys.pairs import Pairs

SEARCHES: Final = 100  # in one request
SENDERS: Final = 3  # requests at once: one is answered while the hits of another are read
HITS: Final = 1_000  # of one search; more are paged
TERM_CLAUSES: Final = 16  # the further words of a long title share one clause
TRIES: Final = 8  # of searches that single shards refused for load
# a float sum in another order may fall short by its rounding
REACHED: Final = TERM_COSINE**2 - 1e-3

_HEADER: Final = b'{"allow_partial_search_results":false}\n'
_ANSWER: Final = "filter_path=responses.status,responses.error,responses.hits.hits.fields"


def candidates(client: ClusterClient, alias: str, keys: Keys, epoch: Epoch) -> Pairs:
    """The stored records that may describe the same works as these; see `Candidates.candidates`."""
    probes = probes_of(keys, epoch)
    buckets, terms = probes.of(*TITLE_BUCKETS), probes.of(Kind.TERM)
    others = probes.without(*TITLE_BUCKETS, Kind.TERM)
    sharing = _search(client, alias, list(_key_searches(keys, others, buckets)))
    alike = _search(client, alias, list(_title_searches(terms)))
    titles = {name: hit for name, hit in alike.items() if name not in sharing}
    stored = Keys.join(
        [found_keys([*sharing.values()], "blob"), found_keys([*titles.values()], "terms")]
    )
    return with_twins(keys, stored, epoch)


def _key_searches(keys: Keys, others: Probes, buckets: Probes) -> Iterator[bytes]:
    """For each record the search for what shares keys that propose or is equal in every field."""
    spelled_others, ends = _by_record(others, len(keys))
    spelled_buckets, bucket_ends = _by_record(buckets, len(keys))
    for row, twin in enumerate(keys.twins.tolist()):
        clauses = [b'{"term":{"twin":"%s"}}' % spelled(twin).encode()]
        first, last = ends[row], ends[row + 1]
        if first < last:
            clauses.append(b'{"terms":{"keys":%s}}' % spelled_others.array(first, last))
        first, last = bucket_ends[row], bucket_ends[row + 1]
        if last - first >= BUCKETS_ASKED:
            each = (b'{"term":{"keys":%s}}' % spelled_buckets.one(at) for at in range(first, last))
            several = (BUCKETS_ASKED, b",".join(each))
            clauses.append(b'{"bool":{"minimum_should_match":%d,"should":[%s]}}' % several)
        yield _search_body(clauses, {"sort": ["_doc"], **fetching("blob")})


def _by_record(probes: Probes, count: int) -> tuple[SpelledKeys, list[int]]:
    """The keys spelled, those of one record side by side, and where each record's begin."""
    order = np.lexsort((probes.values, probes.rows))
    ends = np.searchsorted(probes.rows[order], np.arange(count + 1))
    return SpelledKeys(probes.values[order]), ends.tolist()


def _title_searches(probes: Probes) -> Iterator[bytes]:
    """For each record with rare title words the search for titles that may be alike."""
    order = np.lexsort((probes.values, -probes.weights, probes.rows))
    words = SpelledKeys(probes.values[order])
    squares = probes.weights[order].astype(np.float64) ** 2
    borders = np.flatnonzero(np.diff(probes.rows[order], prepend=-1, append=-1)).tolist()
    for start, end in pairwise(borders):
        if squares[start:end].sum() >= REACHED:
            clauses = list(_term_clauses(words, squares, start, end))
            yield _search_body(clauses, {"min_score": REACHED, **fetching("terms")})


def _term_clauses(
    words: SpelledKeys, boosts: NDArray[np.float64], start: int, end: int
) -> Iterator[bytes]:
    single = min(end, start + TERM_CLAUSES)
    groups = [(at, at + 1) for at in range(start, single)]
    if single < end:
        groups.append((single, end))  # a document shares no more of these than their sum
    for first, last in groups:
        boost = boosts[first:last].sum()
        filtered = b'{"terms":{"words":%s}}' % words.array(first, last)
        yield b'{"constant_score":{"filter":%s,"boost":%.7f}}' % (filtered, boost)


def _search_body(clauses: list[bytes], wanted: dict[str, Any]) -> bytes:
    head = orjson.dumps({"size": HITS, "track_total_hits": False, **wanted})[:-1]
    return head + b',"query":{"bool":{"should":[%s]}}}' % b",".join(clauses)


def _search(client: ClusterClient, alias: str, bodies: list[bytes]) -> dict[str, dict[str, Any]]:
    """The hits of all searches by the ids of their records."""
    parts = [bodies[start : start + SEARCHES] for start in range(0, len(bodies), SEARCHES)]
    with ThreadPoolExecutor(SENDERS) as pool:
        answered = list(pool.map(partial(_search_some, client, alias), parts))
    return {hit["fields"]["id"][0]: hit for hits in answered for hit in hits}


def _search_some(client: ClusterClient, alias: str, bodies: list[bytes]) -> list[dict[str, Any]]:
    """The hits of some searches; those that were refused for load are sent again."""
    hits: list[dict[str, Any]] = []
    for attempt in retrying(tries=TRIES):
        with attempt:
            lines = b"".join(_HEADER + body + b"\n" for body in bodies)
            reply = client.ask("POST", f"/{alias}/_msearch?{_ANSWER}", lines)
            answers, refused = zip(bodies, reply.body["responses"], strict=True), []
            for body, answer in answers:
                if answer["status"] in (429, 503) or departed(answer):
                    refused.append(body)
                elif "error" in answer:
                    raise BackendError(f"{client.location} refused a query: {reason_of(answer)}")
                else:
                    hits += _hits_of(client, alias, body, answer)
            bodies = refused
            if refused:
                raise TryAgain(
                    BackendUnavailable(
                        f"{client.location} refused {len(refused)} queries {TRIES} times; expected "
                        "room in its search queues: run this again later"
                    )
                )
    return hits


def _hits_of(
    client: ClusterClient, alias: str, body: bytes, answer: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    hits = answer.get("hits", {}).get("hits", [])
    yield from hits
    if len(hits) == HITS:
        yield from _all_hits(client, alias, orjson.loads(body))


def _all_hits(
    client: ClusterClient, alias: str, search: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """The hits of a search with more of them than one answer holds."""
    path = f"/{alias}/_search?allow_partial_search_results=false"
    search["sort"] = ["id"]
    while True:
        hits = client.ask("POST", path, search).body["hits"]["hits"]
        yield from hits
        if len(hits) < HITS:
            return
        search["search_after"] = hits[-1]["sort"]
