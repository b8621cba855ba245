"""What identifiers are found, how they are normalised, and what is never believed."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.fields.identifiers.identifiers import WORK_SCHEMES, find, identifiers_of, normalise
from indexer.fields.identifiers.schemes import SCHEMES, Referent
from indexer.fields.identifiers.urls import clean_url, unwrap
from indexer.records import Author, Identifier, Learnt, Record

CASES = Path(__file__).parent / "cases" / "identifiers.csv"
MEGABYTE = 1_000_000
SECONDS = 10  # on a loaded machine; a quadratic search would take hours


def rows() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(found: tuple[Identifier, ...]) -> set[str]:
    return {f"{one}@{one.version}" if one.version else str(one) for one in found}


def record(**fields: object) -> Record:
    return Record.from_dict({"record_id": "made:1", **fields})


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["text"][:60])
def test_identifiers_in_text_are_found_and_normalised(row: dict[str, str]) -> None:
    """Anyone can add a row; `why` says what the row is about."""
    assert written(find(row["text"])) == set(row["expected"].split()), row["why"]


def test_every_scheme_that_stands_in_text_has_a_case() -> None:
    """A sighting without a case is a guess."""
    cased = {one.split(":")[0] for row in rows() for one in row["expected"].split()}

    assert {name for name, row in SCHEMES.items() if row.names is Referent.WORK} - cased == {
        "isbn",  # only read in fields: digits of any text pass its check too often
        "mag",  # a bare number: only as stated
        "registration",  # told by the whole record (test_trials.py)
        "url",  # what is left when nothing else is found
        "wikidata",
    }


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda scheme: scheme.name)
def test_an_example_of_every_scheme_is_already_normalised(scheme: object) -> None:
    """Normalising twice must change nothing, else stored values drift apart."""
    assert isinstance(scheme, type(SCHEMES["doi"]))
    assert normalise(scheme.name, scheme.example) == Identifier(scheme.name, scheme.example)


def test_both_sides_of_the_seed_case_carry_one_arxiv_id() -> None:
    """It stands inside a Wayback URL on the left and inside a DOI on the right."""
    left = record(
        urls=["https://web.archive.org/web/20220523200334/https://arxiv.org/pdf/2112.12650v3.pdf"]
    )
    right = record(
        doi="10.48550/arxiv.2112.12650",
        urls=["https://openalex.org/W4226067207", "https://doi.org/10.48550/arxiv.2112.12650"],
    )

    shared = set(identifiers_of(left)) & set(identifiers_of(right))

    assert shared == {Identifier("arxiv", "2112.12650")}


def test_the_most_trusted_source_of_an_identifier_is_remembered() -> None:
    """One DOI stated in a field and seen in a URL is stated; the version of either is kept."""
    found = identifiers_of(
        record(
            source="openalex",
            source_id="W123456",
            doi="10.1000/abc",
            identifiers=[["arxiv", "2112.12650"]],
            urls=["https://doi.org/10.1000/abc", "https://arxiv.org/abs/2112.12650v2"],
        )
    )

    assert {(str(one), one.learnt, one.version) for one in found} == {
        ("openalex:W123456", Learnt.ISSUED, ""),
        ("doi:10.1000/abc", Learnt.ASSERTED, ""),
        ("arxiv:2112.12650", Learnt.ASSERTED, "2"),
    }


def test_a_field_named_isbn_may_hold_issns_and_the_check_digits_tell() -> None:
    """Reference managers export both in one field, with notes and line ends."""
    found = identifiers_of(
        record(
            isbn=["2049-3630 (Electronic)\n0378-5955 (Linking)", "0-306-40615-2; 978-0-306-40615-7"]
        )
    )

    assert written(found) == {"issn:2049-3630", "issn:0378-5955", "isbn:9780306406157"}


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("isbn", "978-0-306-40615-8"),
        ("issn", "2049-3631"),
        ("orcid", "0000-0002-1825-0098"),
        ("issn", "0000-0000"),
        ("pmid", "0"),
        ("arxiv", "2199.12345"),
        ("doi", "n/a"),
        ("no such scheme", "1"),
    ],
)
def test_what_cannot_be_an_identifier_is_dropped(scheme: str, value: str) -> None:
    """A wrong check digit must not join two works, and must not stop a run."""
    assert normalise(scheme, value) is None


def test_an_issn_without_its_leading_zeros_is_an_issn() -> None:
    """Spreadsheets take them for numbers; the check digit still proves it."""
    assert normalise("issn", "3785955") == Identifier("issn", "0378-5955")


def test_a_doi_that_a_spreadsheet_shortened_is_restored() -> None:
    """Registrants have four digits at least: 10.231 was 10.2310."""
    assert written(identifiers_of(record(doi="10.231/abc.123"))) == {"doi:10.2310/abc.123"}


def test_a_doi_field_that_holds_another_identifier_states_that() -> None:
    """Feeds fill the field with what they have."""
    assert written(identifiers_of(record(doi="arXiv:2112.12650v1"))) == {"arxiv:2112.12650@1"}


def test_arxiv_ids_put_into_volume_and_container_are_found() -> None:
    """Semantic Scholar gives CoRR papers the volume "abs/2112.12650"."""
    for fields in ({"volume": "abs/2112.12650"}, {"container": "arXiv preprint arXiv:2112.12650"}):
        assert Identifier("arxiv", "2112.12650") in identifiers_of(record(**fields))


def test_an_identifier_of_the_wrong_kind_for_its_label_is_not_believed() -> None:
    """A DOI labelled PMID is the source's mistake; which of both is wrong cannot be told."""
    assert identifiers_of(record(identifiers=[["pmid", "10.1000/abc"]])) == ()


def test_labels_of_feeds_mean_their_schemes() -> None:
    """Every feed has its own names for PubMed, Semantic Scholar and the rest."""
    given_labels = {
        "PubMed": "31234567", "PubMedCentral": "PMC7654321", "CorpusId": "12345678",
        "DOI": "10.1000/ABC", "ArXiv": "2112.12650", "MAG": "2741809807", "": "hdl:2027.42/12345",
    }  # fmt: skip

    found = identifiers_of(record(identifiers=[list(pair) for pair in given_labels.items()]))

    assert written(found) == {
        "pmid:31234567", "pmcid:PMC7654321", "s2:12345678", "doi:10.1000/abc", "arxiv:2112.12650",
        "mag:2741809807", "handle:2027.42/12345",
    }  # fmt: skip


def test_issns_and_orcids_are_found_but_name_no_work() -> None:
    """All papers of a journal share its ISSN: equal ones are no evidence."""
    found = identifiers_of(
        Record("made:1", issn=("2049-3630",), authors=(Author("A", orcid="0000-0002-1825-0097"),))
    )

    assert written(found) == {"issn:2049-3630", "orcid:0000-0002-1825-0097"}
    assert not WORK_SCHEMES & {one.scheme for one in found}


def test_a_book_whose_doi_is_its_isbn_carries_the_isbn_and_its_chapter_does_not() -> None:
    """A chapter's DOI continues behind the ISBN; the ISBN would join all chapters."""
    assert "isbn:9780306406157" in written(identifiers_of(record(doi="10.1007/978-0-306-40615-7")))
    chapter = identifiers_of(record(doi="10.1007/978-0-306-40615-7_4"))
    assert written(chapter) == {"doi:10.1007/978-0-306-40615-7_4"}


def test_the_list_of_versions_of_a_record_is_read() -> None:
    """The seed's records carry the DOIs and URLs of the versions merged into them."""
    versions = [
        {"doi": "10.1000/abc", "urls": ["https://arxiv.org/abs/2112.12650v1"], "year": 2021}
    ]

    found = identifiers_of(record(versions=versions))

    assert written(found) == {"doi:10.1000/abc", "arxiv:2112.12650@1"}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://web.archive.org/web/2018id_/http://www.a.example:80/p/317.pdf?utm_source=x",
         "a.example/p/317.pdf"),
        ("http://www.ezproxy.example/login?url=https://b.example/view?item=1234&sid=9",
         "b.example/view?item=1234"),
        ("HTTPS://WWW.C.Example/Files/Thesis.pdf#page=3", "c.example/Files/Thesis.pdf"),
        ("https://d.example/bitstream/123456789/12176/1/paper.pdf;jsessionid=AB?sequence=1",
         "d.example/bitstream/123456789/12176/1/paper.pdf"),
    ],
)  # fmt: skip
def test_an_address_that_names_nothing_else_is_its_own_identifier(url: str, name: str) -> None:
    """Archives, proxies, ports and tracking change the address and not what lies there."""
    assert written(identifiers_of(record(urls=[url]))) == {f"url:{name}"}


@pytest.mark.parametrize(
    "url",
    ["https://www.a.example/", "http://journal.example/home", "http://scholar.google.com/x?q=12345",
     "http://link.worldcat.org/1234", "about:blank", "https://a.example/" + "1" * 5000],
)  # fmt: skip
def test_an_address_of_a_site_a_search_or_a_journal_is_no_identifier(url: str) -> None:
    """Many works lie behind it, or nobody knows what."""
    assert clean_url(url) is None


def test_an_archived_copy_of_an_archived_copy_is_unwrapped() -> None:
    """Crawlers archive each other."""
    inner = "http://web.archive.org/web/2017/http://a.example/paper.pdf"

    assert unwrap(f"https://web.archive.org/web/20200101000000if_/{inner}") == (
        "http://a.example/paper.pdf"
    )


@given(st.text(max_size=300) | st.text("10./%&<>;:()[]{}v2arXivPMC=?#\ud800 ", max_size=300))
def test_no_text_makes_the_search_fail(text: str) -> None:
    """A field may hold anything; a poison record must not stop a run."""
    find(text)
    identifiers_of(
        Record(
            "made:1", doi=text, urls=(text,), isbn=(text,), identifiers=(("", text), (text, text))
        )
    )
    for scheme in SCHEMES:
        normalise(scheme, text)


@given(st.sampled_from(sorted(SCHEMES)), st.text(max_size=60))
def test_a_normalised_value_stays_as_it_is(scheme: str, text: str) -> None:
    """Stored identifiers are read and normalised again."""
    if one := normalise(scheme, text):
        assert normalise(scheme, one.value) == one


@pytest.mark.parametrize(
    "unit",
    ["10.1000/", "10.1002/<1::", "arxiv", "arxiv/cs", "%25", "&amp;", "http://", "(", " ",
     "pubmed/",
     "figshare.com/articles/a/", "semanticscholar.org/", "web.archive.org/web/2018/", "/handle/1",
     "https://web.archive.org/web/1/", "oai:", "login?url=", "a", "d=em&a&", "978-", "core.ac.uk/"],
)  # fmt: skip
def test_a_megabyte_of_anything_takes_no_more_than_its_length(unit: str) -> None:
    """Hostile fields must not stop a harvest: time grows with length and not with its square."""
    text = unit * (MEGABYTE // len(unit))
    started = time.process_time()

    identifiers_of(Record("made:1", doi=text, urls=(text,), isbn=(text,), volume=text))

    assert time.process_time() - started < SECONDS
