"""
The indices of one collection: made when they are missing, checked when they are there.

    Location  ->  aliases "<prefix>-records", "-documents", "-log", each before one index

An index is made together with its alias in one request, so of two processes that
begin at once one makes it and the other finds it. Does not: fill or swap them.
"""

from __future__ import annotations

from typing import Any, Final

from indexer import keys
from indexer.errors import BackendError, BackendOutOfDate, BackendUnavailable
from indexer.index.opensearch.client import ClusterClient
from indexer.index.opensearch.mapping import MAPPING_VERSION, documents_body, log_body, records_body
from indexer.index.opensearch.names import IndexNames

OLDEST: Final = (2, 4)  # the first OpenSearch with points in time
OPENING_PATIENCE: Final = 5.0  # a wrong address is said soon


class Indices:
    """The indices below one prefix of one cluster."""

    def __init__(self, client: ClusterClient) -> None:
        self._client = client
        self.names = IndexNames(client.location.prefix)
        self._checked: set[tuple[str, str]] = set()  # indices, and what was wanted of them

    def open(self, *, create: bool) -> None:
        """
        Check the cluster, and that the indices are there; make them where allowed.

        Raises:
            BackendUnavailable: nobody answers, or there is no index and none may be made.
            BackendError: the cluster is too old or no OpenSearch.
        """
        self._check_cluster()
        names = self.names
        bodies = {
            names.records: records_body(self._client.location.shards or 1, keys.version()),
            names.documents: documents_body(),
            names.log: log_body(),
        }
        for alias, body in bodies.items():
            if self._client.ask("HEAD", f"/_alias/{alias}", accept=_MISSING).status == 200:
                continue
            if not create:
                raise BackendUnavailable(
                    f"there is no index at {str(self._client.location)!r}; expected one made by "
                    f"`samework ingest FILE --index {self._client.location}`"
                )
            self.make(alias, names.physical(alias, MAPPING_VERSION), body)

    def check_keys(self) -> None:
        """
        Raise when the index of records was made with other keys than this release makes.

        Raises:
            BackendOutOfDate: it was; the message names the command that helps.
        """
        self._check(self.names.records)

    def check_keys_of(self, index: str) -> None:
        """The same of an index that answered; what it was made with is asked once, and stays."""
        if (index, self.wanted()) not in self._checked:
            self._check(index)
            self._checked.add((index, self.wanted()))

    @property
    def any_checked(self) -> bool:
        """Whether an index that answered was found to be made as this release makes them."""
        return bool(self._checked)

    def _check(self, index: str) -> None:
        made_with = self.made_with(index)
        if made_with != self.wanted():
            raise BackendOutOfDate(str(self._client.location), made_with, self.wanted())

    def drift(self) -> tuple[str, ...]:
        """What this release makes otherwise than the index of records in use was made."""
        meta = self.meta(self.names.records)
        pairs = {
            "mapping": (meta.get("mapping", 0), MAPPING_VERSION),
            "keys": (meta.get("keys", "unknown keys"), keys.version()),
        }
        shards, asked = self.shards(self.names.records), self._client.location.shards
        if asked:
            pairs["shards"] = (shards, asked)
        return tuple(f"{what}: {a} -> {b}" for what, (a, b) in pairs.items() if a != b)

    def wanted(self) -> str:
        """The versions of mapping and keys that this release makes."""
        return _spelled(MAPPING_VERSION, keys.version())

    def made_with(self, index: str) -> str:
        """The versions of mapping and keys that an index of records was made with."""
        meta = self.meta(index)
        return _spelled(meta.get("mapping", 0), meta.get("keys", "unknown keys"))

    def meta(self, index: str) -> dict[str, Any]:
        """What was noted in an index, or the one behind an alias, when it was made."""
        path = f"/{index}/_mapping?filter_path=*.mappings._meta"
        mappings = self._client.ask("GET", path).body or {}
        if len(mappings) > 1:
            raise BackendError(
                f"alias {index!r} stands before {len(mappings)} indices "
                f"({', '.join(sorted(mappings))}), expected one; remove it from all but the newest"
            )
        return next((index_["mappings"]["_meta"] for index_ in mappings.values()), {})

    def shards(self, index: str) -> int:
        """How many shards an index has."""
        path = f"/{index}/_settings/index.number_of_shards"
        answer = self._client.ask("GET", path).body
        (settings,) = answer.values()
        return int(settings["settings"]["index"]["number_of_shards"])

    def behind(self, alias: str) -> list[str]:
        """The indices behind an alias, none when there is no such alias."""
        reply = self._client.ask("GET", f"/_alias/{alias}", accept=_MISSING)
        return sorted(reply.body) if reply.status == 200 else []

    def all_records(self) -> list[str]:
        """All indices of records below this prefix, in use or not."""
        path = f"/{self.names.records}-m*/_alias?expand_wildcards=open"
        return sorted(self._client.ask("GET", path).body)

    def checkpoints(self, index: str, upto: str = "global_checkpoint") -> dict[int, int]:
        """For each shard the last operation that every copy has, or another such number."""
        path = f"/{index}/_stats?level=shards&filter_path=indices.*.shards"
        (stats,) = self._client.ask("GET", path).body["indices"].values()
        return {
            int(shard): int(copy["seq_no"][upto])
            for shard, copies in stats["shards"].items()
            for copy in copies
            if copy["routing"]["primary"]
        }

    def drop(self, index: str) -> None:
        """Delete an index."""
        self._client.ask("DELETE", f"/{index}", accept=_MISSING)

    def block(self, index: str) -> None:
        """Refuse writes to an index; when this returns, none is under way."""
        reply = self._client.ask("PUT", f"/{index}/_block/write").body
        if not reply["shards_acknowledged"]:
            raise BackendError(f"{index!r} could not be closed for writing; run this again")

    def unblock(self, index: str) -> None:
        """Take writes to an index again."""
        settings = {"index.blocks.write": None}
        self._client.ask("PUT", f"/{index}/_settings", settings)

    def is_blocked(self, index: str) -> bool:
        """Whether writes to an index are refused."""
        path = f"/{index}/_settings/index.blocks.write"
        answer = self._client.ask("GET", path).body  # empty when it was never set
        blocks = [index_["settings"]["index"]["blocks"]["write"] for index_ in answer.values()]
        return "true" in blocks

    def change_aliases(self, actions: list[dict[str, Any]]) -> None:
        """Carry out these changes of aliases, all at one moment or none."""
        self._client.ask("POST", "/_aliases", {"actions": actions})

    def refresh(self, alias: str) -> None:
        """Let searches see all that was written."""
        reply = self._client.ask("POST", f"/{alias}/_refresh").body
        failed = reply["_shards"]["failed"]
        if failed:
            raise BackendError(f"{failed} shards of {alias!r} were not refreshed; run this again")

    def _check_cluster(self) -> None:
        reply = self._client.ask("GET", "/", patience=OPENING_PATIENCE).body
        version = reply.get("version", {}) if isinstance(reply, dict) else {}
        number = str(version.get("number", ""))
        numbers = tuple(int(part) for part in number.split(".")[:2] if part.isdigit())
        if version.get("distribution") != "opensearch" or numbers < OLDEST:
            kind = version.get("distribution") or "no OpenSearch"
            raise BackendError(
                f"{self._client.location} is {kind} {number or 'of no version'}; "
                f"expected OpenSearch {'.'.join(map(str, OLDEST))} or newer"
            )

    def make(self, alias: str, index: str, body: dict[str, Any]) -> None:
        """Make an index behind an alias; one that is there already stays as it is."""
        made = self._client.ask(
            "PUT", f"/{index}{_ALL_COPIES}", body | {"aliases": {alias: {}}}, accept=_REFUSED
        )
        if made.status == 400 and made.body["error"]["type"] != "resource_already_exists_exception":
            raise BackendError(
                f"{self._client.location} did not make index {index!r}: {made.body['error']}; "
                f"expected that no index has the name of the alias {alias!r}"
            )


_MISSING: Final = frozenset({404})
_REFUSED: Final = frozenset({400})
# Until its second copy is filled, what a new index acknowledged is on one node alone, and the
# death of that node leaves it without an answer. A copy that cannot be had is waited for so long.
_ALL_COPIES: Final = "?wait_for_active_shards=all&timeout=20s"


def _spelled(mapping: int, keys_version: str) -> str:
    return f"mapping {mapping}, {keys_version}"
