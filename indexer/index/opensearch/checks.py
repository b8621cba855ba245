"""
What `samework doctor` asks of a cluster, and what to do about each answer.

    ClusterClient, Indices  ->  Check(well, subject, text, advice), ...

Reads only. Does not: look at records or works (the detector's health does).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

from indexer.index.contract import Check
from indexer.index.opensearch.client import ClusterClient
from indexer.index.opensearch.indices import Indices
from indexer.index.opensearch.mapping import MAPPING_VERSION, documents_body, log_body, records_body

CLOCK_SLACK: Final = 5.0  # seconds; a lease lasts a minute
FULL: Final = 0.85  # OpenSearch's own first watermark: no more copies are put on that node
FLOOD: Final = 0.95  # its last: nothing is written any more

_ADVICE: Final = {
    "yellow": "copies are missing: start another node, or wait until it has caught up",
    "red": "records are out of reach: start the nodes that are missing, or restore a snapshot",
}


def checks(client: ClusterClient, indices: Indices) -> Iterator[Check]:
    """All findings about a cluster and the indices of one prefix in it."""
    yield from _cluster(client, indices)
    yield from _aliases(indices)
    yield from _mappings(client, indices)
    yield from _nodes(client)


def _cluster(client: ClusterClient, indices: Indices) -> Iterator[Check]:
    root = client.ask("GET", "/").body["version"]
    names = indices.names
    health = client.ask("GET", f"/_cluster/health/{names.prefix}-*?level=cluster").body
    status, nodes = health["status"], health["number_of_nodes"]
    text = f"OpenSearch {root['number']}, nodes: {nodes}, {status}; no plugin is needed"
    yield Check("cluster", text, _ADVICE.get(status, ""), note=status == "yellow")


def _aliases(indices: Indices) -> Iterator[Check]:
    names = indices.names
    for alias in (names.records, names.documents, names.log):
        behind = indices.behind(alias)
        if len(behind) != 1:
            advice = "remove the alias from all but the newest index, or restore a snapshot"
            yield Check("aliases", f"{alias} stands before {len(behind)} indices", advice)
            return
    (records,) = indices.behind(names.records)
    if indices.is_blocked(records):
        advice = "a re-index runs its last step, or was killed there: run `samework reindex`"
        yield Check("aliases", f"{records} is closed for writing", advice, note=True)
    elif unfinished := indices.behind(names.building):
        advice = "`samework reindex` goes on with it, if none runs now"
        yield Check("aliases", f"{unfinished[0]} is being filled", advice, note=True)
    else:
        yield Check("aliases", f"{names.records} is {records}")


def _mappings(client: ClusterClient, indices: Indices) -> Iterator[Check]:
    names = indices.names
    if (made := indices.meta(names.records).get("mapping", 0)) != MAPPING_VERSION:
        text = f"{names.records} was made with mapping {made}, this release makes {MAPPING_VERSION}"
        yield Check("mapping", text, "`samework reindex` makes it anew")
        return
    wanted = {
        names.records: records_body(1, ""),
        names.documents: documents_body(),
        names.log: log_body(),
    }
    drifted = []
    for alias, body in wanted.items():
        (stored,) = client.ask("GET", f"/{alias}/_mapping").body.values()
        if _plain(stored["mappings"]["properties"]) != _plain(body["mappings"]["properties"]):
            drifted.append(alias)
    if drifted:
        text = f"{', '.join(drifted)}: the mapping is not the one this release makes"
        yield Check("mapping", text, "`samework reindex`; somebody changed it by hand")
    else:
        yield Check("mapping", "as this release makes it")


def _nodes(client: ClusterClient) -> Iterator[Check]:
    path = "/_nodes/stats/fs?filter_path=nodes.*.name,nodes.*.timestamp,nodes.*.fs.total"
    began = time.time()
    nodes: dict[str, Any] = client.ask("GET", path).body["nodes"]
    now = (began + time.time()) / 2
    fullest, free = 0.0, 0
    for node in nodes.values():
        disk = node["fs"]["total"]
        used = 1 - disk["available_in_bytes"] / disk["total_in_bytes"]
        if used >= fullest:
            fullest, free = used, disk["available_in_bytes"]
        apart = abs(node["timestamp"] / 1000 - now)
        if apart > CLOCK_SLACK:
            text = f"{node['name']} is {apart:.0f} s apart from this machine"
            yield Check("clock", text, "set the clocks: leases go by them")
    text = f"the fullest is {fullest:.0%} full, {free / 1e9:,.1f} GB free"
    advice = ""
    if fullest >= FULL:
        advice = f"make room: at {FLOOD:.0%} OpenSearch takes no writes"
    yield Check("disks", text, advice, note=fullest < FLOOD)


def _plain(properties: dict[str, Any]) -> dict[str, Any]:
    """A mapping without what OpenSearch adds or leaves out because it is usual."""
    usual = {"type": "object", "enabled": True}
    return {
        field: {k: v for k, v in rules.items() if usual.get(k) != v}
        for field, rules in properties.items()
    }
