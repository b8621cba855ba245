"""
Sharing: what shares of pairs and works have in common, in this process or for others.

    record ids  ->  their fields as a share has them  ->  Fields by id

In one process fields are handed over as they lie; for others they are packed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import orjson

from detector.detecting.pipeline import Detector
from indexer.fields import Fields
from indexer.fields.packing import packed, unpacked

Packed = Mapping[str, Fields] | Mapping[str, bytes]


def held(value: object) -> bytes:
    """
    A value as JSON that is held for long, in as many bytes as it has.

    What orjson makes has room behind it: 5 kB for the 0.6 kB of a pair.
    """
    return bytes(memoryview(orjson.dumps(value)))


def fields_for(detector: Detector, record_ids: Sequence[str], *, again: bool) -> Packed:
    """The fields of these records for a share; whether the next shares ask for them again."""
    cache = detector.fields
    if detector.workers.count == 1:
        return cache.of(record_ids) if again else cache.once(record_ids)

    def made(missing: Sequence[str]) -> Iterator[dict[str, bytes]]:
        yield {name: packed(fields) for name, fields in cache.of(missing).items()}

    cache.fill(record_ids, made)
    return cache.packed(record_ids)


def unpacked_fields(fields: Packed) -> dict[str, Fields]:
    """The fields of a share."""
    return {name: unpacked(one) if isinstance(one, bytes) else one for name, one in fields.items()}
