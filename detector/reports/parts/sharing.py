"""
Sharing: what shares of pairs and works have in common, in this process or for others.

    record ids  ->  their fields as a share has them  ->  Fields or their bytes by id

In one process fields are handed over as they lie; others are told where they stand in a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import orjson

from detector.detecting.field_file import FieldSpans
from detector.detecting.pipeline import Detector
from indexer.fields import Fields
from indexer.fields.packing import packed

Packed = Mapping[str, Fields] | FieldSpans


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
    return cache.spans(record_ids)


def bodies_of(fields: Packed, descriptors: Sequence[int]) -> Mapping[str, Fields | bytes]:
    """The fields of a share as they lie, those of a file packed; its descriptor is the first."""
    return fields.bodies(descriptors[0]) if isinstance(fields, FieldSpans) else fields
