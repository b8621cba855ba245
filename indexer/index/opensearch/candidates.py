"""
Candidates from OpenSearch: a few searches for many records, and the rule over what they find.

    keys, epoch  ->  msearch  ->  ids and keys of what was found  ->  join.py  ->  Pairs

The searches find a superset of the candidates of all records asked about, and
`join.cross_join` applies the rule itself, so that both engines agree to the last pair.
What a search costs beside its words is the same for one record and for fifty, so records
are asked about together: whatever carries a key of one of them is found by one list of
terms, and titles by a clause a record. In that clause a stored title must reach what the
rule asks of both: the cosine of two titles is at most the length of the one title's vector
within the shared words (Cauchy and Schwarz), which the boosts add up to and `min_score`
asks for. No script, no full text.

A record at 50,000 stored ones takes 0.33 ms of the node's CPU and 0.37 of ours so; by a search
for keys and one for titles a record it takes 1.2 and 0.87.

Does not: limit hits. Where a search has more than HITS they are paged to the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from indexer.index.opensearch.spelling import SpelledKeys, fetching, found_keys
from indexer.index.ordering import with_twins
from indexer.keys import Keys, Kind
from indexer.keys.epoch import Epoch
from indexer.keys.join import REACHED, REACHED_BY_ONE, Probes, probes_of
from indexer.keys.pairs import Pairs

SEARCHES: Final = 4  # in one request
SENDERS: Final = 3  # requests at once: one is answered while the hits of another are read
HITS: Final = 10_000  # of one search, as many as OpenSearch gives at once; more are paged
KEYED: Final = 50  # records whose keys one search asks for
KEYS_AT_ONCE: Final = 20_000  # OpenSearch takes 65,536 terms
TITLED: Final = 25  # records whose titles one search asks for: 1,024 clauses are its limit
TERM_CLAUSES: Final = 16  # the further words of a long title share one clause
TRIES: Final = 8  # of searches that single shards refused for load
# More is asked of titles that share one word alone. A word of less weight than that is given a
# boost that falls short by so little that any second word makes up for it.
SHORT: Final = REACHED - 1e-4

_HEADER: Final = b'{"allow_partial_search_results":false}\n'
_ANSWER: Final = "filter_path=responses.status,responses.error,responses.hits.hits.fields"
# any one document, of which its index is asked
_WHICH: Final = (
    b'{"size":1,"track_total_hits":false,"sort":["_doc"],"stored_fields":"_none_",'
    b'"docvalue_fields":["_index"],"query":{"match_all":{}}}'
)


def candidates(
    client: ClusterClient,
    alias: str,
    keys: Keys,
    epoch: Epoch,
    answered_by: Callable[[str], None] | None = None,
) -> Pairs:
    """
    The stored records that may describe the same works as these; see `Candidates.candidates`.

    `answered_by` is told the name of the index behind the alias, by the same request.
    """
    probes = probes_of(keys, epoch)
    searches = [*_key_searches(keys, probes.without(Kind.TERM))]
    searches += _title_searches(probes.of(Kind.TERM))
    if answered_by:
        searches.append(_WHICH)
    hits = _search(client, alias, searches)
    for hit in hits:
        if answered_by and "_index" in hit["fields"]:
            answered_by(hit["fields"]["_index"][0])
    sharing = {hit["fields"]["id"][0]: hit for hit in hits if "blob" in hit["fields"]}
    alike = {hit["fields"]["id"][0]: hit for hit in hits if "terms" in hit["fields"]}
    titles = [hit for name, hit in alike.items() if name not in sharing]
    stored = Keys.join([found_keys([*sharing.values()], "blob"), found_keys(titles, "terms")])
    return with_twins(keys, stored, epoch)


def _key_searches(keys: Keys, probes: Probes) -> Iterator[bytes]:
    """
    The searches for what shares keys that propose or is equal in every field.

    One title bucket proposes nothing, and is asked for all the same: a clause a record that
    counts two of them takes ten times as long as to look at what shares one.
    """
    order = np.argsort(probes.rows, kind="stable")
    values, rows = probes.values[order], probes.rows[order]
    for start in range(0, len(keys), KEYED):
        twins = np.unique(keys.twins[start : start + KEYED])
        clauses = [b'{"terms":{"twin":%s}}' % SpelledKeys(twins).array(0, len(twins))]
        distinct = np.unique(values[slice(*np.searchsorted(rows, (start, start + KEYED)))])
        spelled = SpelledKeys(distinct)
        for first in range(0, len(distinct), KEYS_AT_ONCE):
            some = spelled.array(first, min(first + KEYS_AT_ONCE, len(distinct)))
            yield _search_body([*clauses, b'{"terms":{"keys":%s}}' % some], "blob")
            clauses = []
        if clauses:
            yield _search_body(clauses, "blob")


def _title_searches(probes: Probes) -> Iterator[bytes]:
    """The searches for titles that may be like those of records with rare title words."""
    order = np.lexsort((probes.values, -probes.weights, probes.rows))
    words = SpelledKeys(probes.values[order])
    squares = probes.weights[order].astype(np.float64) ** 2
    boosts = np.where(squares < REACHED_BY_ONE, np.minimum(squares, SHORT), squares)
    borders = np.flatnonzero(np.diff(probes.rows[order], prepend=-1, append=-1)).tolist()
    titles = [
        b'{"function_score":{"min_score":%.7f,"query":{"bool":{"should":[%s]}}}}'
        % (REACHED, b",".join(_term_clauses(words, boosts, start, end)))
        for start, end in pairwise(borders)
        if boosts[start:end].sum() >= REACHED
    ]
    for start in range(0, len(titles), TITLED):
        yield _search_body(titles[start : start + TITLED], "terms")


def _term_clauses(
    words: SpelledKeys, boosts: NDArray[np.float64], start: int, end: int
) -> Iterator[bytes]:
    single = min(end, start + TERM_CLAUSES)
    for at in range(start, single):
        filtered = b'{"term":{"words":%s}}' % words.one(at)
        yield b'{"constant_score":{"filter":%s,"boost":%.7f}}' % (filtered, boosts[at])
    if single < end:  # a document shares no more of these than their sum
        filtered = b'{"terms":{"words":%s}}' % words.array(single, end)
        boost = boosts[single:end].sum()
        yield b'{"constant_score":{"filter":%s,"boost":%.7f}}' % (filtered, boost)


def _search_body(clauses: list[bytes], field: str) -> bytes:
    wanted = {"size": HITS, "track_total_hits": False, "sort": ["_doc"], **fetching(field)}
    return orjson.dumps(wanted)[:-1] + b',"query":{"bool":{"should":[%s]}}}' % b",".join(clauses)


def _search(client: ClusterClient, alias: str, bodies: list[bytes]) -> list[dict[str, Any]]:
    """The hits of all searches; what several of them found comes as often."""
    parts = [bodies[start : start + SEARCHES] for start in range(0, len(bodies), SEARCHES)]
    if len(parts) == 1:  # a thread costs a single question more than its keys do
        return _search_some(client, alias, parts[0])
    with ThreadPoolExecutor(SENDERS) as pool:
        answered = list(pool.map(partial(_search_some, client, alias), parts))
    return [hit for hits in answered for hit in hits]


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
    if len(hits) == HITS and body != _WHICH:
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
