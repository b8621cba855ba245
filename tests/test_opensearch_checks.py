"""What `doctor` says of a cluster: each thing that can be wrong, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from detector.checking.findings import Finding, Grade
from detector.runs.health import examine
from indexer import keys
from indexer.index.opensearch import OpenSearchEngine
from indexer.index.opensearch import checks as checks_module
from indexer.index.opensearch.location import Location
from indexer.index.opensearch.mapping import MAPPING_VERSION

Ask = Callable[..., object]


@pytest.fixture
def engine(opensearch_url: str, opensearch_prefix: str) -> Iterator[OpenSearchEngine]:
    opened = OpenSearchEngine(Location.parse(f"{opensearch_url}/{opensearch_prefix}", {}))
    yield opened
    opened.close()


@pytest.fixture
def change(opensearch_url: str, opensearch_prefix: str) -> Ask:
    """Changes something behind samework's back."""

    def ask(method: str, path: str, body: object = None) -> None:
        url = f"{opensearch_url}/{opensearch_prefix}{path}"
        httpx.request(method, url, json=body, timeout=60, trust_env=False).raise_for_status()

    return ask


def found(engine: OpenSearchEngine) -> dict[str, Finding]:
    return {finding.subject: finding for finding in examine(engine)}


def test_fresh_index_is_well_in_every_respect(engine: OpenSearchEngine) -> None:
    """Nothing to do is said too, subject by subject."""
    findings = found(engine)

    for subject in ("index", "keys", "cluster", "aliases", "mapping", "disks", "locks"):
        assert findings[subject].grade is not Grade.FAULT, findings[subject]
    assert "OpenSearch 3." in findings["cluster"].text
    assert findings["mapping"].grade is Grade.WELL
    assert "clock" not in findings


def test_mapping_changed_by_hand_is_a_fault(engine: OpenSearchEngine, change: Ask) -> None:
    """A field somebody added is not in the next index; a type somebody changed breaks this one."""
    change("PUT", "-records/_mapping", {"properties": {"odd": {"type": "keyword"}}})

    finding = found(engine)["mapping"]

    assert finding.grade is Grade.FAULT
    assert "-records" in finding.text


def test_mapping_of_an_older_release_is_not_blamed_on_somebody(
    engine: OpenSearchEngine, change: Ask
) -> None:
    """An upgrade is the usual reason; "changed by hand" would send people looking."""
    older = {"_meta": {"mapping": MAPPING_VERSION - 1, "keys": keys.version()}}
    change("PUT", "-records/_mapping", older)

    finding = found(engine)["mapping"]

    assert finding.grade is Grade.FAULT
    assert f"mapping {MAPPING_VERSION - 1}" in finding.text
    assert "by hand" not in f"{finding}"


def test_index_left_closed_is_noted_with_the_command(engine: OpenSearchEngine, change: Ask) -> None:
    """A re-index that was killed in its last second leaves it so."""
    change("PUT", "-records/_block/write")

    finding = found(engine)["aliases"]

    assert (finding.grade, "samework reindex" in finding.advice) == (Grade.NOTE, True)


def test_unfinished_build_is_noted(engine: OpenSearchEngine) -> None:
    """It takes as much disk as the index in use."""
    engine.begin_build()

    assert "being filled" in found(engine)["aliases"].text


def test_clock_apart_and_full_disk_are_told(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leases go by the clocks, and a node that is full stops all writing."""
    monkeypatch.setattr(checks_module, "CLOCK_SLACK", -1.0)
    monkeypatch.setattr(checks_module, "FULL", 0.0)
    monkeypatch.setattr(checks_module, "FLOOD", 0.0)

    findings = found(engine)

    assert findings["clock"].grade is Grade.FAULT
    assert findings["disks"].grade is Grade.FAULT
