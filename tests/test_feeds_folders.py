"""Dumps and watched folders: each row once, none left out."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from indexer.errors import FeedError, FeedUnavailable, SettingsError
from indexer.feeds.opening import client_of, configured, reader_of
from indexer.feeds.protocols.pages import Cursor, Page, Window
from tests.servers.cursor_apis import made_rows

ALL = Window()


def lines(rows: list[Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def read(name: str, folder: Path, cursor: Cursor | None = None, **settings: Any) -> list[Page]:
    feed = configured(name, {"endpoint": str(folder), **settings})
    with client_of(feed) as client:
        return list(reader_of(feed, client).pages(cursor, ALL))


def ids(pages: list[Page]) -> list[str]:
    return [r.record_id for page in pages for r in (*page.records, *page.deleted)]


def put(path: Path, content: bytes) -> None:
    """Write a file that has been at rest for a while."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    os.utime(path, (1_700_000_000, 1_700_000_000))


def test_a_watched_folder_is_read_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    for number in (10, 2, 1):
        put(tmp_path / f"{number}.json.gz", lines(made_rows("crossref", 12)[number : number + 1]))

    pages = read("crossref_dump", tmp_path)

    assert ids(pages) == [f"crossref:10.5555/made.{number}" for number in (1, 2, 10)]
    assert pages[-1].last


def test_only_new_and_changed_files_are_read_again(tmp_path: Path) -> None:
    put(tmp_path / "a.jsonl", lines(made_rows("crossref", 3)))
    put(tmp_path / "sub" / "b.jsonl", lines(made_rows("datacite", 2)))
    settings: dict[str, Any] = {"protocol": "folder"}

    first = read("inbox", tmp_path, **settings)
    second = read("inbox", tmp_path, first[-1].cursor_after, **settings)
    put(tmp_path / "c.jsonl", lines(made_rows("openalex", 1)))
    put(tmp_path / "a.jsonl", lines(made_rows("crossref", 4)))
    third = read("inbox", tmp_path, second[-1].cursor_after, **settings)

    assert len(ids(first)) == 5
    assert ids(second) == []
    assert len(ids(third)) == 5


def test_a_file_still_being_written_waits_for_the_next_harvest(tmp_path: Path) -> None:
    put(tmp_path / "done.jsonl", lines(made_rows("crossref", 1)))
    (tmp_path / "growing.jsonl").write_bytes(lines(made_rows("crossref", 2))[:-20])
    (tmp_path / "fetched.jsonl.part").write_bytes(b"{")
    (tmp_path / ".hidden").write_bytes(b"{")

    pages = read("inbox", tmp_path, protocol="folder", settled=60)

    assert len(ids(pages)) == 1
    assert not any(page.rejected for page in pages)
    assert pages[-1].note.startswith("growing.jsonl changed less than 60 s ago")


def test_files_that_are_too_young_are_named(tmp_path: Path) -> None:
    put(tmp_path / "old.jsonl", lines(made_rows("crossref", 1)))
    for name in ("b.jsonl", "c.jsonl"):
        (tmp_path / name).write_bytes(lines(made_rows("crossref", 2)))

    pages = read("inbox", tmp_path, protocol="folder", settled=60)

    assert pages[-1].note.startswith("b.jsonl and 1 more changed less than 60 s ago")


def test_a_file_goes_on_where_it_was_left(tmp_path: Path) -> None:
    put(tmp_path / "a.jsonl.gz", lines(made_rows("crossref", 1300)))

    whole = read("crossref_dump", tmp_path)
    rest = read("crossref_dump", tmp_path, whole[0].cursor_after)

    assert len(whole[0].records) == 500
    assert ids(whole[:1]) + ids(rest) == ids(whole)


def test_rows_without_a_source_of_their_own_belong_to_the_feed(tmp_path: Path) -> None:
    put(tmp_path / "x.ris", b"TY  - JOUR\nTI  - A made title\nID  - 7\nER  - \n")

    named = read("inbox", tmp_path, protocol="folder", source="library")
    unnamed = read("inbox", tmp_path, protocol="folder")

    assert ids(named) == ["library:7"]
    assert ids(unnamed) == ["x.ris:7"]


def test_a_file_of_no_known_format_is_rejected_and_stops_no_other(tmp_path: Path) -> None:
    put(tmp_path / "a.bin", bytes(range(256)))
    put(tmp_path / "b.jsonl", lines(made_rows("crossref", 1)))

    pages = read("inbox", tmp_path, protocol="folder")

    assert len(ids(pages)) == 1
    assert [len(page.rejected) for page in pages if page.rejected] == [1]


def test_a_file_that_the_system_does_not_hand_out_stops_no_other(tmp_path: Path) -> None:
    put(tmp_path / "b.jsonl", lines(made_rows("crossref", 1)))
    (tmp_path / "a.jsonl").symlink_to("/proc/self/mem")  # readable by nobody, root included

    pages = read("inbox", tmp_path, protocol="folder", settled=0)

    assert len(ids(pages)) == 1
    assert [len(page.rejected) for page in pages if page.rejected] == [1]


def test_a_folder_that_is_not_there_is_an_error_not_an_empty_feed(tmp_path: Path) -> None:
    with pytest.raises(FeedUnavailable, match="no folder"):
        read("crossref_dump", tmp_path / "unmounted")


def snapshot(folder: Path, counts: Mapping[str, int]) -> None:
    """A snapshot of OpenAlex with *counts* works a day of update; all made."""
    entries, start = [], 0
    for day, count in counts.items():
        rows = made_rows("openalex", start + count)[start:]
        path = folder / "data" / "works" / f"updated_date={day}" / "part_000.gz"
        put(path, lines(rows))
        url = f"s3://openalex/data/works/updated_date={day}/part_000.gz"
        meta = {"content_length": path.stat().st_size, "record_count": count}
        entries.append({"url": url, "meta": meta})
        start += count
    manifest = {"entries": list(reversed(entries)), "meta": {}}
    put(folder / "data" / "works" / "manifest", json.dumps(manifest).encode())


def test_a_snapshot_of_openalex_is_whole_by_its_manifest(tmp_path: Path) -> None:
    snapshot(tmp_path, {"2023-05-16": 3, "2023-06-01": 2})
    table = b"merge_date,id,merge_into_id\n2023-06-02,W900,W1\n2023-06-02,W901,W2\n"
    put(tmp_path / "data" / "merged_ids" / "works" / "2023-06-02.csv.gz", table)

    pages = read("openalex_snapshot", tmp_path)

    gone = [record for page in pages for record in page.deleted]
    assert ids(pages)[:5] == [f"openalex:W{number}" for number in range(5)]
    assert [record.record_id for record in gone] == ["openalex:W900", "openalex:W901"]
    assert gone[0].relations[0].target == "openalex:W1"
    assert (pages[-1].read, pages[-1].complete_size, pages[-1].last) == (7, 7, True)


@pytest.mark.parametrize("fault", ["missing", "short", "no manifest"])
def test_a_snapshot_that_is_not_whole_is_refused(tmp_path: Path, fault: str) -> None:
    snapshot(tmp_path, {"2023-05-16": 3, "2023-06-01": 2})
    part = tmp_path / "data" / "works" / "updated_date=2023-06-01" / "part_000.gz"
    if fault == "missing":
        part.unlink()
    elif fault == "short":
        part.write_bytes(part.read_bytes()[:-5])
    else:
        (tmp_path / "data" / "works" / "manifest").unlink()

    with pytest.raises((FeedError, OSError)):
        read("openalex_snapshot", tmp_path)


def test_a_snapshot_replaced_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    """Its parts may belong to two snapshots; the manifest is compared before and after."""
    snapshot(tmp_path, {"2023-05-16": 3})
    feed = configured("openalex_snapshot", {"endpoint": str(tmp_path)})
    with client_of(feed) as client:
        pages = reader_of(feed, client).pages(None, ALL)
        next(pages)
        snapshot(tmp_path, {"2023-05-16": 3, "2023-07-01": 1})
        with pytest.raises(FeedError, match="replaced while it was read"):
            list(pages)


def test_the_recorded_part_of_a_snapshot_is_understood(tmp_path: Path, shared_data: Any) -> None:
    body = shared_data("feeds/openalex/snapshot_works_updated_date=2023-05-16_part_000.gz")
    part = tmp_path / "works" / "updated_date=2023-05-16" / "part_000.gz"
    part.parent.mkdir(parents=True)
    part.write_bytes(body.read_bytes())
    meta = {"content_length": part.stat().st_size, "record_count": 27}
    url = "s3://openalex/data/works/updated_date=2023-05-16/part_000.gz"
    put(
        tmp_path / "works" / "manifest",
        json.dumps({"entries": [{"url": url, "meta": meta}]}).encode(),
    )

    pages = read("openalex_snapshot", tmp_path)

    assert len(ids(pages)) == 27
    assert pages[-1].missing == 0


DBLP = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE dblp SYSTEM "dblp.dtd">
<dblp>
<article mdate="2020-01-01" key="journals/made/Muller99"><author>J&uuml;rgen M\xfcller 0002</author>
<title>On &Aacute; made <i>title</i>.</title><year>1999</year><journal>Made J.</journal>
<ee>https://doi.org/10.5555/made.1</ee></article>
<www key="homepages/m/JM"><author>J&uuml;rgen M&uuml;ller</author><title>Home Page</title></www>
<inproceedings key="conf/made/Ion20"><author>Ana Ionescu</author><title>B &lt; C.</title>
<booktitle>MADE</booktitle><year>2020</year></inproceedings>
<article key="journals/corr/abs-2101-00001"><author>A B</author><title>D.</title></article>
</dblp>
"""


def test_the_dump_of_dblp_is_read_with_entities_of_a_table(tmp_path: Path) -> None:
    """Its DTD is never loaded; persons (www) are no works."""
    put(tmp_path / "dblp.xml.gz", DBLP)

    pages = read("dblp", tmp_path)

    records = [record for page in pages for record in page.records]
    assert [r.source_id for r in records] == [
        "journals/made/Muller99",
        "conf/made/Ion20",
        "journals/corr/abs-2101-00001",
    ]
    assert records[0].title == "On Á made title."
    assert records[0].authors[0].name == "Jürgen Müller"
    assert records[1].title == "B < C."
    assert ("arxiv", "2101.00001") in records[2].identifiers


def test_a_dump_that_defines_entities_is_refused(tmp_path: Path) -> None:
    bomb = DBLP.replace(b'SYSTEM "dblp.dtd"', b'[<!ENTITY uuml "u"><!ENTITY b "&uuml;&uuml;">]')
    put(tmp_path / "dblp.xml", bomb)

    pages = read("dblp", tmp_path)

    assert ids(pages) == []
    assert "DOCTYPE defines" in pages[0].rejected[0].reason


def test_a_feed_of_no_known_protocol_or_option_is_a_setting_s_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="lack protocol"):
        configured("nowhere", {"endpoint": "x"})
    with pytest.raises(SettingsError, match="known protocols"):
        configured("nowhere", {"endpoint": "x", "protocol": "gopher"})
    with pytest.raises(SettingsError, match="password in its endpoint"):
        configured(
            "mine", {"endpoint": "https://me:s3cret@made.example/oai", "protocol": "oai_pmh"}
        )
    with pytest.raises(SettingsError, match="never the key itself") as error:
        configured("core", {"key": "s3cret"})
    assert "s3cret" not in str(error.value)
    feed = configured("openalex", {"colour": "red"})
    with client_of(feed) as client, pytest.raises(SettingsError, match="colour"):
        reader_of(feed, client)
