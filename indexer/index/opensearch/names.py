"""
Names of indices and of the documents in them.

    prefix, kind of index, mapping and keys version  ->  "samework-records-m2-3f9a01c2-1"
    an id of any length                              ->  a document's _id

Readers and writers use the alias ("samework-records"), a re-index fills the index
behind "samework-records-building" and keeps the old one as "samework-records-before".
The physical name carries what the index was made with, so that two releases never
fill one index with keys that cannot meet. Does not: ask a cluster what it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from indexer import keys

LONGEST_ID: Final = 512  # bytes; OpenSearch refuses a longer _id
HASHED: Final = "blake2b:"  # an id that begins so is hashed too, so that none is taken twice

RECORDS: Final = "records"
DOCUMENTS: Final = "documents"
LOG: Final = "log"


@dataclass(frozen=True, slots=True)
class IndexNames:
    """The names below one prefix."""

    prefix: str

    @property
    def records(self) -> str:
        """The alias of the index of records."""
        return f"{self.prefix}-{RECORDS}"

    @property
    def building(self) -> str:
        """The alias of an index of records that is being filled."""
        return f"{self.records}-building"

    @property
    def before(self) -> str:
        """The alias of the index of records that the last swap replaced."""
        return f"{self.records}-before"

    @property
    def documents(self) -> str:
        """The alias of the index of documents, checkpoints and leases among them."""
        return f"{self.prefix}-{DOCUMENTS}"

    @property
    def log(self) -> str:
        """The alias of the index of the log."""
        return f"{self.prefix}-{LOG}"

    def physical(self, alias: str, mapping: int, generation: int = 1) -> str:
        """The index behind an alias; that of records carries the version of the keys."""
        made_with = f"m{mapping}"
        if alias == self.records:
            made_with += f"-{digest(keys.version())}"
        return f"{alias}-{made_with}-{generation}"

    def generation(self, index: str) -> int:
        """The generation in the name of an index."""
        return int(index.rpartition("-")[2])


def digest(text: str) -> str:
    """Eight hex digits of a text, as part of a name."""
    return blake2b(text.encode(), digest_size=4).hexdigest()


def document_id(*parts: str) -> str:
    """
    The _id of what these parts name, the parts themselves where that is possible.

    ("work", "w1") gives "work:w1"; the kind of a document holds no colon.
    """
    name = ":".join(parts)
    encoded = name.encode("utf-8", "surrogatepass")
    if 0 < len(encoded) <= LONGEST_ID and not name.startswith(HASHED):
        return name
    return HASHED + blake2b(encoded, digest_size=32).hexdigest()
