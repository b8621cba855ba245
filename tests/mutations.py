"""
Mutations: files as they might come, made from files as they do come.

    sample file  ->  its entries  ->  some of them damaged, and now and then the whole file

Structure-aware: an entry of JSON is changed as a value, one of XML as an element, one of
lines as lines, so that what comes out is mostly whole and gets past the cutting into the
code behind it. Bytes are damaged as well. One seed gives one file, on every machine.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

import orjson

from indexer.feeds.formats import format_of, read_bytes
from indexer.feeds.reading.encodings import Text
from indexer.feeds.reading.files import ReadSettings, Stream
from indexer.feeds.reading.rows import Input

MOST_ENTRIES: Final = 60  # of one sample
LARGEST_SAMPLE: Final = 1 << 20

ODD_TEXTS: Final = (
    *("", " ", "\t", "\x00", "\x1a", "NA", "None", "-", "--", "0", "²", "١٩٩٩", "9" * 400),
    *("1e999", "[", "{", "}", "\\", '"', "'", "&amp;", "&#0;", "&#x110000;", "&bogus;", "<i>"),
    *("]]>", "\ud7ff", "\u202e", "\u0301" * 40, "e\u0301", "ﬁ", "İ", "ẞ", "王伟", "עברית"),
    *("𝔸", "\ufeff", "\u2028", "\u00a0", "\x85", "and", " and ", ", ", "et al.", "others", "Ö, "),
    *("10.1/", "10.1000/<>;2-#", "doi:", "https://doi.org/", "http://[", "arXiv:", "PMC", "NCT0"),
    *("0000-0000-0000-0000", "0000", "2020-02-30", "13/13/13", "May-June", "19uu", "-1", "1-"),
    *("TY  - JOUR", "ER  - ", "TY - ", "PT J", "ER", "EF", "PMID- 1", "%0 Book", "%T", "@article{"),
    *("@string{a = b}", "@comment{", "# a", "= {", "\\'", '\\"{', "$", "$$", "title,year", ";;;"),
)
ODD_BYTES: Final = (
    *(b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xc3", b"\xe9", b"\x00", b"\r", b"\n", b"\r\n"),
    *(b"\x1d", b"\x1e", b"\x1f", b"\x81\x40", b"\xed\xa0\x80", b"\x1b[31m", b"\x0c", b"\x85"),
)
ODD_VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 2**53, 2**63, 1e308, 0.5, "", [], {}, [[]], [None], {"": None}),
    *([{}], [[[["x"]]]], {"a": {"b": {"c": {}}}}, ["x", 1, None, {}], "x" * 5_000),
)
_TOKENS: Final = re.compile(rb"<[^<>]*>|[^<>]+")


class Sample(NamedTuple):
    """A file that is read well, cut into its entries."""

    name: str
    format: str
    head: bytes  # what stands before the first entry
    entries: tuple[bytes, ...]
    tail: bytes


def samples_under(folders: list[Path]) -> Iterator[Sample]:
    """Every file below that some reader takes and that has rows of its own bytes."""
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            data = path.read_bytes()
            if data.startswith(b"\x1f\x8b"):
                data = gzip.decompress(data)[:LARGEST_SAMPLE]
            if len(data) <= LARGEST_SAMPLE and (sample := sample_of(path.name, data)):
                yield sample


def sample_of(name: str, data: bytes) -> Sample | None:
    """A file cut at the rows that its reader finds, or None where it finds none."""
    stream = Stream(iter((data,)))
    source = Input(name, name, stream, Text(stream), ReadSettings())
    try:
        told = format_of(source).name
    except Exception:  # of no known format: nothing to mutate
        return None
    rows = [row for row in read_bytes(data, name) if row.raw and row.raw in data]
    if not rows:
        return None
    last = data.rfind(rows[-1].raw) + len(rows[-1].raw)
    entries = tuple(row.raw for row in rows[:MOST_ENTRIES])
    return Sample(name, told, data[: data.find(rows[0].raw)], entries, data[last:])


def mutated_file(sample: Sample, others: list[Sample], random: Random) -> tuple[bytes, int]:
    """A file of damaged and whole entries of a sample, and how many entries went into it."""
    count = random.randint(5, 40)
    entries = []
    for _ in range(count):
        entry = random.choice(sample.entries)
        for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
            entry = mutated(entry, sample, random)
        if random.random() < 0.02:  # files that people put together
            entry = random.choice(random.choice(others).entries)
        entries.append(entry)
    data = sample.head + _between(sample, random).join(entries) + sample.tail
    if random.random() < 0.25:
        data = _bytes(data, random)
    return data, count


def _between(sample: Sample, random: Random) -> bytes:
    if sample.format == "json":
        is_array = sample.head.rstrip().endswith(b"[")
        return b",\n" if is_array else b"\n"
    if sample.format in {"marc", "xml", "delimited"}:
        return b"\n" if sample.format == "delimited" else b""
    return random.choice((b"\n", b"\n\n", b"\r\n\r\n", b"\n3.\n", b""))


def mutated(entry: bytes, sample: Sample, random: Random) -> bytes:
    """An entry with one change, most often of its structure."""
    if random.random() < 0.15:
        return _bytes(entry, random)
    return BY_FORMAT.get(sample.format, _lines)(entry, random)


def _bytes(data: bytes, random: Random) -> bytes:
    at = random.randint(0, len(data))
    match random.randrange(4):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + random.choice(ODD_BYTES) + data[at:]
        case 2:
            return data[:at] + data[at + random.randint(1, 200) :]
        case _:
            return data[:at] + data[max(0, at - random.randint(1, 200)) :]


def _lines(entry: bytes, random: Random) -> bytes:
    parts = entry.splitlines(keepends=True) or [b""]
    at = random.randrange(len(parts))
    line = parts[at]
    match random.randrange(7):
        case 0:
            del parts[at]
        case 1:
            parts.insert(at, random.choice(parts))
        case 2:
            parts[at] = _odd(random) + b"\n"
        case 3:  # another value behind the same tag, name or number of cells
            parts[at] = line[: random.randint(2, 12)] + _odd(random) + b"\n"
        case 4:
            word = random.choice(line.split() or [b"x"])
            parts[at] = line.replace(word, _odd(random), 1)
        case 5:
            parts[at] = line.rstrip(b"\r\n") + random.choice((b"\r", b"\n\n", b" ", b"\r\n "))
        case _:
            other = random.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
    return b"".join(parts)


def _odd(random: Random) -> bytes:
    return random.choice(ODD_TEXTS).encode("utf-8", "surrogatepass")


def _json(entry: bytes, random: Random) -> bytes:
    try:
        value = orjson.loads(entry)
    except orjson.JSONDecodeError:
        return _bytes(entry, random)
    places = list(_places(value)) if isinstance(value, dict | list) else []
    if not places:
        return _bytes(entry, random)
    inside, key = random.choice(places)
    match random.randrange(5):
        case 0:
            del inside[key]
        case 1:
            inside[key] = random.choice(ODD_TEXTS)
        case 2:
            inside[key] = [inside[key]]
        case 3 if isinstance(inside, dict):
            inside[random.choice((str(key).upper(), "title", "id", "type"))] = inside.pop(key)
        case _:
            inside[key] = random.choice(ODD_VALUES)
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (object or list, key or index) inside a JSON value."""
    keys = value if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


def _xml(entry: bytes, random: Random) -> bytes:
    parts = _TOKENS.findall(entry) or [entry]
    at = random.randrange(len(parts))
    texts = [n for n, part in enumerate(parts) if not part.startswith(b"<") and part.strip()]
    match random.randrange(6):
        case 0:
            del parts[at]
        case 1:
            parts.insert(at, random.choice(parts))
        case 2 | 3 if texts:
            parts[random.choice(texts)] = _escaped(_odd(random))
        case 4:
            name = re.match(rb"<([\w:.-]+)", parts[at])
            if name:
                parts[at] = parts[at].replace(name[1], name[1] + b' type="' + b'odd"', 1)
        case _:
            end = min(len(parts), at + random.randint(1, 12))
            parts[at:at] = parts[at:end]
    return b"".join(parts)


def _escaped(text: bytes) -> bytes:
    return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b"\x00", b"")


def _marc(entry: bytes, random: Random) -> bytes:
    data = bytearray(entry)
    marks = [at for at, byte in enumerate(data) if byte in b"\x1e\x1f"]
    if not marks or random.random() < 0.3:
        return _bytes(entry, random)
    at = random.choice(marks)
    if at + 1 < len(data):
        data[at + 1] = random.choice(b"abtxz059 \x1f")
    return bytes(data)


BY_FORMAT: Final[dict[str, Callable[[bytes, Random], bytes]]] = {
    "json": _json,
    "xml": _xml,
    "marc": _marc,
}
