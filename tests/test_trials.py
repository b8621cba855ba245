"""Numbers of clinical trials: found, normalised, and told apart by whose number they are."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.fields import fields_of
from indexer.fields.identifiers.trial_shapes import may_hold_numbers
from indexer.fields.identifiers.trials import (
    REGISTRIES,
    _example,
    _stated,
    numbers_in,
    registry_of,
    trials_of,
)
from indexer.records import Author, Record

IN_TEXT = {
    "Trial registration: NCT01234567.": "NCT01234567",
    "https://clinicaltrials.gov/ct2/show/NCT01234568?term=x": "NCT01234568",
    "https://clinicaltrials.gov/study/nct01234569": "NCT01234569",
    "ISRCTN 12345679": "ISRCTN12345679",
    "10.1186/ISRCTN12345679": "ISRCTN12345679",
    "EudraCT number 2004-000446-20": "EUCTR2004-000446-20",
    "EUCTR2004-000446-20-GB": "EUCTR2004-000446-20",
    "www.clinicaltrialsregister.eu/ctr-search/trial/2004-000446-20/GB": "EUCTR2004-000446-20",
    "EU CT 2022-500024-30-00": "CTIS2022-500024-30",
    "ISRCTN: 40123451": "ISRCTN40123451",
    "ISRCTN number 40123451": "ISRCTN40123451",
    "ClinicalTrials.gov NCT number: NCT 01234570": "NCT01234570",
    "2004-000446-20 (EudraCT)": "EUCTR2004-000446-20",
    "CTRI/2019/01/17123": "CTRI/2019/01/17123",
    "ACTRN012605000001639": "ACTRN12605000001639",
    "JPRN-C000000123": "UMINC000000123",
    "https://www.trialregister.nl/trial/7789": "NL7789",
    "Netherlands Trial Register (NL9049)": "NL9049",
    "ITMCTR2020000123": "ITMCTR2020000123",
    "SNCTP000001234": "SNCTP000001234",
    "HKUCTR-2345": "HKUCTR-2345",
    "PHRR130131-000012": "PHRR130131-000012",
    "DRKS00012345": "DRKS00012345",
    "ACTRN12605000001639": "ACTRN12605000001639",
    "ChiCTR-TRC-09000345": "CHICTR09000345",
    "ChiCTR2000029308": "CHICTR2000029308",
    "UMIN-CTR: UMIN000012345": "UMIN000012345",
    "JPRN-UMIN000012345": "UMIN000012345",
    "jRCTs031180095": "JRCTS031180095",
    "JapicCTI-142583": "JAPICCTI-142583",
    "CTRI/2019/01/123456": "CTRI/2019/01/123456",
    "IRCT20080901001165N43": "IRCT20080901001165N43",
    "Netherlands Trial Register NTR1237": "NTR1237",
    "NL-OMON12346": "NL-OMON12346",
    "KCT0001234": "KCT0001234",
    "PACTR201911698141240": "PACTR201911698141240",
    "RBR-6xwkz4": "RBR-6XWKZ4",
    "RPCEC00000123": "RPCEC00000123",
    "SLCTR/2012/001": "SLCTR/2012/001",
    "TCTR20150101001": "TCTR20150101001",
    "LBCTR2020013365": "LBCTR2020013365",
    "PER-001-12": "PER-001-12",
    "Universal Trial Number U1111-1247-5690": "U1111-1247-5690",
}
TITLE = "Slow-release made drug in children"


@pytest.mark.parametrize(("text", "number"), IN_TEXT.items())
def test_a_number_is_found_in_text_and_written_one_way(text: str, number: str) -> None:
    assert list(numbers_in(text)) == [number]


def test_every_registry_has_a_case() -> None:
    assert {registry_of(number) for number in IN_TEXT.values()} == {one.name for one in REGISTRIES}


@pytest.mark.parametrize(
    "text",
    [
        *("NCT00000000", "NCT12345678", "ISRCTN99999999", "NCT0123456", "NCT012345678"),
        *("EUCTR2000-000000-00", "PHRR000000-000000", "the NL1234 strain"),
        *("xNCT01234567", "call 2004-000446-20", "the NTR receptor", "EU 2020"),
    ],
)
def test_examples_of_forms_and_other_numbers_are_none(text: str) -> None:
    assert list(numbers_in(text)) == []


def test_no_number_reaches_over_two_fields() -> None:
    record = Record("a", title=TITLE, container="EUCTR", urls=("2004-000447-20",))
    assert "EUCTR2004-000447-20" not in list(numbers_in("EUCTR\0x 2004-000447-20"))
    assert [number for _, number in trials_of(record)] == ["EUCTR2004-000447-20"]  # it stands bare


REGISTERED = {
    "by its accession number": Record("a", title=TITLE, accession_number="NCT01234567"),
    "by its id": Record("a", title=TITLE, source_id="ISRCTN12345679"),
    "CENTRAL, the registry as the journal": Record(
        "a",
        title=TITLE,
        container="https://clinicaltrials.gov/show/NCT01234567",
        urls=("https://www.cochranelibrary.com/central/doi/10.1002/central/CN-02011111/full",),
    ),
    "the number for an author": Record("a", title=TITLE, authors=(Author(name="NCT01234567"),)),
    "by its only address": Record(
        "a", title=TITLE, urls=("https://clinicaltrials.gov/study/NCT01234567",)
    ),
    "by the registry's DOI": Record(
        "a", title=TITLE, doi="10.1186/ISRCTN12345679", database="ISRCTN registry"
    ),
}


@pytest.mark.parametrize("name", REGISTERED)
def test_a_registry_s_own_record_is_a_registration(name: str) -> None:
    record = REGISTERED[name]
    assert {scheme for scheme, _ in trials_of(record)} == {"registration"}
    assert fields_of(record).kind == "registration"


REPORTED = {
    "in the abstract": Record("a", title=TITLE, abstract="Registered as NCT01234567."),
    "in the title of an article": Record(
        "a", title=f"{TITLE} (NCT01234567)", container="Made J", volume="3", pages="1-9"
    ),
    "beside a publisher's DOI": Record(
        "a",
        title=TITLE,
        doi="10.5555/mj.1",
        urls=("https://clinicaltrials.gov/study/NCT01234567",),
    ),
    "in a journal without a volume yet": Record(
        "a",
        title=TITLE,
        container="Made J",
        urls=("https://clinicaltrials.gov/study/NCT01234567",),
    ),
}


@pytest.mark.parametrize("name", REPORTED)
def test_a_paper_that_tells_of_a_trial_is_not_its_registration(name: str) -> None:
    assert list(trials_of(REPORTED[name])) == [("trial", "NCT01234567")]


def by_every_pattern(text: str) -> list[str]:
    """The numbers in a text, every registry's pattern tried on all of it."""
    return [
        row.prefix + match[1].upper()
        for row in REGISTRIES
        for match in row.pattern.finditer(text)
        if row.trigger in text.lower() and not _example(match[1])
    ]


PIECES = [
    *(row.trigger for row in REGISTRIES), *IN_TEXT, "control", "function", "albumin", "-", " ", ":",
    "20", "2004-", "000446-20", "123", "1234", "12345", "123456", "12345678", "\u0660\u0661\u0662",
    "\uff10\uff11\uff12\uff13", "\u212a", "\u0130", "\u017f", "\ud800", "\xa0", "\x1c", "\0", "\n",
    "≥", "–", "NTR", "NL", "no", "number", "C", "S", "N43", "/",
]  # fmt: skip


@example("NTR\x1c1237")
@example("per-\u0661\u0662\u0663-12")
@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_a_look_at_the_digits_leaves_out_no_number(text: str) -> None:
    """Most patterns are never tried: what they need does not stand in the text."""
    assert list(numbers_in(text)) == by_every_pattern(text)


@example("NTR\x1c1237")
@example("2004-000446-20")
@example("ctri/2017/01/007654")
@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_a_look_at_the_shapes_of_a_batch_leaves_out_no_text_with_a_number(text: str) -> None:
    before, possible, behind = may_hold_numbers(["12345678", text, "NCT12345678"])
    assert (before, behind) == (False, True)
    assert possible or not (by_every_pattern(text) or _stated(text))
