"""OAI-PMH from a provider that is ill: never half a list taken for a whole one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from indexer.errors import FeedError, FeedUnavailable
from indexer.feeds.protocols.oai.repository import OaiError
from tests.servers.harvester import ALL, harvested, ids, reading
from tests.servers.loopback import Ask, Reply
from tests.servers.oai_provider import Provider, made_items


def test_an_expired_token_costs_one_slice_and_no_record() -> None:
    items = made_items(9)
    provider = Provider(items)

    def expire_once(ask: Ask, body: bytes) -> Reply | None:
        token = ask.params.get("resumptionToken", "")
        if ask.number == 4 and token:
            return Reply(provider._error("badResumptionToken"))
        return None

    provider.after = expire_once
    pages = harvested(provider)

    assert set(ids(pages)) == {item.identifier for item in items}
    assert (pages[-1].read, pages[-1].missing) == (9, 0)


def test_a_token_that_always_expires_is_an_error_not_an_end() -> None:
    provider = Provider(made_items(9))
    provider.after = lambda ask, body: (
        Reply(provider._error("badResumptionToken")) if "resumptionToken" in ask.params else None
    )

    with pytest.raises(OaiError, match="badResumptionToken"):
        harvested(provider)


@pytest.mark.parametrize("cycle", [1, 2])
def test_tokens_that_run_in_a_circle_are_noticed(cycle: int) -> None:
    """The same token for ever, and A, B, A: a harvest that would never end."""
    provider = Provider(made_items(30))

    def circle(ask: Ask, body: bytes) -> Reply | None:
        token = ask.params.get("resumptionToken")
        if token is None:
            return None
        first = provider._list("ListRecords", {"metadataPrefix": "oai_dc"})
        offset = 3 if cycle == 1 or "|6|" in token else 6
        return Reply(first.replace(b"|3|", f"|{offset}|".encode()))

    provider.after = circle
    with pytest.raises(FeedError, match="would never end"):
        harvested(provider)


def test_no_records_in_the_middle_of_a_list_is_not_its_end() -> None:
    provider = Provider(made_items(9))

    def stumble(ask: Ask, body: bytes) -> Reply | None:
        second = "|6|" in ask.params.get("resumptionToken", "")
        listing = ask.params["verb"] == "ListRecords"
        return Reply(provider._error("noRecordsMatch")) if second and listing else None

    provider.after = stumble
    pages = harvested(provider)

    assert set(ids(pages)) == {item.identifier for item in made_items(9)}


def test_a_page_cut_off_is_asked_for_again() -> None:
    once: list[int] = []

    def cut_once(ask: Ask, body: bytes) -> Reply | None:
        if "resumptionToken" in ask.params and not once:
            once.append(ask.number)
            return Reply(body[: len(body) // 2])
        return None

    pages = harvested(Provider(made_items(9), after=cut_once))

    assert len(set(ids(pages))) == 9
    assert not any(page.damaged for page in pages)


def test_a_page_that_stays_cut_off_is_never_the_end_of_the_list() -> None:
    """A recovering parser reads half the records, finds no token and calls it the end."""

    def cut_always(ask: Ask, body: bytes) -> Reply | None:
        return Reply(body[: len(body) // 2]) if "resumptionToken" in ask.params else None

    with reading(Provider(made_items(9), after=cut_always)) as (reader, _):
        pages = reader.pages(None, ALL)
        first = next(pages)
        with pytest.raises(FeedUnavailable, match="cut off"):
            list(pages)
    with reading(Provider(made_items(9))) as (reader, _):
        rest = list(reader.pages(first.cursor_after, ALL))

    assert len(set(ids([first, *rest]))) == 9


BROKEN = {
    "a control character": (b"number 4", b"number \x01 4", 0),
    "a forbidden character reference": (b"number 4", b"number &#x1a; 4", 0),
    "a bare ampersand": (b"number 4", b"number 4 & more", 0),
    "an undeclared entity": (b"number 4", b"number&nbsp;4", 0),
    "Latin-1 in UTF-8": (b"number 4", "numéro 4".encode("latin-1"), 0),
    "a lost end tag": (b"number 4 &amp; its sequel</dc:title>", b"number 4", 1),
    "an undeclared prefix": (b"dc:creator>", b"dcx:creator>", 0),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_one_bad_record_takes_no_other_with_it(fault: str) -> None:
    """The page is read record by record; what cannot be read is kept raw with its reason."""
    wrong, right, rejections = BROKEN[fault]
    items = [replace(item, deleted=False) for item in made_items(9)]

    def damage(ask: Ask, body: bytes) -> Reply | None:
        if ask.params["verb"] != "ListRecords" or b"number 4" not in body:
            return None
        return Reply(body.replace(wrong, right))

    pages = harvested(Provider(items, after=damage))

    rejected = [row for page in pages for row in page.rejected]
    assert len(set(ids(pages))) == 9 - rejections
    assert len(rejected) == rejections
    assert all(b"number 4" in row.raw for row in rejected)
    assert [page.damaged is not None for page in pages].count(True) == 1
    assert pages[-1].missing == 0


def test_garbage_behind_the_document_loses_nothing() -> None:
    """PHP writes its notices after </OAI-PMH>."""
    provider = Provider(made_items(9), after=lambda ask, body: Reply(body + b"<b>Notice</b>: x"))
    provider.after = lambda ask, body: (
        Reply(body + b"<b>Notice</b>: x") if ask.params["verb"] == "ListRecords" else None
    )

    pages = harvested(provider)

    assert len(set(ids(pages))) == 9


def test_a_web_page_with_status_200_is_no_answer() -> None:
    page = b"<!DOCTYPE html><html><body>Please log in</body></html>"
    provider = Provider(made_items(9))
    provider.after = lambda ask, body: Reply(page) if "resumptionToken" in ask.params else None

    with pytest.raises(FeedUnavailable, match="does not speak OAI-PMH"):
        harvested(provider)


def test_a_doctype_is_refused() -> None:
    """Whatever the parser would make of it: no feed needs one."""
    provider = Provider(made_items(2))
    provider.after = lambda ask, body: Reply(
        body.replace(b"<OAI-PMH", b'<!DOCTYPE x [<!ENTITY a "b">]><OAI-PMH', 1)
    )

    with pytest.raises(FeedError, match="DOCTYPE"):
        harvested(provider)


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
@pytest.mark.parametrize("empty", [False, True], ids=["the-same-records", "empty-pages"])
def test_ever_new_tokens_that_bring_nothing_new_end_the_harvest(verb: str, empty: bool) -> None:
    provider = Provider(made_items(30))

    def endless(ask: Ask, body: bytes) -> Reply | None:
        if ask.params.get("verb") != verb:
            return None
        page = provider._list(verb, {"metadataPrefix": "oai_dc"})
        if empty and "resumptionToken" in ask.params:
            page = re.sub(rb"<(record|header)>.*</\1>", b"", page, flags=re.DOTALL)
        return Reply(page.replace(b"/+&amp;", f"/{ask.number}".encode()))

    provider.after = endless
    with reading(provider, idle_pages=7) as (reader, server):
        pages: list[Any] = []
        read = reader.pages(None, ALL) if verb == "ListRecords" else reader.identifiers(ALL)
        with pytest.raises(FeedError, match=r"the last 7 pages of .* would never end"):
            pages.extend(read)  # those before the error stay
    asked = [ask for ask in server.asked if ask.params.get("verb") == verb]
    assert len(asked) == 8
    if verb == "ListRecords":
        assert len(set(ids(pages))) == 3
        assert "token" not in pages[-1].cursor_after  # the next harvest begins the list anew


def test_pages_met_before_do_not_end_a_list_that_goes_on() -> None:
    """Lists shift while they are read: here every page comes three times over."""
    items = made_items(12)
    provider = Provider(items, page_size=1)

    def repeating(ask: Ask, body: bytes) -> Reply | None:
        token = ask.params.get("resumptionToken", "")
        if ask.params.get("verb") != "ListRecords" or not token:
            return None
        _, _, _, offset, times = token.split("|")
        if times in ("1", "2"):
            again = f"|||{offset}|{int(times) + 1}"
        elif int(offset) + 1 < len(items):
            again = f"|||{int(offset) + 1}|1"
        else:
            again = ""
        number = int(offset)
        page = provider._record(items[number])
        return Reply(
            provider._wrapped("ListRecords", page + f"<resumptionToken>{again}</resumptionToken>")
        )

    provider.after = repeating
    with reading(provider, idle_pages=3) as (reader, _):
        pages = list(reader.pages(None, ALL))
    assert set(ids(pages)) == {item.identifier for item in items}
